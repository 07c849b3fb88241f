"""Impossible dates are refused, unlikely ones asked about, and all others pass in silence."""

from datetime import date

import pytest

from domain import fields
from domain.fields import FIELD, CannotRead, ReferralType, Weight

TODAY = date(2026, 11, 22)
BORN = "2018-03-27"

REFUSED, ASKED, FINE = "refused", "asked", "fine"


def verdict(answers, *, on):
    """How one field is judged among these answers."""
    found = [p for p in fields.problems(ReferralType.COMBINED, answers, TODAY, complete=False) if p.field == on]
    if any(problem.weight is Weight.REFUSE for problem in found):
        return REFUSED
    return ASKED if found else FINE


BIRTHS = [
    ("2026-11-22", FINE),
    ("2026-11-23", REFUSED),
    ("2026-12-01", REFUSED),
    ("2027-01-01", REFUSED),
    ("2081-03-27", REFUSED),
    ("2026-11-21", FINE),
    ("2018-03-27", FINE),
    ("2008-11-22", FINE),
    ("2007-11-23", FINE),
    ("2007-11-22", ASKED),
    ("1990-01-01", ASKED),
    ("1926-11-22", ASKED),
    ("1906-11-22", ASKED),
    ("1905-11-22", REFUSED),
    ("1900-01-01", REFUSED),
    ("1850-01-01", REFUSED),
    ("2020-02-29", FINE),
    ("2016-02-29", FINE),
]


@pytest.mark.parametrize(("born", "expected"), BIRTHS)
def test_a_birth_is_judged_by_today(born, expected):
    assert verdict({"child_dob": born}, on="child_dob") == expected


DAYS_THAT_DO_NOT_EXIST = [
    "2018-02-29",
    "2019-02-29",
    "2021-02-30",
    "2100-02-29",
    "2018-04-31",
    "2018-06-31",
    "2018-09-31",
    "2018-11-31",
    "2018-00-10",
    "2018-13-10",
    "2018-01-00",
    "2018-01-32",
    "2018-99-99",
    "0000-01-01",
    "0018-03-27",
    "1849-12-31",
    "2201-01-01",
    "9999-12-31",
    "2/30/2018",
    "13/1/2018",
    "3/27/18",
    "27/3/2018",
    "2018-3",
    "18-03-27",
    "March",
    "yesterday",
    "0/0/0",
    "٢٠١٨-٠٣-٢٧x",
]


@pytest.mark.parametrize("day", DAYS_THAT_DO_NOT_EXIST)
def test_a_day_that_does_not_exist_is_refused_in_both_languages(day):
    with pytest.raises(CannotRead) as refused:
        fields.read(FIELD["child_dob"], day)

    assert refused.value.message.endswith(".")
    assert refused.value.message_es.endswith(".")
    assert refused.value.message != refused.value.message_es
    assert verdict({"child_dob": day}, on="child_dob") == REFUSED


TYPED = [
    ({"month": "2", "day": "30", "year": "2018"}, None),
    ({"month": "2", "day": "29", "year": "2019"}, None),
    ({"month": "2", "day": "29", "year": "2020"}, "2020-02-29"),
    ({"month": "3", "day": "27", "year": "2018"}, "2018-03-27"),
    ({"month": 3, "day": 27, "year": 2018}, "2018-03-27"),
    ({"month": "03", "day": " 7 ", "year": " 2018"}, "2018-03-07"),
    ({"month": "3", "day": "", "year": "2018"}, None),
    ({"month": "", "day": "27", "year": "2018"}, None),
    ({"month": "3", "day": "27", "year": ""}, None),
    ({"month": "3", "day": "27", "year": "18"}, None),
    ({"month": "3", "day": "27", "year": "20188"}, None),
    ({"month": "3", "day": "-1", "year": "2018"}, None),
    ({"month": "3", "day": "x", "year": "2018"}, None),
    ({"month": "3", "day": "1.5", "year": "2018"}, None),
    ({"month": "13", "day": "1", "year": "2018"}, None),
    ({"month": "3", "day": "9" * 5000, "year": "2018"}, None),
    ({"month": "3", "day": "27", "year": 10**5000}, None),
    ({"month": "3", "day": "27", "year": "2018", "hour": "1"}, None),
    ("3/27/2018", "2018-03-27"),
    ("03/07/2018", "2018-03-07"),
    (date(2018, 3, 27), "2018-03-27"),
    (["2018", "03", "27"], None),
    (20180327, None),
]


