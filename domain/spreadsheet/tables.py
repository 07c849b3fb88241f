"""A spreadsheet as it was read: lines of cells as text, with what must be told about the reading."""

import re
from dataclasses import dataclass, field
from typing import Any

from domain.refusals import Refused

LARGEST_FILE = 10_000_000
"""Bytes of a file as it is sent."""
LARGEST_UNPACKED = 50_000_000
"""Bytes of a workbook once it is unpacked."""
MOST_LINES = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
MOST_LETTERS = 20_000_000
"""Characters of all cells together."""


@dataclass
class Table:
    """Lines with something in them, each with its number in the file, and how the file was read."""

    lines: list[tuple[int, list[str]]] = field(default_factory=list)
    told: str = ""
    """How it was read, for the person: "Text with commas, in Windows spelling"."""
    from_1904: bool = False
    """Whether the workbook counts its days from 1904, as old Macintosh files do."""
    letters: int = 0

    def add(self, line: int, cells: list[str]) -> None:
        """Take one line in; refuses the file where a limit is passed. Empty lines are left out."""
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            return
        if len(cells) > MOST_COLUMNS:
            raise Refused(
                f"Line {line:,} has {len(cells):,} columns; {MOST_COLUMNS} are read at most. "
                "Copy the columns about the children into a new sheet and choose that file."
            )
        if len(self.lines) > MOST_LINES:
            raise Refused(f"This file has more than {MOST_LINES:,} lines. Load it in parts.")
        self.letters += sum(map(len, cells))
        if self.letters > MOST_LETTERS:
            raise Refused("This file holds more text than a list of clients does. Load it in parts.")
        self.lines.append((line, [clean(cell) for cell in cells]))

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return max((len(cells) for _, cells in self.lines), default=0)

    def to_json(self) -> dict[str, Any]:
        """This as it leaves the process that read it."""
        return {"lines": self.lines, "told": self.told, "from_1904": self.from_1904}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> "Table":
        """What `to_json` gave."""
        return cls([(line, list(cells)) for line, cells in said["lines"]], said["told"], said["from_1904"])


def clean(cell: str) -> str:
    """A cell without the blanks around it, and without the apostrophe that makes a formula harmless."""
    cell = cell.strip(_BLANKS)
    return cell[1:] if _DEFUSED.match(cell) else cell


_BLANKS = " \t\r\n\u00a0\u200b\ufeff"
_DEFUSED = re.compile(r"'[=+\-@\t\r]")
