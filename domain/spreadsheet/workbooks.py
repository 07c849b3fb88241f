"""Excel workbooks: looked over before they are opened, read line by line, never run."""

import io
import lzma
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from domain.refusals import Refused
from domain.spreadsheet.tables import LARGEST_UNPACKED, MOST_LINES, Table

MOST_PARTS = 1_000
LARGEST_SMALL_PART = 3_000_000
"""Bytes of what is neither a sheet nor its texts: styles and the like are read whole."""
HIGHEST_RATIO = 200
"""Unpacked to packed, beyond a first megabyte; ordinary sheets stay under 30."""
UNPACKING = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError)
"""What a damaged package makes its unpackers say; what they cannot unpack is among the last."""
NO_RESULT = "#NO RESULT"
"""Stands where a formula was saved without what it comes to."""

TOO_LARGE = (
    "This workbook unpacks to more than a list of clients holds, so it was not opened. "
    "Copy the lines into a new workbook and choose that file."
)
DAMAGED = (
    "This workbook is damaged or not a real one. Open it in Excel, save it anew as “Excel Workbook (.xlsx)”, "
    "and choose that file."
)
MACROS = "This workbook holds macros. Save it as “Excel Workbook (.xlsx)”, without macros, and choose that file."
ENTITIES = "This workbook holds instructions that no list needs (a DTD), so it was not read. Save it anew in Excel."
NO_SHEET = "This workbook has no sheet with anything in it. Choose the file that holds the list."


def read_workbook(content: bytes) -> Table:
    """The first sheet with anything in it; refuses bombs, macros, other kinds of file and damaged ones."""
    with _opened(content) as parts:
        _look_over(parts)
        formulas = _has_formulas(parts)
    try:
        return _read(content, formulas=formulas)
    except (*UNPACKING, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, ParseError):
        # What openpyxl says of a workbook that is not one.
        raise Refused(DAMAGED) from None


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except UNPACKING:
        raise Refused(DAMAGED) from None


def _look_over(parts: zipfile.ZipFile) -> None:
    """Refuse by the directory alone what must not be opened."""
    found = parts.infolist()
    names = {one.filename.replace("\\", "/").lower() for one in found}
    if any(one.flag_bits & 1 for one in found):
        raise Refused("This file is locked with a password. Take the password off and choose the file again.")
    if len(found) > MOST_PARTS or sum(one.file_size for one in found) > LARGEST_UNPACKED:
        raise Refused(TOO_LARGE)
    if any(_suspicious(one) for one in found):
        raise Refused(TOO_LARGE)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused(MACROS)
    _refuse_another_kind(names)
    for one in found:
        if one.filename.lower().endswith((".xml", ".rels")) and _has_dtd(parts, one):
            raise Refused(ENTITIES)


def _suspicious(one: zipfile.ZipInfo) -> bool:
    whole = "/worksheets/" in one.filename or one.filename.lower().endswith("sharedstrings.xml")
    if not whole and one.file_size > LARGEST_SMALL_PART and one.filename.lower().endswith((".xml", ".rels")):
        return True
    return one.file_size > 1_000_000 + HIGHEST_RATIO * one.compress_size


def _refuse_another_kind(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise Refused("This is a binary workbook (.xlsb). Save it as “Excel Workbook (.xlsx)” and choose that file.")
    if "content.xml" in names and "mimetype" in names:
        raise Refused("This is an OpenDocument file. Save it as “Excel Workbook (.xlsx)” or CSV and choose that file.")
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise Refused("This is a document, not a list. Copy its table into Excel, save it and choose that file.")
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused("This is a packed folder (zip), not a workbook. Unpack it and choose the list that is inside.")


def _has_dtd(parts: zipfile.ZipFile, one: zipfile.ZipInfo) -> bool:
    try:
        with parts.open(one) as opened:
            start = opened.read(4_000)
    except UNPACKING:
        raise Refused(DAMAGED) from None
    plain = start.replace(b"\0", b"").upper()
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def _has_formulas(parts: zipfile.ZipFile) -> bool:
    try:
        return any(
            _says_formula(parts, one)
            for one in parts.infolist()
            if "/worksheets/" in one.filename and one.filename.endswith(".xml")
        )
    except UNPACKING:
        raise Refused(DAMAGED) from None


def _says_formula(parts: zipfile.ZipFile, one: zipfile.ZipInfo) -> bool:
    with parts.open(one) as opened:
        before = b""
        while some := opened.read(1 << 20):
            if _FORMULA.search(before + some):
                return True
            before = some[-16:]
    return False


_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


def _read(content: bytes, *, formulas: bool) -> Table:
    with warnings.catch_warnings():
        # openpyxl tells of styles and extensions that it leaves out; a list of clients needs none.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        said = (
            openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            if formulas
            else None
        )
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for place, sheet in enumerate(sheets):
            table = Table(from_1904=book.epoch == CALENDAR_MAC_1904)
            for line, cells in _lines(sheet, said[sheet.title] if said else None):
                table.add(line, cells)
            if table.lines:
                others = [other.title for other in sheets[place + 1 :]]
                table.told = _told(sheet.title, others)
                return table
    raise Refused(NO_SHEET)


def _told(read: str, others: list[str]) -> str:
    told = f"Excel workbook, sheet “{read[:40]}”"
    if not others:
        return told
    named = ", ".join(f"“{name[:40]}”" for name in others[:5])
    return f"{told}. Not read: {named}; move the sheet that you mean to the front if it is one of these"


def _lines(sheet: Any, said: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    formulas = None
    if said is not None:
        said.reset_dimensions()
        formulas = said.iter_rows(values_only=True)
    empty = 0
    for line, values in enumerate(rows, start=1):
        typed = next(formulas, ()) if formulas is not None else ()
        cells = [_text(value) for value in values]
        for place, one in enumerate(typed):
            if isinstance(one, str) and one.startswith("=") and place < len(cells) and values[place] is None:
                cells[place] = NO_RESULT
        empty = 0 if any(cells) else empty + 1
        if empty > MOST_LINES:
            return
        yield line, cells


def _text(value: object) -> str:
    """A cell as text: whole numbers without a point, days as 2015-03-27."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