@pytest.mark.parametrize(("typed", "kept"), TYPED)
def test_month_day_and_year_are_read_as_typed(typed, kept):
    if kept is None:
        with pytest.raises(CannotRead):
            fields.read(FIELD["child_dob"], typed)
    else:
        assert fields.read(FIELD["child_dob"], typed) == kept


PARTIAL = [
    ("2018", "2018"),
    ("2018-03", "2018-03"),
    ("2018-03-27", "2018-03-27"),
    ({"year": "2018"}, "2018"),
    ({"month": "3", "year": "2018"}, "2018-03"),
    ({"month": "3", "day": "27", "year": "2018"}, "2018-03-27"),
    ({"month": "", "day": "", "year": "2018"}, "2018"),
    ({"month": "3", "day": "", "year": ""}, None),
    ({"month": "", "day": "27", "year": "2018"}, None),
    ("2018-00", None),
    ("2018-13", None),
    ("2018-02-30", None),
    ("018", None),
]


@pytest.mark.parametrize(("typed", "kept"), PARTIAL)
def test_a_date_may_be_known_in_part(typed, kept):
    if kept is None:
        with pytest.raises(CannotRead):
            fields.read(FIELD["hotline_report_date"], typed)
    else:
        assert fields.read(FIELD["hotline_report_date"], typed) == kept


INCIDENTS = [
    ({"from": "2026-11-22"}, FINE),
    ({"from": "2026-11-23"}, REFUSED),
    ({"from": "2027"}, REFUSED),
    ({"from": "2026"}, FINE),
    ({"from": "2026-12"}, REFUSED),
    ({"from": "2026-11"}, FINE),
    ({"to": "2026-11"}, FINE),
    ({"to": "2027"}, REFUSED),
    ({"from": "2020", "to": "2027"}, REFUSED),
    ({"from": "2020", "to": "2026"}, FINE),
    ({"from": "2018-03-27"}, FINE),
    ({"from": "2018-03-26"}, REFUSED),
    ({"from": "2018-03"}, FINE),
    ({"from": "2018-02"}, REFUSED),
    ({"from": "2018"}, FINE),
    ({"from": "2017"}, REFUSED),
    ({"to": "2017"}, REFUSED),
    ({"from": "2010", "to": "2017"}, REFUSED),
    ({"from": "2010", "to": "2018"}, ASKED),
    ({"from": "2017", "to": "2020-05"}, ASKED),
    ({"from": "2018", "to": "2020-05"}, FINE),
    ({"from": "2020-05", "to": "2020"}, FINE),
    ({"from": "2020-05-10", "to": "2020-05"}, FINE),
    ({"from": "2020-05", "to": "2020-04"}, REFUSED),
    ({"from": "2021", "to": "2020"}, REFUSED),
    ({"from": "2020-05-10", "to": "2020-05-09"}, REFUSED),
    ({"from": "2020-02-30"}, REFUSED),
    ({"from": "x"}, REFUSED),
    ("2020-05", FINE),
]


@pytest.mark.parametrize(("incident", "expected"), INCIDENTS)
def test_an_incident_lies_between_the_birth_and_today(incident, expected):
    assert verdict({"child_dob": BORN, "incident_when": incident}, on="incident_when") == expected


