"""Who does a piece of work that takes several transactions: a person at a page, or one named at the console."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from actions.work import Work, looking, now, working
from db import door, store
from db.store import Session
from db.tables.people import User
from domain.people import Actor
from domain.refusals import Refused
from domain.usernames import folded

Opener = Callable[[], AbstractContextManager[Work]]


@dataclass(frozen=True)
class Hands:
    """How one person's work is opened, for reading and for writing; every opening asks anew who they are."""

    looking: Opener
    working: Opener


def of_session(session_id: UUID, address: str = "") -> Hands:
    """The hands of whoever this session belongs to."""
    return Hands(partial(looking, session_id), partial(working, session_id, address))


def of_person(username: str) -> Hands:
    """The hands of a user whom the console names: what is done is recorded as theirs, done at the console."""
    return Hands(partial(_looking_as, username), partial(_working_as, username))


@contextmanager
def _looking_as(username: str) -> Iterator[Work]:
    with store.present().reading() as session:
        yield Work(_actor(session, username), session, now())


@contextmanager
def _working_as(username: str) -> Iterator[Work]:
    with store.present().writing() as session:
        work = Work(_actor(session, username), session, now(), "console")
        yield work
        work.seal()


def _actor(session: Session, username: str) -> Actor:
    user: User | None = session.scalars(door.person_called(folded(username))).one_or_none()
    if user is None or not user.active:
        raise Refused(f"There is no active user “{username}”. Name a supervisor of the center with --as.")
    return Actor(user.id, user.name, user.held, user.agency_id)
