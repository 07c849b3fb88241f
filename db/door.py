"""Questions and conditional changes of the door: sessions, codes, attempts. A change tells by its row count who won."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Delete, Select, Update, delete, func, select, text, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, joinedload

from db.tables.people import Agency, Center, User, UserRole
from db.tables.sessions import (
    Attempt,
    EndedBy,
    HalfOpen,
    KnownDevice,
    Outcome,
    OutsideIdentity,
    PasswordAge,
    RecoveryCode,
    ResetCode,
    SecondFactor,
    SetupCode,
    UserSession,
)
from domain.people import Role


def won(session: Session, change: Update | Delete) -> bool:
    """Carry out a conditional change; whether it was this one that changed a row."""
    done = session.execute(change)
    assert isinstance(done, CursorResult)
    return done.rowcount > 0


def in_line(session: Session, what: str) -> None:
    """Let only one transaction at a time through for the same thing (SQLite has one writer anyway)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


# People


def person_called(username: str) -> Select[User]:
    return select(User).where(User.username == username)


def people() -> Select[User]:
    return select(User).order_by(User.name, User.username)


def center() -> Select[Center]:
    return select(Center).limit(1)


def agencies() -> Select[Agency]:
    return select(Agency).order_by(Agency.name)


def active_administrators() -> Select[int]:
    return (
        select(func.count())
        .select_from(UserRole)
        .join(User, User.id == UserRole.user_id)
        .where(UserRole.role == Role.ADMINISTRATOR, User.active)
    )


def people_with_second_factor() -> Select[UUID]:
    return select(SecondFactor.user_id).where(SecondFactor.confirmed_at.is_not(None))


def last_use() -> Select[UUID, datetime]:
    return select(UserSession.user_id, func.max(UserSession.used_at)).group_by(UserSession.user_id)


def people_per_agency() -> Select[UUID | None, int]:
    return select(User.agency_id, func.count()).where(User.active, User.agency_id.is_not(None)).group_by(User.agency_id)


def active_people_of(agency_id: UUID) -> Select[User]:
    return select(User).where(User.agency_id == agency_id, User.active)


def any_person() -> Select[UUID]:
    return select(User.id).limit(1)


# Sessions


def session_of_token(token_hash: str) -> Select[UserSession, User]:
    return (
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_hash == token_hash, UserSession.ended_at.is_(None))
        .options(joinedload(User.roles))
    )


def session_by_id(session_id: UUID) -> Select[UserSession, User]:
    return (
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.id == session_id)
        .options(joinedload(User.roles))
    )


def sessions_of(user_id: UUID) -> Select[UserSession]:
    return (
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.token_hash.is_not(None))
        .order_by(UserSession.used_at.desc())
    )


def redeem(ticket_hash: str, token_hash: str, now: datetime) -> Update:
    """Change a ticket for a token, once."""
    return (
        update(UserSession)
        .where(UserSession.ticket_hash == ticket_hash, UserSession.ticket_until > now, UserSession.ended_at.is_(None))
        .values(ticket_hash=None, ticket_until=None, token_hash=token_hash, made_at=now, used_at=now)
    )


def used(session_id: UUID, now: datetime) -> Update:
    return update(UserSession).where(UserSession.id == session_id, UserSession.ended_at.is_(None)).values(used_at=now)


def end_session(session_id: UUID, because: EndedBy, now: datetime) -> Update:
    return (
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(ended_at=now, ended_because=because)
    )


def end_sessions_of(user_id: UUID, because: EndedBy, now: datetime, *, but: UUID | None = None) -> Update:
    ended = update(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    if but is not None:
        ended = ended.where(UserSession.id != but)
    return ended.values(ended_at=now, ended_because=because)


def end_every_session(because: EndedBy, now: datetime) -> Update:
    """End every session of everybody: after a restore all sign in again."""
    return update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=now, ended_because=because)


def session_of_ticket(ticket_hash: str) -> Select[UserSession, User]:
    return (
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.ticket_hash == ticket_hash)
    )


# Devices


def known_device(token_hash: str, user_id: UUID) -> Select[KnownDevice]:
    return select(KnownDevice).where(KnownDevice.token_hash == token_hash, KnownDevice.user_id == user_id)


def device_given_out(token_hash: str) -> Select[UUID]:
    return select(KnownDevice.id).where(KnownDevice.token_hash == token_hash).limit(1)


# Half-open sign-ins


def half_open(token_hash: str, now: datetime) -> Select[HalfOpen, User]:
    return (
        select(HalfOpen, User)
        .join(User, User.id == HalfOpen.user_id)
        .where(HalfOpen.token_hash == token_hash, HalfOpen.used_at.is_(None), HalfOpen.until > now)
    )


def close_half_open(half_open_id: UUID, now: datetime) -> Update:
    return update(HalfOpen).where(HalfOpen.id == half_open_id, HalfOpen.used_at.is_(None)).values(used_at=now)


