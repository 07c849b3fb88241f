"""Sessions: made at sign-in, recognised by their token, dead at once when ended, in every tab and process."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from actions.accounts.visitors import NOT_RIGHT, Visitor, open_to_strangers
from actions.work import Work, at_the_door, now, permitted, working
from db import door, store
from db.tables.people import User
from db.tables.sessions import EndedBy, KnownDevice, UserSession
from domain import passwords
from domain.codes import digest, token
from domain.door_rules import DoorRules, door_rules
from domain.people import Actor
from domain.permissions import Permission
from domain.refusals import NotFound, Refused

FRESH = timedelta(minutes=5)
PROVE_FIRST = "Type your password again first, then do this once more."

TICKET = timedelta(seconds=60)
NOTED_EVERY = timedelta(seconds=30)
"""How coarsely use is written down: one small write per person and half minute."""


@dataclass(frozen=True)
class OpenSession:
    """One of a person's own sessions, as the account screen lists it."""

    id: UUID
    began_at: datetime
    used_at: datetime
    address: str
    browser: str
    this_one: bool


@dataclass(frozen=True)
class Redeemed:
    """What the browser gets for its ticket: a session token, and a device token when it had none."""

    token: str
    device: str
    lifetime: timedelta


@dataclass(frozen=True)
class Recognised:
    """A browser's session, found by its token."""

    session_id: UUID
    user_id: UUID


def rules(work: Work) -> DoorRules:
    """The center's decisions about the door."""
    center = work.session.scalars(door.center()).one_or_none()
    return door_rules(center.settings if center else {})


def open_session(work: Work, user: User, visitor: Visitor) -> str:
    """Make a session that begins when its one-time ticket is redeemed; gives the ticket."""
    decided = rules(work)
    ticket = token()
    session = UserSession(
        user_id=user.id,
        token_hash=None,
        ticket_hash=digest(ticket),
        ticket_until=work.now + TICKET,
        made_at=work.now,
        used_at=work.now,
        idle_seconds=int(decided.idle.total_seconds()),
        ends_at=work.now + decided.lifetime,
        address=visitor.address,
        browser=visitor.browser[:200],
        proved_at=work.now,
    )
    work.session.add(session)
    work.actor = Actor(user.id, user.name, user.held, user.agency_id, session.id)
    work.record("auth.login", "user", user.id)
    return ticket


@open_to_strangers("a browser changes the ticket of its sign-in for a cookie")
def redeem(ticket: str, visitor: Visitor, replaced: str = "") -> Redeemed | None:
    """Begin the session of a ticket, once; the browser's earlier session ends. None for a spent or late ticket."""
    fresh, device = token(), visitor.device
    with at_the_door(visitor.address) as work:
        found = work.session.execute(door.session_of_ticket(digest(ticket))).first()
        if found is None or not found[1].active:
            return None
        if not door.won(work.session, door.redeem(digest(ticket), digest(fresh), work.now)):
            return None
        session, user = found
        work.actor = Actor(user.id, user.name, user.held, user.agency_id, session.id)
        if replaced:
            _end_replaced(work, replaced)
        known = work.session.scalars(door.known_device(digest(device), user.id)).first() if device else None
        if known is None:
            # Only a token that this desk gave out is taken over; one that the browser brings along is not.
            seen = bool(device) and work.session.scalars(door.device_given_out(digest(device))).first() is not None
            device = device if seen else token()
            _remember_device(work, user, session, device)
        else:
            known.last_seen_at = work.now
        lifetime = session.ends_at - work.now
    return Redeemed(fresh, device, lifetime)


def recognise(token_given: str) -> Recognised | None:
    """The live session behind a token, or None."""
    with store.present().reading() as session:
        found = session.execute(door.session_of_token(digest(token_given))).unique().first()
        if found is None or not found[1].active or not found[0].live(now()):
            return None
        return Recognised(found[0].id, found[0].user_id)


def live(session_id: UUID) -> bool:
    """Whether a session is still good. Notes in the trail, once, that it ran out."""
    found = _session_and_person(session_id)
    if found is None or found[0].ended_at is not None or not found[1].active:
        return False
    session, person = found
    if not session.live(now()):
        _note_end(session, person)
        return False
    return True


def used(session_id: UUID) -> None:
    """Note that a person, not an automatic rerun, did something."""
    found, moment = _session_and_person(session_id), now()
    if found is None or not found[0].live(moment):
        return
    coarse = min(NOTED_EVERY, timedelta(seconds=found[0].idle_seconds / 10))
    if moment - found[0].used_at >= coarse:
        with store.present().writing() as session:
            session.execute(door.used(session_id, moment))


