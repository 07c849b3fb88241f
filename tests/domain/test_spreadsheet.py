from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import fields
from domain.fields import Kept, ReferralType
from domain.refusals import Refused
from domain.spreadsheet import columns, dates, names, rows, values
from domain.spreadsheet.columns import Choices
from domain.spreadsheet.dates import DayOrder
from domain.spreadsheet.decoding import decoded
from domain.spreadsheet.delimited import delimiter_of, read_text
from domain.spreadsheet.fates import Decision, Fate, Found, fate
from domain.spreadsheet.names import NameOrder, SplitName, order_of, split
from domain.spreadsheet.reading import read_table
from domain.spreadsheet.tables import clean
from tests.hostile_spreadsheets import workbook

TODAY = date(2026, 11, 23)

# Names


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("GARCIA LOPEZ, MARIA DEL CARMEN", SplitName("MARIA DEL CARMEN", "", "GARCIA LOPEZ")),
        ("de la Cruz, Juan Carlos Jr.", SplitName("Juan", "Carlos", "de la Cruz", "Jr.")),
        ("Smith Jr., John", SplitName("John", "", "Smith", "Jr.")),
        ("John Smith, Jr.", SplitName("John", "", "Smith", "Jr.")),
        ("John Smith III", SplitName("John", "", "Smith", "III")),
        ("O'Brien-Smith, Mary Ann", SplitName("Mary", "Ann", "O'Brien-Smith")),
        ("Jose Luis de la Cruz", SplitName("Jose", "Luis", "de la Cruz")),
        ("van der Berg, Anna", SplitName("Anna", "", "van der Berg")),
        ("St. James, Tia", SplitName("Tia", "", "St. James")),
        ("Lee, Ann (Annie)", SplitName("Ann", "", "Lee", "", "Annie")),
        ("Smith, Baby Boy", SplitName("Baby Boy", "", "Smith")),
        ("María del Carmen Ruiz", SplitName("María del Carmen", "", "Ruiz")),
        ("Maria Elena Garcia Lopez", SplitName("Maria", "Elena", "Garcia Lopez", unsure=True)),
        ("Tia Q Jordan", SplitName("Tia", "Q", "Jordan")),
        ("Cher", SplitName("Cher")),
        (", ,", SplitName()),
    ],
)
def test_a_whole_name_is_split_into_its_parts(written, parts):
    assert split(written) == parts


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("Garcia Lopez Maria", "Maria", "Garcia Lopez"),
        ("de la Cruz Juan", "Juan", "de la Cruz"),
        ("Smith John", "John", "Smith"),
        ("Cher", "", "Cher"),
    ],
)
def test_a_name_with_the_family_name_first(written, first, last):
    parts = split(written, NameOrder.LAST_NAME_FIRST)

    assert (parts.first, parts.last) == (first, last)


def test_which_name_comes_first_is_told_by_how_common_they_are():
    assert order_of(["Smith John", "Garcia Maria", "Nguyen Linda"]) is NameOrder.LAST_NAME_FIRST
    assert order_of(["John Smith", "Maria Garcia"]) is NameOrder.FIRST_NAME_FIRST
    assert order_of(["Smith, John"]) is NameOrder.FIRST_NAME_FIRST


@given(st.text(max_size=60), st.sampled_from(NameOrder))
@settings(max_examples=150)
def test_no_letter_of_a_name_is_lost(written, order):
    parts = split(written, order)
    kept = "".join((parts.first, parts.middle, parts.last, parts.suffix, parts.other))

    letters = sorted(letter for letter in written if letter.isalnum())
    assert sorted(letter for letter in kept if letter.isalnum()) == letters


