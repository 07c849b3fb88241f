"""Backups as the desk takes them: nightly, before an upgrade, by hand; tried out monthly; restored on the console."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from actions import site as sites
from actions.center import audit_trail
from actions.center.audit_trail import Chain
from actions.site import Site
from actions.work import Work, looking, permitted, system_work
from db import backup, data_folder, door, keys, migrations, store
from db.backup import Manifest
from db.store import Store
from db.tables.sessions import EndedBy
from domain import recovery_key, rotation
from domain.permissions import Permission
from domain.refusals import Refused
from settings import Settings

DESK = "Backups of the desk"


@dataclass(frozen=True)
class Taken:
    """A backup that counts: it was read back whole."""

    file: Path
    manifest: Manifest
    copied_to: Path | None
    trouble: str
    """What went wrong with the second place, or with old backups that should go, in words."""


@dataclass(frozen=True)
class Tried:
    """What a drill found in a backup."""

    file: Path
    taken_at: datetime
    counts: dict[str, int]


def back_up_now(session_id: UUID) -> Taken:
    """Take a backup for an administrator; the copying itself is done outside any transaction."""
    with looking(session_id) as work:
        _may_back_up(work)
    return take(sites.present())


@permitted(Permission.MANAGE_BACKUPS)
def recovery_sheet(work: Work) -> str:
    """The recovery sheet, to print again while the site still runs; recorded."""
    work.record("key.sheet_printed", "site")
    return sites.present().recovery_sheet


@permitted(Permission.MANAGE_BACKUPS)
def _may_back_up(work: Work) -> None:
    """Only who looks after the site may start one."""


def take(site: Site) -> Taken:
    """Take a backup, copy it to the second place and let old ones go. A failure is recorded and leaves the old ones."""
    moment = datetime.now(UTC)
    try:
        file, manifest = backup.take(site.source, site.settings.backup_dir, moment)
    except Refused as refusal:
        _record("backup.failed", reason=refusal.message, result="failed")
        raise
    except OSError as error:
        _record("backup.failed", reason=f"{error.strerror}", result="failed")
        raise Refused(f"The backup could not be written: {error.strerror}. The previous ones are untouched.") from None
    _record("backup.verified", reason=file.name, count=sum(manifest.counts.values()))
    copied, trouble = _copy(site, file)
    stuck = _let_old_ones_go(site, moment)
    return Taken(file, manifest, copied, " ".join(filter(None, (trouble, stuck))))


def drill(site: Site, file: Path | None = None) -> Tried:
    """Restore a backup (the newest one) into a scratch folder, check and count it, and throw it away."""
    newest = backup.listed(site.settings.backup_dir)
    if file is None and not newest:
        raise Refused("There is no backup to try yet. Take one first.")
    chosen = file or newest[0][1]
    try:
        with backup.opened(chosen, site.keys.recovery, site.source.scratch_in) as opened:
            counts = backup.tried(
                opened, None if site.store.is_sqlite else site.store.engine, site.source.postgres_tools
            )
            if counts != opened.manifest.counts:
                raise Refused(f"The backup {chosen.name} holds other rows than it says. Take a new one now.")
            taken_at = opened.manifest.moment
    except Refused as refusal:
        _record("restore.drill_failed", reason=refusal.message, result="failed")
        raise
    except OSError as error:
        _record("restore.drill_failed", reason=f"{chosen.name}: {error.strerror}", result="failed")
        raise Refused(f"The backup {chosen.name} could not be tried: {error.strerror}.") from None
    _record("restore.drill_ok", reason=chosen.name, count=sum(counts.values()))
    return Tried(chosen, taken_at, counts)


def look_into(settings: Settings, file: Path, typed_key: str) -> Manifest:
    """What a backup says it holds, once its key opened it and every part of it was found whole."""
    data_folder.prepare(settings.data_dir)
    with _opened(settings, file, typed_key) as opened:
        return opened.manifest


def restore(settings: Settings, file: Path, typed_key: str) -> str:
    """Put a backup in place of the site's database and keys; what they replace is kept. Gives back where.

    Every session ends; refused while the app runs on the same data folder.
    """
    moment = datetime.now(UTC)
    data_folder.prepare(settings.data_dir)
    lock = data_folder.AppLock(settings.data_dir)
    lock.take()
    try:
        with _opened(settings, file, typed_key) as opened:
            replaced = _put_in_place(settings, opened, moment)
            _settle_restored(settings, opened, file)
    finally:
        lock.release()
    return replaced


@contextmanager
def _opened(settings: Settings, file: Path, typed_key: str) -> Iterator[backup.Opened]:
    """A backup unpacked for the length of a block; what the disk refuses in it is said in words."""
    try:
        with backup.opened(file, recovery_key.read(typed_key), settings.data_dir / "scratch") as opened:
            yield opened
    except OSError as error:
        raise Refused(f"The backup could not be unpacked: {error.strerror}. Make room, and restore it again.") from None


def _put_in_place(settings: Settings, opened: backup.Opened, moment: datetime) -> str:
    key = opened.keys.database if opened.manifest.encrypted else None
    if opened.manifest.encrypted != settings.encrypted:
        raise Refused(
            "This backup is of an encrypted database. Set ENCRYPTED=yes and restore it again."
            if opened.manifest.encrypted
            else "This backup is of a database that is not encrypted. Set ENCRYPTED=no and restore it again."
        )
    if settings.encrypted:
        data_folder.refuse_keys_inside(settings.data_dir, settings.key_dir)
    if settings.sqlite_path:
        settings.sqlite_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replaced: object = backup.put_into_file(opened, settings.sqlite_path, moment)
    else:
        server = Store(settings.database_url, opened.keys.site, key)
        try:
            replaced = backup.put_into_server(opened, server.engine, settings.postgres_tools, moment)
        finally:
            server.close()
    # The restored trail ends earlier than the noted end of the one it replaces.
    (settings.data_dir / sites.HEAD_FILE).unlink(missing_ok=True)
    _keep_replaced_keys(settings.key_dir, moment)
    keys.write(settings.key_dir, opened.keys)
    if opened.settings_file:
        shutil.copyfile(opened.settings_file, settings.data_dir / "settings-of-the-backup.toml")
    return str(replaced or "")


def _keep_replaced_keys(folder: Path, moment: datetime) -> None:
    if folder.exists() and any(folder.glob("*.key")):
        folder.rename(folder.with_name(f"{folder.name}.replaced-{moment:%Y%m%d-%H%M%S}"))


def _settle_restored(settings: Settings, opened: backup.Opened, file: Path) -> None:
    """Bring the restored database up to date, end its sessions, and say in its audit trail that it was restored."""
    key = opened.keys.database if opened.manifest.encrypted else None
    restored = store.use(Store(settings.database_url, opened.keys.site, key))
    try:
        migrations.upgrade(restored.engine)
        backup.check(restored)
        with system_work("Restore") as work:
            work.session.execute(door.end_every_session(EndedBy.RESTORED, work.now))
            work.record("restore.done", "database", reason=f"{file.name}, taken {opened.manifest.taken_at}")
    finally:
        restored.close()


def _copy(site: Site, file: Path) -> tuple[Path | None, str]:
    second = site.settings.backup_copy_dir
    if second is None:
        return None, ""
    try:
        return backup.copy_to(file, second), ""
    except (OSError, Refused) as error:
        said = error.message if isinstance(error, Refused) else f"{second}: {error.strerror}"
        _record("backup.copy_failed", reason=said, result="failed")
        return None, f"The second copy could not be written: {said}"


def _let_old_ones_go(site: Site, moment: datetime) -> str:
    """Delete what the rotation no longer keeps, in both places; in words what could not be deleted."""
    stuck = []
    for folder in sites.backup_folders(site):
        old = _no_longer_kept(folder, moment)
        left = [file for file in old if not _gone(file)]
        if len(old) > len(left):
            _record("backup.pruned", count=len(old) - len(left))
        stuck += left
    return f"Old backups could not be deleted: {', '.join(map(str, stuck))}" if stuck else ""


def left_over(site: Site) -> list[Path]:
    """Old backups that the rotation would not keep, and that the last backup could not delete."""
    newest = ((folder, backup.listed(folder)) for folder in sites.backup_folders(site))
    return [file for folder, found in newest if found for file in _no_longer_kept(folder, found[0][0])]


def _no_longer_kept(folder: Path, moment: datetime) -> list[Path]:
    found = backup.listed(folder)
    kept = rotation.kept((taken for taken, _ in found), moment)
    return [file for taken, file in found if taken not in kept]


def _gone(file: Path) -> bool:
    try:
        file.unlink()
    except OSError:
        return False
    return True


def _record(event: str, *, reason: str = "", count: int | None = None, result: str = "ok") -> None:
    with system_work(DESK) as work:
        work.record(event, "backup", reason=reason, count=count, result=result)


def check_audit_trail(site: Site) -> str:
    """Check the whole chain and its noted end, and record the outcome; what is wrong in words, or nothing."""
    with system_work(DESK) as work:
        checked = audit_trail.examine(work)
        trouble = {
            Chain.WHOLE: "",
            Chain.BROKEN: f"It was changed at entry {checked.broken_at}.",
            Chain.CUT_OFF: "Its newest entries were removed.",
        }[checked.chain]
        work.record(
            "audit.chain_broken" if trouble else "audit.verified", "audit", count=checked.newest, reason=trouble
        )
    return trouble
