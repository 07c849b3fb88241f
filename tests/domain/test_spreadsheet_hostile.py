"""Every hostile file is read as an honest list or refused in a sentence; nothing else comes of it."""

import tracemalloc
from datetime import date

import pytest

from domain.refusals import Refused
from domain.spreadsheet import columns, rows
from domain.spreadsheet.reading import read_table
from domain.spreadsheet.tables import MOST_COLUMNS, MOST_LINES
from tests import hostile_spreadsheets as hostile

TODAY = date(2026, 11, 23)
MOST_MEMORY = 150_000_000
"""Bytes that reading one file may take beyond the file; the largest sheet that is let in unpacks to 50 MB."""


def outcome(content):
    """The sentence that refuses a file, or the number of its lines, each of them interpreted."""
    try:
        table = read_table(content)
    except Refused as refusal:
        return refusal.message
    assert table.width <= MOST_COLUMNS
    assert len(table.lines) <= MOST_LINES + 1
    place = columns.header_place(table)
    header, lines = table.lines[place][1], [cells for _, cells in table.lines[place + 1 :]]
    choices = columns.proposed(header, lines)
    columns.columns_of(header, lines, choices)
    rows.unknown_words(choices, lines)
    rows.names_split(choices, lines, 8)
    reading = rows.Reading(choices, TODAY)
    for cells in lines[:50]:
        said = reading.line(cells)
        assert not said.problem or said.problem.endswith(".")
    return len(lines)


@pytest.fixture(scope="module")
def files():
    return dict(hostile.files())


def test_two_hundred_files_are_each_a_sentence_or_a_list(files):
    found = {name: outcome(content) for name, content in files.items()}

    sentences = {name: said for name, said in found.items() if isinstance(said, str)}
    assert len(found) >= 200
    assert len(sentences) >= 60
    for name, said in sentences.items():
        assert said[0].isupper(), name
        assert said.endswith("."), name
        assert len(said) < 300, name
        assert not any(word in said for word in ("Error", "Traceback", "zlib", "XML parse", "None")), name


def test_no_file_takes_much_memory(files):
    tracemalloc.start()
    for name in (*(name for name in files if "bomb" in name), "sixteen thousand columns", "many lines", "a huge cell"):
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        outcome(files[name])
        assert tracemalloc.get_traced_memory()[1] - before < MOST_MEMORY, name
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nothing", "nothing in this file"),
        ("only a header", "no line below"),
        ("a NUL in a cell", "characters that no text has"),
        ("a million columns", "200 are read at most"),
        ("many lines", "more than 20,000 lines"),
        ("eleven megabytes", "larger than 10 MB"),
        ("a quote that never closes", "quotation mark"),
        ("UTF-16 cut in half a letter", "damaged from byte"),
        ("an old workbook", "old Excel (.xls)"),
        ("a locked workbook", "locked with a password"),
        ("a web page called .xls", "web page or XML"),
        ("macros", "holds macros"),
        ("a binary workbook", ".xlsb"),
        ("an OpenDocument file", "OpenDocument"),
        ("a bomb of zeros", "unpacks to more"),
        ("a bomb beside", "unpacks to more"),
        ("a bomb of styles", "unpacks to more"),
        ("declared as a gigabyte", "unpacks to more"),
        ("many parts", "unpacks to more"),
        ("a DTD", "DTD"),
        ("a DTD in UTF-16", "DTD"),
        ("a sheet that is no XML", "damaged"),
        ("sixteen thousand columns", "16,384 columns"),
        ("locked", "password"),
        ("an empty sheet", "no sheet with anything"),
        ("a zip of something else", "packed folder"),
    ],
)
def test_each_kind_of_wrong_file_is_told_what_to_do(files, name, words):
    assert words in str(outcome(files[name]))


@pytest.mark.parametrize(
    "name", ["UTF-8 with BOM", "UTF-16 little", "UTF-16 big", "UTF-16 without BOM", "UTF-32", "carriage returns"]
)
def test_honest_lists_in_other_spellings_are_read(files, name):
    assert outcome(files[name]) == 2


def test_formulas_without_results_are_refused_line_by_line():
    table = read_table(hostile.workbook(rows=[["Last name", "First name"], ["=A9", "=1+1"], ["Cruz", "Ana"]]))
    choices = columns.proposed(table.lines[0][1], [cells for _, cells in table.lines[1:]])
    said = [rows.Reading(choices, TODAY).line(cells) for _, cells in table.lines[1:]]

    assert "formula without its result" in said[0].problem
    assert not said[1].problem
