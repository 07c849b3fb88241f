"""The store: one engine per process, and the only places where a transaction begins."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session as Session
from sqlalchemy.orm import sessionmaker

import db.tables  # noqa: F401  (the schema must be whole before the first query)
from db import audit

BUSY_SECONDS = 15


class Store:
    """A database, SQLite or PostgreSQL, behind two doors: `reading` and `writing`."""

    def __init__(self, url: str, secret: bytes | None = None) -> None:
        self.url = url
        self.secret = secret or secrets.token_bytes(32)
        self.engine = _engine(url)
        self._sessions = sessionmaker(
            self.engine, autoflush=False, expire_on_commit=False, info={"secret": self.secret, "store": self}
        )
        # SQLite's own waiting is not fair: one lock per process keeps writers in line (security 0.4).
        self._write_lock: AbstractContextManager[Any] = threading.Lock() if self.is_sqlite else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One write transaction: committed at the end, rolled back when anything is raised."""
        with self._write_lock, self._sessions() as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent read; whatever is changed in it is thrown away."""
        with self._sessions() as session:
            session.connection(execution_options={"reading": True})
            try:
                yield session
            finally:
                session.rollback()

    def close(self) -> None:
        self.engine.dispose()


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


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: Any) -> None:
        # The driver would open transactions late (cpython 54133): we say BEGIN ourselves.
        connection.isolation_level = None
        for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


audit.guard(Session)
