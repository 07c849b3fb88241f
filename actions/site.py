"""The site this process serves: its settings, keys and store, opened in the one safe order."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from actions import clock
from actions.work import system_work
from db import audit, backup, data_folder, keys, migrations, store
from db.backup import Source
from db.keys import Keys
from db.migrations import Schema
from db.store import Store
from domain.recovery_key import written
from domain.refusals import Refused
from settings import APP_FOLDER, Settings

log = logging.getLogger("desk.site")

HEAD_FILE = "audit-head.txt"
SETTINGS_FILE = APP_FOLDER / "settings.toml"


@dataclass(frozen=True)
class Site:
    """Everything that backups, health and the console need to know."""

    settings: Settings
    keys: Keys
    store: Store
    new: bool
    """Opened for the first time: the recovery key has to be printed."""

    @property
    def source(self) -> Source:
        return Source(
            self.store, self.keys, self.settings.data_dir / "scratch", SETTINGS_FILE, self.settings.postgres_tools
        )

    @property
    def recovery_sheet(self) -> str:
        """What to print and keep away from this computer."""
        return SHEET.format(key=written(self.keys.recovery), folder=self.settings.backup_dir)


SHEET = """\
RECOVERY SHEET of Referral Desk. Print it, and keep it away from this computer.

  Recovery key:  {key}

It opens this site's backups, which lie in {folder}.
On a new computer: get Referral Desk, then run   ./start --restore FILE   and type the key.
Without it nobody can open a backup, and nobody can make another one for the backups that exist.
"""

_present: list[Site] = []


def present() -> Site:
    """The site of this process."""
    if not _present:
        raise RuntimeError("no site is open: the app's start-up opens it")
    return _present[0]


def use(site: Site) -> Site:
    """Make this the site of the process and give it back."""
    _present[:] = [site]
    return site


@contextmanager
def serving(settings: Settings) -> Iterator[Site]:
    """Open the site for the app itself: one app process on an SQLite file, any number on PostgreSQL."""
    _prepare(settings)
    lock = data_folder.AppLock(settings.data_dir)
    if settings.sqlite_path:
        lock.take()
        backup.sweep(settings.data_dir / "scratch", settings.backup_dir)
    try:
        with opened(settings) as site:
            _say_started(site)
            yield site
    finally:
        lock.release()


@contextmanager
def opened(settings: Settings) -> Iterator[Site]:
    """Open the site, brought up to date; for the console beside a running app too."""
    site = _open(settings)
    store.use(site.store)
    audit.keep_head_at(settings.data_dir / HEAD_FILE)
    use(site)
    try:
        _refuse_damaged(site)
        _bring_up_to_date(site)
        _refuse_other_keys(site)
        yield site
    finally:
        _present.clear()
        audit.keep_head_at(None)
        site.store.close()


def _prepare(settings: Settings) -> None:
    if settings.sqlite_path:
        data_folder.refuse_unsafe(settings.data_dir)
        data_folder.refuse_unsafe(settings.sqlite_path.parent)
    if settings.encrypted:
        data_folder.refuse_keys_inside(settings.data_dir, settings.key_dir)
    data_folder.prepare(settings.data_dir)


def _open(settings: Settings) -> Site:
    _prepare(settings)
    new = _is_new(settings)
    if new and settings.sqlite_path and backup.listed(settings.backup_dir):
        raise Refused(
            f"The database {settings.sqlite_path} is gone, but there are backups of it in {settings.backup_dir}. "
            "Restore the newest one with `manage.py restore FILE`, or set DATA_DIR to a new folder."
        )
    site_keys = keys.read_or_make(settings.key_dir, new_site=new)
    key = site_keys.database if settings.encrypted else None
    return Site(settings, site_keys, Store(settings.database_url, site_keys.site, key), new)


def _is_new(settings: Settings) -> bool:
    if settings.sqlite_path:
        return not settings.sqlite_path.exists() or not settings.sqlite_path.stat().st_size
    server = Store(settings.database_url)
    try:
        with server.reading() as session:
            return not migrations.holds_anything(session.connection())
    finally:
        server.close()


def _bring_up_to_date(site: Site) -> None:
    """Upgrade an older database, after a backup of it that was checked."""
    engine = site.store.engine
    migrations.refuse_newer(engine)
    if migrations.schema(engine) is Schema.OLDER:
        place, _ = backup.take(site.source, site.settings.backup_dir, datetime.now(UTC))
        log.warning("Before the upgrade the database was backed up to %s", place.name)
    if migrations.schema(engine) is not Schema.CURRENT:
        before = migrations.step(engine)
        migrations.upgrade(engine)
        with system_work("Upgrade") as work:
            work.record("migration.finished", "database", reason=f"{before or 'nothing'} to {migrations.head()}")


def _refuse_damaged(site: Site) -> None:
    if not site.store.sound():
        raise Refused(
            f"The database file {site.settings.sqlite_path} is damaged. Nothing was changed. "
            "Restore the newest backup with `manage.py restore FILE`."
        )


def _refuse_other_keys(site: Site) -> None:
    """Refuse keys that are not those the audit trail was written with."""
    with site.store.reading() as session:
        if not audit.last_is_ours(session):
            raise Refused(
                f"The keys in {site.settings.key_dir} are not the ones this database was written with. "
                "Copy the folder from the computer that served it before, or restore a backup."
            )


def _say_started(site: Site) -> None:
    clock.look_back()
    database = site.store.description()
    with system_work("Start of the desk") as work:
        work.record("app.started", reason=database)


def backup_folders(site: Site) -> list[Path]:
    """Where backups go: the site's folder, and the second place when one is named."""
    second = site.settings.backup_copy_dir
    return [site.settings.backup_dir, *([second] if second else [])]
