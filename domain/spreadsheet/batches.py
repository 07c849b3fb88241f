"""Files of clients as they come back to a page: where each stands, its columns, its lines with what becomes of them."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.spreadsheet.columns import Choices, Column
from domain.spreadsheet.fates import BatchStatus, Counts, Decision, Fate, Found
from domain.spreadsheet.names import SplitName


@dataclass(frozen=True)
class About:
    """How a file was read, kept with it."""

    told: str
    from_1904: bool
    header: tuple[str, ...]
    header_line: int
    above: int
    """Lines over the header, which are left out."""

    def to_text(self) -> str:
        """This as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "About":
        """What `to_text` wrote."""
        said = json.loads(text)
        return cls(**{**said, "header": tuple(said["header"])})


@dataclass(frozen=True)
class BatchLine:
    """One file in the list of files."""

    id: UUID
    file_name: str
    status: BatchStatus
    rows: int
    by: str
    at: datetime
    loaded: int
    first_number: str
    last_number: str
    loaded_at: datetime | None
    loaded_by: str
    undone_by: str
    undone_at: datetime | None
    undo_reason: str
    mine: bool


@dataclass(frozen=True)
class BatchView:
    """One file on its way in, or loaded."""

    line: BatchLine
    about: About
    choices: Choices
    counts: Counts
    asked: int
    """Lines for which somebody likely was shown, decided or not."""
    loaded_before: str
    """A sentence when this very file was loaded already."""

    @property
    def checked(self) -> int:
        """Lines that were checked."""
        return self.counts.all - self.counts.unchecked


@dataclass(frozen=True)
class MappingView:
    """What a person needs to say what each column is."""

    columns: tuple[Column, ...]
    choices: Choices
    remembered: str
    """Who chose this for a file with the same names of columns; empty for a proposal."""
    words: dict[int, dict[str, str]]
    """By column, words that are none of our choices: folded, and as written."""
    names: tuple[tuple[str, SplitName], ...]


@dataclass(frozen=True)
class ShownOther:
    """Who was shown as perhaps the same child."""

    words: str
    """"C-26-0007 Ana Cruz, born March 27, 2016" or "Line 12: Ana Cruz"."""
    verdict: str = ""
    reasons: tuple[str, ...] = ()
    client_id: UUID | None = None


@dataclass(frozen=True)
class LineView:
    """One line of the file with what becomes of it."""

    line: int
    child: str
    facts: tuple[tuple[str, str], ...]
    found: Found | None
    fate: Fate
    decision: Decision | None
    reason: str
    problem: str
    other: ShownOther | None
    client_number: str = ""
    """The client that was made of it, if the file may be opened."""
    client_id: UUID | None = None


@dataclass(frozen=True)
class LinesPage:
    """Some lines of one fate."""

    lines: tuple[LineView, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Finding:
    """What the check found for one line."""

    line: int
    answers: str
    child: str
    found: Found
    problem: str = ""
    other_id: UUID | None = None
    other_line: int | None = None
    evidence: str = ""


def evidence_of(shown: dict[str, Any]) -> str:
    """What was shown of somebody, as canonical JSON."""
    return json.dumps(shown, sort_keys=True, ensure_ascii=False)


def without_words(evidence: str) -> str:
    """The evidence as it stays after loading: who and how likely, without anybody's words."""
    if not evidence:
        return ""
    shown = json.loads(evidence)
    kept = ("client", "number", "line", "grade", "probability")
    return evidence_of({name: shown[name] for name in kept if name in shown})
