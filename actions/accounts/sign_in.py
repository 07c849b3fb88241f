"""From a user name and a password to a session, with whatever the door asks in between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from actions import site as sites
from actions.accounts.sessions import open_session, rules
from actions.accounts.throttling import Booked, Verdict, book, settle
from actions.accounts.visitors import CODE_NOT_RIGHT, NOT_RIGHT, START_AGAIN, Visitor, open_to_strangers
from actions.work import Work, at_the_door
from db import door, once
from db.tables.people import User
from db.tables.sessions import HalfOpen, HalfOpenKind, Outcome
from domain import passwords, second_factor
from domain.codes import digest, token
from domain.outside import NOT_PROVED, TOO_OLD, Proof, proof_of
from domain.refusals import Refused
from domain.usernames import folded

NOBODY_OUTSIDE = (
    "Nobody at this center is known under this account. Ask your administrator to connect it, "
    "or sign in with your user name and password."
)
PATIENCE = timedelta(minutes=10)
"""How long the door waits for the second step."""


@dataclass(frozen=True)
class Opened:
    """The person is who they say: the browser may change this ticket for a session."""

    ticket: str


@dataclass(frozen=True)
class Asked:
    """The password was right; `kind` says what is still asked. The token carries the half-open sign-in on."""

    kind: HalfOpenKind
    token: str
    user_id: UUID


@open_to_strangers("this is how one stops being a stranger")
def sign_in(username: str, password: str, visitor: Visitor) -> Opened | Asked:
    """Check a password; refuses a wrong one, an unknown or deactivated person and a throttled guess alike."""
    booked = book(folded(username), visitor)
    fits = passwords.fits(password, booked.kept)
    user = booked.user
    right = fits and user is not None and user.active
    renewed = passwords.hashed(password) if right and passwords.outdated(booked.kept) else None
    with at_the_door(visitor.address) as work:
        if right and user is not None:
            return _password_was_right(work, booked, user.id, renewed, visitor)
        _password_was_wrong(work, booked)
    raise Refused(NOT_RIGHT)


@open_to_strangers("the second step of signing in")
def answer_code(half_open: str, code: str, visitor: Visitor) -> Opened:
    """Take a code of the authenticator app, or a recovery code; each works once."""
    with at_the_door(visitor.address) as work:
        found = work.session.execute(door.half_open(digest(half_open), work.now)).first()
    if found is None or found[0].kind is not HalfOpenKind.CODE:
        raise Refused(START_AGAIN)
    booked = book(found[1].username, visitor)
    with at_the_door(visitor.address) as work:
        known = booked.verdict is Verdict.CHECK and _take_code(work, found[1].id, code)
        if known and door.won(work.session, door.close_half_open(found[0].id, work.now)):
            settle(work, booked, Outcome.RIGHT)
            return Opened(open_session(work, work.session.get_one(User, found[1].id), visitor))
        _code_was_wrong(work, booked)
    raise Refused(CODE_NOT_RIGHT)


@open_to_strangers("the center's identity provider vouched; the person was made beforehand")
def sign_in_from_outside(claims: Mapping[str, object], visitor: Visitor) -> Opened:
    """Open a session for the person mapped to an OpenID Connect identity; makes nobody, and takes a proof once.

    `claims` are those of a token whose signature, nonce and state the library has checked.
    """
    provider = sites.present().settings.outside
    if provider is None:
        raise Refused(NOT_PROVED)
    with at_the_door(visitor.address) as work:
        try:
            proof = proof_of(claims, issuer=provider.issuer, client_id=provider.client_id, now=work.now)
            user = work.session.scalars(door.person_behind(proof.issuer, proof.subject)).one_or_none()
            if user is not None and user.active:
                _take_once(work, proof, user)
                return Opened(open_session(work, user, visitor))
            why, refusal = "outside", Refused(NOBODY_OUTSIDE)
        except Refused as found:
            user, why, refusal = None, "outside: proof", found
        work.record("auth.login_failed", "user", user.id if user else None, reason=why, result="failed")
    raise refusal


@open_to_strangers("what the sign-in page offers beside the password")
def outside_sign_in() -> str:
    """What the button of the center's identity provider says after "Sign in with", or nothing where there is none."""
    provider = sites.present().settings.outside
    return provider.name if provider else ""


def next_step(work: Work, user: User, visitor: Visitor) -> Opened | Asked:
    """What the door asks of a person whose password was right, or their ticket when nothing is missing."""
    kind = _missing(work, user)
    if kind is None:
        return Opened(open_session(work, user, visitor))
    return Asked(kind, ajar(work, user, kind, visitor), user.id)


def ajar(work: Work, user: User, kind: HalfOpenKind, visitor: Visitor) -> str:
    """Leave the door ajar for one more step; gives the token that carries it on."""
    carried = token()
    work.session.add(
        HalfOpen(
            token_hash=digest(carried),
            user_id=user.id,
            kind=kind,
            until=work.now + PATIENCE,
            address=visitor.address,
        )
    )
    return carried


def _take_once(work: Work, proof: Proof, user: User) -> None:
    fresh = uuid4()
    if once.claim(work.session, proof.mark, user.id, fresh, work.now) != fresh:
        raise Refused(TOO_OLD)


def _missing(work: Work, user: User) -> HalfOpenKind | None:
    decided = rules(work)
    if _password_expired(work, user, decided.password_days):
        return HalfOpenKind.NEW_PASSWORD
    factor = work.session.scalars(door.second_factor(user.id)).one_or_none()
    if factor is not None and factor.confirmed_at is not None:
        return HalfOpenKind.CODE
    return HalfOpenKind.ENROL if decided.asks_second_factor(user.held) else None


def _password_expired(work: Work, user: User, days: int) -> bool:
    age = work.session.scalars(door.password_age(user.id)).one_or_none() if days else None
    return age is not None and work.now - age.set_at > timedelta(days=days)


def _password_was_right(
    work: Work, booked: Booked, user_id: UUID, renewed: str | None, visitor: Visitor
) -> Opened | Asked:
    user = work.session.get_one(User, user_id)
    settle(work, booked, Outcome.RIGHT)
    if renewed:
        user.password_hash = renewed
        work.record("auth.password_rehashed", "user", user.id)
    return next_step(work, user, visitor)


def _password_was_wrong(work: Work, booked: Booked) -> None:
    settle(work, booked, Outcome.WRONG)
    why = "unknown" if booked.user is None else "known" if booked.user.active else "deactivated"
    user_id = booked.user.id if booked.user else None
    if booked.verdict is Verdict.CHECK:
        work.record("auth.login_failed", "user", user_id, reason=why, result="failed")


def _take_code(work: Work, user_id: UUID, code: str) -> bool:
    factor = work.session.scalars(door.second_factor(user_id)).one_or_none()
    if factor is None:
        return False
    seed = second_factor.unsealed(factor.sealed_seed, work.session.info["secret"])
    step = second_factor.step_of(seed, code, work.now)
    if step is not None:
        return door.won(work.session, door.take_step(user_id, step))
    kept = second_factor.kept_code(code, work.session.info["secret"])
    if door.won(work.session, door.use_recovery_code(user_id, kept, work.now)):
        work.record("auth.recovery_code_used", "user", user_id)
        return True
    return False


def _code_was_wrong(work: Work, booked: Booked) -> None:
    settle(work, booked, Outcome.WRONG)
    user_id = booked.user.id if booked.user else None
    work.record("auth.login_failed", "user", user_id, reason="code", result="failed")
