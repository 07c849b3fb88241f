"""Names come back as typed, nothing that anybody types breaks the reading, and answers compare as people mean them."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import fields
from domain.fields import FIELD, CannotRead, Kept, Kind, ReferralType, Weight

TODAY = date(2026, 11, 22)

GIVEN = ["José", "Zoë", "Nguyễn Thị", "O'Brien", "O’Brien", "X", "Mary Ann", "J.R.", "Анна", "محمد", "小明", "דוד"]
FAMILY = [
    "García López",
    "de la Cruz",
    "Smith-Jones",
    "Nuñez",
    "Ó Briain",
    "von Trapp",
    "李",
    "الأحمد",
    "Ñ",
    "McDonald",
]
ODD = [
    "a",
    "Z" * 200,
    "é" * 200,
    "N\u0303un\u0303ez",
    "👧🏽",
    "👨‍👩‍👧‍👦",
    "\u202eanA",
    "Ana\u200d",
    "\u200fשרה",
    "Ana\tMaría",
    "Ana\nMaría",
    "Ana\u0007",
    " Ana ",
    "  two  blanks  ",
    "\u00a0Ana",
    "-",
    "'",
    '"Bob"',
    "<b>Ana</b>",
    "=SUM(A1)",
    "**Ana**",
    ":red[Ana]",
    "$x^2$",
    "null",
    "None",
    "0",
    "true",
    "{}",
    "[]",
    "\\",
    "\\u0000",
    "%s",
    "{0}",
    "Robert'); DROP TABLE referrals;--",
    "\ufeffAna",
    "\U0001f9d2",
    "ﬁne",
    "İpek",
    "ß",
    "ǅ",
    "ᚠᚢᚦ",
    "𐐀",
    "ไทย",
    "नमस्ते",
    "\u0301",
    "\u001b[31mAna",
    "\x7f",
    "\x85Ana",
    "Ana\u2028",
    "\uffff Ana",
]
NAMES = (
    ODD
    + [f"{given_name} {family}" for given_name in GIVEN for family in FAMILY]
    + [f"{family} {given_name}" for family in FAMILY for given_name in GIVEN]
    + [chr(code) for code in (*range(0xC0, 0xD7), 0x1EA0, 0x0416, 0x0627, 0x4E2D, 0xAC00)]
)


def test_there_are_300_odd_names():
    assert len(set(NAMES)) >= 300


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_back_as_typed(name):
    answers = {"child_last_name": fields.read(FIELD["child_last_name"], name)}

    assert fields.parsed(fields.canonical(answers)) == {"child_last_name": name}
    assert fields.say(FIELD["child_last_name"], name) == name
    assert not [p for p in _wrong(answers) if p.weight is Weight.REFUSE]


def _wrong(answers):
    return fields.problems(ReferralType.COMBINED, answers, TODAY, complete=False)


@pytest.mark.parametrize("name", ["\0", "Ana\0", "\0\0\0"])
def test_nul_alone_is_refused_with_a_sentence(name):
    with pytest.raises(CannotRead, match="character that cannot be kept"):
        fields.read(FIELD["child_first_name"], name)


def test_half_a_character_is_mended_so_that_it_can_be_stored():
    kept = fields.read(FIELD["child_first_name"], "An\ud800a")

    assert kept == "An\ufffda"
    assert fields.canonical({"child_first_name": "An\udfffa"}).encode("utf-8")
    assert fields.say(FIELD["child_first_name"], "An\udfffa").encode("utf-8")


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("child_first_name", 200),
        ("child_school", 500),
        ("narrative", 20_000),
        ("cg_email", 254),
        ("le_case_number", 100),
    ],
)
def test_over_long_answers_are_refused_and_say_how_long_they_may_be(name, longest):
    field = FIELD[name]

    fields.read(field, "x" * longest)
    with pytest.raises(CannotRead) as refused:
        fields.read(field, "x" * (longest + 1))

    assert f"{longest:,}" in refused.value.message
    assert f"{longest:,}" in refused.value.message_es


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("8505550100", "(850) 555-0100"),
        ("850-555-0100 ext 12", "(850) 555-0100 ext. 12"),
        ("+1 850 555 0100", "(850) 555-0100"),
        ("+52 55 1234 5678", "+52 55 1234 5678"),
        ("call the school", "call the school"),
        ("850-555-0100, ask for Rosa after 5", "850-555-0100, ask for Rosa after 5"),
        ("work 850-555-0100", "work 850-555-0100"),
        ("0100", "0100"),
        ("12345678901234567890123", "12345678901234567890123"),
    ],
)
def test_a_phone_is_kept_as_typed_and_shown_well_when_it_can_be(typed, shown):
    kept = fields.read(FIELD["cg_phone"], typed)

    assert kept == typed
    assert fields.say(FIELD["cg_phone"], kept) == shown


def test_lists_are_typed_with_commas():
    assert fields.read(FIELD["child_other_names"], "Pepe, Chuy; Pepe\n Beto,,") == ["Pepe", "Chuy", "Beto"]
    assert fields.read(FIELD["le_case_number"], ["26-1", " 26-2 "]) == ["26-1", "26-2"]


def test_choices_are_kept_in_the_order_of_the_form():
    assert fields.read(FIELD["safety_concerns"], ["weapons", "ongoing"]) == ["ongoing", "weapons"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("child_sex", "female"),
        ("child_sex", ["F"]),
        ("child_sex", 1),
        ("safety_concerns", "weapons"),
        ("safety_concerns", ["weapons", "dragons"]),
        ("address_state", "XX"),
        ("child_language", "klingon"),
        ("share_ok", "no"),
        ("child_sex", {"tick": "not_known"}),
        ("le_case_number", {"tick": "not_known"}),
        ("child_first_name", {"tick": "maybe"}),
        ("child_first_name", 7),
        ("cps_worker", {"fax": "1"}),
        ("attachments", ["scan.pdf"]),
        ("child_other_names", 7),
        ("child_other_names", [f"name {n}" for n in range(51)]),
    ],
)
def test_answers_that_do_not_fit_their_question_are_refused(name, typed):
    with pytest.raises(CannotRead):
        fields.read(FIELD[name], typed)


def test_ticks_stand_instead_of_an_answer():
    assert fields.read(FIELD["child_first_name"], {"tick": "not_known"}) == {"tick": "not_known"}
    assert fields.say(FIELD["le_case_number"], {"tick": "not_assigned"}, "es") == "Aún no asignado"


@pytest.mark.parametrize("blank", [None, "", "  ", "\n", [], {}, {"from": ""}, {"name": " "}, False, [" "]])
def test_a_blank_is_no_answer(blank):
    for field in fields.FIELDS:
        assert fields.read(field, blank) is None
        assert fields.say(field, blank) == ""


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec=None)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["tick", "typed", "from", "to", "date", "age", "name", "year", "month", "day", "row"])
            | st.text(),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@given(field=st.sampled_from(fields.FIELDS), typed=anything)
def test_reading_anything_gives_an_answer_or_a_sentence(field, typed):
    refused = None
    kept = None
    try:
        kept = fields.read(field, typed)
    except CannotRead as said:
        refused = said

    assert refused is None or (refused.message and refused.message_es)
    assert fields.read(field, kept) == kept
    assert fields.canonical({field.name: kept}).encode("utf-8")
    fields.say(field, kept, "es").encode("utf-8")


@given(field=st.sampled_from(fields.FIELDS), value=anything)
def test_anything_kept_can_be_said_and_written(field, value):
    answers = {field.group or field.name: [{"row": "0000000a", field.name: value}] if field.group else value}

    fields.say(field, value).encode("utf-8")
    text = fields.canonical(answers)
    assert fields.canonical(fields.parsed(text)) == text
    assert fields.differences(answers, answers) == []
    _wrong(answers)
    fields.to_send(ReferralType.COMBINED, answers)


@given(st.dictionaries(st.sampled_from([*FIELD, *fields.GROUPS, "unheard_of"]), anything, max_size=4))
def test_no_document_breaks_the_checks(answers):
    for kind in ReferralType:
        for problem in fields.problems(kind, answers, TODAY):
            assert problem.message
            assert problem.message_es
    fields.canonical(answers).encode("utf-8")
    fields.differences({}, answers)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_any_name_comes_back_as_typed(name):
    kept = fields.read(FIELD["child_first_name"], name)

    assert kept == (name if name.strip() else None)


def test_the_written_form_is_one():
    one = {"child_first_name": "Ana", "child_sex": "F", "child_school": "", "caregivers": [{"row": "0000000a"}]}
    other = {"child_sex": "F", "child_first_name": "Ana"}

    assert fields.canonical(one) == fields.canonical(other) == '{"child_first_name":"Ana","child_sex":"F"}'


def test_differences_come_in_form_order_with_people_by_their_row():
    before = {
        "narrative": "Old words",
        "child_first_name": "Jon",
        "safety_concerns": ["weapons", "ongoing"],
        "caregivers": [{"row": "aaaaaaaa", "cg_first_name": "Maria"}, {"row": "bbbbbbbb", "cg_first_name": "Luis"}],
    }
    after = {
        "narrative": "New words",
        "child_first_name": "John",
        "safety_concerns": ["ongoing", "weapons"],
        "caregivers": [{"row": "bbbbbbbb", "cg_first_name": "Luis"}, {"row": "aaaaaaaa", "cg_first_name": "María"}],
        "retired_question": "kept",
    }

    changed = [(each.field, each.row, each.before, each.after) for each in fields.differences(before, after)]

    assert changed == [
        ("child_first_name", None, "Jon", "John"),
        ("cg_first_name", "aaaaaaaa", "Maria", "María"),
        ("narrative", None, "Old words", "New words"),
        ("retired_question", None, None, "kept"),
    ]


def test_a_person_taken_out_is_a_difference_in_each_answer():
    before = {"household": [{"row": "aaaaaaaa", "hh_name": "Leo", "hh_role": "sibling"}]}

    changed = fields.differences(before, {})

    assert [(each.field, each.after) for each in changed] == [("hh_name", None), ("hh_role", None)]


def test_what_is_hidden_or_half_typed_is_not_sent():
    draft = {
        "urgency": "routine",
        "urgency_reason": "Typed before the urgency changed",
        "child_dob": {"typed": {"month": "3", "day": "27", "year": "2018"}},
        "ao_known": "no",
        "offenders": [{"row": "0000000a", "ao_name": "Hidden now", "ao_access": "no"}, {"row": "0000000b"}],
    }

    sent = fields.to_send(ReferralType.CLIENT, draft)

    assert sent == {
        "urgency": "routine",
        "child_dob": "2018-03-27",
        "ao_known": "no",
        "offenders": [{"row": "0000000a", "ao_access": "no"}],
    }


def test_the_age_is_asked_until_the_birth_date_is_whole():
    age = FIELD["child_age_years"]

    assert fields.shown(age, {})
    assert fields.shown(age, {"child_dob": {"tick": "not_known"}})
    assert fields.shown(age, {"child_dob": {"typed": {"month": "3", "day": "", "year": ""}}})
    assert not fields.shown(age, {"child_dob": "2018-03-27"})


def test_an_import_parts_who_the_child_is_from_what_happened():
    answers = {
        "child_first_name": "Ana",
        "narrative": "Words",
        "urgency": "urgent",
        "offenders": [{"row": "0000000a", "ao_access": "no"}],
    }

    assert fields.part(answers, Kept.PROFILE) == {"child_first_name": "Ana"}
    assert set(fields.part(answers, Kept.CASE)) == {"narrative", "offenders"}
    assert fields.part(answers, Kept.REFERRAL) == {"urgency": "urgent"}


def test_every_kind_of_question_is_read_and_said():
    assert {field.kind for field in fields.FIELDS} == set(Kind)


def test_somebody_under_18_is_not_called_an_offender():
    offenders = fields.GROUPS["offenders"]

    assert fields.row_title(offenders, {"ao_dob_or_age": {"age": 15}}, 1, TODAY) == (
        "Child or youth who initiated the behavior 1"
    )
    assert fields.row_title(offenders, {"ao_dob_or_age": {"date": "2010-01-01"}}, 2, TODAY, "es") == (
        "Niño o joven que inició la conducta 2"
    )
    assert fields.row_title(offenders, {"ao_dob_or_age": {"age": 40}}, 1, TODAY) == "Alleged offender 1"
    assert fields.row_title(offenders, {}, 1, TODAY) == "Alleged offender 1"


def test_canonical_text_is_plain_json():
    assert json.loads(fields.canonical({"child_last_name": "Núñez"})) == {"child_last_name": "Núñez"}
    assert "Núñez" in fields.canonical({"child_last_name": "Núñez"})
