"""What the rules make due, as statements, and how the database's files are written anew after a purge."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from db import queries
from db.tables.cases import WalkInDraft
from db.tables.people import Agency, User, UserRole
from db.tables.referrals import Draft, IntakeDraft, Referral, StatusChange
from db.tables.retention import Purge, PurgeItem
from domain.lifecycle import Status, Step
from domain.people import Actor
from domain.permissions import GRANTS, Permission
from domain.retention import Due, ItemKind, Periods

Rows: TypeAlias = Select[*tuple[Any, ...]]


def due(session: Session, periods: Periods, now: datetime) -> Iterator[Due]:
    """Every record that a rule makes due at this moment, whether held or not."""
    yield from _in_the_bin(session, periods.cutoff(ItemKind.REFERRAL, now))
    for referral_id, since in session.execute(_old_drafts(periods.cutoff(ItemKind.DRAFT, now))):
        yield Due(ItemKind.DRAFT, referral_id, since)
    for referral_id, user_id, since in session.execute(_old_intakes(periods.cutoff(ItemKind.INTAKE_DRAFT, now))):
        yield Due(ItemKind.INTAKE_DRAFT, referral_id, since, user_id=user_id)
    for user_id, since in session.execute(_old_walk_ins(periods.cutoff(ItemKind.WALK_IN_DRAFT, now))):
        yield Due(ItemKind.WALK_IN_DRAFT, user_id, since, user_id=user_id)


def unanswered(actor: Actor, before: datetime) -> Rows:
    """Returned referrals whose agency neither answered nor wrote on since before this moment, oldest first."""
    return (
        queries.visible_referrals(actor)
        .join(StatusChange, _newest_step())
        .outerjoin(Agency, Agency.id == Referral.agency_id)
        .outerjoin(Draft, Draft.referral_id == Referral.id)
        .where(
            Referral.status == Status.REJECTED,
            StatusChange.step == Step.REJECT,
            StatusChange.at < before,
            or_(Draft.saved_at.is_(None), Draft.saved_at < before),
        )
        .order_by(StatusChange.at)
        .add_columns(Agency.name, StatusChange.at)
    )


def waiting_request() -> Select[Purge]:
    """The purge that was asked for and is neither carried out nor withdrawn."""
    return select(Purge).where(Purge.done_at.is_(None), Purge.withdrawn_at.is_(None)).order_by(Purge.requested_at)


def carried_out() -> Select[Purge]:
    """Purges that were carried out, newest first."""
    return select(Purge).where(Purge.done_at.is_not(None)).order_by(Purge.done_at.desc())


def not_written_anew() -> Select[Purge]:
    """Purges after which the files still have to be written anew."""
    return carried_out().where(Purge.rewritten_at.is_(None))


def items_of(purge_ids: Collection[UUID]) -> Select[PurgeItem]:
    """The records of some purges, by number."""
    return select(PurgeItem).where(PurgeItem.purge_id.in_(purge_ids)).order_by(PurgeItem.number, PurgeItem.record_id)


def others_who_agree(user_id: UUID) -> Select[UUID]:
    """Other active people who could agree to a purge."""
    return (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, User.id != user_id, UserRole.role.in_(GRANTS[Permission.APPROVE_PURGES]))
        .limit(1)
    )


def _newest_step() -> Any:
    return and_(StatusChange.referral_id == Referral.id, StatusChange.ordinal == Referral.steps)


def _in_the_bin(session: Session, before: datetime) -> Iterator[Due]:
    """What was deleted before this moment, each with the sources that are merged into it: they go as it goes."""
    deleted = (
        select(Referral.id, Referral.number, StatusChange.at.label("since"))
        .join(StatusChange, _newest_step())
        .where(Referral.status == Status.DELETED, Referral.purge_id.is_(None), StatusChange.at < before)
    )
    first = deleted.cte("gone", recursive=True)
    source = aliased(Referral)
    merged = (
        select(source.id, source.number, first.c.since)
        .join(first, source.merged_into_id == first.c.id)
        .where(source.status == Status.MERGED, source.purge_id.is_(None))
    )
    for referral_id, number, since in session.execute(select(first.union_all(merged))):
        yield Due(ItemKind.REFERRAL, referral_id, since, number or "")


def _old_drafts(before: datetime) -> Rows:
    touched = func.coalesce(Draft.saved_at, Referral.changed_at)
    return (
        select(Referral.id, touched)
        .outerjoin(Draft, Draft.referral_id == Referral.id)
        .where(Referral.status == Status.DRAFT, touched < before)
    )


def _old_intakes(before: datetime) -> Rows:
    return select(IntakeDraft.referral_id, IntakeDraft.user_id, IntakeDraft.saved_at).where(
        IntakeDraft.saved_at < before
    )


def _old_walk_ins(before: datetime) -> Rows:
    return select(WalkInDraft.user_id, WalkInDraft.saved_at).where(WalkInDraft.saved_at < before)
