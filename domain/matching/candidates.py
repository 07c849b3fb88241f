"""What a search gives back: candidates with a grade, a verdict in words and a reason for each field."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.matching.levels import Compared, Level
from domain.matching.person import Person


class RecordKind(StrEnum):
    """What can be found."""

    CLIENT = "client"
    REFERRAL = "referral"


class Grade(StrEnum):
    """How sure the match is, by calibrated probability."""

    VERY_LIKELY = "very_likely"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def label(self) -> str:
        return {"very_likely": "Very likely", "likely": "Likely", "possible": "Possible"}[self.value]


@dataclass(frozen=True)
class Reason:
    """What one field says, in a sentence, with both values as they were written."""

    field: Compared
    words: str
    bits: float
    """Above zero speaks for the same child, below against; against all others, stranger or of the same home."""
    ours: str
    theirs: str
    level: Level


@dataclass(frozen=True)
class Candidate:
    """A client or referral that may be the child who was asked for."""

    kind: RecordKind
    record_id: UUID
    grade: Grade
    probability: float
    verdict: str
    """The verdict and what it rests on: "Very likely the same child. Same birth date and phone. ..." """
    reasons: tuple[Reason, ...]
    """In the order of their weight, for and against together."""
    household: bool
    """Rather somebody of the same home: a twin, brother, sister or parent."""
    person: Person
    group: int = 0
    """Candidates with the same number look like one child, twice on file."""

    @property
    def against(self) -> tuple[Reason, ...]:
        """What speaks against, strongest first."""
        return tuple(reason for reason in self.reasons if reason.bits < -0.5)
