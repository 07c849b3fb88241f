"""What a merge proposes for every kind and rule, why, and that no answer of any source is ever lost."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import fields
from domain.fields import FIELD, Kind, MergeRule, ReferralType
from domain.merging import BOTH, Compared, Proposal, Source, Way, propose, result
from domain.merging.rules import _CAREFUL
from domain.refusals import Refused

MONDAY = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
TICK = {"tick": "not_known"}


def sheriff(**answers: Any) -> Source:
    return Source("R-26-0041", "County Sheriff", "Olga", MONDAY, ReferralType.COMBINED, answers)


def cps(**answers: Any) -> Source:
    return Source("R-26-0044", "State CPS", "Peter", MONDAY + timedelta(days=2), ReferralType.COMBINED, answers)


def clinic(**answers: Any) -> Source:
    return Source("R-26-0050", "Clinic", "Cora", MONDAY + timedelta(days=3), ReferralType.COMBINED, answers)


def asked(proposal: Proposal, name: str) -> Compared:
    return next(question for question in proposal.questions if question.field.name == name)


def merged(name: str, *values: Any) -> tuple[Any, Way, str]:
    """What becomes of one question when the sources answer so, how, and why."""
    makers = (sheriff, cps, clinic)
    sources = [make(**({} if value is None else {name: value})) for make, value in zip(makers, values, strict=False)]
    question = asked(propose(sources), name)
    return question.value(), question.way, question.why


@pytest.mark.parametrize(
    ("name", "values", "value", "way", "why"),
    [
        ("urgency", ("routine", "emergency"), "emergency", Way.PICKED, "the most urgent of the two"),
        ("urgency", ("routine", "urgent", "emergency"), "emergency", Way.PICKED, "the most urgent of all"),
        ("last_contact_120h", ("no", "yes"), "yes", Way.PICKED, "the most urgent of the two"),
        ("last_contact_120h", ("unknown", "no"), "no", Way.PICKED, "the most urgent of the two"),
        ("needed_by_date", ("2026-12-24", "2026-12-01"), "2026-12-01", Way.PICKED, "the earliest of the two"),
        ("hotline_report_date", ("2026", "2026-11-03"), "2026-11-03", Way.PICKED, "the same date, said more exactly"),
        ("hotline_report_date", ("2026-11", "2026-10-03"), "2026-10-03", Way.PICKED, "the earliest of the two"),
        ("hotline_report_date", (TICK, "2026-10"), "2026-10", Way.FILLED, "only State CPS knew"),
        ("ao_known", ("unknown", "yes"), "yes", Way.PICKED, "yes wins"),
        ("ao_known", ("unknown", "no"), "no", Way.PICKED, "“Not known” gives way to an answer"),
        ("address_confidential", ("yes", "no"), "yes", Way.PICKED, "the most protective of the two"),
        ("address_confidential", ("unknown", "no"), "no", Way.PICKED, "“Not known” gives way to an answer"),
        ("child_phone_safe", ("yes", "no"), "no", Way.PICKED, "the most protective of the two"),
        ("custody_case_open", ("no", "yes"), "yes", Way.PICKED, "the most protective of the two"),
        ("child_first_name", ("José", "Jose"), "José", Way.PICKED, "the same name, written more fully"),
        ("child_last_name", ("GARCIA", "Garcia"), "Garcia", Way.PICKED, "the same name, written more fully"),
        ("child_first_name", ("Ana", "Anna"), "Anna", Way.PICKED, "the newest"),
        ("child_first_name", ("Ana", "Anna", "Ana"), "Ana", Way.PICKED, "2 of 3 say so"),
        ("child_first_name", (TICK, "Ana"), "Ana", Way.FILLED, "only State CPS knew"),
        ("child_first_name", (None, "Ana"), "Ana", Way.FILLED, "only State CPS answered"),
        ("child_first_name", ("Ana ", "Ana"), "Ana ", Way.SAME, "the same everywhere"),
        ("child_first_name", (TICK, TICK), TICK, Way.SAME, "the same everywhere"),
        ("child_sex", ("UNK", "F"), "F", Way.PICKED, "“Not known” gives way to an answer"),
        ("child_dob", ("2016-03-27", "2016-03-26"), "2016-03-26", Way.PICKED, "the newest"),
        ("child_phone", (["850-555-0100"], ["(850) 555 0100"]), ["850-555-0100"], Way.SAME, "the same everywhere"),
        ("le_case_number", (["24-1"], ["24-2"]), ["24-1", "24-2"], Way.JOINED, "joined: nothing is lost"),
        ("le_case_number", ([" 24-1"], ["24-1 "], ["x"]), [" 24-1", "x"], Way.JOINED, "joined: nothing is lost"),
        ("le_case_number", ({"tick": "not_assigned"}, ["24-2"]), ["24-2"], Way.FILLED, "only State CPS answered"),
        (
            "safety_concerns",
            (["none_known"], ["drugs", "weapons"]),
            ["weapons", "drugs"],
            Way.JOINED,
            "joined; what is not known gives way to what was named",
        ),
        (
            "safety_concerns",
            (["none_known"], ["unknown"]),
            ["none_known", "unknown"],
            Way.JOINED,
            "joined: nothing is lost",
        ),
        ("requested_services", (["consult"], ["consult"]), ["consult"], Way.SAME, "the same everywhere"),
        ("share_ok", (None, "yes"), "yes", Way.FILLED, "only State CPS answered"),
        (
            "original_reporter",
            ("Mrs. A", "Dr. B"),
            "Mrs. A (County Sheriff, R-26-0041); Dr. B (State CPS, R-26-0044)",
            Way.KEPT_BOTH,
            "both are kept, each with its source",
        ),
        (
            "agency_id",
            ("County Sheriff", "State CPS"),
            "County Sheriff; State CPS",
            Way.KEPT_BOTH,
            "both are kept, each with its source",
        ),
        (
            "le_officer",
            ({"name": "Ruiz", "phone": "1"}, {"name": "Hall", "email": "h@x.gov"}),
            {"name": "Ruiz; Hall", "phone": "1", "email": "h@x.gov"},
            Way.KEPT_BOTH,
            "both are kept, each with its source",
        ),
        (
            "disclosure",
            ("yes", "recanted"),
            "recanted",
            Way.PICKED,
            "the newest; this question holds one answer, the other stays with its source",
        ),
    ],
)
def test_each_rule_proposes_and_says_why(name, values, value, way, why):
    assert merged(name, *values) == (value, way, why)


def test_long_texts_are_joined_with_the_name_of_each_source():
    value, way, _why = merged("narrative", "He was hit.\nTwice.", "A bruise.")

    assert way is Way.KEPT_BOTH
    assert value == "From County Sheriff (R-26-0041):\nHe was hit.\nTwice.\n\nFrom State CPS (R-26-0044):\nA bruise."


def test_texts_of_an_earlier_merge_are_not_attributed_twice():
    first = result(propose([sheriff(narrative="One."), cps(narrative="Two.")]))
    again = Source("R-26-0060", "County Sheriff and State CPS", "Irene", MONDAY, ReferralType.COMBINED, first, True)

    text = result(propose([again, clinic(narrative="Three.")]))["narrative"]

    assert text.count("From County Sheriff") == 1 and text.count("From ") == 3


def test_texts_too_long_to_be_one_answer_are_chosen_between_and_nothing_is_cut():
    long = "x" * 15_000

    value, way, why = merged("narrative", long + "a", long + "b")

    assert (value, way) == (long + "b", Way.PICKED)
    assert "stays with its source" in why


def test_the_answer_that_more_was_told_about_is_proposed():
    sources = [sheriff(hotline_report_made="yes", hotline_report_number=["H-1"]), cps(hotline_report_made="no")]

    assert asked(propose(sources), "hotline_report_made").value() == "yes"


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        (("le", "cps"), "combined"),
        (("le", "le"), "le"),
        (("client", "client"), "client"),
        (("client", "le"), "le"),
        (("client", "cps"), "cps"),
        (("combined", "le"), "combined"),
        (("le", "cps", "client"), "combined"),
    ],
)
def test_the_type_of_the_result_asks_everything_that_was_answered(kinds, kind):
    sources = [
        Source(f"R-{place}", f"Agency {place}", "X", MONDAY, ReferralType(each), {"referral_type": each})
        for place, each in enumerate(kinds)
    ]

    proposal = propose(sources)

    assert proposal.kind == kind and result(proposal)["referral_type"] == kind


def test_a_client_referral_with_a_hotline_report_makes_a_combined_one():
    school = Source("R-1", "School", "X", MONDAY, ReferralType.CLIENT, {"hotline_report_number": ["H-1"]})
    police = Source("R-2", "Police", "Y", MONDAY, ReferralType.LE, {})

    assert propose([school, police]).kind is ReferralType.COMBINED


def mother(row: str, **answers: Any) -> dict[str, Any]:
    return {"row": row, "cg_first_name": "Maria", "cg_last_name": "Soto", "cg_relationship": "mother"} | answers


def test_the_same_person_stands_once_with_each_detail_by_its_rule():
    proposal = propose(
        [
            sheriff(caregivers=[mother("a" * 8, cg_phone="850-555-0100", cg_phone_safe="no")]),
            cps(caregivers=[mother("b" * 8, cg_first_name="María", cg_phone="850-555-0199", cg_phone_safe="yes")]),
        ]
    )

    [person] = result(proposal)["caregivers"]
    assert person["row"] == "a" * 8 and person["cg_first_name"] == "María"
    assert person["cg_phone"] == "850-555-0100; 850-555-0199", "no number is lost"
    assert person["cg_phone_safe"] == "no"
    assert proposal.pairings[0].why == "the same name"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"cg_last_name": "Soto Lopez"}, {}),
        ({"cg_last_name": None}, {}),
        ({"cg_first_name": None, "cg_last_name": None}, {}),
        ({"cg_first_name": TICK, "cg_last_name": TICK}, {}),
        ({"cg_first_name": "Mary"}, {"cg_relationship": "mother"}),
        (
            {"cg_first_name": "Gloria", "cg_last_name": "Reyes", "cg_phone": "850-555-0100"},
            {"cg_phone": "(850) 555-0100"},
        ),
    ],
)
def test_people_who_look_like_one_are_proposed_as_one(ours, theirs):
    rows = [{k: v for k, v in mother(str(n) * 8, **each).items() if v} for n, each in enumerate((ours, theirs))]

    answers = result(propose([sheriff(caregivers=[rows[0]]), cps(caregivers=[rows[1]])]))

    assert len(answers["caregivers"]) == 1


@pytest.mark.parametrize(
    "theirs",
    [
        {"cg_first_name": "Rosa"},
        {"cg_first_name": "Pedro", "cg_relationship": "father"},
        {"cg_relationship": "grandparent", "cg_dob": "1950-01-01"},
        {"cg_first_name": "Mary", "cg_relationship": "grandparent"},
    ],
)
def test_other_people_are_kept_beside(theirs):
    ours = mother("a" * 8, cg_dob="1985-02-03")

    answers = result(propose([sheriff(caregivers=[ours]), cps(caregivers=[mother("b" * 8, **theirs)])]))

    assert [row["row"] for row in answers["caregivers"]] == ["a" * 8, "b" * 8]


def test_staff_overrule_who_is_who_both_ways():
    ours, theirs = mother("a" * 8), mother("b" * 8, cg_first_name="Rosa")
    apart = propose([sheriff(caregivers=[ours]), cps(caregivers=[theirs])])
    together = propose(apart.sources, {"caregivers/1:bbbbbbbb": "0:aaaaaaaa"})

    assert len(result(apart)["caregivers"]) == 2
    assert len(result(together, {"caregivers/1:bbbbbbbb": "0:aaaaaaaa"})["caregivers"]) == 1


def test_rows_that_were_copied_with_their_ids_stay_two_people():
    sources = [
        sheriff(household=[{"row": "a" * 8, "hh_name": "Ana Soto"}]),
        cps(household=[{"row": "a" * 8, "hh_name": "Luis Vega"}]),
    ]

    rows = result(propose(sources))["household"]

    assert [(row["row"], row["hh_name"]) for row in rows] == [("a" * 8, "Ana Soto"), ("a" * 8 + "-2", "Luis Vega")]


def test_an_alleged_offender_without_a_name_is_the_one_that_the_other_names():
    sources = [
        sheriff(offenders=[{"row": "1" * 8, "ao_access": "yes"}]),
        cps(offenders=[{"row": "2" * 8, "ao_name": "R. Kane", "ao_access": "no"}]),
    ]

    assert result(propose(sources))["offenders"] == [{"row": "1" * 8, "ao_access": "yes", "ao_name": "R. Kane"}]


def test_answers_to_questions_that_are_no_longer_asked_are_kept():
    sources = [sheriff(shoe_size="31", caregivers=[mother("a" * 8, cg_shoe="40")]), cps(shoe_size="32")]

    answers = result(propose(sources))

    assert answers["shoe_size"] == "32" and answers["caregivers"][0]["cg_shoe"] == "40"
    assert result(propose(sources), {"shoe_size": "0"})["shoe_size"] == "31"


def test_choices_rule_and_wrong_ones_are_refused():
    proposal = propose(
        [sheriff(urgency="routine", safety_concerns=["drugs"]), cps(urgency="urgent", safety_concerns=["weapons"])]
    )

    assert result(proposal, {"urgency": "0", "safety_concerns": ["drugs"]})["urgency"] == "routine"
    assert result(proposal, {"safety_concerns": ["drugs"]})["safety_concerns"] == ["drugs"]
    assert "safety_concerns" not in result(proposal, {"safety_concerns": []})
    for wrong in ({"urgency": "2"}, {"urgency": BOTH}, {"safety_concerns": ["fire"]}, {"nothing": "0"}, {"urgency": 0}):
        with pytest.raises(Refused):
            result(proposal, wrong)


def test_every_rule_and_every_careful_answer_belongs_to_the_catalogue():
    for name, careful in _CAREFUL.items():
        assert FIELD[name].merge is MergeRule.MOST_PROTECTIVE and set(careful) <= FIELD[name].codes
    for field in fields.FIELDS:
        if field.merge is MergeRule.MOST_PROTECTIVE and field.name not in _CAREFUL:
            assert "yes" in field.codes


# Properties over every question of the catalogue

WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=12).filter(
    str.strip
)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2026, 11, 1)).map(str)
PARTIALS = DAYS.flatmap(lambda day: st.sampled_from([day, day[:7], day[:4]]))


def value_of(field: fields.Field) -> st.SearchStrategy[Any]:
    """Any answer that this question can hold."""
    plain: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.MULTI: st.lists(st.sampled_from(sorted(field.codes) or ["x"]), min_size=1, unique=True),
        Kind.CHOICE: st.sampled_from(sorted(field.codes) or ["x"]),
        Kind.CHOICE_SEARCH: st.sampled_from(sorted(field.codes) or ["x"]),
        Kind.CHECKBOX: st.just("yes"),
        Kind.INTEGER: st.integers(0, 20),
        Kind.DATE: DAYS,
        Kind.DATE_MEMORABLE: DAYS,
        Kind.DATE_PARTIAL: PARTIALS,
        Kind.DATE_PARTIAL_RANGE: PARTIALS.map(lambda day: {"from": day}),
        Kind.DATE_OR_AGE: st.one_of(st.integers(0, 90).map(lambda age: {"age": age}), DAYS.map(lambda d: {"date": d})),
        Kind.PERSON_CONTACT: WORDS.map(lambda name: {"name": name}),
    }
    value = st.lists(WORDS, min_size=1, max_size=3) if field.many else plain.get(field.kind, WORDS)
    ticks = [{"tick": tick.value} for tick in field.ticks]
    return st.one_of(value, st.sampled_from(ticks)) if ticks else value


ALONE = tuple(field for field in fields.FIELDS if field.group is None and field.kind is not Kind.FILES)


@st.composite
def answers(draw: st.DrawFn) -> fields.Answers:
    some = draw(st.lists(st.sampled_from(ALONE), max_size=8, unique_by=lambda field: field.name))
    found: dict[str, Any] = {field.name: draw(value_of(field)) for field in some if field.name != "referral_type"}
    for group in fields.GROUPS:
        asked = st.lists(st.sampled_from(fields.of_group(group)), max_size=4, unique_by=lambda field: field.name)
        rows = draw(st.integers(0, 2))
        found[group] = [
            {"row": f"{number:08x}"} | {field.name: draw(value_of(field)) for field in draw(asked)}
            for number in draw(st.lists(st.integers(0, 9), min_size=rows, max_size=rows, unique=True))
        ]
    return fields.without_blanks(found)


@st.composite
def several(draw: st.DrawFn) -> list[Source]:
    kinds = draw(st.lists(st.sampled_from(ReferralType), min_size=2, max_size=4))
    return [
        Source(
            f"R-26-{place:04}",
            draw(st.sampled_from(["County Sheriff", "State CPS", "Clinic"])),
            "Somebody",
            MONDAY + timedelta(hours=draw(st.integers(0, 99))),
            kind,
            draw(answers()),
        )
        for place, kind in enumerate(kinds)
    ]


def said_in(value: Any) -> set[str]:
    """Every single thing that an answer says."""
    return {json.dumps(each, sort_keys=True) for each in (value if isinstance(value, list) else [value])}


@settings(max_examples=60, deadline=None)
@given(several())
def test_every_answer_of_every_source_stands_in_the_proposal_with_its_source(sources):
    proposal = propose(sources)

    offered: dict[tuple[str, int], set[str]] = {}
    for question in proposal.questions:
        for option in question.options:
            for place in option.sources:
                offered.setdefault((question.field.name, place), set()).add(question.field.name)
    for place, source in enumerate(sources):
        for name, value in source.answers.items():
            if name not in fields.GROUPS and not fields.is_tick(value) and name != "referral_type":
                assert (name, place) in offered, f"{name} of source {place} is missing"
        for group in fields.GROUPS:
            members = [m for person in proposal.people[group] for m in person.members if m.source == place]
            assert len(members) == len(fields.rows_of(source.answers, group))


@settings(max_examples=60, deadline=None)
@given(several())
def test_every_question_and_person_that_somebody_answered_is_in_the_result(sources):
    answers = result(propose(sources))

    for source in sources:
        assert {name for name in source.answers if name not in fields.GROUPS} <= set(answers)
        for group in fields.GROUPS:
            rows = fields.rows_of(answers, group)
            assert len(rows) >= len(fields.rows_of(source.answers, group))
            assert len(rows) == len(answers.get(group, []))


@settings(max_examples=60, deadline=None)
@given(several())
def test_lists_lose_nothing_but_not_known(sources):
    answers = result(propose(sources))

    for field in ALONE:
        if field.merge is MergeRule.UNION:
            for source in sources:
                value = source.answers.get(field.name, [])
                if fields.is_tick(value):
                    continue
                kept = {each.casefold().replace(" ", "") for each in answers[field.name]} if value else set()
                for each in value:
                    same = "".join(each.split()).casefold()
                    assert (
                        each in ("none_known", "unknown", "UNK", "DECL")
                        or same in {"".join(one.split()) for one in kept}
                        or field.kind is Kind.PHONE
                        or " ".join(each.split()) in {" ".join(one.split()) for one in answers[field.name]}
                    )


@settings(max_examples=60, deadline=None)
@given(several())
def test_the_result_fits_the_form_of_its_type(sources):
    proposal = propose(sources)

    known = {field.group or field.name for field in fields.referral(proposal.kind)}
    answered = {name for source in sources for name in source.answers}
    asked_somewhere = {name for source in sources for name in {f.group or f.name for f in fields.referral(source.kind)}}
    assert (set(result(proposal)) - {"referral_type"}) & answered & asked_somewhere <= known


@settings(max_examples=60, deadline=None)
@given(several())
def test_merging_is_the_same_every_time_and_canonical(sources):
    once, twice = result(propose(sources)), result(propose(sources))

    assert fields.canonical(once) == fields.canonical(twice) == fields.canonical(fields.parsed(fields.canonical(once)))


@settings(max_examples=30, deadline=None)
@given(several())
def test_merging_a_referral_with_itself_changes_nothing_it_said(sources):
    one = sources[0]

    both = result(propose([one, one]))

    for name, value in one.answers.items():
        if name not in fields.GROUPS and name != "referral_type" and FIELD[name].merge is not MergeRule.UNION:
            assert both[name] == value


@settings(max_examples=60, deadline=None)
@given(several(), st.data())
def test_any_choice_that_is_offered_is_what_the_result_says(sources, data):
    proposal = propose(sources)
    if not proposal.differing:
        return
    question = data.draw(st.sampled_from(proposal.differing))
    if question.way is Way.JOINED:
        chosen = data.draw(st.lists(st.sampled_from([o.code for o in question.options]), unique=True, min_size=1))
    else:
        chosen = data.draw(st.sampled_from([option.code for option in question.options]))

    answers = result(proposal, {question.key: chosen})

    if question.row is None:
        kept = answers.get(question.field.name)
    else:
        rows = fields.rows_of(answers, question.field.group)
        kept = rows[question.row].get(question.field.name)
    assert kept == question.value(chosen)