AGES_AND_INCIDENTS = [
    (7, "2019", FINE),
    (7, "2018-12", FINE),
    (7, "2017-12-31", REFUSED),
    (7, "2018", FINE),
    (0, "2025-06", FINE),
    (0, "2024-12-31", REFUSED),
    (0, "2026-11-01", FINE),
]


@pytest.mark.parametrize(("age", "when", "expected"), AGES_AND_INCIDENTS)
def test_an_incident_is_not_before_a_child_of_that_age_was_born(age, when, expected):
    answers = {"child_age_years": age, "incident_when": {"from": when}}

    assert verdict(answers, on="incident_when") == expected


AGES = [
    (0, FINE),
    (1, FINE),
    (18, FINE),
    (19, ASKED),
    (120, ASKED),
    (121, REFUSED),
    (140, REFUSED),
    (-1, REFUSED),
    ("7", FINE),
    ("seven", REFUSED),
    (7.5, REFUSED),
    (True, REFUSED),
]


@pytest.mark.parametrize(("age", "expected"), AGES)
def test_an_age_is_a_whole_number_up_to_120(age, expected):
    assert verdict({"child_age_years": age}, on="child_age_years") == expected


def test_a_vulnerable_adult_is_not_asked_about_the_age():
    adult = {"child_role": "vulnerable_adult", "child_dob": "1980-01-01"}

    assert verdict(adult, on="child_dob") == FINE


CAREGIVERS = [
    ("1990-05-05", FINE),
    ("2018-03-27", ASKED),
    ("2018-03-28", REFUSED),
    ("2026-11-23", REFUSED),
    ("2013-11-23", ASKED),
    ("2013-11-22", FINE),
    ("1926-11-22", FINE),
    ("1925-11-22", ASKED),
    ("1900-01-01", REFUSED),
    ("1990-02-30", REFUSED),
]


@pytest.mark.parametrize(("born", "expected"), CAREGIVERS)
def test_a_caregiver_is_older_than_the_child(born, expected):
    answers = {"child_dob": BORN, "caregivers": [{"row": "0000000a", "cg_dob": born}]}

    assert verdict(answers, on="cg_dob") == expected


@pytest.mark.parametrize(("born", "expected"), [("2026-11-23", REFUSED), ("1990-05-05", FINE), ("1880-01-01", REFUSED)])
def test_an_alleged_offender_was_born_within_the_last_120_years(born, expected):
    answers = {"ao_known": "yes", "offenders": [{"row": "0000000a", "ao_dob_or_age": {"date": born}}]}

    assert verdict(answers, on="ao_dob_or_age") == expected


REPORTS = [
    ("hotline_report_date", "2026-11-22", FINE),
    ("hotline_report_date", "2026-11", FINE),
    ("hotline_report_date", "2026", FINE),
    ("hotline_report_date", "2026-11-23", REFUSED),
    ("hotline_report_date", "2027", REFUSED),
    ("hotline_report_date", "2017", ASKED),
    ("le_report_date", "2026-11-22", FINE),
    ("le_report_date", "2026-11-23", REFUSED),
    ("le_report_date", "2018-03-26", ASKED),
    ("needed_by_date", "2026-11-22", FINE),
    ("needed_by_date", "2026-11-21", ASKED),
    ("needed_by_date", "2027-05-01", FINE),
]


@pytest.mark.parametrize(("name", "day", "expected"), REPORTS)
def test_reports_lie_in_the_past_and_deadlines_ahead(name, day, expected):
    assert verdict({"child_dob": BORN, name: day}, on=name) == expected


FIVE_DAYS = [
    ("yes", "2026-11-20", FINE),
    ("yes", "2026-11-16", FINE),
    ("yes", "2026-11-15", ASKED),
    ("yes", "2026-10", ASKED),
    ("yes", "2026-11", FINE),
    ("yes", "2026", FINE),
    ("no", "2026-11-18", ASKED),
    ("no", "2026-11-17", FINE),
    ("no", "2026-11", FINE),
    ("unknown", "2026-11-20", FINE),
]


