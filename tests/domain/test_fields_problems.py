"""Nothing stops a referral but what rule 17 names; all else is asked for, in plain sentences, in both languages."""

from datetime import date

import pytest

from domain import fields
from domain.fields import ReferralType, Weight

TODAY = date(2026, 11, 22)

ENOUGH = {
    "urgency": "routine",
    "child_first_name": "Ana",
    "child_last_name": {"tick": "not_known"},
    "child_role": "alleged_victim",
    "child_age_years": 7,
    "child_sex": "F",
    "ao_known": "no",
    "offenders": [{"row": "0000000a", "ao_access": "unknown"}],
    "allegation_types": ["neglect"],
    "last_contact_120h": "no",
    "narrative": "The teacher saw bruises. The child said nothing.",
}


def found(answers, *, kind=ReferralType.CLIENT, complete=True):
    return fields.problems(kind, answers, TODAY, complete=complete)


def stopping(answers, **how):
    return [problem.field for problem in found(answers, **how) if problem.weight is Weight.REFUSE]


def asking(answers, **how):
    return [problem.field for problem in found(answers, **how) if problem.weight is Weight.ASK]


@pytest.mark.parametrize("kind", list(ReferralType))
def test_two_sentences_and_the_few_answers_of_rule_17_are_enough(kind):
    assert stopping(ENOUGH, kind=kind) == []


@pytest.mark.parametrize("name", sorted(set(ENOUGH) - {"offenders"}))
def test_each_answer_of_rule_17_is_needed(name):
    without = {key: value for key, value in ENOUGH.items() if key != name}

    assert stopping(without) == ["child_dob" if name == "child_age_years" else name]


def test_whether_the_offender_reaches_the_child_is_needed_even_when_nobody_is_named():
    without = {key: value for key, value in ENOUGH.items() if key != "offenders"}

    [problem] = [problem for problem in found(without) if problem.weight is Weight.REFUSE]

    assert (problem.field, problem.row) == ("ao_access", None)


def test_an_empty_form_names_every_missing_answer_once_in_form_order():
    names = [problem.field for problem in found({})]

    assert names == [
        "urgency",
        "hotline_report_made",
        "child_first_name",
        "child_last_name",
        "child_role",
        "child_dob",
        "child_sex",
        "ao_known",
        "ao_access",
        "allegation_types",
        "last_contact_120h",
        "narrative",
    ]


def test_a_draft_is_not_told_what_is_missing():
    assert found({}, complete=False) == []


def test_a_tick_for_the_birth_date_still_wants_an_age():
    answers = {**ENOUGH, "child_dob": {"tick": "not_known"}}
    del answers["child_age_years"]

    assert stopping(answers) == ["child_age_years"]


def test_files_do_not_replace_the_report_while_none_can_be_sent():
    answers = {**ENOUGH, "narrative": "", "attachments": ["report.pdf"]}

    assert stopping(answers) == ["narrative", "attachments"]


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({"urgency": "urgent"}, "urgency_reason"),
        ({"child_phone": ["8505550100"]}, "child_phone_safe"),
        ({"ao_known": "yes"}, "ao_relationship"),
        ({"caregivers": [{"row": "0000000b", "cg_last_name": "Ruiz"}]}, "cg_first_name"),
        ({"caregivers": [{"row": "0000000b", "cg_last_name": "Ruiz"}]}, "cg_phone_safe"),
        ({"household": [{"row": "0000000b", "hh_name": "Leo"}]}, "hh_role"),
    ],
)
def test_what_would_be_good_to_know_is_asked_and_stops_nothing(more, asked):
    assert asked in asking({**ENOUGH, **more})
    assert stopping({**ENOUGH, **more}) == []


def test_a_caregiver_of_whom_nothing_is_said_is_not_asked_about():
    assert "cg_first_name" not in asking({**ENOUGH, "caregivers": [{"row": "0000000b"}]})


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"child_sex": "female"}, "child_sex"),
        ({"child_first_name": "Ana\0"}, "child_first_name"),
        ({"narrative": "x" * 20_001}, "narrative"),
        ({"child_dob": {"typed": {"month": "2", "day": "30", "year": "2018"}}}, "child_dob"),
        ({"le_case_number": ["26-1"]}, "le_case_number"),
        ({"no_such_question": "x"}, "no_such_question"),
        ({"referral_type": "le"}, "referral_type"),
        ({"caregivers": "Maria"}, "caregivers"),
        ({"caregivers": [{"row": f"0000000{n}", "cg_first_name": "Ana"} for n in range(5)]}, "caregivers"),
        ({"caregivers": [{"row": "0000000b", "cg_pet": "cat"}]}, "cg_pet"),
        ({"caregivers": [{"row": "0000000b", "cg_relationship": "pirate"}]}, "cg_relationship"),
    ],
)
def test_what_cannot_be_is_refused_in_a_draft_too(more, where):
    assert where in stopping({**ENOUGH, **more}, complete=False)


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"child_first_name": "Unknown"}, "child_first_name"),
        ({"child_last_name": " desconocido "}, "child_last_name"),
        ({"safety_concerns": ["none_known", "weapons"]}, "safety_concerns"),
        ({"child_race_ethnicity": ["UNK", "HISP"]}, "child_race_ethnicity"),
        ({"address_zip": "123"}, "address_zip"),
        ({"referrer_email": "olga at county"}, "referrer_email"),
        ({"child_phone": ["12"]}, "child_phone"),
        ({"caregivers": [{"row": "0000000b", "cg_alleged_offender": "yes"}]}, "ao_known"),
    ],
)
def test_what_looks_unlikely_is_asked_about_and_stops_nothing(more, where):
    assert where in asking({**ENOUGH, **more}, complete=False)
    assert stopping({**ENOUGH, **more}) == []


def test_good_addresses_and_numbers_pass_in_silence():
    answers = {
        **ENOUGH,
        "address_zip": "32301-1234",
        "referrer_email": "olga@county.gov",
        "child_phone": ["(850) 555-0100"],
        "child_first_name": "No",
    }

    assert not {"address_zip", "referrer_email", "child_phone", "child_first_name"} & set(asking(answers))


def test_one_field_is_not_scolded_twice_for_one_mistake():
    names = stopping({**ENOUGH, "child_dob": "2030-02-30"}, complete=False)

    assert names == ["child_dob"]


def test_every_sentence_ends_and_is_said_in_spanish_too():
    answers = {"child_dob": "2030-01-01", "incident_when": {"from": "2031"}, "needed_by_date": "2020-01-01", "zzz": 1}

    for problem in found(answers):
        assert problem.message[-1] in ".?"
        assert problem.message_es[-1] in ".?"
        assert problem.message_in("es") == problem.message_es != problem.message == problem.message_in("en")
