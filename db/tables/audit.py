"""The audit trail: one row per act, each chained to the one before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.model import Base


class AuditEntry(Base):
    """Who did what to which record, when, from where, with what result. Never a child's data."""

    __tablename__ = "audit_entry"
    audited = False
    __table_args__ = (
        Index("ix_audit_entry_object", "object_id", "at"),
        Index("ix_audit_entry_actor", "actor_id", "at"),
        Index("ix_audit_entry_event", "event", "at"),
        Index("ix_audit_entry_at", "at"),
    )

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    roles: Mapped[str] = mapped_column(String(200), default="")
    agency_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    address: Mapped[str] = mapped_column(String(60), default="")
    event: Mapped[str] = mapped_column(String(60))
    object_type: Mapped[str] = mapped_column(String(40), default="")
    object_id: Mapped[UUID | None]
    object_version: Mapped[int | None]
    result: Mapped[str] = mapped_column(String(10))
    """ok, refused or failed."""
    reason: Mapped[str] = mapped_column(String(200), default="")
    fields: Mapped[str] = mapped_column(Text, default="")
    """Names of changed fields, comma-separated; never their values."""
    count: Mapped[int | None]
    app_version: Mapped[str] = mapped_column(String(20), default="")
    previous_mac: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))
