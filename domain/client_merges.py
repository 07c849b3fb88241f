"""Two files that are one child: side by side before it is decided, and the decision after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import fields
from domain.fields import Answers, Kept
from domain.intake import part_of
from domain.merging import Alike, Beside, Choices, Chosen, Proposal, result

SAME_FILE = "This is one and the same file. Pick two different clients."


@dataclass(frozen=True)
class ClientFile:
    """One of the two files, as it stood when the page was drawn."""

    id: UUID
    number: str
    version: int
    child: str
    dob: str
    by: str
    """Who wrote it last, and when."""
    at: datetime
    made_at: datetime
    cases: int
    open_cases: int
    referrals: int
    notes: int
    restricted: bool


@dataclass(frozen=True)
class FilesBeside(Beside):
    """Two files that may be one child. `kept` is the older one, which goes on; `ended` stays readable behind it."""

    kept: ClientFile
    ended: ClientFile
    half_done: tuple[str, ...]
    """In words: imports that somebody has begun into the file that ends."""

    @property
    def files(self) -> tuple[ClientFile, ClientFile]:
        return self.kept, self.ended


@dataclass(frozen=True)
class FileMerge:
    """A decision, as the pages of both files tell it."""

    kept_id: UUID
    kept: str
    ended_id: UUID
    ended: str
    reason: str
    by: str
    at: datetime
    why_not: str = ""
    """Why it cannot be undone now, in one sentence; empty when it can, or was."""
    undone_by: str = ""
    undone_at: datetime | None = None
    undone_reason: str = ""


@dataclass(frozen=True)
class FilesMerged:
    """A merge of two files with every difference that it settled."""

    merge: FileMerge
    chosen: tuple[Chosen, ...]


@dataclass(frozen=True)
class Doubled(Alike):
    """Another file that may be the same child."""

    dob: str
    cases: int


@dataclass(frozen=True)
class Doubles:
    """Who else on file may be the child of one file, best first."""

    id: UUID
    number: str
    child: str
    found: tuple[Doubled, ...]
    restricted: bool = False


def file_after(proposal: Proposal, choices: Choices | None = None) -> Answers:
    """The file of the child as it reads after the merge. Refuses a choice that the proposal does not offer."""
    return fields.without_blanks(part_of(result(proposal, choices), Kept.PROFILE))


def standing(answers: Answers, *others: Iterable[str]) -> str:
    """A text that is equal for as long as nobody worked on a file: its answers and whatever else belongs to it."""
    return fields.canonical({"answers": answers, "others": [sorted(each) for each in others]})
