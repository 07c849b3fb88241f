"""Who is signed in, by what proof, and who has been guessing: sessions, second factors, codes and attempts."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.model import Base, coded

CLOCK_SKEW = timedelta(minutes=10)


class EndedBy(StrEnum):
    """Why a session is over."""

    SIGN_OUT = "sign_out"
    IDLE = "idle"
    LIFETIME = "lifetime"
    REVOKED = "revoked"
    NEW_PASSWORD = "new_password"
    ROLES_CHANGED = "roles_changed"
    DEACTIVATED = "deactivated"
    RESTORED = "restored"


class UserSession(Base):
    """One session of one person. The browser holds a 256-bit token; only its SHA-256 is here."""

    __tablename__ = "user_session"
    audited = False

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """None until the one-time ticket was redeemed."""
    ticket_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    ticket_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime]
    """The last time a person did something; automatic reruns do not count."""
    idle_seconds: Mapped[int] = mapped_column(default=15 * 60)
    ends_at: Mapped[datetime]
    """Over at this moment however much it is used."""
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[EndedBy | None] = mapped_column(coded(EndedBy))
    address: Mapped[str] = mapped_column(String(60), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("known_device.id"))
    proved_at: Mapped[datetime | None]
    """When the password was last given: acts that need it again look here."""

    @property
    def idle_at(self) -> datetime:
        return self.used_at + timedelta(seconds=self.idle_seconds)

    def live(self, moment: datetime) -> bool:
        """Neither ended nor idle nor too old. A clock set back does not make it live longer."""
        return self.ended_at is None and self.used_at - CLOCK_SKEW <= moment < min(self.ends_at, self.idle_at)


class KnownDevice(Base):
    """A browser from which this person has signed in before; guesses from elsewhere never slow it."""

    __tablename__ = "known_device"
    audited = False

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), index=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class HalfOpenKind(StrEnum):
    """What is still missing before a session may begin."""

    CODE = "code"
    ENROL = "enrol"
    RECOVERY_CODES = "recovery_codes"
    NEW_PASSWORD = "new_password"


class HalfOpen(Base):
    """The password was right and something more is asked: a code, an enrolment, a new password."""

    __tablename__ = "half_open"
    audited = False

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind: Mapped[HalfOpenKind] = mapped_column(coded(HalfOpenKind))
    until: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(60), default="")
    used_at: Mapped[datetime | None]


class SecondFactor(Base):
    """A person's authenticator app. The seed is sealed with the site's key."""

    __tablename__ = "second_factor"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    sealed_seed: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None]
    """None while the person has not yet typed a first code."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The last 30-second step a code was taken for: a code works once."""


class RecoveryCode(Base):
    """One of ten one-use codes for when the phone is lost; only its hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class ResetCode(Base):
    """A one-time code an administrator hands over; with it a person chooses a new password."""

    __tablename__ = "reset_code"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    until: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SetupCode(Base):
    """The code that the console prints on an empty site; it dies with the first administrator."""

    __tablename__ = "setup_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Outcome(StrEnum):
    """What became of one attempt to sign in."""

    THROTTLED = "throttled"
    """Not checked at all; counts for the address only."""
    OPEN = "open"
    """Reserved: the check is running."""
    WRONG = "wrong"
    RIGHT = "right"


class Attempt(Base):
    """One guess at a password or a code, for throttling; forgotten after a day."""

    __tablename__ = "attempt"
    audited = False
    __table_args__ = (
        Index("ix_attempt_account", "account", "at"),
        Index("ix_attempt_address", "address", "at"),
        Index("ix_attempt_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the folded user name: a mistyped name is not kept."""
    address: Mapped[str] = mapped_column(String(60))
    device_id: Mapped[UUID | None]
    """Set when the attempt came from a device this account is known on."""
    at: Mapped[datetime]
    outcome: Mapped[Outcome] = mapped_column(coded(Outcome))


class PasswordAge(Base):
    """When a password was set; read only where a center is bound to let passwords expire."""

    __tablename__ = "password_age"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    set_at: Mapped[datetime]


class OutsideIdentity(Base):
    """An OpenID Connect identity (issuer and subject) mapped to a person made beforehand."""

    __tablename__ = "outside_identity"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(400))
    subject: Mapped[str] = mapped_column(String(255))
    mapped_at: Mapped[datetime]

    __table_args__ = (Index("ix_outside_identity_who", "issuer", "subject", unique=True),)
