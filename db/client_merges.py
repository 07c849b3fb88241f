"""Questions about files that were merged, as statements."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from db.queries import not_restricted
from db.tables.clients import Client
from db.tables.decisions import ClientMerge
from db.tables.people import User
from db.tables.referrals import IntakeDraft, Named, Referral
from domain.people import Actor


def standing_end(client_id: UUID) -> Select[ClientMerge]:
    """The decision by which a file ended."""
    return select(ClientMerge).where(ClientMerge.ended_id == client_id, ClientMerge.undone_at.is_(None))


def newest_end(client_id: UUID) -> Select[ClientMerge]:
    """The last decision by which a file ended, undone or not."""
    return select(ClientMerge).where(ClientMerge.ended_id == client_id).order_by(ClientMerge.made_at.desc()).limit(1)


def held_by(client_id: UUID) -> Select[ClientMerge]:
    """The standing decisions that a file goes on from, oldest first."""
    return (
        select(ClientMerge)
        .where(ClientMerge.kept_id == client_id, ClientMerge.undone_at.is_(None))
        .order_by(ClientMerge.made_at)
    )


def decided_about(actor: Actor, client_id: UUID) -> Select[ClientMerge, Client]:
    """Every merge of a file with the other file, oldest first; of those undone only where the actor may open that."""
    other = aliased(Client)
    of_them = or_(
        and_(ClientMerge.kept_id == client_id, other.id == ClientMerge.ended_id),
        and_(ClientMerge.ended_id == client_id, other.id == ClientMerge.kept_id),
    )
    return (
        select(ClientMerge, other)
        .join(other, of_them)
        .where(or_(ClientMerge.undone_at.is_(None), not_restricted(other, actor)))
        .order_by(ClientMerge.made_at)
    )


def files_of(client_id: UUID) -> Select[Client]:
    """A file and every file that was merged into it."""
    return (
        select(Client).where(or_(Client.id == client_id, Client.merged_into_id == client_id)).order_by(Client.made_at)
    )


def gone_on(client_ids: Iterable[UUID]) -> Select[UUID, UUID | None]:
    """Of these files those that ended, each with the file that goes on."""
    return select(Client.id, Client.merged_into_id).where(
        Client.id.in_(list(client_ids)), Client.merged_into_id.is_not(None)
    )


def named_on(client_ids: Iterable[UUID]) -> Select[Named]:
    """Who may see these restricted files."""
    return select(Named).where(Named.record_id.in_(list(client_ids)))


def half_done_imports(client_id: UUID) -> Select[str, str | None, str]:
    """Half-done imports that name a client: what was chosen, the referral's number, and who has it."""
    return (
        select(IntakeDraft.choices, Referral.number, User.name)
        .join(Referral, Referral.id == IntakeDraft.referral_id)
        .join(User, User.id == IntakeDraft.user_id)
        .where(IntakeDraft.choices.contains(str(client_id)))
        .order_by(Referral.number)
    )
