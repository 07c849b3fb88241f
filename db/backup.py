"""Backups: an online copy, checked before it counts, sealed with the recovery key; and the way back from one."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, make_url, text

from db import audit, copying, migrations
from db.keys import NAMES, Keys
from db.migrations import Schema
from db.sealing import DAMAGED, Sealing, Unsealing
from db.store import Store
from domain.refusals import Refused
from settings import environment_with

ENDING = ".backup"
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
DATABASE = "database"
SCRATCH = ".scratch-"


@dataclass(frozen=True)
class Manifest:
    """What a backup says it holds."""

    taken_at: str
    kind: str
    schema: str
    encrypted: bool
    counts: dict[str, int]
    audit_seq: int
    audit_mac: str
    files: dict[str, str]
    """Name -> SHA-256."""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)


@dataclass(frozen=True)
class Source:
    """What is backed up, and with what."""

    store: Store
    keys: Keys
    scratch_in: Path
    """Where plain copies live for a moment: inside the data folder, never on the stick."""
    settings_file: Path | None = None
    postgres_tools: str = ""


@dataclass(frozen=True)
class Opened:
    """A backup that was unsealed into a folder and found whole."""

    manifest: Manifest
    database: Path
    keys: Keys
    settings_file: Path | None


def take(source: Source, folder: Path, now: datetime) -> tuple[Path, Manifest]:
    """Copy, check, seal, read back, and only then give the file its name. The previous backups are not touched."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / f"desk-{now.astimezone(UTC):%Y-%m-%d-%H%M%S}{ENDING}"
    half = folder / f".{place.name}.{os.getpid()}.half"
    try:
        with _scratch(source.scratch_in) as scratch:
            manifest = _copy(source, scratch / DATABASE, now)
            files = _files(source, scratch)
            manifest = replace(manifest, files={name: _sha256(path) for name, path in files.items()})
            _seal(half, source.keys.recovery, manifest, files)
            _read_back(half, source.keys.recovery)
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)
    _sync_folder(folder)
    return place, manifest


def copy_to(backup: Path, folder: Path) -> Path:
    """Copy a finished backup to a second place; whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    half, place = folder / f".{backup.name}.half", folder / backup.name
    shutil.copyfile(backup, half)
    if _sha256(half) != _sha256(backup):
        half.unlink()
        raise Refused(f"The copy of the backup in {folder} came out different. Try another stick or folder.")
    half.replace(place)
    return place


def listed(folder: Path) -> list[tuple[datetime, Path]]:
    """The finished backups of a folder, newest first, by the moment in their names."""
    found = []
    for path in folder.glob(f"desk-*{ENDING}"):
        with suppress(ValueError):  # a copy that somebody made and named by hand is theirs to keep
            moment = datetime.strptime(path.name.removesuffix(ENDING), "desk-%Y-%m-%d-%H%M%S").replace(tzinfo=UTC)
            found.append((moment, path))
    return sorted(found, reverse=True)


@contextmanager
def opened(sealed: Path, recovery_key: bytes, scratch_in: Path) -> Iterator[Opened]:
    """Unseal a backup for the length of a block; refuses a wrong key and anything damaged."""
    with _scratch(scratch_in) as scratch:
        manifest = _unseal(sealed, recovery_key, scratch)
        keys = Keys(*(bytes.fromhex((scratch / f"{name}.key").read_text()) for name in NAMES))
        settings_file = scratch / "settings.toml"
        yield Opened(manifest, scratch / DATABASE, keys, settings_file if settings_file.exists() else None)


def check(store: Store) -> tuple[dict[str, int], tuple[int, str]]:
    """Integrity, foreign keys and audit chain of a whole database; its counts and the end of its chain."""
    with store.reading() as session:
        if store.is_sqlite:
            _refuse_damaged(session.connection())
        if migrations.schema(store.engine) is not Schema.CURRENT:
            # Before an upgrade; the app that wrote it knew how to read its audit trail.
            return copying.counts(session.connection()), (0, audit.FIRST)
        broken = audit.first_broken(session)
        if broken is not None:
            raise Refused(f"The audit trail was changed at entry {broken}.")
        return copying.counts(session.connection()), audit.last(session)


def _refuse_damaged(connection: Connection) -> None:
    verdict = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if verdict != "ok":
        raise Refused(f"The database file is damaged: {verdict}")
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise Refused("The database is damaged: a row points at nothing.")


def put_into_file(backup: Opened, file: Path, now: datetime) -> Path | None:
    """Put a backup's database in place of an SQLite file; the replaced one is kept beside it."""
    _refuse_other_kind(backup, SQLITE)
    fresh = file.with_name(f"{file.name}.fresh")
    try:  # whole beside the other one first: a disk without room leaves that one where it is
        shutil.copyfile(backup.database, fresh)
        _sync(fresh)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    replaced = None
    if file.exists():
        replaced = file.with_name(f"{file.name}.replaced-{now:%Y%m%d-%H%M%S}")
        file.replace(replaced)
    for rest in ("-journal", "-wal", "-shm"):
        leftover = file.with_name(file.name + rest)
        if leftover.exists():
            leftover.replace(file.with_name(f"{replaced.name if replaced else file.name + '.old'}{rest}"))
    fresh.replace(file)
    _sync_folder(file.parent)
    return replaced


