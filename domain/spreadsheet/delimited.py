"""Text with a delimiter: which one, and its lines."""

import csv
import io
from collections import Counter
from itertools import islice

from domain.refusals import Refused
from domain.spreadsheet.decoding import decoded
from domain.spreadsheet.tables import LONGEST_CELL, Table

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SAMPLE = 60
"""Lines that are looked at to tell the delimiter."""


def read_text(content: bytes) -> Table:
    """The table in a text file; refuses what is no table, with the line where it goes wrong."""
    text, spelling = decoded(content)
    delimiter = delimiter_of(text)
    table = Table(told=f"Text with {DELIMITERS[delimiter]}, {spelling}")
    reader = csv.reader(io.StringIO(_first_line_dropped(text), newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            table.add(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused(_why(line, str(error))) from None
    return table


def delimiter_of(text: str) -> str:
    """The delimiter that parts the first lines most evenly into the most columns; a comma where there is none."""
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = _widths(text, delimiter)
        common, often = Counter(widths).most_common(1)[0] if widths else (1, 0)
        if common > 1:
            evenly = often / len(widths) * (1 + min(common, 30) / 30)
            if evenly > score:
                best, score = delimiter, evenly
    return best


def _widths(text: str, delimiter: str) -> list[int]:
    reader = csv.reader(io.StringIO(text[:60_000], newline=""), delimiter=delimiter)
    try:
        return [len(cells) for cells in islice(reader, SAMPLE) if any(cell.strip() for cell in cells)]
    except csv.Error:
        return []


def _first_line_dropped(text: str) -> str:
    """Without the line "sep=;" that some programs write for Excel; its place stays, so that lines keep their number."""
    return text[text.find("\n") :] if text[:4].lower() == "sep=" and "\n" in text[:8] else text


def _why(line: int, error: str) -> str:
    if "field larger" in error:
        return (
            f"A cell that begins near line {line:,} is longer than {LONGEST_CELL:,} characters, or a quotation mark "
            "there is never closed. Mend that line and choose the file again."
        )
    return (
        f"The quotation marks in line {line:,} do not fit: one is never closed, or stands inside a cell. "
        "Mend that line, or save the list as an Excel workbook, and choose the file again."
    )
