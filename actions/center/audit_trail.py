"""The audit trail: who did what to which record, who looked, whether the chain is whole, and its export."""

import csv
import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from actions.accounts.sessions import refuse_stale
from actions.work import Work, permitted
from db import audit, trail
from db.tables.audit import AuditEntry
from domain.events import in_words
from domain.permissions import Permission
from domain.refusals import NotFound

PAGE = 50
LOOKS = ("referral.viewed", "client.viewed", "referral.printed", "record.break_glass_opened")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Wanted:
    """What the reader of the trail asks for; what is left out is not asked."""

    person: UUID | None = None
    record: UUID | None = None
    events: tuple[str, ...] = ()
    result: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the trail. It says which record, by id and number or user name, and never what is in it."""

    number: int
    at: datetime
    person: str
    roles: str
    address: str
    event: str
    object_type: str
    object_id: UUID | None
    called: str
    """What people call the record: R-26-0041, C-0007, a user name, an agency; else its id."""
    result: str
    reason: str
    fields: str
    count: int | None

    @property
    def in_words(self) -> str:
        return in_words(self.event)


@dataclass(frozen=True)
class Found:
    """One page of the trail, and how many entries there are in all."""

    entries: tuple[Entry, ...]
    count: int


@dataclass(frozen=True)
class Look:
    """Somebody who looked at a record."""

    person: str
    first: datetime
    last: datetime
    times: int


class Chain(StrEnum):
    """What a check of the chain found."""

    WHOLE = "whole"
    BROKEN = "broken"
    CUT_OFF = "cut_off"


@dataclass(frozen=True)
class Checked:
    """The outcome of a check; `broken_at` is the number of the first entry that is not as it was written."""

    chain: Chain
    broken_at: int | None
    newest: int


@permitted(Permission.SEE_AUDIT_TRAIL)
def find(work: Work, wanted: Wanted, *, before: int | None = None) -> Found:
    """A page of entries, newest first; reading the trail stands in the trail."""
    question = _question(wanted)
    count = work.session.scalars(trail.count_of(question)).one()
    page = work.session.scalars(_question(wanted, before).limit(PAGE)).all()
    if before is None:
        work.record("audit.read", "user", wanted.person, count=count)
    called = _called(work, [entry.object_id for entry in page if entry.object_id])
    return Found(tuple(_entry(entry, called) for entry in page), count)


@permitted(Permission.SEE_AUDIT_TRAIL)
def record_called(work: Work, typed: str) -> UUID:
    """The record that somebody means: by its number, its user name or its id; refused where there is none."""
    word = "".join(sign for sign in typed if sign.isprintable()).strip()
    with suppress(ValueError):
        return UUID(word)
    found = work.session.scalars(trail.record_called(word)).first()
    if found is None:
        raise NotFound("No record is called so. Write its number, such as R-26-0041, or a user name.")
    return found


@permitted(Permission.SEE_AUDIT_TRAIL)
def people(work: Work) -> dict[UUID, str]:
    """Everybody whose acts may be asked for, by name."""
    return {row[0]: row[1] for row in work.session.execute(trail.people_in_the_trail())}


@permitted(Permission.SEE_WHO_LOOKED)
def who_looked(work: Work, record: UUID) -> tuple[Look, ...]:
    """Who looked at a referral or client, last first."""
    rows = work.session.execute(trail.looks_at(record, LOOKS))
    return tuple(Look(row[1], row[2], row[3], row[4]) for row in rows)


@permitted(Permission.EXPORT_AUDIT_TRAIL)
def check(work: Work) -> Checked:
    """Check every entry of the chain, and its end against the copy kept outside the database."""
    checked = examine(work)
    event = "audit.verified" if checked.chain is Chain.WHOLE else "audit.chain_broken"
    work.record(event, "audit", count=checked.newest, reason=str(checked.broken_at or checked.chain.value))
    return checked


def examine(work: Work) -> Checked:
    """Check the chain without writing that it was checked: for the console and the nightly round."""
    broken, newest = audit.first_broken(work.session), audit.last(work.session)[0]
    if broken is not None:
        return Checked(Chain.BROKEN, broken, newest)
    if audit.head_missing(work.session):
        return Checked(Chain.CUT_OFF, None, newest)
    return Checked(Chain.WHOLE, None, newest)


@permitted(Permission.EXPORT_AUDIT_TRAIL)
def export(work: Work, wanted: Wanted) -> bytes:
    """The entries asked for as a CSV file, oldest first; needs the password again."""
    refuse_stale(work)
    entries = work.session.scalars(_question(wanted)).all()
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(
        [
            "number",
            "time (UTC)",
            "person",
            "roles",
            "address",
            "event",
            "kind",
            "record",
            "result",
            "reason",
            "fields",
            "count",
        ]
    )
    for entry in reversed(entries):
        sheet.writerow([_harmless(value) for value in _cells(entry)])
    work.record("audit.exported", "audit", count=len(entries))
    return written.getvalue().encode("utf-8-sig")


def _question(wanted: Wanted, before: int | None = None) -> trail.Question:
    return trail.entries(
        person=wanted.person,
        record=wanted.record,
        events=wanted.events,
        result=wanted.result,
        since=wanted.since,
        until=wanted.until,
        before=before,
    )


def _called(work: Work, ids: list[UUID]) -> dict[UUID, str]:
    return {row[0]: row[1] for row in work.session.execute(trail.called(set(ids)))} if ids else {}


def _entry(entry: AuditEntry, called: Mapping[UUID, str]) -> Entry:
    return Entry(
        entry.seq,
        entry.at,
        entry.actor_name,
        entry.roles,
        entry.address,
        entry.event,
        entry.object_type,
        entry.object_id,
        called.get(entry.object_id, str(entry.object_id)) if entry.object_id else "",
        entry.result,
        entry.reason,
        entry.fields,
        entry.count,
    )


def _cells(entry: AuditEntry) -> list[object]:
    return [
        entry.seq,
        entry.at.isoformat(timespec="milliseconds"),
        entry.actor_name,
        entry.roles,
        entry.address,
        entry.event,
        entry.object_type,
        entry.object_id or "",
        entry.result,
        entry.reason,
        entry.fields,
        "" if entry.count is None else entry.count,
    ]


def _harmless(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.lstrip().startswith(FORMULA_STARTS) else value