# Dates


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2015-03-04", "2015-03-04"),
        ("2015/3/4", "2015-03-04"),
        ("03/04/2015", "2015-03-04"),
        ("27/03/2018", "2018-03-27"),
        ("3.27.18", "2018-03-27"),
        ("1/2/90", "1990-01-02"),
        ("Mar 27, 2018", "2018-03-27"),
        ("27-Mar-18", "2018-03-27"),
        ("27 de marzo de 2018", "2018-03-27"),
        ("Friday, 27th March 2018", "2018-03-27"),
        ("20150327", "2015-03-27"),
        ("42097", "2015-04-03"),
        ("42097.0", "2015-04-03"),
        ("3/27/2018 12:00:00 AM", "2018-03-27"),
        ("2015-03-27 00:00:00", "2015-03-27"),
        ("2015-03-27T08:00:00Z", "2015-03-27"),
    ],
)
def test_dates_are_read_in_the_forms_that_people_write(cell, day):
    assert dates.day_of(cell, DayOrder.MONTH_FIRST, today=TODAY) == day


@pytest.mark.parametrize(
    "cell", ["13/13/2015", "31/2/2015", "yesterday", "May 2015", "2015", "12", "99999", "1-2", "//"]
)
def test_what_is_no_day_is_refused_in_a_sentence(cell):
    with pytest.raises(Refused, match=r"\.$"):
        dates.day_of(cell, DayOrder.MONTH_FIRST, today=TODAY)


def test_the_order_of_day_and_month_is_never_guessed():
    with pytest.raises(Refused, match="can mean two days"):
        dates.day_of("03/04/2015", None, today=TODAY)
    assert dates.day_of("03/04/2015", DayOrder.DAY_FIRST, today=TODAY) == "2015-04-03"
    assert dates.day_of("04/04/2015", None, today=TODAY) == "2015-04-04"


def test_a_column_proves_its_own_order():
    assert dates.evidence(["03/04/2015", "27/03/2015"]).order is DayOrder.DAY_FIRST
    assert dates.evidence(["03/04/2015", "03/27/2015"]).order is DayOrder.MONTH_FIRST
    both = dates.evidence(["03/04/2015", "03/27/2015", "27/03/2015"])
    assert (both.order, both.both, both.asks) == (None, True, True)
    assert dates.evidence(["03/04/2015"]).asks
    assert not dates.evidence(["2015-03-04", "04/04/2015", "42097"]).asks


def test_a_macintosh_workbook_counts_from_1904():
    assert dates.day_of("40635", None, today=TODAY, from_1904=True) == "2015-04-03"


@given(st.dates(date(1910, 1, 1), date(2060, 1, 1)))
@settings(max_examples=60)
def test_every_day_is_read_back_from_every_form(day):
    serial = str((day - date(1899, 12, 30)).days)
    forms = [day.isoformat(), f"{day:%m/%d/%Y}", f"{day:%B} {day.day}, {day.year}", f"{day:%Y%m%d}", serial]

    assert {dates.day_of(one, DayOrder.MONTH_FIRST, today=TODAY) for one in forms} == {day.isoformat()}


# Columns


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("First,Last,DOB,Sex", ("child_first_name", "child_last_name", "child_dob", "child_sex")),
        ("NOMBRE,APELLIDOS,FECHA DE NACIMIENTO", ("child_first_name", "child_last_name", "child_dob")),
        ("Name,Birthday,Mother's Name,Zip", ("name", "child_dob", "caregiver_1/whole_name", "address_zip")),
        ("Name,First Name", ("child_last_name", "child_first_name")),
        ("Child's Name,Madre,Teléfono de la madre", ("name", "caregiver_1/whole_name", "caregiver_1/cg_phone")),
        ("Father phone,Case #,First,First name", ("caregiver_2/cg_phone", "", "child_first_name", "")),
        ("Home phone,Cell phone,Phone", ("", "child_phone", "child_phone")),
    ],
)
def test_columns_are_proposed_by_their_names_in_both_languages(header, codes):
    assert columns.proposed(header.split(","), []).columns == codes


def test_every_field_of_a_file_can_be_a_column_under_its_own_label():
    for one in fields.FIELDS:
        if one.kept is Kept.PROFILE and not one.group:
            assert one.name in columns.targets()
            assert columns.proposed([one.name], []).columns == (one.name,)


