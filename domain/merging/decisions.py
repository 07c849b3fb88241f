"""What pages see of merges: one being decided, one decided, who may be the same, and who is not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.lifecycle import Status
from domain.merging.people import name_of
from domain.merging.proposal import Choices, Proposal
from domain.merging.rules import BOTH, Way
from domain.merging.sources import listed
from domain.referrals import Remark


@dataclass(frozen=True)
class MergedFrom:
    """One source on the merge page: which referral, as it stood when the page was drawn."""

    id: UUID
    version: int
    number: str
    agency: str
    child: str
    by: str
    written_at: datetime
    first_submitted_at: datetime | None
    round: int
    additions: int
    questions_open: int
    restricted: bool


@dataclass(frozen=True)
class Warned:
    """Something to look at before merging; `stops` where the merge is refused while it stands."""

    words: str
    stops: bool = False
    decision_id: UUID | None = None
    """The "not the same child" that stands in the way."""


@dataclass(frozen=True)
class Beside:
    """What stands side by side before it is decided. `verdict` says in words whether they look like one child."""

    proposal: Proposal
    verdict: str
    reasons: tuple[str, ...]
    warnings: tuple[Warned, ...]
    needs_own_words: bool
    """They do not look like one child: why they are one has to be typed."""


@dataclass(frozen=True)
class MergeView(Beside):
    """A merge of referrals being decided."""

    sources: tuple[MergedFrom, ...]


@dataclass(frozen=True)
class MergeMade:
    """A merge that was made: who, when, why, what differed, and what came in since."""

    result_id: UUID
    result: str
    result_version: int
    status: Status
    sources: tuple[MergedFrom, ...]
    reason: str
    by: str
    at: datetime
    chosen: tuple["Chosen", ...]
    added_since: tuple[Remark, ...]
    undone_by: str = ""
    undone_at: datetime | None = None
    undone_reason: str = ""
    may_undo: bool = False
    why_not: str = ""
    """Why it cannot be undone now, in one sentence."""


@dataclass(frozen=True)
class Chosen:
    """A question on which the sources differed: what the result said after the merge, and what each had said."""

    field: str
    label: str
    person: str
    way: Way
    value: Any
    said: tuple[tuple[str, Any], ...]
    """Source and answer."""
    why: str
    by_hand: bool


def what_was_chosen(proposal: Proposal, choices: Choices) -> tuple[Chosen, ...]:
    """Every difference of a merge with what it became and what each source had said."""
    names = [source.name for source in proposal.sources]
    people = {
        (group, person.row_id): name_of(group, person.members[0].row)
        for group, persons in proposal.people.items()
        for person in persons
    }
    return tuple(
        Chosen(
            field=question.field.name,
            label=question.field.label,
            person=people.get((question.field.group or "", question.row or ""), ""),
            way=question.way,
            value=question.value(choices.get(question.key)),
            said=tuple(
                (listed(names[place] for place in option.sources), option.value)
                for option in question.options
                if option.code != BOTH
            ),
            why=question.why,
            by_hand=question.key in choices,
        )
        for question in proposal.differing
    )


@dataclass(frozen=True)
class Alike:
    """A record that may be about the same child, and why. `household`: maybe another child of the same home."""

    id: UUID
    number: str
    child: str
    verdict: str
    reasons: tuple[str, ...]
    household: bool


@dataclass(frozen=True)
class Suggestion(Alike):
    """A waiting referral that may be about the same child."""

    agency: str
    grade: str


@dataclass(frozen=True)
class Suggestions:
    """Who may be the same child, best first; `restricted` says that a restricted file may match as well."""

    found: tuple[Suggestion, ...]
    restricted: bool = False


@dataclass(frozen=True)
class NotSame:
    """A decision that two records are not the same child; it stands until it is taken back."""

    id: UUID
    first_id: UUID
    first: str
    second_id: UUID
    second: str
    reason: str
    by: str
    at: datetime
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None
