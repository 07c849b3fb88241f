"""Referrals as they come back to a page: frozen values with only what the reader may see."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.lifecycle import Origin, Status, Step

Answers = dict[str, Any]


class Urgency(StrEnum):
    """How soon the child must be seen; the order is the queue's."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"
    NOT_SAID = "not_said"

    @property
    def rank(self) -> int:
        return {"emergency": 0, "urgent": 1, "routine": 2}.get(self.value, 9)

    @property
    def label(self) -> str:
        return {"emergency": "Emergency", "urgent": "Urgent", "routine": "Routine"}.get(self.value, "Urgency not said")

    @classmethod
    def of_rank(cls, rank: int) -> "Urgency":
        return next((urgency for urgency in cls if urgency.rank == rank), cls.NOT_SAID)


@dataclass(frozen=True)
class Mark:
    """A field that a return asks the agency to fix, with a comment; `row` names a row of a group."""

    field: str
    comment: str
    row: str = ""


@dataclass(frozen=True)
class WrittenRound:
    """One round as it was written (kind "round"), a staff correction, or the result of a merge."""

    id: UUID
    round: int
    kind: str
    answers: Answers = field(hash=False)
    by: str
    at: datetime


@dataclass(frozen=True)
class Taken:
    """One step of a referral's history with the marks of a return."""

    step: Step
    before: Status | None
    after: Status
    at: datetime
    by: str
    reason: str = ""
    comment: str = ""
    round: int = 0
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question of the center and, once given, the agency's answer."""

    id: UUID
    text: str
    asked_by: str
    asked_at: datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    number: str = ""
    """The referral it was asked about: a source, where several were merged."""


@dataclass(frozen=True)
class Remark:
    """A note, or what an agency added: text, who, when. `number` names the source of a merged referral."""

    text: str
    by: str
    at: datetime
    number: str = ""


class LateKind(StrEnum):
    """What an agency said after its referral was merged."""

    ADDITION = "addition"
    ANSWER = "answer"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True)
class Late:
    """Something that an agency said after its referral was merged, and that nobody has decided about."""

    id: UUID
    kind: LateKind
    number: str
    agency: str
    text: str
    by: str
    at: datetime
    question: str = ""


@dataclass(frozen=True)
class Caller:
    """Who phoned a referral in, and when."""

    name: str
    at: datetime


@dataclass(frozen=True)
class HotlineTask:
    """Rule 13: a report to the hotline that is still to be made, or how it was settled."""

    open: bool
    on: date | None = None
    number: str = ""
    by: str = ""


@dataclass(frozen=True)
class Named:
    """A referral by number and child, for links between records."""

    id: UUID
    number: str
    child: str
    agency: str
    status: Status


@dataclass(frozen=True)
class ReferralView:
    """A referral as the center's people see it."""

    id: UUID
    number: str
    type: str
    origin: Origin
    status: Status
    version: int
    round: int
    urgency: Urgency
    within_120_hours: bool
    agency: str
    agency_id: UUID | None
    child: str
    answers: Answers
    made_at: datetime
    first_submitted_at: datetime | None
    waiting_since: datetime | None
    caller: Caller | None
    reached: str
    hotline: HotlineTask
    rounds: tuple[WrittenRound, ...]
    steps: tuple[Taken, ...]
    questions: tuple[Asked, ...]
    additions: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    sources: tuple[Named, ...] = ()
    merged_into: Named | None = None
    siblings: tuple[Named, ...] = ()
    started: frozenset[str] = frozenset()
    """Rows of the household whose child has a linked referral already."""
    client_id: UUID | None = None
    client_number: str = ""
    restricted: bool = False
    assignee_id: UUID | None = None
    assignee: str = ""
    looks_like: tuple["LooksLike", ...] = ()
    late: tuple[Late, ...] = ()
    """What the agencies of a merge said since, and nobody has decided about."""
    prints: tuple[Remark, ...] = ()
    """Full prints, each with its reason."""


@dataclass(frozen=True)
class LooksLike:
    """Another record that may be the same child, with how likely it is in words."""

    kind: str
    """referral or client."""
    id: UUID
    number: str
    grade: str


@dataclass(frozen=True)
class Decided:
    """What was just decided about a referral, so that it can be told, undone and followed by the next one."""

    id: UUID
    number: str
    version: int
    status: Status
    step: Step


@dataclass(frozen=True)
class OwnDraft:
    """A draft, or a returned referral in correction, as its agency writes it."""

    id: UUID
    number: str
    type: str
    status: Status
    version: int
    round: int
    answers: Answers
    saved_at: datetime
    marks: tuple[Mark, ...] = ()
    comment: str = ""
    reason: str = ""
    group: tuple[Named, ...] = ()


@dataclass(frozen=True)
class OwnReferral:
    """One line of an agency's list: where it stands in plain words and what happens next."""

    id: UUID
    number: str
    type: str
    child: str
    status: Status
    word: "AgencyWord"
    changed_at: datetime
    version: int
    unanswered: int = 0
    made_by: str = ""
    ends_at: datetime | None = None
    """From when on this draft may be deleted for good, where that is soon."""


@dataclass(frozen=True)
class OwnCounts:
    """What stands above an agency's list."""

    total: int
    waiting: int
    several: bool
    """Whether more than one person wrote them."""


