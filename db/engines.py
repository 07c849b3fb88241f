"""How a database is opened: drivers, durability, time-outs. Nothing about what is in it."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, QueuePool, create_engine, event, make_url

from domain.refusals import Refused

BUSY_SECONDS = 15
CACHE_KIB = 65_536
SAFE_WAL = (3, 51, 3)
"""Earlier versions can damage a WAL database with two connections: sqlite.org/wal.html#walresetbug."""

POSTGRES_LIMITS = (
    "-c statement_timeout=60000 -c lock_timeout=15000 -c idle_in_transaction_session_timeout=60000 "
    "-c synchronous_commit=on"
)


def engine(url: str, key: bytes | None = None) -> Engine:
    """An engine for an SQLite file, an encrypted one (with its raw 256-bit key), or a PostgreSQL server."""
    if make_url(url).get_backend_name() != "sqlite":
        return _postgres(url)
    return _prepared(_encrypted(url, key) if key else _plain(url))


def journal_for(version: tuple[int, ...]) -> tuple[str, str]:
    """Journal mode and synchronous setting with which this SQLite loses no acknowledged commit.

    DELETE needs EXTRA: FULL does not sync the folder after the journal is removed.
    """
    return ("wal", "FULL") if version >= SAFE_WAL else ("delete", "EXTRA")


def _postgres(url: str) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        pool_timeout=10,
        connect_args={"connect_timeout": 5, "options": POSTGRES_LIMITS},
    )


def _plain(url: str) -> Engine:
    return create_engine(
        url, hide_parameters=True, poolclass=QueuePool, pool_size=10, max_overflow=30, **_sqlite_wait()
    )


def _encrypted(url: str, key: bytes) -> Engine:
    try:
        from sqlcipher3 import dbapi2
    except ImportError:
        raise Refused(
            "The database is to be encrypted, but SQLCipher is not installed. "
            "Run: .venv/bin/python -m pip install -r requirements-encrypted.txt"
        ) from None
    # The raw key as password spares the slow derivation on each of Streamlit's many threads (security 0.2).
    place = URL.create("sqlite+pysqlcipher", password=f"x'{key.hex()}'", host="", database=make_url(url).database)
    return create_engine(
        place, module=dbapi2, hide_parameters=True, poolclass=QueuePool, pool_size=10, max_overflow=30, **_sqlite_wait()
    )


def _sqlite_wait() -> dict[str, Any]:
    return {"pool_timeout": BUSY_SECONDS, "connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}


def _prepared(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: Any) -> None:
        # The driver would open transactions late (cpython 54133): we say BEGIN ourselves.
        connection.isolation_level = None
        settle(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def settle(connection: Any) -> None:
    """Set what every SQLite connection needs; refuses a database that does not take the safe journal."""
    version = tuple(int(part) for part in connection.execute("SELECT sqlite_version()").fetchone()[0].split("."))
    journal, synchronous = journal_for(version)
    taken = connection.execute(f"PRAGMA journal_mode={journal}").fetchone()[0]
    if taken != journal:
        raise Refused(
            f"The database file would run with the {taken} journal, which can lose work in a power cut. "
            "Stop every program that uses the file and start again."
        )
    for pragma in (
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
        "temp_store=MEMORY",
        f"cache_size=-{CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite address, or None for a server."""
    place = make_url(url)
    return Path(place.database) if place.get_backend_name() == "sqlite" and place.database else None