def test_every_question_of_a_column_is_one_that_a_file_may_answer():
    asked = {field.name for field in fields.referral(ReferralType.COMBINED)}

    assert {target.field.name for target in columns.targets().values() if target.field} <= asked


def test_every_name_of_a_column_leads_to_something_that_it_can_be():
    assert set(columns._names_of_columns().values()) <= set(columns.targets())


def test_a_title_over_the_list_is_passed_over():
    table = read_table(b"Our clients 2026,,\nPrinted today,,\nLast name,First name,DOB\nCruz,Ana,2016-03-27\n")

    assert columns.header_place(table) == 2
    assert table.lines[2][0] == 3


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (("child_dob", ""), "child's name"),
        (("child_last_name", "child_last_name"), "two columns"),
        (("name", "child_last_name"), "not both"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(codes, words):
    choices = Choices(codes)
    with pytest.raises(Refused, match=words):
        columns.refuse_unclear(choices, columns.columns_of(["A", "B"], [["x", "y"]], choices))


def test_choices_survive_being_kept():
    choices = Choices(("name", ""), {"1": DayOrder.DAY_FIRST}, {"0": NameOrder.LAST_NAME_FIRST}, {"1": {"w": "WHITE"}})

    assert Choices.from_text(choices.to_text()) == choices
    assert Choices.from_text(choices.to_text().replace('"name"', '"gone"')).columns == ("", "")


def test_the_letters_of_columns():
    assert [columns.letter_of(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


# Answers


def read(header, *cells, **choices):
    proposed = columns.proposed(header, [cells])
    return rows.Reading(Choices(proposed.columns, **choices), TODAY).line(cells)


def test_a_line_becomes_the_answers_of_a_file():
    phones = "505-555-0101; 505-555-0102"
    header = ("Name", "DOB", "Sex", "Race", "Zip", "Phone", "Madre", "Language")
    said = read(header, "Cruz, Ana", "2016-03-27", "niña", "Caucasian/Latina", "2139", phones, "Rosa Cruz", "Spanish")

    assert not said.problem
    assert said.answers["child_race_ethnicity"] == ["HISP", "WHITE"]
    assert said.answers["child_sex"] == "F"
    assert said.answers["address_zip"] == "02139"
    assert said.answers["child_phone"] == ["505-555-0101", "505-555-0102"]
    assert said.answers["child_language"] == "spa"
    assert said.answers["caregivers"][0]["cg_last_name"] == "Cruz"


def test_not_known_is_an_answer_and_blank_is_none():
    said = read(("First", "Last", "DOB", "Sex", "School"), "Unknown", "Cruz", "N/A", "", "-")

    assert said.answers == {
        "child_first_name": {"tick": "not_known"},
        "child_last_name": "Cruz",
        "child_dob": {"tick": "not_known"},
    }


def test_an_age_beside_a_birth_date_is_left_out():
    said = read(("First", "Last", "DOB", "Age"), "Ana", "Cruz", "2016-03-27", "10")
    alone = read(("First", "Last", "Age"), "Ana", "Cruz", "10 years old")

    assert "child_age_years" not in said.answers
    assert alone.answers["child_age_years"] == 10


@pytest.mark.parametrize(
    ("header", "cells", "words"),
    [
        (("First", "DOB"), ("", "2016-03-27"), "has no name"),
        (("First", "DOB"), ("Unknown", "2016-03-27"), "has no name"),
        (("First", "DOB"), ("Ana", "2016-02-30"), "not a date"),
        (("First", "DOB"), ("Ana", "2036-02-03"), "future"),
        (("First", "Sex"), ("Ana", "Klingon"), "none of our choices"),
        (("First", "Age"), ("Ana", "many"), "whole number"),
        (("First", "Last"), ("=1+1", "Cruz"), "formula"),
        (("First", "Last"), ("#REF!", "Cruz"), "Excel error"),
        (("First", "Last"), ("A\x07na", "Cruz"), "cannot be seen"),
        (("First", "Last"), ("A" * 201, "Cruz"), "Shorten"),
    ],
)
def test_a_line_that_cannot_be_loaded_says_why(header, cells, words):
    assert words in read(header, *cells).problem


def test_a_word_that_is_no_choice_is_asked_about_once():
    choices = columns.proposed(("First", "Race"), [])
    lines = [("Ana", "Klingon"), ("Ben", "klingon, White"), ("Cy", "unknown")]

    assert rows.unknown_words(choices, lines) == {1: {"klingon": "Klingon"}}
    meant = read(("First", "Race"), "Ben", "klingon, White", meanings={"1": {"klingon": "ASIAN"}})
    left = read(("First", "Race"), "Ben", "klingon", meanings={"1": {"klingon": ""}})
    assert meant.answers["child_race_ethnicity"] == ["ASIAN", "WHITE"]
    assert "child_race_ethnicity" not in left.answers


def test_every_common_word_means_a_choice_that_there_is():
    for name, words in values._ALSO.items():
        assert set(words) <= fields.FIELD[name].codes


@given(st.lists(st.text(max_size=30), max_size=6))
@settings(max_examples=150)
def test_no_line_breaks_the_reading(cells):
    codes = ("name", "child_dob", "child_sex", "child_race_ethnicity", "child_phone", "caregiver_1/cg_dob")
    said = rows.Reading(Choices(codes), TODAY).line([clean(cell) for cell in cells])

    assert fields.parsed(fields.canonical(said.answers)) == said.answers


# Files


@pytest.mark.parametrize(
    "spelling", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "cp850", "utf-16", "utf-16-le", "utf-32"]
)
def test_spanish_names_are_read_in_every_spelling(spelling):
    text = "Apellidos,Nombre\nNúñez Ibáñez,José María\nGarcía,Ángel\nMuñoz,Begoña\n"

    assert decoded(text.encode(spelling))[0].replace("\ufeff", "") == text


@pytest.mark.parametrize(("delimiter", "name"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_the_delimiter_is_told_by_the_lines(delimiter, name):
    text = "\n".join(delimiter.join(line) for line in (("Last, name", "First"), ("Cruz", "Ana"), ("Ek", "Bo")))

    table = read_text(text.replace("Last, name", '"Last, name"').encode())
    assert delimiter_of("a\nb") == ","
    assert table.told.startswith(f"Text with {name}")
    assert table.lines[1] == (2, ["Cruz", "Ana"])


def test_lines_keep_their_numbers_over_empty_and_broken_lines():
    table = read_text(b'Last,First\n\n"Cr\nuz",Ana\nEk,Bo\n')

    assert [line for line, _ in table.lines] == [1, 3, 5]


def test_date_cells_of_a_workbook_are_days_and_numbers_stay_whole():
    table = read_table(
        workbook(rows=[["Last", "DOB", "Phone", "Zip"], ["Cruz", date(2016, 3, 27), 5055550101, 2139.0]])
    )

    assert table.lines[1][1] == ["Cruz", "2016-03-27", "5055550101", "2139"]
    assert table.told.startswith("Excel workbook, sheet “Sheet”")


# Fates


def test_every_finding_and_decision_has_one_fate():
    for found in (None, *Found):
        for decision in (None, *Decision):
            assert fate(found, decision) in Fate
    assert fate(Found.ON_FILE, None) is Fate.SAME_ON_FILE
    assert fate(Found.LIKE_EARLIER, Decision.SAME) is Fate.SAME_EARLIER
    assert fate(Found.REFUSED, Decision.NEW) is Fate.REFUSED
    assert {fate(found, None) for found in Found if found.asks} == {Fate.TO_DECIDE}


def test_names_in_the_file_are_folded_only_for_looking_up():
    assert names.split("NÚÑEZ, José").last == "NÚÑEZ"