def put_into_server(backup: Opened, engine: Engine, tools: str, now: datetime) -> str | None:
    """Put a backup into a PostgreSQL database; what was there is kept in a schema of its own."""
    _refuse_other_kind(backup, POSTGRES)
    replaced = f"replaced_{now:%Y%m%d_%H%M%S}"
    with engine.begin() as connection:
        held = connection.execute(
            text("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        ).scalar_one()
        if held:
            connection.execute(text(f"ALTER SCHEMA public RENAME TO {replaced}"))
            connection.execute(text("CREATE SCHEMA public"))
    try:
        _run(tools, engine, "pg_restore", "--no-owner", "--exit-on-error", str(backup.database))
    except Refused:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text(f"ALTER SCHEMA {replaced} RENAME TO public" if held else "CREATE SCHEMA public"))
        raise
    return replaced if held else None


def replaced_schemas(connection: Connection) -> tuple[str, ...]:
    """The schemas in which a server keeps what restores replaced."""
    names = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'replaced\\_%' ORDER BY nspname"
    return tuple(connection.execute(text(names)).scalars())


def tried(backup: Opened, server: Engine | None, tools: str) -> dict[str, int]:
    """Bring a backup to life beside the real database, check it, and throw it away; its counts."""
    if backup.manifest.kind == SQLITE:
        return _checked(f"sqlite:///{backup.database}", backup)
    if server is None:
        raise Refused("A PostgreSQL backup is tried on the server itself. Set DATABASE_URL to it.")
    return _tried_on_server(backup.database, backup.keys.site, server, tools)


def _checked(url: str, backup: Opened) -> dict[str, int]:
    trial = Store(url, backup.keys.site, backup.keys.database if backup.manifest.encrypted else None)
    try:
        return check(trial)[0]
    finally:
        trial.close()


def _tried_on_server(dump: Path, site_key: bytes, server: Engine, tools: str) -> dict[str, int]:
    name = f"desk_trial_{uuid4().hex[:12]}"
    outside = server.execution_options(isolation_level="AUTOCOMMIT")
    with outside.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    trial = Store(server.url.set(database=name).render_as_string(hide_password=False), site_key)
    try:
        _run(tools, trial.engine, "pg_restore", "--no-owner", "--exit-on-error", str(dump))
        return check(trial)[0]
    finally:
        trial.close()
        with outside.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def _copy(source: Source, place: Path, now: datetime) -> Manifest:
    """Copy the database as it is at one moment, and check the copy."""
    store = source.store
    if store.is_sqlite:
        _copy_file(store, place)
        copied = Store(f"sqlite:///{place}", source.keys.site, store.key)
        try:
            counts, (seq, mac) = check(copied)
        finally:
            copied.close()
    else:
        counts, (seq, mac) = _dump(source, place)
        tried = _tried_on_server(place, source.keys.site, store.engine, source.postgres_tools)
        if tried != counts:
            raise Refused("The copy of the database holds other rows than the database. The backup was given up.")
    return Manifest(
        taken_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        kind=SQLITE if store.is_sqlite else POSTGRES,
        schema=migrations.step(store.engine),
        encrypted=store.key is not None,
        counts=counts,
        audit_seq=seq,
        audit_mac=mac,
        files={},
    )


def sweep(*folders: Path) -> None:
    """Remove what a killed backup left lying: plain copies and half-written files. Only while no other one runs."""
    for folder in folders:
        for left in (*folder.glob(f"{SCRATCH}*"), *folder.glob(".desk-*.half")):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _copy_file(store: Store, place: Path) -> None:
    """One step, so that writers cannot make it start again (security 0.7); never a copy of the live file."""
    connection = store.engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        if store.key:
            # Only VACUUM INTO gives a copy that is encrypted with the same key.
            driver.execute("VACUUM INTO ?", (str(place),))
        else:
            _backup_in_one_step(driver, place)
    finally:
        connection.close()
    _sync(place)


def _backup_in_one_step(driver: Any, place: Path) -> None:
    target = sqlite3.connect(place)
    try:
        driver.backup(target)
    finally:
        target.close()


def _dump(source: Source, place: Path) -> tuple[dict[str, int], tuple[int, str]]:
    """Dump the very rows that are counted: both look at one exported snapshot."""
    with source.store.reading() as session:
        snapshot = session.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        what = ("--format=custom", "--exclude-schema=replaced_*", "--no-owner", f"--snapshot={snapshot}")
        _run(source.postgres_tools, source.store.engine, "pg_dump", *what, f"--file={place}")
        _sync(place)
        known = migrations.schema(source.store.engine) is Schema.CURRENT
        return copying.counts(session.connection()), audit.last(session) if known else (0, audit.FIRST)


def _files(source: Source, scratch: Path) -> dict[str, Path]:
    files = {DATABASE: scratch / DATABASE}
    for name in NAMES:
        files[f"{name}.key"] = scratch / f"{name}.key"
        files[f"{name}.key"].write_text(getattr(source.keys, name).hex())
    if source.settings_file and source.settings_file.exists():
        files["settings.toml"] = source.settings_file
    return files


def _seal(place: Path, key: bytes, manifest: Manifest, files: dict[str, Path]) -> None:
    with open(place, "wb") as file:
        with Sealing(file, key) as sealing, tarfile.open(fileobj=_only_writing(sealing), mode="w|") as pack:
            _add(pack, "manifest.json", json.dumps(asdict(manifest), indent=1).encode())
            for name, path in files.items():
                pack.add(path, arcname=name, recursive=False)
        file.flush()
        os.fsync(file.fileno())


def _add(pack: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    pack.addfile(entry, io.BytesIO(content))


def _read_back(sealed: Path, key: bytes) -> None:
    with open(sealed, "rb") as file:
        reader = Unsealing(file, key)
        while reader.read(1 << 20):
            pass


def _unseal(sealed: Path, key: bytes, scratch: Path) -> Manifest:
    try:
        with open(sealed, "rb") as file, tarfile.open(fileobj=_only_reading(Unsealing(file, key)), mode="r|") as pack:
            for entry in pack:
                content = pack.extractfile(entry)
                if not entry.isfile() or content is None or "/" in entry.name or "\\" in entry.name:
                    raise Refused(DAMAGED)
                with open(scratch / entry.name, "wb") as target:
                    shutil.copyfileobj(content, target, 1 << 20)
        manifest = Manifest(**json.loads((scratch / "manifest.json").read_text()))
    except FileNotFoundError:
        raise Refused(f"There is no file {sealed}.") from None
    except (IsADirectoryError, PermissionError) as error:
        raise Refused(f"The file {sealed} cannot be read: {error.strerror}.") from None
    except tarfile.TarError:
        raise Refused(DAMAGED) from None
    if any(_sha256(scratch / name) != said for name, said in manifest.files.items()):
        raise Refused(DAMAGED)
    return manifest


def _only_writing(sealing: Sealing) -> IO[bytes]:
    return sealing  # type: ignore[return-value]  # tarfile's stream mode only calls write


def _only_reading(unsealing: Unsealing) -> IO[bytes]:
    return unsealing  # type: ignore[return-value]  # tarfile's stream mode only calls read


def _refuse_other_kind(backup: Opened, kind: str) -> None:
    if backup.manifest.kind != kind:
        raise Refused(
            f"This backup was taken from {backup.manifest.kind}, and DATABASE_URL names {kind}. "
            f"Restore it where it came from, then run `manage.py move --to URL`."
        )


def _run(tools: str, server: Engine, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on a server; its password goes by the environment, not the command."""
    found = shutil.which(program, path=tools or None)
    if not found:
        raise Refused(
            f"{program} is missing on this computer. Install PostgreSQL's client programs "
            "(Debian: postgresql-client), or set POSTGRES_TOOLS to their folder."
        )
    address = make_url(server.url).set(drivername="postgresql", password=None).render_as_string()
    done = subprocess.run(
        [found, f"--dbname={address}", *arguments],
        env=environment_with(PGPASSWORD=server.url.password or ""),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"{program} failed: {done.stderr.strip().splitlines()[-1] if done.stderr else 'no reason given'}")


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A private folder for plain copies, gone at the end of the block."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=folder))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
