"""Enrolling an authenticator app, at the first sign-in that asks for it or from one's own account."""

from dataclasses import dataclass

from actions.accounts.sessions import open_session, password_fresh, refuse_stale, rules
from actions.accounts.sign_in import Asked, Opened, ajar
from actions.accounts.visitors import CODE_NOT_RIGHT, START_AGAIN, Visitor, open_to_strangers
from actions.work import Work, at_the_door, permitted
from db import door
from db.tables.people import User
from db.tables.sessions import HalfOpen, HalfOpenKind, RecoveryCode, SecondFactor
from domain import second_factor
from domain.codes import digest
from domain.permissions import Permission
from domain.refusals import Refused


@dataclass(frozen=True)
class Enrolment:
    """What the person gives their authenticator app: a picture, or the key typed by hand."""

    key: str
    picture: str


@dataclass(frozen=True)
class Account:
    """A person's own account, as its screen shows it."""

    name: str
    username: str
    roles: tuple[str, ...]
    second_factor: bool
    second_factor_required: bool
    recovery_codes_left: int
    password_fresh: bool


@open_to_strangers("a second factor is asked for before the first session begins")
def begin_enrolment(half_open: str) -> Enrolment:
    """Show a person who must have a second factor what to give to their app."""
    with at_the_door() as work:
        _, user = _found(work, half_open, HalfOpenKind.ENROL)
        return _enrolment(work, user)


@open_to_strangers("a second factor is asked for before the first session begins")
def confirm_enrolment(half_open: str, code: str, visitor: Visitor) -> tuple[Asked, list[str]]:
    """Take the app's first code; gives ten recovery codes, shown this once, and the last step of signing in."""
    with at_the_door(visitor.address) as work:
        row, user = _found(work, half_open, HalfOpenKind.ENROL)
        if _confirm(work, user, code) and door.won(work.session, door.close_half_open(row.id, work.now)):
            last = Asked(HalfOpenKind.RECOVERY_CODES, ajar(work, user, HalfOpenKind.RECOVERY_CODES, visitor), user.id)
            return last, _fresh_recovery_codes(work, user)
    raise Refused(CODE_NOT_RIGHT)


@open_to_strangers("the last step of signing in: the recovery codes were kept")
def finish_enrolment(half_open: str, visitor: Visitor) -> Opened:
    """Begin the session of somebody who has just enrolled."""
    with at_the_door(visitor.address) as work:
        row, user = _found(work, half_open, HalfOpenKind.RECOVERY_CODES)
        if door.won(work.session, door.close_half_open(row.id, work.now)):
            return Opened(open_session(work, user, visitor))
    raise Refused(START_AGAIN)


@permitted(Permission.OWN_ACCOUNT)
def account(work: Work) -> Account:
    """One's own account."""
    user = work.session.get_one(User, work.actor.user_id)
    factor = work.session.scalars(door.second_factor(user.id)).one_or_none()
    return Account(
        user.name,
        user.username,
        tuple(sorted(role.label for role in user.held)),
        second_factor=factor is not None and factor.confirmed_at is not None,
        second_factor_required=rules(work).asks_second_factor(user.held),
        recovery_codes_left=work.session.scalars(door.recovery_codes_left(user.id)).one(),
        password_fresh=password_fresh(work),
    )


@permitted(Permission.OWN_ACCOUNT)
def begin_own_enrolment(work: Work) -> Enrolment:
    """Start to use an authenticator app, by choice."""
    refuse_stale(work)
    return _enrolment(work, work.session.get_one(User, work.actor.user_id))


@permitted(Permission.OWN_ACCOUNT)
def confirm_own_enrolment(work: Work, code: str) -> list[str]:
    """Take the app's first code; gives ten recovery codes, shown this once."""
    refuse_stale(work)
    user = work.session.get_one(User, work.actor.user_id)
    if not _confirm(work, user, code):
        raise Refused(CODE_NOT_RIGHT)
    return _fresh_recovery_codes(work, user)


@permitted(Permission.OWN_ACCOUNT)
def new_recovery_codes(work: Work) -> list[str]:
    """Ten new recovery codes; the old ones die."""
    refuse_stale(work)
    return _fresh_recovery_codes(work, work.session.get_one(User, work.actor.user_id))


@permitted(Permission.OWN_ACCOUNT)
def remove_own_second_factor(work: Work) -> None:
    """Stop using an authenticator app, where the role does not require one."""
    refuse_stale(work)
    user = work.session.get_one(User, work.actor.user_id)
    if rules(work).asks_second_factor(user.held):
        raise Refused("Your role requires a second factor. For a new phone, use a recovery code and enrol again.")
    forget(work, user)


def forget(work: Work, user: User) -> None:
    """Forget a person's authenticator app and recovery codes."""
    work.session.execute(door.forget_recovery_codes(user.id))
    work.session.execute(door.forget_second_factor(user.id))
    work.record("auth.totp_removed", "user", user.id)


def _found(work: Work, half_open: str, kind: HalfOpenKind) -> tuple[HalfOpen, User]:
    found = work.session.execute(door.half_open(digest(half_open), work.now)).first()
    if found is None or found[0].kind is not kind:
        raise Refused(START_AGAIN)
    return found[0], found[1]


def _enrolment(work: Work, user: User) -> Enrolment:
    """The same seed until it is confirmed, so that a reload of the page does not change the picture."""
    secret = work.session.info["secret"]
    factor = work.session.scalars(door.second_factor(user.id)).one_or_none()
    if factor is None:
        factor = SecondFactor(user_id=user.id, sealed_seed=second_factor.sealed(second_factor.new_seed(), secret))
        work.session.add(factor)
        work.record("auth.totp_begun", "user", user.id)
    elif factor.confirmed_at is not None:
        raise Refused("You already use an authenticator app. Remove it first to use another.")
    seed = second_factor.unsealed(factor.sealed_seed, secret)
    center = work.session.scalars(door.center()).one()
    return Enrolment(seed, second_factor.picture(second_factor.address_for_app(seed, user.username, center.name)))


def _confirm(work: Work, user: User, code: str) -> bool:
    factor = work.session.scalars(door.second_factor(user.id)).one_or_none()
    if factor is None or factor.confirmed_at is not None:
        return False
    step = second_factor.step_of(
        second_factor.unsealed(factor.sealed_seed, work.session.info["secret"]), code, work.now
    )
    if step is None or not door.won(work.session, door.take_step(user.id, step)):
        return False
    factor.confirmed_at, factor.last_step = work.now, step
    work.record("auth.totp_enrolled", "user", user.id)
    return True


def _fresh_recovery_codes(work: Work, user: User) -> list[str]:
    work.session.execute(door.forget_recovery_codes(user.id))
    codes = second_factor.recovery_codes()
    secret = work.session.info["secret"]
    work.session.add_all(
        RecoveryCode(user_id=user.id, code_hash=second_factor.kept_code(code, secret)) for code in codes
    )
    work.record("auth.recovery_codes_made", "user", user.id, count=len(codes))
    return codes
