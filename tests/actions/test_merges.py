"""Merging and undoing: who may, what the result holds, what stays untouched, and every refusal."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from actions import comparing
from actions.agency import referrals as agency
from actions.center import doubles, merges, referrals, restricted
from db import queries
from db.tables.referrals import (
    Addition,
    Fact,
    MatchHint,
    MergeDecision,
    MergeSource,
    Question,
    Referral,
    ReturnMark,
    Submission,
)
from db.tables.search import SearchPerson
from domain.fields import ReferralType
from domain.lifecycle import CloseOutcome, DeleteReason, Origin, ReturnReason, Status, Step
from domain.matching import RecordKind
from domain.merging import BOTH, Way
from domain.people import Role
from domain.referrals import Mark
from domain.refusals import NotFound, NotPermitted, Refused, TooLate

R = RecordKind.REFERRAL
CPS = ReferralType.CPS


@pytest.fixture
def two(sent_referral, olga, peter) -> tuple[UUID, UUID]:
    """The commonest reason to merge: the police on Monday, CPS on Wednesday."""
    first = sent_referral(olga, caregivers=[{"row": "aaaaaaaa", "cg_first_name": "Maria", "cg_relationship": "mother"}])
    second = sent_referral(
        peter,
        CPS,
        urgency="emergency",
        narrative="CPS heard the same.",
        cps_intake_number=["C-77"],
        address_county=None,
    )
    return first, second


def merged(as_, member, ids, *, choices=None, reason="Same child.", key=None) -> UUID:
    with as_(member) as work:
        seen = merges.propose(work, ids)
    with as_(member) as work:
        versions = {source.id: source.version for source in seen.sources}
        return merges.merge(work, versions, choices or {}, reason, key or uuid4().hex)


def undone(as_, member, result_id, reason="Two children after all.") -> tuple[UUID, ...]:
    with as_(member) as work:
        return merges.undo_merge(work, result_id, view(work, result_id).version, reason)


def view(work, referral_id):
    return referrals.read(work, referral_id)


def test_two_referrals_become_one_that_waits_in_the_queue_in_their_place(as_, irene, two):
    result_id = merged(as_, irene, two, reason="Same child and incident.")

    with as_(irene) as work:
        result, first, second = (view(work, each) for each in (result_id, *two))
    assert result.status is Status.SUBMITTED and result.origin is Origin.MERGE
    assert result.number not in ("", first.number, second.number)
    assert {first.status, second.status} == {Status.MERGED}
    assert first.merged_into.id == second.merged_into.id == result_id
    assert [source.number for source in result.sources] == [first.number, second.number]
    assert [source.agency for source in result.sources] == ["Juniper County Sheriff", "Alder Child Services"]
    assert result.first_submitted_at == first.first_submitted_at == result.waiting_since
    assert [(step.step, step.before, step.comment) for step in result.steps] == [
        (Step.COMBINE, None, "Same child and incident.")
    ]
    assert (first.steps[-1].step, first.steps[-1].by) == (Step.MERGE, "Irene Vega")


def test_the_result_holds_what_both_agencies_said(as_, irene, two):
    result_id = merged(as_, irene, two)

    with as_(irene) as work:
        result = view(work, result_id)
        first, second = (view(work, each) for each in two)
    assert result.type == "combined" and result.answers["referral_type"] == "combined"
    assert result.answers["urgency"] == "emergency" and result.urgency.value == "emergency"
    assert result.answers["address_county"] == "Juniper"
    assert result.answers["le_case_number"] == ["24-1001"] and result.answers["cps_intake_number"] == ["C-77"]
    assert result.answers["caregivers"][0]["cg_first_name"] == "Maria"
    assert f"From Juniper County Sheriff ({first.number}):" in result.answers["narrative"]
    assert "CPS heard the same." in result.answers["narrative"]
    assert result.answers["agency_id"] == "Juniper County Sheriff; Alder Child Services"
    assert [(each.kind, each.by) for each in result.rounds] == [("merge", "Irene Vega")]
    assert first.answers["narrative"] == first.rounds[0].answers["narrative"]
    assert second.answers["urgency"] == "emergency"


def test_a_choice_by_hand_is_what_the_result_says(as_, irene, two):
    result_id = merged(as_, irene, two, choices={"urgency": "0", "narrative": "1", "offenders/1:0ff0ff01": "apart"})

    with as_(irene) as work:
        result = view(work, result_id)
        shown = merges.decided(work, result_id)
    assert result.answers["urgency"] == "routine"
    assert result.answers["narrative"] == "CPS heard the same."
    assert [row["row"] for row in result.answers["offenders"]] == ["0ff0ff01", "0ff0ff01-2"]
    by_hand = {each.field: each for each in shown.chosen if each.by_hand}
    assert set(by_hand) == {"urgency", "narrative"}
    assert [value for _who, value in by_hand["urgency"].said] == ["routine", "emergency"]


def test_the_proposal_says_who_said_what_and_why_it_is_preset(as_, irene, two):
    with as_(irene) as work:
        seen = merges.propose(work, list(reversed(two)))

    asked = {question.key: question for question in seen.proposal.questions}
    assert [source.agency for source in seen.sources] == ["Juniper County Sheriff", "Alder Child Services"]
    assert asked["urgency"].why == "the most urgent of the two" and asked["urgency"].preset == "1"
    assert asked["narrative"].way is Way.KEPT_BOTH and asked["narrative"].preset == BOTH
    assert asked["address_county"].why == "only Juniper County Sheriff answered"
    assert asked["child_last_name"].way is Way.SAME
    assert "ery likely" in seen.verdict and not seen.needs_own_words and not seen.warnings


def test_referrals_that_do_not_look_like_one_child_are_warned_about(as_, irene, sent_referral, olga, peter):
    first = sent_referral(olga)
    other = sent_referral(peter, CPS, child_first_name="Ana", child_last_name="Mendoza", child_dob="2011-01-09")

    with as_(irene) as work:
        seen = merges.propose(work, [first, other])

    assert seen.needs_own_words
    assert "do not look like the same child" in seen.warnings[0].words and not seen.warnings[0].stops


def test_three_referrals_are_merged_at_once_and_their_result_again(as_, irene, sent_referral, olga, peter, two):
    third = sent_referral(olga, narrative="A third report.")
    fourth = sent_referral(peter, CPS, narrative="A fourth report.")
    inner = merged(as_, irene, [*two, third])
    outer = merged(as_, irene, [inner, fourth])

    with as_(irene) as work:
        result = view(work, outer)
        behind = comparing.every_source(work, work.session.get(Referral, outer))
    assert {source.id for source in behind} == {inner, *two, third, fourth}
    assert result.answers["narrative"].count("From ") == 4
    with as_(irene) as work, pytest.raises(TooLate, match="Undo the merge that it became part of first"):
        merges.undo_merge(work, inner, view(work, inner).version, "why")
    undone(as_, irene, outer)
    undone(as_, irene, inner)
    with as_(irene) as work:
        assert {view(work, each).status for each in (*two, third, fourth)} == {Status.SUBMITTED}


def snapshot(work, ids) -> dict[str, Any]:
    """Everything that the store holds about these referrals but their history."""
    session = work.session
    kept: dict[str, Any] = {}
    for each in ids:
        row = session.get(Referral, each)
        columns = {c.key: getattr(row, c.key) for c in Referral.__table__.columns if c.key not in ("version", "steps")}
        tables = {
            table.__name__: sorted(
                repr([getattr(one, c.key) for c in table.__table__.columns])
                for one in session.query(table).filter(table.referral_id == each)
            )
            for table in (Submission, ReturnMark, Question, Addition)
        }
        facts = sorted((f.field, f.ordinal, f.code, f.on) for f in session.query(Fact).filter(Fact.record_id == each))
        people = [
            (p.folded, p.written, p.keys) for p in session.query(SearchPerson).filter(SearchPerson.record_id == each)
        ]
        hints = sorted(
            (h.other_id.hex, h.grade) for h in session.query(MatchHint).filter(MatchHint.referral_id == each)
        )
        history = [(c.ordinal, c.step) for c in session.scalars(queries.history_of(each))]
        kept[str(each)] = (columns, tables, facts, people, hints)
        kept[f"{each} history"] = history
    return kept


def test_undoing_gives_every_source_back_exactly_and_the_history_gains_lines(as_, irene, olga, sent_referral, two):
    first, _second = two
    with as_(irene) as work:
        referrals.assign(work, first, view(work, first).version, irene.user_id)
        referrals.ask(work, first, "Which school?")
    with as_(irene) as work:
        before = snapshot(work, two)
    result_id = merged(as_, irene, two)

    undone(as_, irene, result_id)

    with as_(irene) as work:
        after, result = snapshot(work, two), view(work, result_id)
        shown = merges.decided(work, result_id)
    for each in two:
        assert after[str(each)] == before[str(each)]
        assert [step for _, step in after[f"{each} history"][-2:]] == [Step.MERGE, Step.UNDO_MERGE]
        assert after[f"{each} history"][:-2] == before[f"{each} history"]
    assert result.status is Status.DELETED and result.steps[-1].step is Step.DISSOLVE
    assert (shown.undone_by, shown.undone_reason) == ("Irene Vega", "Two children after all.")
    assert not shown.may_undo and "undid this merge already" in shown.why_not


def test_a_dissolved_result_is_not_restored_and_its_merge_not_undone_twice(as_, irene, two):
    result_id = merged(as_, irene, two)
    undone(as_, irene, result_id)

    with as_(irene) as work, pytest.raises(Refused, match="nothing to take back"):
        referrals.restore(work, result_id, view(work, result_id).version)
    with as_(irene) as work, pytest.raises(TooLate, match="Irene Vega undid this merge already"):
        merges.undo_merge(work, result_id, view(work, result_id).version, "again")


def test_merging_again_after_an_undo_makes_a_new_result(as_, irene, two):
    first_result = merged(as_, irene, two)
    undone(as_, irene, first_result)

    second_result = merged(as_, irene, two)

    assert second_result != first_result
    with as_(irene) as work:
        assert view(work, second_result).status is Status.SUBMITTED
        assert view(work, two[0]).merged_into.id == second_result


def test_the_same_click_twice_gives_one_result(as_, irene, two):
    with as_(irene) as work:
        versions = {source.id: source.version for source in merges.propose(work, two).sources}
    with as_(irene) as work:
        once = merges.merge(work, versions, {}, "Same.", "one-key")
    with as_(irene) as work:
        twice = merges.merge(work, versions, {}, "Same.", "one-key")
        count = work.session.query(MergeDecision).count()

    assert once == twice and count == 1


def test_somebody_elses_key_is_no_key(as_, irene, sam, two):
    with as_(irene) as work:
        versions = {source.id: source.version for source in merges.propose(work, two).sources}
        merges.merge(work, versions, {}, "Same.", "one-key")

    with as_(sam) as work, pytest.raises(TooLate, match="was merged by Irene Vega"):
        merges.merge(work, versions, {}, "Same.", "one-key")


@pytest.mark.parametrize("act", ["return", "close", "delete", "correct", "merge"])
def test_a_source_that_somebody_decided_in_between_refuses_with_who_and_when(
    as_, irene, sam, sent_referral, olga, two, act
):
    with as_(irene) as work:
        versions = {source.id: source.version for source in merges.propose(work, two).sources}
    with as_(sam) as work:
        seen = view(work, two[0])
        if act == "return":
            referrals.return_to_agency(work, two[0], seen.version, ReturnReason.UNCLEAR, "Which school?")
        elif act == "close":
            referrals.close(work, two[0], seen.version, CloseOutcome.CONSULT_ONLY, "Told Olga.")
        elif act == "delete":
            referrals.delete(work, two[0], seen.version, DeleteReason.TEST)
        elif act == "correct":
            referrals.correct(work, two[0], seen.version, {"child_sex": "F"})
    if act == "merge":
        merged(as_, sam, [two[0], sent_referral(olga)])

    with as_(irene) as work, pytest.raises(TooLate) as refused:
        merges.merge(work, versions, {}, "Same.", "k")

    assert "R-" in refused.value.message
    if act != "correct":
        assert "by Sam Okafor at" in refused.value.message
    with as_(irene) as work:
        assert work.session.query(MergeSource).count() == (2 if act == "merge" else 0)
        assert view(work, two[1]).status is Status.SUBMITTED


def test_a_result_is_worked_on_before_it_is_undone_only_as_far_as_the_refusals_say(as_, irene, two):
    result_id = merged(as_, irene, two)
    with as_(irene) as work:
        referrals.close(work, result_id, view(work, result_id).version, CloseOutcome.CONSULT_ONLY, "Told both.")

    with as_(irene) as work, pytest.raises(TooLate, match=r"closed by Irene Vega.*Reopen it first"):
        merges.undo_merge(work, result_id, view(work, result_id).version, "why")

    with as_(irene) as work:
        referrals.reopen(work, result_id, view(work, result_id).version)
    undone(as_, irene, result_id)
    with as_(irene) as work:
        assert view(work, two[0]).status is Status.SUBMITTED


def test_undoing_needs_the_version_that_was_seen_and_a_reason(as_, irene, two):
    result_id = merged(as_, irene, two)

    with as_(irene) as work, pytest.raises(TooLate):
        merges.undo_merge(work, result_id, 99, "why")
    with as_(irene) as work, pytest.raises(Refused, match="why they are separated"):
        merges.undo_merge(work, result_id, view(work, result_id).version, "  ")
    with as_(irene) as work, pytest.raises(Refused, match="not the result of a merge"):
        merges.undo_merge(work, two[0], view(work, two[0]).version, "why")


@pytest.mark.parametrize("who", ["olga", "lena", "peter", "ada"])
def test_only_the_centers_staff_merge(cast, as_, irene, two, who):
    result_id = merged(as_, irene, two)
    member = getattr(cast, who)

    with as_(member) as work:
        for forbidden in (
            lambda: merges.propose(work, two),
            lambda: merges.merge(work, dict.fromkeys(two, 1), {}, "r", "k"),
            lambda: merges.undo_merge(work, result_id, 1, "r"),
            lambda: merges.decided(work, result_id),
            lambda: doubles.suggestions(work, two[0]),
            lambda: doubles.not_same_child(work, (R, two[0]), (R, two[1]), "r"),
            lambda: doubles.take_back_not_same(work, uuid4()),
            lambda: doubles.not_same_decisions(work),
        ):
            with pytest.raises(NotPermitted):
                forbidden()


def test_supervisors_merge_and_undo_too(as_, sam, two):
    result_id = merged(as_, sam, two)

    assert set(undone(as_, sam, result_id)) == set(two)


def test_the_agencies_see_nothing_of_the_merge(as_, irene, olga, peter, two):
    with as_(olga) as work:
        before = agency.mine(work)
    result_id = merged(as_, irene, two)

    with as_(olga) as work:
        own, line = agency.read_own(work, two[0]), agency.mine(work)
        with pytest.raises(NotFound):
            agency.read_own(work, result_id)
        with pytest.raises(NotFound):
            agency.read_own(work, two[1])
    assert "CPS heard" not in repr(own)
    assert [(each.status, each.changed_at) for each in line] == [(each.status, each.changed_at) for each in before]
    undone(as_, irene, result_id)
    with as_(olga) as work:
        assert [(each.word, each.changed_at) for each in agency.mine(work)] == [
            (each.word, each.changed_at) for each in before
        ]


def test_what_an_agency_adds_later_is_shown_on_the_result_of_every_merge_above(as_, irene, olga, sent_referral, two):
    inner = merged(as_, irene, two)
    outer = merged(as_, irene, [inner, sent_referral(olga, narrative="Third.")])

    with as_(olga) as work:
        agency.add_information(work, two[0], "The grandmother called.")

    with as_(irene) as work:
        for each in (inner, outer):
            added = merges.decided(work, each).added_since
            assert [(one.text, one.by) for one in added] == [("The grandmother called.", "Olga Ruiz")]


def test_the_hotline_task_stays_open_while_it_is_open_for_any_source(as_, irene, sent_referral, olga):
    said_no = sent_referral(olga, ReferralType.CLIENT, hotline_report_made="no")
    said_yes = sent_referral(olga, ReferralType.CLIENT, hotline_report_made="yes", hotline_report_number=["H-1"])

    result_id = merged(as_, irene, [said_no, said_yes])

    with as_(irene) as work:
        result = view(work, result_id)
    assert result.hotline.open
    assert result.answers["hotline_report_made"] == "yes", "the answer that the report number belongs to"


def test_a_settled_hotline_task_comes_along(as_, irene, sent_referral, olga):
    from datetime import date

    ids = [sent_referral(olga, ReferralType.CLIENT, hotline_report_made="no"), sent_referral(olga, ReferralType.CLIENT)]
    with as_(irene) as work:
        referrals.settle_hotline(work, ids[0], date(2026, 1, 5), "H-9", "Olga")

    result_id = merged(as_, irene, ids)

    with as_(irene) as work:
        hotline = view(work, result_id).hotline
    assert (hotline.open, hotline.number, hotline.by) == (False, "H-9", "Olga")


def test_the_sources_leave_the_search_and_the_result_is_found(as_, irene, sent_referral, olga, two):
    result_id = merged(as_, irene, two)
    again = sent_referral(olga, narrative="Once more.")

    with as_(irene) as work:
        found = doubles.suggestions(work, again)

    assert [each.id for each in found.found] == [result_id]
    assert found.found[0].reasons and found.found[0].agency == "Juniper County Sheriff and Alder Child Services"


def test_not_the_same_child_is_remembered_listed_and_taken_back(as_, irene, sam, two):
    with as_(irene) as work:
        once = doubles.not_same_child(work, (R, two[1]), (R, two[0]), "Cousins of the same name.")
        assert doubles.not_same_child(work, (R, two[0]), (R, two[1]), "again") == once
    with as_(sam) as work:
        listed = doubles.not_same_decisions(work)
        assert [(each.reason, each.by, each.stands) for each in listed] == [
            ("Cousins of the same name.", "Irene Vega", True)
        ]
        assert doubles.suggestions(work, two[0]).found == ()
        seen = merges.propose(work, two)
        assert seen.warnings[0].stops and seen.warnings[0].decision_id == once
        versions = {source.id: source.version for source in seen.sources}
    with as_(sam) as work, pytest.raises(Refused, match="take it back first"):
        merges.merge(work, versions, {}, "Same.", "k")

    with as_(sam) as work:
        doubles.take_back_not_same(work, once)

    with as_(irene) as work, pytest.raises(TooLate, match="Sam Okafor took this back already"):
        doubles.take_back_not_same(work, once)
    with as_(irene) as work:
        assert [(each.stands, each.withdrawn_by) for each in doubles.not_same_decisions(work)] == [
            (False, "Sam Okafor")
        ]
        assert [each.id for each in doubles.suggestions(work, two[0]).found] == [two[1]]
    merged(as_, irene, two)


@pytest.mark.parametrize("picked", [0, 1, 7])
def test_fewer_than_two_and_too_many_are_refused_in_words(as_, irene, two, picked):
    ids = [two[0]] * 3 if picked == 1 else [uuid4() for _ in range(picked)]

    with as_(irene) as work, pytest.raises(Refused) as refused:
        merges.propose(work, ids)

    assert refused.value.message.endswith(".")


def test_a_draft_a_stranger_and_a_wrong_id_answer_alike(as_, irene, olga, two):
    with as_(olga) as work:
        draft = agency.start(work, ReferralType.LE).id

    for other in (draft, uuid4()):
        with as_(irene) as work, pytest.raises(NotFound):
            merges.propose(work, [two[0], other])


@pytest.mark.parametrize(
    "choices",
    [
        {"urgency": "7"},
        {"urgency": BOTH},
        {"urgency": ["0"]},
        {"urgency": {"a": 1}},
        {"nonsense": "0"},
        {"offenders/1:0ff0ff01": "0:ffffffff"},
        {"offenders/1:0ff0ff01": 3},
        {"allegation_types": "no"},
        {"narrative": "x" * 100_000},
        {"caregivers/aaaaaaaa/__class__": "0"},
    ],
)
def test_a_forged_choice_is_refused_and_nothing_is_saved(as_, irene, two, choices):
    with pytest.raises(Refused):
        merged(as_, irene, two, choices=choices)

    with as_(irene) as work:
        assert work.session.query(MergeDecision).count() == 0
        assert view(work, two[0]).status is Status.SUBMITTED


@pytest.mark.parametrize("reason", ["", "   ", "x" * 20_001, "a\x00b"])
def test_a_merge_without_a_reason_that_can_be_kept_is_refused(as_, irene, two, reason):
    with pytest.raises(Refused):
        merged(as_, irene, two, reason=reason)


def restrict(work, referral_id, *user_ids):
    from db.tables.referrals import Named

    work.session.get(Referral, referral_id).restricted = True
    for user_id in user_ids:
        work.session.add(Named(record_id=referral_id, user_id=user_id, record_kind="referral"))
    work.record("referral.restricted", "referral", referral_id)


def test_a_restricted_source_makes_a_restricted_result_for_those_named_on_all(as_, irene, sam, two):
    with as_(irene) as work:
        restrict(work, two[0], irene.user_id, sam.user_id)
        restrict(work, two[1], irene.user_id)
    with as_(sam) as work:
        with pytest.raises(NotFound):
            merges.propose(work, two)
        found = doubles.suggestions(work, two[0])
        assert found.found == () and found.restricted

    with as_(irene) as work:
        assert "restricted" in merges.propose(work, two).warnings[-1].words
    result_id = merged(as_, irene, two)

    with as_(irene) as work:
        assert view(work, result_id).restricted
    with as_(sam) as work, pytest.raises(NotFound):
        view(work, result_id)


def test_what_is_merged_with_a_restricted_referral_is_open_to_its_people_only(
    as_, irene, sam, two, sent_referral, olga
):
    earlier = merged(as_, irene, two)
    niece = sent_referral(olga)
    with as_(irene) as work:
        restrict(work, niece, irene.user_id)

    result_id = merged(as_, irene, (earlier, niece))

    for hidden in (result_id, earlier, niece, *two):
        with as_(sam) as work, pytest.raises(NotFound):
            view(work, hidden)
        with as_(irene) as work:
            assert view(work, hidden).restricted

    undone(as_, irene, result_id)

    for open_again in (earlier, *two):
        with as_(sam) as work:
            assert not view(work, open_again).restricted
    with as_(sam) as work, pytest.raises(NotFound):
        view(work, niece)


def test_what_somebody_restricts_after_the_merge_stays_so_when_it_is_undone(as_, irene, sam, two):
    with as_(irene) as work:
        restrict(work, two[0], irene.user_id)
    result_id = merged(as_, irene, two)
    with as_(irene) as work:
        restricted.restrict(work, "referral", result_id, [irene.user_id], "Known to the whole office.")

    undone(as_, irene, result_id)

    for hidden in two:
        with as_(sam) as work, pytest.raises(NotFound):
            view(work, hidden)


def test_what_is_opened_after_the_merge_stays_open_when_it_is_undone(as_, irene, sam, two):
    with as_(irene) as work:
        restrict(work, two[0], irene.user_id)
    result_id = merged(as_, irene, two)
    with as_(irene) as work:
        restricted.lift(work, "referral", result_id, "It is another family.")

    undone(as_, irene, result_id)

    for each in two:
        with as_(sam) as work:
            assert not view(work, each).restricted


def test_a_result_restricted_after_the_merge_hands_that_on_when_it_is_undone(as_, irene, sam, two):
    result_id = merged(as_, irene, two)
    with as_(irene) as work:
        restrict(work, result_id, irene.user_id)

    undone(as_, irene, result_id)

    with as_(irene) as work:
        assert all(view(work, each).restricted for each in two)
    with as_(sam) as work, pytest.raises(NotFound):
        view(work, two[0])


def test_decisions_about_a_restricted_record_are_not_listed_for_others(as_, irene, sam, two):
    with as_(irene) as work:
        restrict(work, two[0], irene.user_id)
        decision = doubles.not_same_child(work, (R, two[0]), (R, two[1]), "Cousins.")

    with as_(sam) as work:
        assert doubles.not_same_decisions(work) == ()
        with pytest.raises(NotFound):
            doubles.take_back_not_same(work, decision)
        with pytest.raises(NotFound):
            doubles.not_same_child(work, (R, two[1]), (R, two[0]), "again")


def test_a_client_and_a_referral_can_be_told_apart_too(as_, irene, sent_referral, olga, two):
    from actions.center import imports
    from domain.intake import IntakeChoices

    with as_(irene) as work:
        imports.candidates(work, two[0])
        made = imports.save_intake(
            work, two[0], view(work, two[0]).version, IntakeChoices(decided=True, override_reason="New."), uuid4().hex
        )
    with as_(irene) as work:
        doubles.not_same_child(work, (RecordKind.CLIENT, made.client_id), (R, two[1]), "Cousins.")
        assert "C-" in repr(doubles.not_same_decisions(work))
        with pytest.raises(NotFound):
            doubles.not_same_child(work, (RecordKind.CLIENT, uuid4()), (R, two[1]), "Cousins.")
        with pytest.raises(Refused, match="one and the same"):
            doubles.not_same_child(work, (R, two[1]), (R, two[1]), "Cousins.")


def test_everything_about_a_merge_is_in_the_audit_trail(as_, irene, two):
    from db.tables.audit import AuditEntry

    result_id = merged(as_, irene, two)
    undone(as_, irene, result_id)

    with as_(irene) as work:
        entries = [(each.event, each.object_id) for each in work.session.query(AuditEntry).order_by(AuditEntry.seq)]
    for each in (*two, result_id):
        assert ("referral.merged", each) in entries and ("referral.merge_undone", each) in entries


def test_a_referral_returned_once_keeps_its_marks_through_merge_and_undo(as_, irene, olga, two):
    with as_(irene) as work:
        seen = view(work, two[0])
        referrals.return_to_agency(
            work, two[0], seen.version, ReturnReason.UNCLEAR, "Check.", [Mark("child_dob", "Is it 2016?")]
        )
    with as_(olga) as work:
        own = agency.read_draft(work, two[0])
        agency.save_answers(work, two[0], {"child_dob": "2016-03-26"})
        agency.submit(work, two[0], own.version)
    with as_(irene) as work:
        before = view(work, two[0])
    result_id = merged(as_, irene, two)
    undone(as_, irene, result_id)

    with as_(irene) as work:
        after = view(work, two[0])
    assert (after.rounds, after.round, after.steps[: len(before.steps)]) == (before.rounds, 2, before.steps)
    assert len(after.steps) == len(before.steps) + 2


def test_irene_is_staff_in_these_tests(as_, irene):
    with as_(irene) as work:
        assert work.actor.roles == {Role.STAFF}


def test_the_result_of_a_result_shows_what_agencies_add_to_its_first_sources(as_, irene, olga, sent_referral, two):
    inner = merged(as_, irene, two)
    outer = merged(as_, irene, [inner, sent_referral(olga, narrative="Third.")])
    with as_(irene) as work:
        referrals.ask(work, two[0], "Which school?")
    with as_(olga) as work:
        agency.add_information(work, two[0], "The grandmother called.")

    with as_(irene) as work:
        seen = view(work, outer)

    assert [each.text for each in seen.additions] == ["The grandmother called."]
    assert [each.text for each in seen.questions] == ["Which school?"]


def test_a_merged_source_is_no_other_child_of_the_incident(as_, irene, sent_referral, olga, two):
    sister = sent_referral(olga, child_first_name="Ana", child_dob="2012-01-09")
    with as_(irene) as work:
        referrals.link_incident(work, two[0], sister)
    result_id = merged(as_, irene, two)

    with as_(irene) as work:
        assert [each.id for each in view(work, result_id).siblings] == [sister]
        assert [each.id for each in view(work, sister).siblings] == [result_id]
    undone(as_, irene, result_id)
    with as_(irene) as work:
        assert [each.id for each in view(work, sister).siblings] == [two[0]]
