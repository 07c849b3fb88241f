"""A table as it is shown, printed and exported: its words, its columns, and which of its numbers must be hidden."""

import inspect
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Any

import pandas as pd

from domain.statistics.suppression import ALL, Cell, hidden_cells, hidden_parts


class Kind(StrEnum):
    """How a column's values are said."""

    COUNT = "count"
    SHARE = "share"
    DAYS = "days"
    NUMBER = "number"


class Shape(Enum):
    """How the rows of a table hang together, and so what can be worked out from it."""

    PARTS = "the rows add up to all"
    SEVERAL = "a referral may count in several rows"
    AGENCIES = "agencies with sums, of which some were returned"
    LINES = "each row is counted on its own, out of all"


@dataclass(frozen=True)
class Column:
    """A column of a sheet; `needs` names the counts without which its value is not shown."""

    name: str
    title: str
    kind: Kind
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One table. `rows` has a column `label` and those named in `columns`; `total` is what all rows are part of."""

    code: str
    title: str
    definition: str
    rows: pd.DataFrame
    columns: tuple[Column, ...]
    shape: Shape
    total: int
    of: str = "referrals"
    """What is counted."""
    note: str = ""

    @property
    def is_empty(self) -> bool:
        return self.total == 0


COUNT = Column("count", "Referrals", Kind.COUNT)
SHARE = Column("share", "Share", Kind.SHARE, needs=("count",))


def definition(function: Callable[..., Any]) -> str:
    """What a figure means: the first paragraph of its function's docstring, as one line."""
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


def counted(
    code: str,
    title: str,
    function: Callable[..., Any],
    rows: pd.DataFrame,
    *,
    total: int,
    shape: Shape = Shape.PARTS,
    words: Mapping[str, str] | None = None,
    of: str = "Referrals",
) -> Sheet:
    """A sheet of labels, counts and shares of the total; `words` says the codes in the labels."""
    keyed = rows if "key" in rows else rows.assign(key=rows["label"])
    keyed = keyed.assign(share=rows["count"] / total if total else 0.0)
    keyed["label"] = [(words or {}).get(str(label), str(label)) or "Not said" for label in keyed["label"]]
    columns = (replace(COUNT, title=of), SHARE)
    return Sheet(code, title, definition(function), keyed, columns, shape, total, of.lower())


def hidden(sheet: Sheet, least: int) -> Sheet:
    """The sheet as it may leave the house: no number below `least`, and none that gives one away.

    A hidden number is missing (NA) in the rows; where no part can be shown safely, only the sum of all is left.
    """
    if 0 < sheet.total < least:
        return replace(sheet, rows=sheet.rows.iloc[:0], total=0, note=f"Fewer than {least}: not shown.")
    if sheet.shape is Shape.AGENCIES:
        return _agencies_hidden(sheet, least)
    if sheet.shape is Shape.LINES:
        return _lines_hidden(sheet, least)
    hidden_rows = _rows_hidden(sheet, least)
    if hidden_rows is None:
        return replace(sheet, rows=sheet.rows.iloc[:0], note="Too few to show any row.")
    plain = replace(sheet, columns=tuple(column for column in sheet.columns if column.name in ("count", "share")))
    gone = pd.DataFrame({column.name: sheet.rows.index.isin(hidden_rows) for column in plain.columns})
    return _without(plain, gone.set_axis(sheet.rows.index))


def _rows_hidden(sheet: Sheet, least: int) -> set[int] | None:
    counts = {str(row): int(count) for row, count in zip(sheet.rows.index, sheet.rows["count"], strict=True)}
    if sheet.shape is Shape.SEVERAL:
        # "All but two" tells as much as "two", so it is taken for a small number too.
        counts = {row: 1 if 0 < sheet.total - count < least else count for row, count in counts.items()}
    found = hidden_parts(counts, least)
    return None if found is None else {int(row) for row in found}


def _agencies_hidden(sheet: Sheet, least: int) -> Sheet:
    cells: dict[Cell, int] = {}
    for row in sheet.rows.itertuples():
        name = str(row.key)
        cells[name, ALL] = int(row.received)  # type: ignore[arg-type]
        cells[name, "returned"] = int(row.returned)  # type: ignore[arg-type]
        cells[name, "not"] = cells[name, ALL] - cells[name, "returned"]
    gone_cells = hidden_cells(cells, least)
    if gone_cells is None:
        return replace(sheet, rows=sheet.rows.iloc[:0], note="Too few to show any row.")
    # These counts add up over the agencies once more; their rates and medians stay.
    plain = replace(sheet, columns=tuple(column for column in sheet.columns if column.name not in _ONCE_MORE))
    lines = [_agency_gone(row, gone_cells, least, plain.columns) for row in sheet.rows.to_dict("records")]
    return _without(plain, pd.DataFrame(lines, index=sheet.rows.index, columns=[each.name for each in plain.columns]))


_ONCE_MORE = ("settled", "first_pass", "clarifications")


def _agency_gone(
    row: dict[Hashable, Any], gone: frozenset[Cell], least: int, columns: tuple[Column, ...]
) -> dict[str, bool]:
    name = str(row["key"])
    received = (name, ALL) in gone
    returned = received or (name, "returned") in gone or (name, "not") in gone
    passed = 0 < row["first_pass"] < least or 0 < row["settled"] - row["first_pass"] < least
    by_name = {"received": received, "decision_median": received, "missing": received}
    by_name["first_pass_rate"] = returned or passed
    return {column.name: by_name.get(column.name, returned) for column in columns}


def _lines_hidden(sheet: Sheet, least: int) -> Sheet:
    counts = [column.name for column in sheet.columns if column.kind is Kind.COUNT]
    lines = []
    for row in sheet.rows.to_dict("records"):
        parts = {name: int(row[name]) for name in counts}
        gone = hidden_parts({**parts, "": sheet.total - sum(parts.values())}, least)
        missing = set(counts) if gone is None else set(gone)
        lines.append({column.name: bool({column.name, *column.needs} & missing) for column in sheet.columns})
    return _without(sheet, pd.DataFrame(lines, index=sheet.rows.index))


def _without(sheet: Sheet, gone: pd.DataFrame) -> Sheet:
    rows = sheet.rows.copy()
    for column in sheet.columns:
        rows[column.name] = rows[column.name].astype("Float64").mask(gone[column.name])
    any_gone = bool(gone.to_numpy().any())
    note = "Small numbers are hidden, and some others from which they could be worked out." if any_gone else ""
    return replace(sheet, rows=rows, note=note)
