"""What leaves the house: no hidden number can be worked out from what is shown, and sums still add up."""

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.statistics import Column, Kind, Shape, Sheet, hidden
from domain.statistics.sheets import COUNT, SHARE
from domain.statistics.suppression import ALL, hidden_cells, hidden_parts

SMALL = st.integers(0, 9)


def fillings(total, slots):
    """Every way to fill the slots so that they add up: None is any number of at least 1, else just that number."""
    if not slots:
        if total == 0:
            yield ()
        return
    first, rest = slots[0], slots[1:]
    for value in range(1, total + 1) if first is None else [first]:
        if value <= total:
            yield from ((value, *others) for others in fillings(total - value, rest))


@settings(max_examples=200, deadline=None)
@given(st.lists(SMALL, min_size=1, max_size=5), st.integers(2, 6))
def test_no_hidden_part_follows_from_the_total_and_the_shown_parts(counts, least):
    named = {str(place): count for place, count in enumerate(counts)}
    assume(not 0 < sum(counts) < least)
    gone = hidden_parts(named, least)

    if gone is None:
        return
    assert not any(0 < count < least for name, count in named.items() if name not in gone)
    ways = list(fillings(sum(counts), [None if name in gone else count for name, count in named.items()]))
    for name in gone:
        assert len({way[int(name)] for way in ways}) > 1


@settings(max_examples=200, deadline=None)
@given(st.lists(SMALL, min_size=1, max_size=6), st.integers(2, 6))
def test_a_table_is_withheld_only_when_no_choice_of_parts_would_be_safe(counts, least):
    named = {str(place): count for place, count in enumerate(counts)}

    if hidden_parts(named, least) is None:
        positive = [count for count in counts if count]
        assert len(positive) == 1 or all(count == 1 for count in positive)


def grid(rows):
    """Every cell and every sum of agencies by returned and not returned."""
    cells = {}
    for place, (back, rest) in enumerate(rows):
        cells[str(place), "returned"], cells[str(place), "not"] = back, rest
        cells[str(place), ALL] = back + rest
    for column in ("returned", "not", ALL):
        cells[ALL, column] = sum(value for (row, name), value in cells.items() if name == column and row != ALL)
    return cells


def consistent(cells, gone):
    """Every table of the same size whose sums add up, that agrees with what is shown and hides at least 1 per cell."""
    agencies = sorted({row for row, _ in cells if row != ALL})
    inner = [cell for row in agencies for cell in ((row, "returned"), (row, "not"))]
    found = []
    for way in fillings(cells[ALL, ALL], [None if cell in gone else cells[cell] for cell in inner]):
        table = grid(list(zip(way[::2], way[1::2], strict=True)))
        agrees = all(table[cell] == cells[cell] for cell in cells if cell not in gone)
        if agrees and all(table[cell] >= 1 for cell in gone):
            found.append(table)
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=1, max_size=3), st.integers(2, 4))
def test_no_hidden_cell_follows_from_the_sums_of_agencies(rows, least):
    cells = grid(rows)
    assume(cells[ALL, ALL] <= 13)
    gone = hidden_cells(cells, least)

    if gone is None:
        return
    assert not any(0 < value < least for cell, value in cells.items() if cell not in gone)
    tables = consistent(cells, gone)
    for cell in gone:
        assert len({table[cell] for table in tables}) > 1


def parts(counts, shape=Shape.PARTS, total=None):
    rows = pd.DataFrame({"label": list("abcdefg")[: len(counts)], "count": counts})
    whole = sum(counts) if total is None else total
    rows["key"], rows["share"] = rows["label"], [count / whole if whole else 0 for count in counts]
    return Sheet("x", "X", "X.", rows, (COUNT, SHARE), shape, whole)


def shown(sheet):
    return [None if pd.isna(count) else int(count) for count in sheet.rows["count"]]


def test_a_small_part_takes_the_next_larger_one_with_it():
    assert shown(hidden(parts([20, 7, 3]), 5)) == [20, None, None]


def test_the_share_goes_with_its_count():
    assert [pd.isna(share) for share in hidden(parts([20, 7, 3]), 5).rows["share"]] == [False, True, True]


def test_zero_is_no_child_and_stays():
    assert shown(hidden(parts([20, 0, 30]), 5)) == [20, 0, 30]


def test_a_small_total_is_not_shown_at_all():
    found = hidden(parts([2, 1]), 5)

    assert found.rows.empty
    assert found.total == 0
    assert found.note == "Fewer than 5: not shown."


def test_parts_of_one_each_are_all_withheld():
    found = hidden(parts([1, 1, 1, 1, 1]), 5)

    assert found.rows.empty
    assert found.total == 5


def test_all_but_two_tells_as_much_as_two():
    assert shown(hidden(parts([28, 12, 9], Shape.SEVERAL, total=30), 5))[0] is None


def test_shown_sums_still_add_up():
    found = hidden(parts([10, 20, 30]), 5)

    assert sum(shown(found)) == found.total


@pytest.mark.parametrize("least", [5, 11])
def test_the_smallest_number_can_be_set(least):
    assert (shown(hidden(parts([8, 40, 50]), least))[0] is None) == (least == 11)


def test_what_a_row_rests_on_is_hidden_with_it():
    columns = (
        Column("n", "n", Kind.COUNT),
        Column("median", "Median", Kind.DAYS, needs=("n",)),
        Column("open", "Open", Kind.COUNT),
    )
    rows = pd.DataFrame({"label": ["First look", "Imported"], "n": [30, 3], "median": [1.0, 9.0], "open": [10, 20]})
    found = hidden(Sheet("x", "X", "X.", rows, columns, Shape.LINES, 40), 5).rows

    assert found["n"].isna().tolist() == [False, True]
    assert found["median"].isna().tolist() == [False, True]