@dataclass(frozen=True)
class OwnReferralView:
    """A sent referral as its agency sees it: what it wrote, what it was asked, nothing of the center's work."""

    line: OwnReferral
    answers: Answers
    rounds: tuple[WrittenRound, ...]
    questions: tuple[Asked, ...]
    additions: tuple[Remark, ...]
    marks: tuple[Mark, ...] = ()
    comment: str = ""
    reason: str = ""
    may_withdraw: bool = False
    may_add: bool = True
    group: tuple[Named, ...] = ()
    """The other children of the incident."""
    started: frozenset[str] = frozenset()
    """Rows of the household whose child has a linked referral already."""


@dataclass(frozen=True)
class Receipt:
    """What the sender keeps: number, moment, the child's initials, whom to call."""

    id: UUID
    number: str
    round: int
    at: datetime
    initials: str
    urgent: bool
    on_call_phone: str
    hotline_phone: str
    hotline_open: bool
    center: str


class AgencyWord(StrEnum):
    """Where a referral stands, in the plain words an agency sees."""

    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    RECEIVED = "received"
    CLOSED = "closed"

    def label(self, language: str = "en") -> str:
        return _WORDS[self][0 if language == "en" else 1]

    def next(self, language: str = "en") -> str:
        """What happens next, in one sentence."""
        return _NEXT[self][0 if language == "en" else 1]


_WORDS = {
    AgencyWord.DRAFT: ("Draft", "Borrador"),
    AgencyWord.SENT: ("Sent", "Enviada"),
    AgencyWord.RETURNED: ("Returned to you", "Devuelta a usted"),
    AgencyWord.ACCEPTED: ("Accepted", "Aceptada"),
    AgencyWord.NOT_ACCEPTED: ("Not accepted", "No aceptada"),
    AgencyWord.RECEIVED: ("Received", "Recibida"),
    AgencyWord.CLOSED: ("Closed", "Cerrada"),
}

_NEXT = {
    AgencyWord.DRAFT: ("Finish it and send it.", "Complétela y envíela."),
    AgencyWord.SENT: ("The center will look at it.", "El centro la revisará."),
    AgencyWord.RETURNED: (
        "Correct what the center marked and send it again.",
        "Corrija lo que el centro marcó y envíela de nuevo.",
    ),
    AgencyWord.ACCEPTED: (
        "The center works with the family. Call the center with questions.",
        "El centro atiende a la familia. Llame al centro si tiene preguntas.",
    ),
    AgencyWord.NOT_ACCEPTED: ("Nothing more is needed from you.", "No se necesita nada más de usted."),
    AgencyWord.RECEIVED: (
        "The center has it. Nothing more is needed from you.",
        "El centro la tiene. No se necesita nada más de usted.",
    ),
    AgencyWord.CLOSED: ("Nothing more is needed from you.", "No se necesita nada más de usted."),
}


def agency_word(status: Status, *, team_partner: bool, result: Status | None = None) -> AgencyWord:
    """The word an agency sees for a status (product.md section 1: minimal unless it is a team partner).

    `result` is the status of the merge result that a merged referral became part of. A team partner's word
    follows it; any other agency's merged referral simply stays Received. Neither ever learns of the merge.
    """
    if status is Status.MERGED:
        return agency_word(result or Status.SUBMITTED, team_partner=True) if team_partner else AgencyWord.RECEIVED
    if status is Status.IMPORTED:
        return AgencyWord.ACCEPTED if team_partner else AgencyWord.RECEIVED
    if status in (Status.CLOSED, Status.DELETED):
        return AgencyWord.NOT_ACCEPTED if team_partner else AgencyWord.CLOSED
    return {Status.DRAFT: AgencyWord.DRAFT, Status.REJECTED: AgencyWord.RETURNED}.get(status, AgencyWord.SENT)


@dataclass(frozen=True)
class QueueRow:
    """One referral in the queue: one lean line."""

    id: UUID
    number: str
    version: int
    type: str
    origin: Origin
    status: Status
    urgency: Urgency
    within_120_hours: bool
    agency: str
    county: str
    child: str
    dob: str
    waiting_since: datetime | None
    first_submitted_at: datetime | None
    round: int
    assignee: str = ""
    hotline_open: bool = False
    unanswered: int = 0
    late: int = 0
    """What agencies said since the merge that made it, and nobody has looked at."""
    withdrawal_asked: bool = False
    restricted: bool = False
    same_as_referrals: tuple[str, ...] = ()
    known_client: str = ""
    """How likely a client on file is this child, in words; empty when nobody is."""


@dataclass(frozen=True)
class QueueFilter:
    """What the queue shows. Everything but `text` may stand in an address; a name never does."""

    view: str = "submitted"
    agency_id: UUID | None = None
    type: str = ""
    county: str = ""
    urgency: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""
    assignee_id: UUID | None = None
    named: str = ""
    """A filter of the register in domain.queue_filters, which the numbers open too."""
    sort: str = "urgent_first"
    page: int = 1


@dataclass(frozen=True)
class QueuePage:
    """Fifteen rows of the queue with true counts of every view."""

    rows: tuple[QueueRow, ...]
    total: int
    page: int
    pages: int
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class QueueChoices:
    """What the queue can be filtered by: agencies and colleagues by id and name, counties."""

    agencies: tuple[tuple[UUID, str], ...] = ()
    counties: tuple[str, ...] = ()
    colleagues: tuple[tuple[UUID, str], ...] = ()
