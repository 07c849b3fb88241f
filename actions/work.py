"""A piece of work: who acts, in which transaction, at what time. The only place that opens one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from inspect import signature
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from db import audit, queries, store
from db.store import Session
from db.tables.audit import AuditEntry
from db.tables.people import User
from domain.events import EVENTS
from domain.people import Actor, Role
from domain.permissions import Permission, may
from domain.refusals import NotPermitted, Refused

APP_VERSION = "0.1.0"
SIGN_IN_AGAIN = "You are signed out. Sign in again; what you typed is kept."

P = ParamSpec("P")
R = TypeVar("R")

STRANGER = Actor(UUID(int=0), "Somebody not signed in", frozenset())

ACTIONS: dict[str, Permission] = {}
"""Every permitted action by its full name, for the start-up check and the permission tests."""

KINDS = {"result_id": "referral"} | {
    f"{one}_id": one for one in ("referral", "client", "case", "user", "agency", "session")
}
"""Names of the parameters by which an action is given its record -> the kind of record."""


@dataclass
class Work:
    """Actor, transaction and moment, handed to every action first."""

    actor: Actor
    session: Session
    now: datetime
    address: str = ""
    entries: list[AuditEntry] = field(default_factory=list)
    tried: str = ""
    """The action that was called last, and the record it was called with: what a refusal was about."""
    tried_kind: str = ""
    tried_id: UUID | None = None

    def record(
        self,
        event: str,
        object_type: str = "",
        object_id: UUID | None = None,
        *,
        version: int | None = None,
        fields: Iterable[str] = (),
        reason: str = "",
        count: int | None = None,
        result: str = "ok",
    ) -> None:
        """Add an entry to the audit trail of this transaction; names of fields, never their values."""
        if event not in EVENTS:
            raise LookupError(f"the event {event} is not in domain/events.py")
        self.entries.append(
            AuditEntry(
                at=self.now,
                actor_id=self.actor.user_id,
                actor_name=self.actor.name,
                roles=",".join(sorted(self.actor.roles)),
                agency_id=self.actor.agency_id,
                session_id=self.actor.session_id,
                address=self.address,
                event=event,
                object_type=object_type,
                object_id=object_id,
                object_version=version,
                result=result,
                reason=reason[:200],
                fields=",".join(sorted(set(fields))),
                count=count,
                app_version=APP_VERSION,
            )
        )

    def seal(self) -> None:
        """Chain what was recorded, last thing before the commit, so that the chain's lock is short."""
        self.session.flush()
        if self.entries:
            audit.append(self.session, self.entries)
            self.session.flush()


def permitted(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Work, P], R]]:
    """Let only those act whose role grants the permission; the second of the three locks."""

    def lock(action: Callable[Concatenate[Work, P], R]) -> Callable[Concatenate[Work, P], R]:
        name = f"{action.__module__}.{action.__qualname__}"
        ACTIONS[name] = permission
        names = [*signature(action).parameters][1:]

        @wraps(action)
        def locked(work: Work, /, *args: P.args, **kwargs: P.kwargs) -> R:
            _note_trial(work, name, dict(zip(names, args, strict=False)) | kwargs)
            if not may(work.actor, permission):
                raise NotPermitted("Your role does not allow this. Ask your supervisor or administrator.")
            return action(work, *args, **kwargs)

        return locked

    return lock


@contextmanager
def working(session_id: UUID, address: str = "") -> Iterator[Work]:
    """Work as the person of this session; saved whole at the end, or not at all.

    The session, the person and their roles are read again in the same transaction.
    A refusal is recorded in a transaction of its own.
    """
    work: Work | None = None
    try:
        with store.present().writing() as session:
            work = Work(actor_of(session, session_id), session, now(), address)
            yield work
            work.seal()
    except Refused as refusal:
        if work is not None:
            # Whoever is refused hears why, also where the desk is too busy to note it; the store's own log says so.
            with suppress(Refused):
                _record_refusal(work, refusal)
        raise


@contextmanager
def looking(session_id: UUID) -> Iterator[Work]:
    """Read as the person of this session, with nothing saved: for lists and counts that open no record."""
    with store.present().reading() as session:
        yield Work(actor_of(session, session_id), session, now())


@contextmanager
def system_work(reason: str) -> Iterator[Work]:
    """Work of the desk itself (first run, nightly jobs, the console), recorded under its own name."""
    actor = Actor(UUID(int=0), reason, frozenset({Role.ADMINISTRATOR}))
    with store.present().writing() as session:
        work = Work(actor, session, now())
        yield work
        work.seal()


@contextmanager
def at_the_door(address: str = "") -> Iterator[Work]:
    """Work of somebody who is not signed in; the door sets the actor once it knows who it is."""
    with store.present().writing() as session:
        work = Work(STRANGER, session, now(), address)
        yield work
        work.seal()


def actor_of(session: Session, session_id: UUID) -> Actor:
    """The person behind a live session; refuses one that has ended or whose person was deactivated."""
    found = session.execute(queries.live_session(session_id)).unique().first()
    if found is None:
        raise Refused(SIGN_IN_AGAIN)
    signed_in, user = found
    if not user.active or not signed_in.live(now()):
        raise Refused(SIGN_IN_AGAIN)
    return Actor(user.id, user.name, user.held, user.agency_id, signed_in.id)


def now() -> datetime:
    """This moment, aware and in UTC."""
    return datetime.now(UTC)


def _note_trial(work: Work, name: str, given: Mapping[str, object]) -> None:
    kind, record = next(((KINDS[one], value) for one, value in given.items() if one in KINDS), ("", None))
    work.tried = name.removeprefix("actions.")
    work.tried_kind, work.tried_id = (kind, record) if isinstance(record, UUID) else ("", None)


def _record_refusal(work: Work, refusal: Refused) -> None:
    event = "authz.denied" if isinstance(refusal, NotPermitted) else "input.rejected"
    said = f"{work.tried}: {type(refusal).__name__}" if work.tried else type(refusal).__name__
    with store.present().writing() as session:
        note = Work(work.actor, session, work.now, work.address)
        note.record(event, work.tried_kind, work.tried_id, reason=said, result="refused")
        note.seal()


@contextmanager
def demo_work(user_id: UUID, at: datetime) -> Iterator[Work]:
    """Work as an invented person at an invented moment: only where the center is a demo."""
    with store.present().writing() as session:
        center, user = session.scalar(queries.center()), session.get(User, user_id)
        if center is None or not center.demo or user is None:
            raise Refused("Invented data is only made in a demo.")
        work = Work(Actor(user.id, user.name, user.held, user.agency_id), session, at)
        yield work
        work.seal()
