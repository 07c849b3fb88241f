"""Questions to the audit trail."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, func, select, union_all

from db.tables.audit import AuditEntry
from db.tables.clients import Case, Client
from db.tables.people import Agency, User
from db.tables.referrals import Referral

Question = Select[AuditEntry]


def entries(
    *,
    person: UUID | None = None,
    record: UUID | None = None,
    events: tuple[str, ...] = (),
    result: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
) -> Select[AuditEntry]:
    """Entries that answer to all that is asked, newest first; `before` is the number of an entry."""
    wanted = select(AuditEntry)
    if person is not None:
        wanted = wanted.where(AuditEntry.actor_id == person)
    if record is not None:
        wanted = wanted.where(AuditEntry.object_id == record)
    if events:
        wanted = wanted.where(AuditEntry.event.in_(events))
    if result:
        wanted = wanted.where(AuditEntry.result == result)
    if since is not None:
        wanted = wanted.where(AuditEntry.at >= since)
    if until is not None:
        wanted = wanted.where(AuditEntry.at < until)
    if before is not None:
        wanted = wanted.where(AuditEntry.seq < before)
    return wanted.order_by(AuditEntry.seq.desc())


def count_of(wanted: Select[AuditEntry]) -> Select[int]:
    """How many entries a question has."""
    return select(func.count()).select_from(wanted.order_by(None).subquery())


def looks_at(record: UUID, events: tuple[str, ...]) -> Select[Any, str, datetime, datetime, int]:
    """Who looked at a record: person, name, first and last time, how often; last first."""
    return (
        select(
            AuditEntry.actor_id,
            func.max(AuditEntry.actor_name),
            func.min(AuditEntry.at),
            func.max(AuditEntry.at),
            func.count(),
        )
        .where(AuditEntry.object_id == record, AuditEntry.event.in_(events))
        .group_by(AuditEntry.actor_id)
        .order_by(func.max(AuditEntry.at).desc())
    )


def people_in_the_trail() -> Select[UUID, str]:
    """Everybody who may stand in the trail, by name."""
    return select(User.id, User.name).order_by(User.name)


NAMED = ((Referral, Referral.number), (Client, Client.number), (Case, Case.number), (User, User.username))
"""What people call a record of each table by, and may type."""


def called(ids: Collection[UUID]) -> CompoundSelect[UUID, str]:
    """What people call these records; those that have no number or name are left out."""
    parts = [select(table.id, name).where(table.id.in_(ids), name.is_not(None)) for table, name in NAMED]
    return union_all(*parts, select(Agency.id, Agency.name).where(Agency.id.in_(ids)))


def record_called(word: str) -> CompoundSelect[UUID]:
    """The record with this number or user name."""
    return union_all(*(select(table.id).where(func.lower(name) == word.lower()) for table, name in NAMED))
