"""The center, its agencies, and the people who sign in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.model import Base, coded
from domain.people import Role

THE_CENTER = 1
"""The id of the one row of Center: asking by it costs one question for each piece of work, however often."""


class Center(Base):
    """The one center that runs this site. One row, made at first run."""

    __tablename__ = "center"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(60))
    on_call_phone: Mapped[str] = mapped_column(String(60), default="")
    hotline_phone: Mapped[str] = mapped_column(String(60), default="")
    demo: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}


class Agency(Base):
    """An outside organization that refers children."""

    __tablename__ = "agency"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    team_partner: Mapped[bool] = mapped_column(default=False)
    """Under an agreement (multidisciplinary team): sees Accepted and whom to call. Off until the center decides."""
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}


class User(Base):
    """A person who signs in. Never removed, only deactivated: the history names them."""

    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(128), unique=True)
    """Folded (NFKC, case-folded); never given to somebody else later."""
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"), index=True)
    password_hash: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]

    roles: Mapped[list["UserRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}

    @property
    def held(self) -> frozenset[Role]:
        return frozenset(held.role for held in self.roles)


class UserRole(Base):
    """One role that a person holds."""

    __tablename__ = "user_role"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(coded(Role), primary_key=True)


class Counter(Base):
    """The last number given in a series: "referral-26" -> 41."""

    __tablename__ = "counter"
    audited = False

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class UsedKey(Base):
    """A one-use key of a drawn form, with what its act led to, so that a second click gives the same result."""

    __tablename__ = "used_key"
    audited = False

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    result_id: Mapped[UUID]
    used_at: Mapped[datetime]
