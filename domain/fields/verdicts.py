"""One thing that is wrong or unlikely, in the words that the person reads."""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """REFUSE stops a referral; ASK is put to the person, who may send all the same."""

    REFUSE = "refuse"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence at a field (a group's name where the whole group is meant) and, in a group, at a row.

    `row` is None in a group that has no row yet: the first row that is drawn.
    """

    field: str
    row: str | None
    message: str
    message_es: str
    weight: Weight = Weight.REFUSE

    def message_in(self, language: str) -> str:
        """The sentence in "en" or "es"."""
        return self.message_es if language == "es" else self.message