@pytest.mark.parametrize(("within", "when", "expected"), FIVE_DAYS)
def test_the_120_hours_agree_with_the_incident(within, when, expected):
    answers = {"last_contact_120h": within, "incident_when": {"from": when}}

    assert verdict(answers, on="last_contact_120h") == expected


def test_a_fresh_incident_without_a_deadline_is_asked_about():
    assert verdict({"urgency": "routine", "last_contact_120h": "yes"}, on="urgency") == ASKED
    assert verdict({"urgency": "urgent", "last_contact_120h": "yes"}, on="urgency") == FINE
    assert verdict({"urgency": "routine", "last_contact_120h": "no"}, on="urgency") == FINE


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2018-03-27", "2026-03-26", 7),
        ("2018-03-27", "2026-03-27", 8),
        ("2020-02-29", "2021-02-28", 0),
        ("2020-02-29", "2021-03-01", 1),
        ("2020-02-29", "2024-02-29", 4),
        ("2026-11-22", "2026-11-22", 0),
        ("2026-11-23", "2026-11-22", -1),
    ],
)
def test_birthdays_are_counted_by_the_calendar(born, day, age):
    assert fields.age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


@pytest.mark.parametrize(
    ("partial", "first", "last"),
    [
        ("2018", "2018-01-01", "2018-12-31"),
        ("2018-02", "2018-02-01", "2018-02-28"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020-02-29", "2020-02-29", "2020-02-29"),
    ],
)
def test_a_partial_date_spans_its_days(partial, first, last):
    assert str(fields.first_day(partial)) == first
    assert str(fields.last_day(partial)) == last


@pytest.mark.parametrize("no_date", ["", "2018-13", "2018-02-30", "20180327", "0000", None, 2018, ["2018"]])
def test_what_is_no_date_spans_nothing(no_date):
    assert fields.first_day(no_date) is None
    assert fields.last_day(no_date) is None


@pytest.mark.parametrize(
    ("name", "kept", "english", "spanish"),
    [
        ("child_dob", "2018-03-27", "March 27, 2018", "27 de marzo de 2018"),
        ("hotline_report_date", "2018-03", "March 2018", "marzo de 2018"),
        ("hotline_report_date", "2018", "2018", "2018"),
        ("incident_when", {"from": "2018-03"}, "March 2018", "marzo de 2018"),
        ("incident_when", {"from": "2018", "to": "2019-05"}, "2018 to May 2019", "de 2018 a mayo de 2019"),
        ("incident_when", {"to": "2019"}, "until 2019", "hasta 2019"),
        ("ao_dob_or_age", {"age": 1}, "1 year old", "1 año"),
        ("ao_dob_or_age", {"age": 34}, "34 years old", "34 años"),
        ("ao_dob_or_age", {"date": "1990-12-01"}, "December 1, 1990", "1 de diciembre de 1990"),
        ("child_age_years", 0, "0 years old", "0 años"),
        ("child_dob", {"tick": "not_known"}, "Not known", "No se sabe"),
        ("child_dob", {"typed": "2/30/2018"}, "2/30/2018", "2/30/2018"),
        ("child_dob", {"typed": {"day": "30", "month": "2", "year": "2018"}}, "2/30/2018", "2/30/2018"),
        ("child_dob", {"typed": {"day": "", "month": "2", "year": ""}}, "2/–/–", "2/–/–"),
        ("child_dob", {"typed": {"day": "30"}}, "–/30/–", "–/30/–"),
        ("incident_when", {"typed": {"from": {"month": "2", "day": "", "year": ""}, "to": {}}}, "2/–/–", "2/–/–"),
    ],
)
def test_dates_are_said_in_words(name, kept, english, spanish):
    assert fields.say(FIELD[name], kept) == english
    assert fields.say(FIELD[name], kept, "es") == spanish
