"""The catalogue asks what the design says, in both languages, and a new question is one entry."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from domain import fields
from domain.fields import Kept, Kind, MatchRole, MergeRule, ReferralType, Required, Sensitivity, Tick

TODAY = date(2026, 11, 22)

SECTION_SIZES = {
    "about": 8,
    "sender": 10,
    "child": 21,
    "home": 10,
    "caregivers": 11,
    "household": 4,
    "offender": 7,
    "concern": 12,
    "safety": 3,
    "police": 5,
    "protection": 5,
    "sign_off": 2,
}


def test_the_catalogue_asks_98_questions_in_12_sections():
    assert len(fields.FIELDS) == 98
    assert len(fields.FIELD) == 98
    assert Counter(field.section for field in fields.FIELDS) == SECTION_SIZES
    assert [section.name for section in fields.SECTIONS] == list(SECTION_SIZES)


def test_questions_stand_in_the_order_of_the_sections():
    places = [list(SECTION_SIZES).index(field.section) for field in fields.FIELDS]

    assert places == sorted(places)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [(ReferralType.CLIENT, 84), (ReferralType.LE, 88), (ReferralType.CPS, 89), (ReferralType.COMBINED, 97)],
)
def test_each_type_of_referral_asks_only_its_questions(kind, asked):
    assert len(fields.referral(kind)) == asked


def test_hotline_questions_are_for_those_who_are_not_the_investigators():
    hotline = {"hotline_report_made", "hotline_report_date", "hotline_report_number"}
    names = {kind: {field.name for field in fields.referral(kind)} for kind in ReferralType}

    assert hotline <= names[ReferralType.CLIENT]
    assert hotline <= names[ReferralType.COMBINED]
    assert not hotline & names[ReferralType.LE]
    assert not hotline & names[ReferralType.CPS]


@pytest.mark.parametrize(("kind", "first_asked"), [("client", 14), ("le", 13), ("cps", 13), ("combined", 14)])
def test_the_short_path_has_at_most_14_questions(kind, first_asked):
    assert len(fields.short_path(ReferralType(kind))) == first_asked


def test_all_that_stops_a_referral_is_on_the_short_path():
    stops = {
        field.name
        for field in fields.referral(ReferralType.COMBINED)
        if field.required in (Required.YES, Required.ONE_OF)
    }

    assert stops - {"referral_type"} <= {field.name for field in fields.short_path(ReferralType.COMBINED)}


def test_kinds_are_those_of_the_design():
    assert Counter(field.kind.value for field in fields.FIELDS) == {
        "choice": 29,
        "text_short": 21,
        "text_long": 6,
        "name": 7,
        "multi": 5,
        "identifier": 4,
        "lookup": 3,
        "phone": 3,
        "choice_search": 3,
        "person_contact": 3,
        "date": 2,
        "email": 2,
        "date_memorable": 2,
        "date_or_age": 2,
        "date_partial": 1,
        "date_partial_range": 1,
        "integer": 1,
        "zip": 1,
        "files": 1,
        "checkbox": 1,
    }


def test_matching_roles_are_those_of_the_design():
    roles = {role: {f.name for f in fields.FIELDS if f.matching is role} for role in MatchRole}

    assert roles[MatchRole.BLOCKING] == {"child_last_name", "child_dob"}
    assert roles[MatchRole.STRONG] == {"child_first_name", "cps_child_id", "cg_phone"}
    assert roles[MatchRole.INCIDENT] == {"hotline_report_number", "le_case_number", "cps_intake_number"}
    assert len(roles[MatchRole.SUPPORT]) == 19


def test_merge_rules_are_those_of_the_design():
    assert Counter(field.merge for field in fields.FIELDS) == {
        MergeRule.KEEP_BOTH: 27,
        MergeRule.PICK_ONE: 25,
        MergeRule.MATCH_PERSON: 16,
        MergeRule.UNION: 15,
        MergeRule.MOST_PROTECTIVE: 9,
        MergeRule.EARLIEST: 3,
        MergeRule.MOST_URGENT: 2,
        MergeRule.YES_WINS: 1,
    }


def test_sensitivity_is_that_of_the_design():
    assert Counter(field.sensitivity for field in fields.FIELDS) == {
        Sensitivity.OPERATIONAL: 29,
        Sensitivity.PERSONAL: 29,
        Sensitivity.SENSITIVE: 22,
        Sensitivity.HIGHLY_SENSITIVE: 18,
    }


def test_fourteen_answers_feed_the_reports():
    assert {field.name for field in fields.FIELDS if field.report} == {
        "requested_services",
        "agency_id",
        "agency_type",
        "child_role",
        "child_dob",
        "child_age_years",
        "child_sex",
        "child_gender",
        "child_race_ethnicity",
        "child_disability",
        "address_county",
        "ao_dob_or_age",
        "ao_relationship",
        "allegation_types",
    }


def test_who_must_answer_is_that_of_the_design_as_rule_17_bounds_it():
    must = {need: {f.name for f in fields.FIELDS if f.required is need} for need in Required}

    assert must[Required.YES] == {
        "referral_type",
        "urgency",
        "child_first_name",
        "child_last_name",
        "child_role",
        "child_sex",
        "ao_known",
        "ao_access",
        "allegation_types",
        "last_contact_120h",
    }
    assert must[Required.ONE_OF] == {"child_dob", "child_age_years", "narrative", "attachments"}
    assert must[Required.IF_SHOWN] == {"urgency_reason", "hotline_report_made", "child_phone_safe", "ao_relationship"}
    assert must[Required.IF_KNOWN] == {
        "cg_first_name",
        "cg_last_name",
        "cg_relationship",
        "cg_phone_safe",
        "cg_knows",
        "hh_name",
        "hh_role",
    }
    assert must[Required.FROM_ACCOUNT] == {"agency_id", "referrer_name", "referrer_phone", "referrer_email"}
    assert must[Required.FROM_AGENCY] == {"agency_type"}


def test_people_are_asked_about_in_three_groups():
    assert Counter(field.group for field in fields.FIELDS if field.group) == {
        "caregivers": 11,
        "offenders": 6,
        "household": 4,
    }
    assert {name: group.at_most for name, group in fields.GROUPS.items()} == {
        "caregivers": 4,
        "household": 12,
        "offenders": 5,
    }


def test_a_group_is_kept_in_one_place():
    for group in fields.GROUPS:
        assert len({field.kept for field in fields.of_group(group)}) == 1


def test_who_the_child_is_goes_to_the_profile_and_what_happened_to_the_case():
    where = {field.name: field.kept for field in fields.FIELDS}

    assert where["child_dob"] is Kept.PROFILE
    assert where["cg_phone"] is Kept.PROFILE
    assert where["child_role"] is Kept.CASE
    assert where["narrative"] is Kept.CASE
    assert where["ao_name"] is Kept.CASE
    assert where["urgency"] is Kept.REFERRAL
    assert where["referrer_phone"] is Kept.REFERRAL


def test_ticks_stand_where_the_help_speaks_of_them():
    for field in fields.FIELDS:
        assert ("Tick Not known" in field.help) <= (Tick.NOT_KNOWN in field.ticks)
        assert ("Tick Not assigned yet" in field.help) <= (Tick.NOT_ASSIGNED in field.ticks)


def test_no_string_lacks_spanish():
    for field in fields.FIELDS:
        assert field.label.strip()
        assert field.label_es.strip()
        assert bool(field.help) == bool(field.help_es), field.name
        for choice in field.choices:
            assert choice.label.strip()
            assert choice.label_es.strip()
    for section in fields.SECTIONS:
        assert section.title != section.title_es
    for group in fields.GROUPS.values():
        assert group.title != group.title_es
        assert group.one != group.one_es


def test_spanish_is_not_the_english_again():
    same = {field.name for field in fields.FIELDS if field.label == field.label_es}
    helped_in_english = {field.name for field in fields.FIELDS if field.help and field.help == field.help_es}

    assert same == set()
    assert helped_in_english == set()


def test_codes_are_never_used_twice_in_one_question():
    for field in fields.FIELDS:
        assert len(field.codes) == len(field.choices), field.name


def test_conditions_name_questions_and_codes_that_exist():
    for field in fields.FIELDS:
        condition = field.shown_when
        if condition is None:
            continue
        asked = fields.FIELD[condition.field]
        assert set(getattr(condition, "codes", ())) <= asked.codes


def test_nobody_is_asked_for_a_social_security_number_or_immigration_status():
    words = " ".join(f"{field.name} {field.label} {field.label_es}" for field in fields.FIELDS).lower()

    for forbidden in ("social security", "seguro social", "ssn", "immigra", "migrator", "passport", "visa "):
        assert forbidden not in words


def test_files_are_in_the_catalogue_and_on_no_form_yet():
    assert fields.FIELD["attachments"].kind is Kind.FILES
    for kind in ReferralType:
        assert "attachments" not in {field.name for field in fields.referral(kind)}


def test_adding_a_question_is_one_entry():
    pet = replace(
        fields.FIELD["child_school"],
        name="child_pet",
        label="Does the child have a pet?",
        label_es="¿Tiene una mascota?",
        required=Required.YES,
    )
    catalogue = fields.CATALOGUE.with_question(pet)
    answers = {"child_pet": "Luna, a cat"}

    asked = fields.referral(ReferralType.CLIENT, catalogue)
    missing = fields.problems(ReferralType.CLIENT, {}, TODAY, catalogue=catalogue)
    too_long = fields.problems(
        ReferralType.CLIENT, {"child_pet": "x" * 501}, TODAY, complete=False, catalogue=catalogue
    )
    changed = fields.differences({}, answers, catalogue)

    assert asked[asked.index(pet) - 1].section == "child"
    assert "child_pet" in [problem.field for problem in missing]
    assert [problem.field for problem in too_long] == ["child_pet"]
    assert fields.canonical(answers) == '{"child_pet":"Luna, a cat"}'
    assert fields.to_send(ReferralType.CLIENT, answers, catalogue) == answers
    assert fields.part(answers, Kept.PROFILE, catalogue) == answers
    assert [(each.field, each.before, each.after) for each in changed] == [("child_pet", None, "Luna, a cat")]
    assert fields.say(pet, fields.read(pet, "Luna, a cat")) == "Luna, a cat"


def test_the_shipped_catalogue_refuses_an_answer_to_a_question_it_does_not_ask():
    [problem] = fields.problems(ReferralType.CLIENT, {"child_pet": "Luna"}, TODAY, complete=False)

    assert problem.field == "child_pet"
    assert problem.weight is fields.Weight.REFUSE
