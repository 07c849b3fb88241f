"""What becomes of a line of a spreadsheet of clients, and of the whole file."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from domain.refusals import Refused

SHORTEST_REASON = 3
WHY_ANOTHER = "Write why this is another child: somebody who is likely the same was shown to you."


class BatchStatus(StrEnum):
    """How far a file has come."""

    READ = "read"
    CHECKING = "checking"
    CHECKED = "checked"
    LOADED = "loaded"
    UNDONE = "undone"
    DROPPED = "dropped"

    @property
    def open(self) -> bool:
        """Whether it is still on its way in."""
        return self in (BatchStatus.READ, BatchStatus.CHECKING, BatchStatus.CHECKED)


class Found(StrEnum):
    """What the check found for one line."""

    NEW = "new"
    ON_FILE = "on_file"
    LIKE_ON_FILE = "like_on_file"
    RESTRICTED = "restricted"
    EARLIER = "earlier"
    LIKE_EARLIER = "like_earlier"
    REFUSED = "refused"

    @property
    def asks(self) -> bool:
        """Whether a person must decide."""
        return self in (Found.LIKE_ON_FILE, Found.LIKE_EARLIER, Found.RESTRICTED)

    @property
    def decidable(self) -> bool:
        """Whether a person may decide otherwise than preset."""
        return self is not Found.REFUSED

    @property
    def strong(self) -> bool:
        """Whether somebody who is likely the same child was shown, so that a new file needs a reason."""
        return self not in (Found.NEW, Found.REFUSED)


class Decision(StrEnum):
    """What a person said about one line."""

    NEW = "new"
    SAME = "same"
    LEAVE_OUT = "leave_out"


class Fate(StrEnum):
    """What loading does with one line."""

    NEW = "new"
    SAME_ON_FILE = "same_on_file"
    SAME_EARLIER = "same_earlier"
    LEFT_OUT = "left_out"
    TO_DECIDE = "to_decide"
    REFUSED = "refused"
    UNCHECKED = "unchecked"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Fate.NEW: "New client",
    Fate.SAME_ON_FILE: "Same as on file",
    Fate.SAME_EARLIER: "Same as an earlier line",
    Fate.LEFT_OUT: "Left out by you",
    Fate.TO_DECIDE: "You decide",
    Fate.REFUSED: "Cannot be loaded",
    Fate.UNCHECKED: "Not checked yet",
}

_PRESET = {
    Found.NEW: Fate.NEW,
    Found.ON_FILE: Fate.SAME_ON_FILE,
    Found.EARLIER: Fate.SAME_EARLIER,
    Found.LIKE_ON_FILE: Fate.TO_DECIDE,
    Found.LIKE_EARLIER: Fate.TO_DECIDE,
    Found.RESTRICTED: Fate.TO_DECIDE,
    Found.REFUSED: Fate.REFUSED,
}


def fate(found: Found | None, decision: Decision | None) -> Fate:
    """What loading does with a line that was found and decided so."""
    if found is None:
        return Fate.UNCHECKED
    if decision is None or found is Found.REFUSED:
        return _PRESET[found]
    if decision is Decision.SAME:
        return Fate.SAME_EARLIER if found in (Found.EARLIER, Found.LIKE_EARLIER) else Fate.SAME_ON_FILE
    return Fate.NEW if decision is Decision.NEW else Fate.LEFT_OUT


def refuse_undecidable(found: Found | None, decision: Decision, reason: str) -> None:
    """Refuse a decision that this line does not take, and a new client beside a likely one without a reason."""
    if found is None or not found.decidable:
        raise Refused("This line cannot be loaded as it is. Mend it in the file and choose the file again.")
    if decision is Decision.SAME and found in (Found.NEW, Found.RESTRICTED):
        raise Refused("Nobody was shown for this line who could be the same child. Load it as new, or leave it out.")
    if decision is Decision.NEW and found.strong and len(reason.strip()) < SHORTEST_REASON:
        raise Refused(WHY_ANOTHER)


@dataclass(frozen=True)
class Counts:
    """How many lines have each fate."""

    new: int = 0
    same_on_file: int = 0
    same_earlier: int = 0
    left_out: int = 0
    to_decide: int = 0
    refused: int = 0
    unchecked: int = 0

    @classmethod
    def of(cls, fates: dict[Fate, int]) -> Self:
        """From a table of fates."""
        return cls(**{one.value: fates.get(one, 0) for one in Fate})

    def __getitem__(self, one: Fate) -> int:
        return int(getattr(self, one.value))

    @property
    def all(self) -> int:
        """Every line with something in it."""
        return sum(self[one] for one in Fate)
