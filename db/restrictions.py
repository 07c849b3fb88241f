"""Questions about restricted records: by number, who is named, what was opened in an emergency."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Delete, Select, and_, delete, or_, select
from sqlalchemy.orm import aliased

from db.queries import visible_referrals
from db.tables.audit import AuditEntry
from db.tables.clients import Client
from db.tables.people import User, UserRole
from db.tables.referrals import Named, Referral
from domain.lifecycle import Status
from domain.people import CENTER_ROLES, Actor


def referral_numbered(number: str) -> Select[Referral]:
    return select(Referral).where(Referral.number == number)


def seen_referral(actor: Actor, referral_id: UUID) -> Select[Referral]:
    return visible_referrals(actor).where(Referral.id == referral_id)


def client_numbered(number: str) -> Select[Client]:
    return select(Client).where(Client.number == number)


def named_on(record_id: UUID) -> Select[Named]:
    return select(Named).where(Named.record_id == record_id)


def forget_named(record_id: UUID) -> Delete:
    return delete(Named).where(Named.record_id == record_id)


def merged_with(referral: Referral) -> Select[Referral]:
    """What a referral is merged into, and what is merged into it; an undone merge is none."""
    sources = and_(Referral.merged_into_id == referral.id, Referral.status == Status.MERGED)
    if referral.merged_into_id is None or referral.status is not Status.MERGED:
        return select(Referral).where(sources)
    return select(Referral).where(or_(sources, Referral.id == referral.merged_into_id))


def open_beside_a_restricted_result() -> Select[Referral]:
    """Merged referrals that everybody may see though their result is restricted: merged by an earlier program."""
    result = aliased(Referral)
    return (
        select(Referral)
        .join(result, result.id == Referral.merged_into_id)
        .where(Referral.status == Status.MERGED, Referral.restricted.is_(False), result.restricted.is_(True))
    )


def files_with(client: Client) -> Select[Client]:
    """The file that this one was merged into, and those that were merged into it."""
    of_one = or_(Client.merged_into_id == client.id, Client.id == client.merged_into_id)
    return select(Client).where(of_one)


def restricted_since(record_id: UUID, moment: datetime) -> Select[int]:
    """Whether somebody restricted a record after a moment, by the trail."""
    of_it = and_(AuditEntry.object_id == record_id, AuditEntry.event == "referral.restricted", AuditEntry.at > moment)
    return select(AuditEntry.seq).where(of_it).limit(1)


def over(now: datetime) -> Select[Named]:
    """Emergency openings whose time is over and that nobody has closed yet."""
    return select(Named).where(Named.until.is_not(None), Named.until <= now)


def opened_since(since: datetime) -> Select[AuditEntry]:
    return (
        select(AuditEntry)
        .where(AuditEntry.event == "record.break_glass_opened", AuditEntry.at >= since)
        .order_by(AuditEntry.seq.desc())
    )


def people_of_center() -> Select[UUID, str]:
    """Active people of the center, who may be named on a restricted record."""
    return (
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, UserRole.role.in_(CENTER_ROLES))
        .distinct()
        .order_by(User.name)
    )
