"""The benchmark of the match reads whatever labelled people it is given."""

import csv
from pathlib import Path

import pytest

from benchmarks import match
from domain.matching import Grade

STORE = """ID, First_Name ,last_name,dob,zip,phone,aliases,unheard_of
a,maria ,GARCIA LOPEZ,20150307,62701,,Chuy|Lola,x
b,  ,,,,,,
c,john,smith,1984,ta4 2ug,07700 900123,,
d,john,smith,1984-02,TA4 2UG,,,
e,Ann,"O'Neil, Jr",19129231,,,,
"""
QUERIES = """id,first_name,last_name,dob,zip,truth
q1,Maria,Garcia,2015-03-07,,a
q2,John,Smith,1984,TA42UG,c|d
q3,Nobody,Atall,,,
q4,Anne,Oneil,1912-92-31,,e
"""


def test_odd_columns_dates_and_codes_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, queries, out = (tmp_path / name for name in ("store.csv", "queries.csv", "out.csv"))
    store.write_text(STORE, encoding="utf-8-sig")
    queries.write_text(QUERIES, encoding="utf-8")

    loaded = match.load(store, None)
    found = match.ask(loaded, match.rows(queries))
    match.report(found, loaded, match.rows(store))
    match.save(found, out)
    loaded.close()

    assert [each.rank for each in found] == [1, 1, 0, 1]
    assert set(found[1].ids[:2]) == {"c", "d"}
    assert "recall at 1            1.0000" in capsys.readouterr().out
    with out.open(encoding="utf-8") as file:
        assert next(csv.DictReader(file))["client_id"] == "a"


def test_best_f1_is_found_over_all_thresholds() -> None:
    right = match.Found({}, frozenset({"a"}), ["a", "b"], [0.9, 0.2], [Grade.LIKELY, Grade.POSSIBLE])
    wrong = match.Found({}, frozenset(), ["c"], [0.85], [Grade.LIKELY])

    figures = match.figures([right, wrong])

    assert (figures.best_f1, figures.best_at) == (1.0, 0.9)
    assert figures.f1 == pytest.approx(2 / 3)
