"""Restricted records, such as a worker's own relative: open to named people only, or for an hour in an emergency."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from actions.accounts.sessions import refuse_stale
from actions.center.filing import seen_client, visible_client
from actions.center.restricted_alike import holding_the_same
from actions.reading import NO_SUCH_REFERRAL, visible_referral
from actions.texts import written
from actions.work import Work, permitted
from db import restrictions
from db.tables.clients import Client
from db.tables.people import User
from db.tables.referrals import Named, Note, Referral
from domain.permissions import Permission
from domain.refusals import NotFound, Refused

EMERGENCY = timedelta(minutes=60)
TOLD_FOR = timedelta(days=7)
SAY_WHY = "Write the reason. It stays with the record, and a court may read it."


@dataclass(frozen=True)
class Restriction:
    """Whether a record is restricted, and to whom."""

    restricted: bool
    named: dict[UUID, str]
    possible: dict[UUID, str]
    """Everybody at the center who could be named."""


@dataclass(frozen=True)
class Emergency:
    """Somebody opened a restricted record in an emergency."""

    person: str
    at: datetime
    kind: str
    number: str


@dataclass(frozen=True)
class Told:
    """What supervisors are told; `over` says that an opening's hour has ended and is still to be closed."""

    opened: tuple[Emergency, ...]
    over: bool


@dataclass(frozen=True)
class Opened:
    """A record that is open to this person for an hour."""

    kind: str
    record_id: UUID
    until: datetime


@permitted(Permission.RESTRICT_RECORDS)
def restriction(work: Work, kind: str, record_id: UUID) -> Restriction:
    """Who may see a record that the actor may see."""
    record = _seen(work, kind, record_id)
    named = {one.user_id for one in work.session.scalars(restrictions.named_on(record.id)) if one.until is None}
    possible = {row[0]: row[1] for row in work.session.execute(restrictions.people_of_center())}
    return Restriction(record.restricted, {one: possible.get(one, "") for one in named}, possible)


@permitted(Permission.RESTRICT_RECORDS)
def restrict(work: Work, kind: str, record_id: UUID, people: Collection[UUID], reason: str) -> None:
    """Open a record to these people only, in lists, search, badges, numbers and exports; refuses to name nobody."""
    record, why = _visible(work, kind, record_id), written(reason, SAY_WHY)
    possible = {row[0] for row in work.session.execute(restrictions.people_of_center())}
    if not set(people) & possible:
        raise Refused("Name at least one person of the center who may see this record.")
    for one in holding_the_same(work, record):
        one.restricted = True
        work.session.execute(restrictions.forget_named(one.id))
        work.session.add_all(
            Named(record_id=one.id, user_id=person, record_kind=kind, until=None) for person in set(people) & possible
        )
        _note(work, kind, one.id, f"Restricted to named people: {why}")
        work.record(
            "client.restricted" if kind == "client" else "referral.restricted",
            kind,
            one.id,
            count=len(set(people) & possible),
        )


@permitted(Permission.RESTRICT_RECORDS)
def lift(work: Work, kind: str, record_id: UUID, reason: str) -> None:
    """Open a record to all of the center again."""
    record, why = _visible(work, kind, record_id), written(reason, SAY_WHY)
    for one in holding_the_same(work, record):
        one.restricted = False
        work.session.execute(restrictions.forget_named(one.id))
        _note(work, kind, one.id, f"Restriction lifted: {why}")
        work.record("client.unrestricted" if kind == "client" else "referral.unrestricted", kind, one.id)


@permitted(Permission.BREAK_GLASS)
def open_in_an_emergency(work: Work, number: str, reason: str) -> Opened:
    """Open a restricted record by its number for 60 minutes; supervisors are told. Needs the password again."""
    refuse_stale(work)
    why = written(reason, SAY_WHY)
    kind, record = _numbered(work, number.strip().upper())
    until = work.now + EMERGENCY
    row = work.session.get(Named, (record.id, work.actor.user_id))
    if row is not None and row.until is None:
        raise Refused("You are named on this record: it is open to you already.")
    if row is None:
        row = Named(record_id=record.id, user_id=work.actor.user_id, record_kind=kind)
        work.session.add(row)
    row.until = until
    _note(work, kind, record.id, f"Opened in an emergency: {why}")
    work.record("record.break_glass_opened", kind, record.id)
    return Opened(kind, record.id, until)


@permitted(Permission.SEE_EMERGENCIES)
def emergencies(work: Work) -> Told:
    """What was opened in an emergency within the last week, newest first."""
    found = work.session.scalars(restrictions.opened_since(work.now - TOLD_FOR)).all()
    opened = tuple(
        Emergency(one.actor_name, one.at, one.object_type, _number(work, one.object_type, one.object_id))
        for one in found
        if one.object_id
    )
    return Told(opened, over=work.session.scalars(restrictions.over(work.now)).first() is not None)


@permitted(Permission.SEE_EMERGENCIES)
def close_what_is_over(work: Work) -> None:
    """Take back emergency openings whose hour is over, and write it down under the person who opened them."""
    for row in work.session.scalars(restrictions.over(work.now)).all():
        person = work.session.get(User, row.user_id)
        work.record(
            "record.break_glass_ended", row.record_kind, row.record_id, reason=person.username if person else ""
        )
        work.session.delete(row)


def _visible(work: Work, kind: str, record_id: UUID) -> Referral | Client:
    if kind == "client":
        return visible_client(work, record_id)
    if kind == "referral":
        return visible_referral(work, record_id)
    raise NotFound(NO_SUCH_REFERRAL)


def _seen(work: Work, kind: str, record_id: UUID) -> Referral | Client:
    """The record, only to be read."""
    if kind == "client":
        return seen_client(work, record_id)
    found = work.session.scalar(restrictions.seen_referral(work.actor, record_id)) if kind == "referral" else None
    if found is None:
        raise NotFound(NO_SUCH_REFERRAL)
    return found


def _numbered(work: Work, number: str) -> tuple[str, Referral | Client]:
    referral = work.session.scalars(restrictions.referral_numbered(number)).one_or_none()
    if referral is not None and referral.restricted:
        return "referral", referral
    client = work.session.scalars(restrictions.client_numbered(number)).one_or_none()
    if client is not None and client.restricted:
        return "client", client
    raise NotFound("There is no restricted record of this number.")


def _number(work: Work, kind: str, record_id: UUID) -> str:
    if kind == "referral":
        referral = work.session.get(Referral, record_id)
        return (referral.number or "") if referral else ""
    client = work.session.get(Client, record_id)
    return client.number if client else ""


def _note(work: Work, kind: str, record_id: UUID, text: str) -> None:
    work.session.add(
        Note(record_kind=kind, record_id=record_id, text=text, made_by_name=work.actor.name, made_at=work.now)
    )
