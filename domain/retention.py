"""How long what is kept: the periods, what is due, what a legal hold covers, and when a purge may be carried out."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.refusals import Refused

LEAST_DAYS, MOST_DAYS = 7, 3650
"""A period shorter than a week would empty the bin before somebody on leave is back."""
ALONE_WAIT = timedelta(hours=72)
"""How long one's own request waits in a center where nobody else could agree to it."""
TOLD_BEFORE = timedelta(days=30)
"""So long before a draft may be purged its writer is told."""
BACKUPS_LAST = timedelta(days=90)


class HeldScope(StrEnum):
    """What a legal hold is placed on."""

    REFERRAL = "referral"
    CLIENT = "client"
    AGENCY = "agency"
    EVERYTHING = "everything"

    @property
    def label(self) -> str:
        return {
            HeldScope.REFERRAL: "One referral",
            HeldScope.CLIENT: "One client, with every referral about the child",
            HeldScope.AGENCY: "All referrals of one agency",
            HeldScope.EVERYTHING: "Everything",
        }[self]


class ItemKind(StrEnum):
    """What can be purged by rule. Imported, merged, closed and waiting referrals never are."""

    REFERRAL = "referral"
    DRAFT = "draft"
    INTAKE_DRAFT = "intake_draft"
    WALK_IN_DRAFT = "walk_in_draft"

    @property
    def label(self) -> str:
        return {
            ItemKind.REFERRAL: "Referrals in the bin",
            ItemKind.DRAFT: "Drafts that were never sent",
            ItemKind.INTAKE_DRAFT: "Half-done imports",
            ItemKind.WALK_IN_DRAFT: "Half-typed new clients",
        }[self]


class ItemOutcome(StrEnum):
    """What became of one record of a purge."""

    ASKED = "asked"
    PURGED = "purged"
    HELD = "held"
    """Kept by a legal hold that was placed after the purge was asked for."""
    CHANGED = "changed"
    """Restored, sent or worked on after the purge was asked for."""


@dataclass(frozen=True)
class Periods:
    """After how many days what is due, kept under "retention" in the center's settings."""

    bin: int = 30
    drafts: int = 90
    unanswered: int = 180

    def length(self, kind: ItemKind) -> timedelta:
        """How long such a thing is kept after somebody last touched it."""
        return timedelta(days=self.bin if kind is ItemKind.REFERRAL else self.drafts)

    def ends(self, kind: ItemKind, touched: datetime) -> datetime:
        """From when on such a thing is due, where nobody touches it any more."""
        return touched + self.length(kind)

    def cutoff(self, kind: ItemKind, now: datetime) -> datetime:
        """What was last touched before this moment is due to be purged."""
        return now - self.length(kind)


def periods(settings: Mapping[str, Any]) -> Periods:
    """The periods as a center keeps them; what it never decided is as the product ships it."""
    return Periods(**settings.get("retention", {}))


def kept(decided: Periods) -> dict[str, int]:
    """The periods as they are kept in the center's settings; refuses what is too short or too long."""
    if any(not LEAST_DAYS <= days <= MOST_DAYS for days in asdict(decided).values()):
        raise Refused(f"Choose between {LEAST_DAYS} and {MOST_DAYS} days.")
    return asdict(decided)


@dataclass(frozen=True)
class Hold:
    """A legal hold that stands: what it is on, and between which days that was begun."""

    id: UUID
    scope: HeldScope
    record_id: UUID | None = None
    since: date | None = None
    until: date | None = None

    def in_time(self, day: date) -> bool:
        """Whether what was begun on this day falls under it."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Kin:
    """A record with every other that holds the same child's words: merged, imported, undone or not."""

    referrals: frozenset[UUID] = frozenset()
    clients: frozenset[UUID] = frozenset()
    begun: frozenset[tuple[UUID | None, date]] = frozenset()
    """Agency and day of the beginning of each of them."""


def holding(holds: Iterable[Hold], kin: Kin) -> Hold | None:
    """The first hold that covers a record or anything it is kin to. Whatever one hold covers is kept."""
    return next((hold for hold in holds if covers(hold, kin)), None)


