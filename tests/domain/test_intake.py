from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from domain import fields, intake
from domain.clients import cover, hidden_in, looked_from
from domain.covering import DO_NOT_CALL
from domain.fields import Kept
from domain.intake import IntakeChoices, Side, compare, settle
from domain.matching import Compared, Level, Reason

ON_FILE = {
    "child_first_name": "Ana",
    "child_last_name": "Cruz",
    "child_dob": "2016-03-27",
    "child_sex": "F",
    "caregivers": [{"row": "aaaaaaaa", "cg_first_name": "Rosa", "cg_last_name": "Cruz", "cg_phone": "505-555-0101"}],
}


def keys(comparison):
    return [each.key for each in comparison.to_settle]


def test_a_referral_is_parted_into_file_and_case():
    answers = {
        "child_first_name": "Ana",
        "narrative": "She said so.",
        "urgency": "routine",
        "caregivers": [{"row": "1"}],
    }

    assert intake.to_profile(answers) == {"child_first_name": "Ana"}
    assert intake.to_case(answers) == {"narrative": "She said so."}
    assert intake.presented(answers) == {"child_first_name": "Ana", "narrative": "She said so."}


def test_every_question_goes_to_one_place():
    assert {field.kept for field in fields.FIELDS} == set(Kept)
    for group in fields.GROUPS:
        assert len({field.kept for field in fields.of_group(group)}) == 1


def test_equal_answers_are_not_asked_about():
    comparison = compare(ON_FILE, ON_FILE)

    assert comparison.to_settle == ()
    assert comparison.filled == ()
    assert comparison.document == ON_FILE


@pytest.mark.parametrize("said", ["ana", " Ana ", "ANA"])
def test_capitals_and_blanks_are_no_difference(said):
    assert compare(ON_FILE, {"child_first_name": said}).to_settle == ()


def test_blanks_are_filled_without_asking():
    comparison = compare(ON_FILE, {"child_school": "Juniper Middle"})

    assert comparison.to_settle == ()
    assert comparison.filled == ("child_school",)
    assert comparison.document["child_school"] == "Juniper Middle"


def test_not_known_never_overwrites_an_answer():
    comparison = compare(ON_FILE, {"child_dob": {"tick": "not_known"}})

    assert comparison.to_settle == ()
    assert comparison.document["child_dob"] == "2016-03-27"


def test_an_answer_replaces_not_known():
    comparison = compare({"child_dob": {"tick": "not_known"}}, {"child_dob": "2016-03-27"})

    assert comparison.to_settle == ()
    assert comparison.document["child_dob"] == "2016-03-27"


def test_lists_are_joined_not_chosen():
    comparison = compare({"le_case_number": ["24-1"]}, {"le_case_number": ["24-2", "24-1"]})

    assert comparison.to_settle == ()
    assert comparison.document["le_case_number"] == ["24-1", "24-2"]


def test_a_phone_typed_otherwise_is_the_same_phone():
    comparison = compare({"child_phone": ["(505) 555-0101"]}, {"child_phone": ["505.555.0101", "505-555-0102"]})

    assert comparison.document["child_phone"] == ["(505) 555-0101", "505-555-0102"]


def test_what_tells_one_child_from_another_has_no_proposal():
    comparison = compare(ON_FILE, {"child_last_name": "Cruz Ortiz", "child_dob": "2016-03-28"})

    assert keys(comparison) == ["child_last_name", "child_dob"]
    assert comparison.unsettled({}) == comparison.to_settle
    assert settle(comparison, {})["child_last_name"] == "Cruz"


@pytest.mark.parametrize(("sent", "side"), [(date(2026, 5, 2), Side.REFERRAL), (date(2026, 4, 1), Side.FILE)])
def test_the_newer_answer_is_proposed(sent, side):
    comparison = compare(
        {"child_school": "Old School"}, {"child_school": "New School"}, file_day=date(2026, 5, 1), sent_day=sent
    )

    assert comparison.to_settle[0].preset is side


def test_the_more_protective_answer_is_proposed():
    comparison = compare({"address_confidential": "no"}, {"address_confidential": "yes"})

    assert comparison.to_settle[0].preset is Side.REFERRAL
    assert settle(comparison, {})["address_confidential"] == "yes"


def test_every_most_protective_choice_has_its_order():
    for field in fields.FIELDS:
        if field.merge is fields.MergeRule.MOST_PROTECTIVE:
            assert set(intake._PROTECTIVE[field.name]) == field.codes, field.name


def test_texts_that_may_both_stand_are_both_kept():
    comparison = compare({"child_accommodations": "Bring the bear."}, {"child_accommodations": "Short sessions."})

    assert comparison.to_settle[0].preset is Side.BOTH
    assert settle(comparison, {})["child_accommodations"] == "Bring the bear.\n\nShort sessions."


def test_a_choice_stands_against_the_proposal():
    comparison = compare({"child_school": "Old School"}, {"child_school": "New School"})

    assert settle(comparison, {"child_school": Side.FILE})["child_school"] == "Old School"
    assert settle(comparison, {"child_school": Side.REFERRAL})["child_school"] == "New School"


def test_the_same_caregiver_is_compared_and_a_new_one_added():
    said = [
        {"row": "11111111", "cg_first_name": "ROSA", "cg_last_name": "Cruz", "cg_phone": "505-555-0199"},
        {"row": "aaaaaaaa", "cg_first_name": "Luis", "cg_last_name": "Ortiz"},
    ]

    comparison = compare(ON_FILE, {"caregivers": said})

    assert keys(comparison) == ["caregivers/aaaaaaaa/cg_phone"]
    assert comparison.to_settle[0].who == "Caregiver Rosa Cruz"
    rows = settle(comparison, {"caregivers/aaaaaaaa/cg_phone": Side.REFERRAL})["caregivers"]
    assert [(row["cg_first_name"], row.get("cg_phone")) for row in rows] == [("Rosa", "505-555-0199"), ("Luis", None)]
    assert len({row["row"] for row in rows}) == 2


