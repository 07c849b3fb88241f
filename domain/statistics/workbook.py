"""Tables as an Excel file: one sheet each, words and plain numbers only, never a formula."""

import io
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from domain.statistics.sheets import Column, Kind, Sheet

HIDDEN = "hidden"
MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {Kind.COUNT: "0", Kind.SHARE: "0%", Kind.DAYS: "0.0", Kind.NUMBER: "0.0"}
_DIGITS = {Kind.COUNT: 0, Kind.SHARE: 2, Kind.DAYS: 1, Kind.NUMBER: 1}
_UNFIT = re.compile(r"[\[\]:*?/\\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def workbook(sheets: Sequence[Sheet], about: Sequence[str]) -> bytes:
    """An Excel file with a first sheet that says what it is about, and one sheet per table with its definition."""
    book = Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)
    cover.title = "About"
    for row, sentence in enumerate(about, start=1):
        _write(cover.cell(row, 1), sentence)
    cover.column_dimensions["A"].width = 110
    for sheet in sheets:
        _fill(book.create_sheet(_name(sheet.title, book.sheetnames)), sheet)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _fill(page: Worksheet, sheet: Sheet) -> None:
    _write(page.cell(1, 1), sheet.title)
    page.cell(1, 1).font = Font(bold=True)
    _write(page.cell(2, 1), sheet.definition)
    page.cell(2, 1).alignment = Alignment(wrap_text=True, vertical="top")
    page.column_dimensions["A"].width = 60
    _write(page.cell(3, 1), sheet.note)
    for place, title in enumerate(["", *(one.title for one in sheet.columns)], start=1):
        _write(page.cell(5, place), title)
        page.cell(5, place).font = Font(bold=True)
    for line, row in enumerate(sheet.rows.to_dict("records"), start=6):
        _write(page.cell(line, 1), str(row["label"]))
        for place, column in enumerate(sheet.columns, start=2):
            _number(page.cell(line, place), row[column.name], column)
    _write(
        page.cell(6 + len(sheet.rows), 1),
        f"All {sheet.of}: {sheet.total}" if sheet.total else f"No {sheet.of} in this period.",
    )


def _write(cell: Any, text: str) -> None:
    assert isinstance(cell, Cell)
    cell.value = _CONTROL.sub("", text)
    # Whatever it begins with, a spreadsheet takes it for words.
    cell.data_type = "s"
    cell.quotePrefix = True


def _number(cell: Any, value: Any, column: Column) -> None:
    if value is None or pd.isna(value):
        _write(cell, HIDDEN if column.kind is Kind.COUNT else "")
        return
    cell.value = (
        round(float(value), 2 if column.kind is Kind.SHARE else 1) if column.kind is not Kind.COUNT else int(value)
    )
    cell.number_format = _FORMATS[column.kind]


def _name(title: str, taken: Sequence[str]) -> str:
    name = _UNFIT.sub(" ", title)[:28]
    return name if name not in taken else f"{name[:25]} {len(taken)}"
