"""The benchmark of the match reads whatever labelled people it is given."""

import csv
from pathlib import Path

import pytest

from benchmarks import calibration, match
from benchmarks.oracle import oracle
from db.search_words import remembered
from domain.matching import Grade
from domain.matching.competing import calibrated
from domain.matching.levels import Basis
from domain.matching.weights import A_SHELTER, HOME_UNSEEN

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


def _sought(asked: str, truth: str) -> match.Found:
    return match.Found({"first_name": asked, "truth": truth}, frozenset({truth}), ["z"], [0.1], [Grade.POSSIBLE])


def test_the_oracle_finds_one_of_three_alike_in_one_of_three(tmp_path: Path) -> None:
    store = tmp_path / "store.csv"
    store.write_text("id,first_name,zip\na,Ann,62701\nb,Ann,\nc,Ann,99801\nd,Bob,62701\nz,Zoe,\n", encoding="utf-8")

    assert oracle([_sought("Ann", "a")], store).recall_1 == pytest.approx(1 / 3)
    assert oracle([_sought("Bob", "d")], store).recall_1 == 1.0
    assert oracle([_sought("Carl", "a"), _sought("Ann", "nobody on file")], store).recall_1 == 0.0


def test_a_curve_is_fitted_to_what_came_true() -> None:
    worked_out = [(number + 0.5) / 40 for number in range(40)]
    pairs = [
        (calibrated(each, Basis.NAMED), place < 100 * each**2 / (each**2 + (1 - each) ** 2), Basis.NAMED)
        for each in worked_out
        for place in range(100)
    ]

    shift, slope = calibration.fitted([*pairs, (0.5, True, Basis.GAPS)], Basis.NAMED)

    assert (shift, slope) == (pytest.approx(0.0, abs=0.1), pytest.approx(2.0, abs=0.1))


def _of_each_home(*people: tuple[str, str]) -> list[str]:
    return [f"{first},Smith,{50 + home} Main St,{code}" for home in range(60) for first, code in people]


HOMES = {
    "sisters": _of_each_home(("Ann", "62701"), ("Zoe", "62701")),
    "doubles": _of_each_home(("Jonas", "62701"), ("Jonsa", "62701")),
    "towns": _of_each_home(("Ann", "62701"), ("Zoe", "99801")),
    "shelter": [f"{first},Smith,7 Main St,62701" for first in "Ann Bob Carl Dora Elsa Fritz Gus Hilda".split()],
}


@pytest.mark.parametrize(("homes", "mates"), [("sisters", 120), ("doubles", 0), ("towns", 0)])
def test_the_share_of_homes_counts_children_who_live_together_and_no_child_twice(
    tmp_path: Path, homes: str, mates: int
) -> None:
    assert _home_mates(tmp_path, HOMES[homes]) == pytest.approx((mates + HOME_UNSEEN) / 121)


def test_a_shelter_is_no_home(tmp_path: Path) -> None:
    alone = [f"Ivo,Brown,{place} Oak Ave,62701" for place in range(100, 160)]
    family = HOMES["shelter"][: A_SHELTER - 1]

    assert _home_mates(tmp_path / "shelter", [*alone, *HOMES["shelter"]]) == pytest.approx(HOME_UNSEEN / 69)
    assert _home_mates(tmp_path / "family", [*alone, *family]) == pytest.approx((5 * 4 + HOME_UNSEEN) / 66)


def _home_mates(folder: Path, people: list[str]) -> float:
    folder.mkdir(exist_ok=True)
    store = folder / "store.csv"
    born = (f"{2005 + place % 10}-03-{place % 28 + 1:02}" for place in range(len(people)))
    rows = "".join(f"{place},{person},{dob}\n" for place, (person, dob) in enumerate(zip(people, born, strict=True)))
    store.write_text(f"id,first_name,last_name,address,zip,dob\n{rows}", encoding="utf-8")
    loaded = match.load(store, None)
    with loaded.store.reading() as session:
        mates = remembered(session).home_mates
    loaded.close()
    return mates
