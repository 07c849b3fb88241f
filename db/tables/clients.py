"""Clients, every version of their profile, and their cases with what was presented."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.model import Base


class Client(Base):
    """A child in the center's own files, with the columns that lists and search need."""

    __tablename__ = "client"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
    """C-26-0007."""
    first_name: Mapped[str] = mapped_column(String(500), default="")
    middle_name: Mapped[str] = mapped_column(String(500), default="")
    last_name: Mapped[str] = mapped_column(String(500), default="")
    dob: Mapped[str] = mapped_column(String(10), default="")
    sex: Mapped[str] = mapped_column(String(10), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    """Made by an import that was undone."""
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("client.id"), index=True)
    restricted: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}


class ClientVersion(Base):
    """A client's profile as it stood after one change. Immutable."""

    __tablename__ = "client_version"
    __table_args__ = (UniqueConstraint("client_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    version: Mapped[int]
    answers: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(String(40))
    """import, import_undone, edit, walk_in or spreadsheet."""
    referral_id: Mapped[UUID | None]
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class Case(Base):
    """One occurrence of serving a client (CareNet: account)."""

    __tablename__ = "client_case"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), index=True)
    number: Mapped[str] = mapped_column(String(20))
    """26-0007."""
    opened_at: Mapped[datetime] = mapped_column(index=True)
    opened_by_name: Mapped[str] = mapped_column(String(200))
    closed_at: Mapped[datetime | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class CasePresenting(Base):
    """What was known when a referral came into a case: frozen, never changed."""

    __tablename__ = "case_presenting"
    __table_args__ = (UniqueConstraint("case_id", "referral_id", "frozen_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("client_case.id"), index=True)
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    submission_id: Mapped[UUID | None]
    answers: Mapped[str] = mapped_column(Text)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    frozen_by_name: Mapped[str] = mapped_column(String(200))
    frozen_at: Mapped[datetime]
