"""What is decided later: files of one child, late words that count, a household's child begun, a print made."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.model import Base


class ClientMerge(Base):
    """Two files are one child; withdrawing the decision undoes it. At most one stands for a file that ended."""

    __tablename__ = "client_merge"
    __table_args__ = (
        Index(
            "uq_client_merge_standing",
            "ended_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), index=True)
    """The file that goes on."""
    ended_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), index=True)
    """The file that stays as it was and points at the one that goes on."""
    choices: Mapped[str] = mapped_column(Text)
    """Canonical JSON: what was chosen, how both files stood before, and how the child's file stood after."""
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    undone_by_name: Mapped[str] = mapped_column(String(200), default="")
    undone_at: Mapped[datetime | None]
    undone_reason: Mapped[str] = mapped_column(Text, default="")


class LateWord(Base):
    """What was decided about something that an agency said after its referral was merged: taken over, or only seen."""

    __tablename__ = "late_word"
    __table_args__ = (UniqueConstraint("result_id", "word_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    result_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    word_id: Mapped[UUID]
    """The addition, or the answered question."""
    taken_over: Mapped[bool]
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class WithdrawalAsked(Base):
    """An addition by which an agency asked to withdraw a referral that had been merged: staff decide."""

    __tablename__ = "withdrawal_asked"
    audited = False

    addition_id: Mapped[UUID] = mapped_column(ForeignKey("addition.id"), primary_key=True)


class HouseholdStart(Base):
    """The child of a household, listed in another referral, for whom a linked referral was started."""

    __tablename__ = "household_start"
    __table_args__ = (Index("ix_household_start_from", "from_id", "row"),)
    audited = False

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    from_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    row: Mapped[str] = mapped_column(String(80))


class Printout(Base):
    """A referral was printed in full: by whom, when and why."""

    __tablename__ = "printout"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