# Second factor


def second_factor(user_id: UUID) -> Select[SecondFactor]:
    return select(SecondFactor).where(SecondFactor.user_id == user_id)


def take_step(user_id: UUID, step: int) -> Update:
    """Use up a 30-second step: only one of two threads wins it, and an earlier one is gone for good."""
    return (
        update(SecondFactor)
        .where(SecondFactor.user_id == user_id, SecondFactor.last_step < step)
        .values(last_step=step)
    )


def recovery_codes_left(user_id: UUID) -> Select[int]:
    return select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))


def use_recovery_code(user_id: UUID, code_hash: str, now: datetime) -> Update:
    return (
        update(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
    )


def forget_recovery_codes(user_id: UUID) -> Delete:
    return delete(RecoveryCode).where(RecoveryCode.user_id == user_id)


def forget_second_factor(user_id: UUID) -> Delete:
    return delete(SecondFactor).where(SecondFactor.user_id == user_id)


# Codes that administrators and the console hand out


def use_reset_code(user_id: UUID, code_hash: str, now: datetime) -> Update:
    return (
        update(ResetCode)
        .where(
            ResetCode.user_id == user_id,
            ResetCode.code_hash == code_hash,
            ResetCode.used_at.is_(None),
            ResetCode.until > now,
        )
        .values(used_at=now)
    )


def good_reset_code(user_id: UUID, code_hash: str, now: datetime) -> Select[UUID]:
    return select(ResetCode.id).where(
        ResetCode.user_id == user_id,
        ResetCode.code_hash == code_hash,
        ResetCode.used_at.is_(None),
        ResetCode.until > now,
    )


def forget_reset_codes(user_id: UUID) -> Delete:
    return delete(ResetCode).where(ResetCode.user_id == user_id)


def setup_code() -> Select[SetupCode]:
    return select(SetupCode).where(SetupCode.id == 1)


def use_setup_code(code_hash: str, now: datetime) -> Update:
    return (
        update(SetupCode)
        .where(SetupCode.id == 1, SetupCode.code_hash == code_hash, SetupCode.used_at.is_(None))
        .values(used_at=now)
    )


# Guesses


def wrong_guesses(account: str, since: datetime, *, address: str, device_id: UUID | None) -> Select[datetime]:
    """Wrong guesses at the account from here (this address, or this known device) since the last right one."""
    here = Attempt.device_id == device_id if device_id else (Attempt.address == address) & Attempt.device_id.is_(None)
    last_right = (
        select(func.max(Attempt.at))
        .where(Attempt.account == account, here, Attempt.outcome == Outcome.RIGHT)
        .scalar_subquery()
    )
    return (
        select(Attempt.at)
        .where(
            Attempt.account == account,
            here,
            Attempt.at > since,
            Attempt.outcome.in_((Outcome.WRONG, Outcome.OPEN)),
            (last_right.is_(None)) | (Attempt.at > last_right),
        )
        .order_by(Attempt.at)
    )


def guesses_from(address: str, since: datetime) -> Select[datetime]:
    return (
        select(Attempt.at)
        .where(Attempt.address == address, Attempt.at > since, Attempt.outcome != Outcome.RIGHT)
        .order_by(Attempt.at)
    )


def guesses_at(account: str, since: datetime) -> Select[datetime]:
    return (
        select(Attempt.at)
        .where(
            Attempt.account == account,
            Attempt.device_id.is_(None),
            Attempt.at > since,
            Attempt.outcome.in_((Outcome.WRONG, Outcome.OPEN)),
        )
        .order_by(Attempt.at)
    )


def guesses_by_strangers(since: datetime) -> Select[datetime]:
    return (
        select(Attempt.at)
        .where(Attempt.device_id.is_(None), Attempt.at > since, Attempt.outcome != Outcome.RIGHT)
        .order_by(Attempt.at)
    )


def forget_attempts(before: datetime) -> Delete:
    return delete(Attempt).where(Attempt.at < before)


def forget_guesses_at(account: str) -> Delete:
    return delete(Attempt).where(Attempt.account == account)


# Passwords and outside identities


def password_age(user_id: UUID) -> Select[PasswordAge]:
    return select(PasswordAge).where(PasswordAge.user_id == user_id)


def person_behind(issuer: str, subject: str) -> Select[User]:
    return (
        select(User)
        .join(OutsideIdentity, OutsideIdentity.user_id == User.id)
        .where(OutsideIdentity.issuer == issuer, OutsideIdentity.subject == subject)
    )


def people_with_outside_account() -> Select[UUID]:
    return select(OutsideIdentity.user_id).distinct()


def forget_outside(user_id: UUID) -> Delete:
    return delete(OutsideIdentity).where(OutsideIdentity.user_id == user_id)