def test_composing_twice_gives_the_same_document():
    said = {"caregivers": [{"row": "aaaaaaaa", "cg_first_name": "Luis"}]}

    assert compare(ON_FILE, said) == compare(ON_FILE, said)


def test_the_file_itself_is_never_changed():
    before = fields.canonical(ON_FILE)

    settle(compare(ON_FILE, {"child_last_name": "Ortiz", "caregivers": [{"row": "b", "cg_first_name": "Luis"}]}), {})

    assert fields.canonical(ON_FILE) == before


def test_a_case_keeps_the_agency_that_opened_it():
    comparison = compare({"agency_id": "Sheriff", "referral_type": "le"}, {"agency_id": "CPS", "referral_type": "cps"})

    assert comparison.to_settle == ()
    assert comparison.document == {"agency_id": "Sheriff", "referral_type": "le"}


def test_typed_answers_go_where_they_belong():
    edited = {"child_school": "Juniper Middle", "allegation_types": ["neglect"], "narrative": "No.", "child_sex": None}

    assert intake.edit(ON_FILE, edited, Kept.PROFILE) == {
        name: value for name, value in ON_FILE.items() if name != "child_sex"
    } | {"child_school": "Juniper Middle"}
    assert intake.edit({"narrative": "Yes."}, edited, Kept.CASE) == {
        "narrative": "Yes.",
        "allegation_types": ["neglect"],
    }


def test_what_feeds_a_report_and_is_missing_is_listed():
    names = {each.field for each in intake.missing(ON_FILE, Kept.PROFILE)}

    assert "child_race_ethnicity" in names
    assert "child_sex" not in names
    assert "child_gender" not in names, "a blank says that it does not differ"
    assert "child_age_years" not in names, "not asked once the birth date is known"


def test_not_known_is_not_missing():
    document = ON_FILE | {"child_dob": {"tick": "not_known"}, "child_age_years": 9}

    assert "child_dob" not in {each.field for each in intake.missing(document, Kept.PROFILE)}


def test_an_answer_that_is_not_among_our_terms_is_said():
    wrong = intake.wrong(ON_FILE | {"child_sex": "girl"}, date(2026, 5, 1))

    assert [problem.field for problem in wrong] == ["child_sex"]


def test_an_answer_of_another_type_of_referral_is_not_wrong():
    assert intake.wrong(ON_FILE | {"cps_child_id": ["X1"], "referral_type": "le"}, date(2026, 5, 1)) == ()


def test_choices_survive_being_kept():
    choices = IntakeChoices(
        decided=True, client_version=3, settled={"child_sex": Side.BOTH}, edited={"child_school": "Éxito"}
    )

    assert IntakeChoices.from_text(choices.to_text()) == choices


def test_choosing_another_client_forgets_what_was_settled_with_the_first():
    one, two = uuid4(), uuid4()
    choices = IntakeChoices(edited={"child_school": "S"}).for_client(one, 1)
    settled = replace(choices, settled={"child_sex": Side.FILE})

    assert settled.for_client(one, 2).settled == {"child_sex": Side.FILE}
    assert settled.for_client(two, 1).settled == {}
    assert settled.for_client(two, 1).edited == {"child_school": "S"}


# Rule 14


def reason(field, words="Phone 505-555-0101.", ours="505-555-0101"):
    return Reason(field, words, 3.0, ours, ours, Level.SAME)


@pytest.mark.parametrize(
    "answers",
    [
        {"caregivers": [{"row": "a", "cg_alleged_offender": "yes", "cg_phone": "505-555-0101"}]},
        {
            "caregivers": [
                {"row": "a", "cg_phone": "505-555-0101"},
                {"row": "b", "cg_alleged_offender": "yes"},
            ]
        },
        {"caregivers": [{"row": "a", "cg_phone": "505-555-0101"}], "safety_concerns": ["ao_in_home"]},
    ],
)
def test_the_phone_of_a_home_with_an_alleged_offender_is_covered(answers):
    (shown,) = cover((reason(Compared.PHONE),), hidden_in({}, answers))

    assert shown.ours == shown.theirs == DO_NOT_CALL
    assert "555" not in shown.words


def test_a_confidential_address_is_covered_on_both_sides():
    shown = cover(
        tuple(
            reason(field, "Same address, 4 Elm Street.", "4 Elm Street") for field in (Compared.ADDRESS, Compared.ZIP)
        ),
        hidden_in({"address_confidential": "yes"}, {}),
    )

    assert all("Elm" not in each.words + each.ours + each.theirs for each in shown)


def test_other_reasons_are_shown_as_they_are():
    reasons = (reason(Compared.PHONE), reason(Compared.ADDRESS))

    assert cover(reasons, hidden_in({}, ON_FILE)) == reasons


@pytest.mark.parametrize(
    ("text", "first", "last", "dob"),
    [
        ("Ana Cruz Ortiz 3/27/2016", "Ana", "Cruz Ortiz", "2016-03-27"),
        ("Cruz, Ana", "Ana", "Cruz", ""),
        ("2016-03-27", "", "", "2016-03-27"),
        ("C-26-0001", "", "", ""),
    ],
)
def test_one_line_of_text_is_read_as_names_and_a_birth_date(text, first, last, dob):
    looked = looked_from(text)

    assert (looked.first_name, looked.last_name, looked.dob) == (first, last, dob)
