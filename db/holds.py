"""Legal holds that stand, and which records hold the same child's words as another one."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import date, tzinfo
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from db.tables.clients import Client
from db.tables.referrals import ImportDecision, MergeDecision, MergeSource, Referral
from db.tables.retention import LegalHold
from domain.retention import Hold, Kin

Rows: TypeAlias = Select[*tuple[Any, ...]]
AT_ONCE = 500


def standing() -> Select[LegalHold]:
    """Every hold that nobody lifted, oldest first."""
    return select(LegalHold).where(LegalHold.lifted_at.is_(None)).order_by(LegalHold.placed_at)


def placed_on(record_id: UUID) -> Select[LegalHold]:
    """The standing hold on this very record."""
    return standing().where(LegalHold.record_id == record_id)


def as_hold(row: LegalHold) -> Hold:
    """A kept hold as a value."""
    return Hold(row.id, row.scope, row.record_id, row.since, row.until)


def kin_of(session: Session, record_ids: Collection[UUID], zone: tzinfo) -> dict[UUID, Kin]:
    """For each referral or client: itself with every record that it was merged with or imported to, undone or not.

    The day on which a referral was begun is the day in `zone`.
    """
    near = _near(session, record_ids)
    families = _families(record_ids, near)
    members = {one for family in families.values() for one in family}
    agencies = {row[0]: (row[1], row[2].astimezone(zone).date()) for row in _in_parts(session, _begun, members)}
    made = {row[0]: row[1].astimezone(zone).date() for row in _in_parts(session, _made, members)}
    return {one: _kin(family, agencies, made) for one, family in families.items()}


def _kin(family: frozenset[UUID], agencies: dict[UUID, tuple[UUID | None, date]], made: dict[UUID, date]) -> Kin:
    clients = frozenset(one for one in family if one in made)
    begun = {agencies[one] for one in family if one in agencies} | {(None, made[one]) for one in clients}
    return Kin(family - clients, clients, frozenset(begun))


def _near(session: Session, record_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Who is directly joined with whom, walked outwards until nothing new is reached."""
    near: dict[UUID, set[UUID]] = defaultdict(set)
    seen, fresh = set(record_ids), set(record_ids)
    while fresh:
        found = set()
        for question in (_merged, _imported, _one_file):
            for one, other in _in_parts(session, question, fresh):
                near[one].add(other)
                near[other].add(one)
                found |= {one, other}
        fresh = found - seen
        seen |= fresh
    return near


def _families(record_ids: Collection[UUID], near: dict[UUID, set[UUID]]) -> dict[UUID, frozenset[UUID]]:
    families: dict[UUID, frozenset[UUID]] = {}
    for start in record_ids:
        if start in families:
            continue
        family, waiting = {start}, [start]
        while waiting:
            further = near.get(waiting.pop(), set()) - family
            family |= further
            waiting += further
        families |= dict.fromkeys(family & set(record_ids), frozenset(family))
    return families


def _merged(ids: Collection[UUID]) -> Rows:
    return (
        select(MergeSource.referral_id, MergeDecision.result_id)
        .join(MergeDecision, MergeDecision.id == MergeSource.merge_id)
        .where(or_(MergeSource.referral_id.in_(ids), MergeDecision.result_id.in_(ids)))
    )


def _imported(ids: Collection[UUID]) -> Rows:
    return select(ImportDecision.referral_id, ImportDecision.client_id).where(
        or_(ImportDecision.referral_id.in_(ids), ImportDecision.client_id.in_(ids))
    )


def _one_file(ids: Collection[UUID]) -> Rows:
    return select(Client.id, Client.merged_into_id).where(
        Client.merged_into_id.is_not(None), or_(Client.id.in_(ids), Client.merged_into_id.in_(ids))
    )


def _begun(ids: Collection[UUID]) -> Rows:
    return select(Referral.id, Referral.agency_id, Referral.made_at).where(Referral.id.in_(ids))


def _made(ids: Collection[UUID]) -> Rows:
    return select(Client.id, Client.made_at).where(Client.id.in_(ids))


def _in_parts(session: Session, question: Callable[[Collection[UUID]], Rows], ids: Collection[UUID]) -> Iterator[Any]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        yield from session.execute(question(ordered[start : start + AT_ONCE]))