def covers(hold: Hold, kin: Kin) -> bool:
    """Whether a hold covers a record: itself, its kin, its agency or its time."""
    if hold.scope is HeldScope.REFERRAL:
        return hold.record_id in kin.referrals
    if hold.scope is HeldScope.CLIENT:
        return hold.record_id in kin.clients
    return any(
        hold.in_time(day) and (hold.scope is HeldScope.EVERYTHING or agency == hold.record_id)
        for agency, day in kin.begun
    )


@dataclass(frozen=True)
class Due:
    """One record that a rule makes due, and since when nobody has touched it. Never a name."""

    kind: ItemKind
    record_id: UUID
    since: datetime
    number: str = ""
    user_id: UUID | None = None
    held_by: UUID | None = None


@dataclass(frozen=True)
class Line:
    """One line of the preview: how many are due, the oldest, and how many a hold keeps back."""

    kind: ItemKind
    due: int
    oldest: datetime | None
    held: int
    numbers: tuple[str, ...] = ()
    held_numbers: tuple[str, ...] = ()


def preview(found: Iterable[Due]) -> tuple[Line, ...]:
    """Counted: every kind, also with nothing due."""
    every = list(found)
    return tuple(_line(kind, [one for one in every if one.kind is kind]) for kind in ItemKind)


def _line(kind: ItemKind, found: list[Due]) -> Line:
    free = [one for one in found if one.held_by is None]
    held = [one for one in found if one.held_by is not None]
    return Line(
        kind=kind,
        due=len(free),
        oldest=min((one.since for one in free), default=None),
        held=len(held),
        numbers=tuple(sorted(one.number for one in free if one.number)),
        held_numbers=tuple(sorted(one.number for one in held if one.number)),
    )


@dataclass(frozen=True)
class HoldLine:
    """A legal hold as people see it."""

    id: UUID
    scope: HeldScope
    on: str
    """The record's number, the agency's name, or "everything"."""
    since: date | None
    until: date | None
    reason: str
    placed_by: str
    placed_at: datetime
    lift_asked_by: str = ""
    lift_asked_at: datetime | None = None
    lift_reason: str = ""


@dataclass(frozen=True)
class Unanswered:
    """A returned referral that its agency never answered."""

    id: UUID
    number: str
    version: int
    agency: str
    returned_at: datetime
    urgent: bool
    kept_back: str = ""
    """Why it is not closed with the others."""


@dataclass(frozen=True)
class Request:
    """A purge that waits for somebody to agree."""

    id: UUID
    by: str
    at: datetime
    reason: str
    counts: dict[ItemKind, int] = field(hash=False)
    numbers: tuple[str, ...] = ()
    mine: bool = False
    may_from: datetime | None = None
    """In a center where nobody else could agree: when the one who asked may carry it out."""


@dataclass(frozen=True)
class Certificate:
    """What can be shown of a purge: how many, which numbers, who, when, under which rule. Never a name."""

    id: UUID
    number: str
    reason: str
    rules: Periods
    requested_by: str
    requested_at: datetime
    approved_by: str
    done_at: datetime
    rewritten_at: datetime | None
    purged: dict[ItemKind, int] = field(hash=False)
    numbers: tuple[str, ...] = ()
    ids: tuple[UUID, ...] = ()
    """Of what never had a number: drafts and half-typed work."""
    held: int = 0
    changed: int = 0

    @property
    def backups_until(self) -> datetime:
        """By then the desk's own backups of before the purge are gone."""
        return self.done_at + BACKUPS_LAST


@dataclass(frozen=True)
class Overview:
    """The retention page: rules, what is due, what is held, what waits, what was purged."""

    periods: Periods
    lines: tuple[Line, ...]
    unanswered: tuple[Unanswered, ...]
    holds: tuple[HoldLine, ...]
    request: Request | None
    done: tuple[Certificate, ...]
    kept_aside: tuple[str, ...] = ()
    """What a restore replaced and kept: it still holds what was purged since."""
