"""What a case holds, version by version, and the clients who came without a referral."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.model import Base


class CaseVersion(Base):
    """The answers of a case as they stood after one change. Immutable; what was presented is kept apart."""

    __tablename__ = "case_version"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("client_case.id"))
    version: Mapped[int]
    answers: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(String(40))
    """import, import_undone, edit or walk_in."""
    referral_id: Mapped[UUID | None]
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class WalkInDecision(Base):
    """A client was added who came without a referral, after the same search as at import."""

    __tablename__ = "walk_in_decision"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("client_case.id"))
    strongest_grade: Mapped[str] = mapped_column(String(20), default="")
    override_reason: Mapped[str] = mapped_column(Text, default="")
    """Why the client was added although a strong match was shown."""
    evidence: Mapped[str] = mapped_column(Text, default="[]")
    """Canonical JSON of the candidates as they were shown."""
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class WalkInDraft(Base):
    """A half-typed walk-in client of one user."""

    __tablename__ = "walk_in_draft"
    audited = False

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    choices: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
