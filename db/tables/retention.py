"""Legal holds, and what was purged by retention rule: who asked, who agreed, which records, when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.model import Base, coded
from domain.retention import HeldScope, ItemKind, ItemOutcome


class LegalHold(Base):
    """Records that must be kept, whatever the rules say, until somebody lifts it."""

    __tablename__ = "legal_hold"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    scope: Mapped[HeldScope] = mapped_column(coded(HeldScope))
    record_id: Mapped[UUID | None] = mapped_column(index=True)
    """The referral, client or agency; None where everything is held."""
    since: Mapped[date | None]
    until: Mapped[date | None]
    """Only what was begun between these days, both included; None leaves that end open."""
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    placed_by_name: Mapped[str] = mapped_column(String(200))
    placed_at: Mapped[datetime]
    lift_asked_by: Mapped[UUID | None]
    lift_asked_by_name: Mapped[str] = mapped_column(String(200), default="")
    lift_asked_at: Mapped[datetime | None]
    lift_reason: Mapped[str] = mapped_column(Text, default="")
    lifted_by_name: Mapped[str] = mapped_column(String(200), default="")
    lifted_at: Mapped[datetime | None]


class Purge(Base):
    """One purge: asked for with a reason, agreed to by another person, carried out once; its certificate."""

    __tablename__ = "purge"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(20))
    """P-26-0001, given when it is carried out."""
    rules: Mapped[str] = mapped_column(Text)
    """Canonical JSON of the periods in days that ruled when it was asked for."""
    reason: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    requested_by_name: Mapped[str] = mapped_column(String(200))
    requested_at: Mapped[datetime]
    approved_by: Mapped[UUID | None]
    approved_by_name: Mapped[str] = mapped_column(String(200), default="")
    done_at: Mapped[datetime | None]
    withdrawn_by_name: Mapped[str] = mapped_column(String(200), default="")
    withdrawn_at: Mapped[datetime | None]
    rewritten_at: Mapped[datetime | None]
    """When the database's files were written anew, so that nothing of what was purged is left in them."""


class PurgeItem(Base):
    """One record of a purge, by id and number: never a name."""

    __tablename__ = "purge_item"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purge_id: Mapped[UUID] = mapped_column(ForeignKey("purge.id"), index=True)
    kind: Mapped[ItemKind] = mapped_column(coded(ItemKind))
    record_id: Mapped[UUID] = mapped_column(index=True)
    user_id: Mapped[UUID | None]
    """Whose half-typed work it is, where several people can have one for the same record."""
    number: Mapped[str] = mapped_column(String(20), default="")
    outcome: Mapped[ItemOutcome] = mapped_column(coded(ItemOutcome))
