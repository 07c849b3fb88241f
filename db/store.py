"""The store: one engine per process, and the only places where a transaction begins."""

import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import exc, text
from sqlalchemy.orm import Session as Session
from sqlalchemy.orm import sessionmaker
from sqlalchemy.orm.exc import StaleDataError

import db.tables  # noqa: F401  (the schema must be whole before the first query)
from db import audit, engines
from db.writers_line import WritersLine
from domain.refusals import Refused, TooLate

log = logging.getLogger("desk.store")

WRITERS_LINE = 7_260_043  # any fixed number

NOTHING_SAVED = "Nothing was saved; what you typed is kept."
AWAY = f"The database does not answer just now. {NOTHING_SAVED} Try again in a minute."
UNSURE = (
    "The database went away while this was being saved. Open the record again and look whether it was saved "
    "before you repeat it; what you typed is kept."
)
BUSY = f"The desk is very busy just now. {NOTHING_SAVED} Try again in a moment."
FULL = f"The disk of the desk's computer is full. {NOTHING_SAVED} Ask your administrator to free some space."
FAULT = f"The disk of the desk's computer did not take this. {NOTHING_SAVED} Tell your administrator."
DAMAGED = f"The database file is damaged. {NOTHING_SAVED} Tell your administrator to restore the newest backup."
CHANGED = f"Somebody else changed this at the same moment. {NOTHING_SAVED} Reload to see it as it is now."

BUSY_CODES = {"55P03", "57014", "40P01", "40001"}
"""PostgreSQL: lock not available, statement cancelled, deadlock, serialization failure."""
FULL_CODES = {"53100", "53000"}
DAMAGED_CODES = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class Store:
    """A database, SQLite or PostgreSQL, behind two doors: `reading` and `writing`."""

    def __init__(self, url: str, secret: bytes | None = None, key: bytes | None = None) -> None:
        self.url = url
        self.secret = secret or secrets.token_bytes(32)
        self.key = key
        self.engine = engines.engine(url, key)
        self._sessions = sessionmaker(
            self.engine, autoflush=False, expire_on_commit=False, info={"secret": self.secret, "store": self}
        )
        # SQLite's own waiting is not fair (security 0.4), and on PostgreSQL each who waits would keep a connection.
        self._line = WritersLine(patience=engines.BUSY_SECONDS)
        self._open = threading.local()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One write transaction: committed at the end, rolled back when anything is raised.

        A database that is away, busy or full is refused in words.
        """
        with self._one_at_a_time(), self._sessions() as session:
            with _in_words():
                session.begin()
                self._stand_in_line(session)
                yield session
                session.flush()
            with _in_words(committing=True):
                session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent read; whatever is changed in it is thrown away."""
        options: dict[str, Any] = {"reading": True}
        if not self.is_sqlite:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._sessions() as session, _in_words():
            session.connection(execution_options=options)
            self._open.depth = getattr(self._open, "depth", 0) + 1
            try:
                yield session
            finally:
                self._open.depth -= 1
                session.rollback()

    @contextmanager
    def outside_transactions(self) -> Iterator[Any]:
        """The driver's own connection, outside any transaction, while nothing else of this process writes.

        For what no transaction can hold, such as writing the files anew.
        """
        with self._one_at_a_time():
            pooled = self.engine.raw_connection()
            try:
                yield pooled.driver_connection
            finally:
                pooled.invalidate()
                pooled.close()

    def close(self) -> None:
        self.engine.dispose()

    def sound(self) -> bool:
        """A quick look at an SQLite file's pages; a server looks after its own."""
        if not self.is_sqlite:
            return True
        with self.reading() as session:
            return session.connection().exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"

    def description(self) -> str:
        """Which database this is: "SQLite 3.51.3, wal journal, synchronous 2"."""
        with self.reading() as session:
            connection = session.connection()
            if not self.is_sqlite:
                return f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar()}"
            said = [
                connection.exec_driver_sql(question).scalar()
                for question in ("SELECT sqlite_version()", "PRAGMA journal_mode", "PRAGMA synchronous")
            ]
        return "SQLite {}, {} journal, synchronous {}".format(*said)

    def _stand_in_line(self, session: Session) -> None:
        """One writer after another on PostgreSQL too, whichever process they are in; it serves them as they came.

        Two decisions about alike children touch one another's hints, numbers and keys in either order: without the
        line the server had to end one of them as a deadlock. A piece of work holds the line for milliseconds.
        """
        if not self.is_sqlite:
            session.execute(text("SELECT pg_advisory_xact_lock(:line)"), {"line": WRITERS_LINE})

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        # A second write transaction in the same thread would wait for the first one for ever.
        if getattr(self._open, "depth", 0):
            raise RuntimeError("a write transaction was begun inside another transaction of the same thread")
        if not self._line.wait_for_turn():
            log.warning("too long in the line of writers")
            raise Refused(BUSY)
        self._open.depth = 1
        try:
            yield
        finally:
            self._open.depth = 0
            self._line.end_turn()


_present: list[Store] = []


def use(store: Store) -> Store:
    """Make this the store of the process and give it back."""
    _present[:] = [store]
    return store


def present() -> Store:
    """The store of this process."""
    if not _present:
        raise RuntimeError("no store is open: the app's start-up opens it")
    return _present[0]


@contextmanager
def _in_words(*, committing: bool = False) -> Iterator[None]:
    """Say in a sentence what the database could not do. Anything else is a bug and goes up."""
    try:
        yield
    except StaleDataError:
        raise TooLate(CHANGED) from None
    except exc.TimeoutError:
        log.warning("no free connection")
        raise Refused(BUSY) from None
    except exc.InterfaceError:
        log.warning("no connection")
        raise Refused(UNSURE if committing else AWAY) from None
    except exc.DatabaseError as error:
        if not isinstance(error, exc.OperationalError) and not _code(error).startswith(DAMAGED_CODES):
            raise
        sentence = _sentence(error, committing=committing)
        log.warning("the database refused: %s", _code(error) or type(error.orig).__name__)
        raise Refused(sentence) from None


def _sentence(error: exc.DBAPIError, *, committing: bool) -> str:
    code = _code(error)
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or code in BUSY_CODES:
        return BUSY
    if code == "SQLITE_FULL" or code in FULL_CODES:
        return FULL
    if code.startswith(DAMAGED_CODES):
        return DAMAGED
    if committing:
        return UNSURE
    return FAULT if code.startswith("SQLITE") else AWAY


def _code(error: exc.DBAPIError) -> str:
    """SQLite's name of the error, or PostgreSQL's five characters."""
    return str(getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or "")


audit.guard(Session)
