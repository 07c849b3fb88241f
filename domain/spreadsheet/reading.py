"""A spreadsheet of clients from its bytes: told apart by what it holds, never by its name or what the browser says."""

from domain.refusals import Refused
from domain.spreadsheet.delimited import read_text
from domain.spreadsheet.tables import LARGEST_FILE, Table
from domain.spreadsheet.workbooks import read_workbook

CHOOSE = "Choose an Excel workbook (.xlsx) or a CSV file."
EMPTY = f"There is nothing in this file. {CHOOSE}"
HEADER_ONLY = "This file holds the names of the columns and no line below them. Choose the file that holds the list."

_OTHER_KINDS = (
    (b"%PDF", "This is a PDF. Save the list as an Excel workbook or CSV and choose that file."),
    (b"\x89PNG", "This is a picture. Choose the list itself, as an Excel workbook or CSV."),
    (b"\xff\xd8\xff", "This is a picture. Choose the list itself, as an Excel workbook or CSV."),
    (b"GIF8", "This is a picture. Choose the list itself, as an Excel workbook or CSV."),
    (b"{\\rtf", "This is a written document. Copy its table into Excel, save it and choose that file."),
    (b"\x1f\x8b", "This is a packed file. Unpack it and choose the list that is inside."),
    (b"7z\xbc\xaf", "This is a packed file. Unpack it and choose the list that is inside."),
    (b"Rar!", "This is a packed file. Unpack it and choose the list that is inside."),
    (b"BZh", "This is a packed file. Unpack it and choose the list that is inside."),
    (b"\xfd7zXZ", "This is a packed file. Unpack it and choose the list that is inside."),
    (b"MZ", f"This is a program, not a list. {CHOOSE}"),
    (b"\x7fELF", f"This is a program, not a list. {CHOOSE}"),
    (b"SQLite format 3", f"This is a database, not a list. {CHOOSE}"),
    (b"PAR1", f"This is a database, not a list. {CHOOSE}"),
)
_WEB = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<script", b"<svg")


def read_table(content: bytes) -> Table:
    """The lines of an .xlsx workbook or a text file with a delimiter; refuses anything else with what to do instead."""
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise Refused(EMPTY)
    if len(content) > LARGEST_FILE:
        raise Refused(f"This file is larger than {LARGEST_FILE // 1_000_000} MB. Load the list in parts.")
    _refuse_other_kinds(content)
    table = read_workbook(content) if content[:2] == b"PK" else read_text(content)
    if not table.lines:
        raise Refused(EMPTY)
    if len(table.lines) == 1:
        raise Refused(HEADER_ONLY)
    return table


def _refuse_other_kinds(content: bytes) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused("This workbook is locked with a password. Take the password off and choose the file again.")
        raise Refused(
            "This is a workbook of an old Excel (.xls). Save it as “Excel Workbook (.xlsx)” and choose that file."
        )
    for start, sentence in _OTHER_KINDS:
        if content.startswith(start):
            raise Refused(sentence)
    if content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB):
        raise Refused(
            "This is a web page or XML, whatever its name says. Open it in Excel, save it as "
            "“Excel Workbook (.xlsx)”, and choose that file."
        )