def time_left(session_id: UUID) -> timedelta:
    """How long until this session ends by itself if nobody touches it."""
    found = _session_and_person(session_id)
    return max(min(found[0].ends_at, found[0].idle_at) - now(), timedelta(0)) if found else timedelta(0)


@permitted(Permission.OWN_ACCOUNT)
def sign_out(work: Work) -> None:
    """End this session, in every tab."""
    assert work.actor.session_id
    work.session.execute(door.end_session(work.actor.session_id, EndedBy.SIGN_OUT, work.now))
    work.record("auth.logout", "session", work.actor.session_id)


@permitted(Permission.OWN_ACCOUNT)
def own_sessions(work: Work) -> list[OpenSession]:
    """Where this person is signed in, last used first."""
    return [
        OpenSession(
            one.id, one.made_at, one.used_at, one.address, one.browser, this_one=one.id == work.actor.session_id
        )
        for one in work.session.scalars(door.sessions_of(work.actor.user_id))
        if one.live(work.now)
    ]


@permitted(Permission.OWN_ACCOUNT)
def end_own_session(work: Work, session_id: UUID) -> None:
    """End one of one's own sessions."""
    found = work.session.get(UserSession, session_id)
    if found is None or found.user_id != work.actor.user_id:
        raise NotFound("There is no such session of yours. It may have ended already.")
    work.session.execute(door.end_session(session_id, EndedBy.REVOKED, work.now))
    work.record("auth.session_revoked", "session", session_id, count=1)


@permitted(Permission.OWN_ACCOUNT)
def end_other_sessions(work: Work) -> int:
    """End every other session of one's own; gives how many there were."""
    others = [one for one in own_sessions(work) if not one.this_one]
    work.session.execute(door.end_sessions_of(work.actor.user_id, EndedBy.REVOKED, work.now, but=work.actor.session_id))
    work.record("auth.session_revoked", "user", work.actor.user_id, count=len(others))
    return len(others)


def prove_again(session_id: UUID, password: str, visitor: Visitor) -> None:
    """Give one's password again before an act that needs it; refuses a wrong one."""
    from actions.accounts.throttling import book, settle
    from db.tables.sessions import Outcome

    with working(session_id, visitor.address) as work:
        user = work.session.get_one(User, work.actor.user_id)
    booked = book(user.username, visitor)
    right = passwords.fits(password, booked.kept)
    with working(session_id, visitor.address) as work:
        settle(work, booked, Outcome.RIGHT if right else Outcome.WRONG)
        if right:
            work.session.get_one(UserSession, session_id).proved_at = work.now
        work.record("auth.step_up" if right else "auth.step_up_failed", result="ok" if right else "failed")
    if not right:
        raise Refused(NOT_RIGHT)


def password_fresh(work: Work) -> bool:
    """Whether the person gave their password within the last five minutes."""
    session = work.session.get(UserSession, work.actor.session_id) if work.actor.session_id else None
    return session is None or (session.proved_at is not None and work.now - session.proved_at <= FRESH)


def refuse_stale(work: Work) -> None:
    """Refuse an act that needs the password again. The desk's own work has no session and none to prove."""
    if not password_fresh(work):
        raise Refused(PROVE_FIRST)


def end_all(work: Work, user_id: UUID, because: EndedBy, *, but: UUID | None = None) -> None:
    """End a person's sessions, for a reason that the trail will show."""
    work.session.execute(door.end_sessions_of(user_id, because, work.now, but=but))


def _session_and_person(session_id: UUID) -> tuple[UserSession, User] | None:
    with store.present().reading() as session:
        found = session.execute(door.session_by_id(session_id)).unique().first()
        session.expunge_all()
    return (found[0], found[1]) if found else None


def _end_replaced(work: Work, replaced: str) -> None:
    found = work.session.execute(door.session_of_token(digest(replaced))).unique().first()
    if found is not None:
        work.session.execute(door.end_session(found[0].id, EndedBy.SIGN_OUT, work.now))


def _remember_device(work: Work, user: User, session: UserSession, device: str) -> None:
    known = KnownDevice(
        id=uuid4(), user_id=user.id, token_hash=digest(device), first_seen_at=work.now, last_seen_at=work.now
    )
    work.session.add(known)
    session.device_id = known.id
    work.record("auth.new_device", "user", user.id)


def _note_end(session: UserSession, user: User) -> None:
    idle = session.idle_at <= now() < session.ends_at
    because, event = (EndedBy.IDLE, "auth.idle_logoff") if idle else (EndedBy.LIFETIME, "auth.expired")
    with at_the_door(session.address) as work:
        work.actor = Actor(user.id, user.name, user.held, user.agency_id, session.id)
        if door.won(work.session, door.end_session(session.id, because, work.now)):
            work.record(event, "session", session.id)
