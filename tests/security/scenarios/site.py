"""What is told of the desk itself: first run, start, backups, moves, restores. Most are acts on files: see `only`."""

import shutil
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from actions import backups, clock, console, moving, setup, site
from actions.accounts import Visitor
from db.tables.audit import AuditEntry
from db.tables.people import User
from domain.recovery_key import written
from settings import read
from tests.cast import bring_in
from tests.security.scenarios.stage import Stage, Told

NIGHT, START, CONSOLE = "Backups of the desk", "Start of the desk", "The console"


@contextmanager
def _opened(s: Stage, name: str = ""):
    """A site of its own in a fresh folder, opened; what its trail tells is kept for the comparison."""
    settings = read({"DATA_DIR": str(s.folder / (name or s.word()))}, s.folder / "none.toml")
    with site.opened(settings) as opened:
        yield opened
        s.keep_what_is_told(opened.store)


def _set_up_code(s: Stage):
    with _opened(s) as opened:
        s.store = opened.store
        s.tries(setup.fresh_setup_code)


def _sets_up(s: Stage):
    with _opened(s) as opened:
        s.store = opened.store
        code = setup.fresh_setup_code()
        answers = setup.FirstAnswers(code, "Juniper Center", "America/Denver", "Ada Lund", "ada", "a quite long phrase")
        s.tries(lambda: setup.set_up(answers, Visitor("10.1.1.1")))
        with opened.store.reading() as session:
            return session.query(User).one().id


def _starts(s: Stage):
    settings = read({"DATA_DIR": str(s.folder / s.word())}, s.folder / "none.toml")
    with site.serving(settings) as opened:
        s.keep_what_is_told(opened.store)


def _comes_up_to_date(s: Stage):
    with _opened(s):
        pass


def _moves(s: Stage):
    with _opened(s) as opened:
        bring_in(opened.store)
        moving.move(opened, f"sqlite:///{s.folder / 'moved.db'}")


def _restores(s: Stage):
    with _opened(s, "restored") as opened:
        bring_in(opened.store)
        file, key = backups.take(opened).file, written(opened.keys.recovery)
    backups.restore(opened.settings, file, key)
    with _opened(s, "restored"):
        pass


def _backs_up(s: Stage):
    s.only(lambda: backups.take(site.present()))


def _checks_the_trail(s: Stage):
    s.tries(lambda: backups.check_audit_trail(site.present()))


def _prints_the_sheet(s: Stage):
    s.tries(console.recovery_sheet)


def _fails_to_back_up(s: Stage):
    nowhere = replace(site.present(), settings=replace(site.present().settings, backup_dir=Path("/proc/nowhere")))
    s.only(lambda: _quietly(lambda: backups.take(nowhere)))


def _cannot_copy(s: Stage):
    stick = replace(site.present(), settings=replace(site.present().settings, backup_copy_dir=Path("/proc/stick")))
    s.only(lambda: backups.take(stick))


def _prunes(s: Stage):
    newest = backups.take(site.present()).file
    for days in range(1, 40):
        moment = datetime.now(UTC) - timedelta(days=days)
        shutil.copyfile(newest, newest.with_name(f"desk-{moment:%Y-%m-%d-%H%M%S}.backup"))
    s.only(lambda: backups.take(site.present()))


def _drills(s: Stage):
    backups.take(site.present())
    s.only(lambda: backups.drill(site.present()))


def _drills_in_vain(s: Stage):
    damaged = s.folder / "damaged.backup"
    damaged.write_bytes(backups.take(site.present()).file.read_bytes()[:-40])
    s.only(lambda: backups.drill(site.present(), damaged))


def _finds_a_forged_entry(s: Stage):
    with s.store.writing() as session:
        entry = session.get_one(AuditEntry, 1)
        kept, entry.reason = entry.reason, "something else"
    s.tries(lambda: backups.check_audit_trail(site.present()))
    with s.store.writing() as session:
        session.get_one(AuditEntry, 1).reason = kept


def _puts_the_clock_back(s: Stage):
    def an_hour_passes_backwards():
        watch = clock.Watch()
        with time_machine.travel(datetime.now(UTC) - timedelta(hours=1)):
            watch.look()

    s.tries(an_hour_passes_backwards)


def _recovers(s: Stage):
    s.tries(lambda: console.recover("ada"))
    return s.cast.ada.user_id


def _quietly(deed):
    try:
        deed()
    except OSError:
        return


TOLD = (
    Told("backup.verified", NIGHT, "backup", _backs_up),
    Told("backup.failed", NIGHT, "backup", _fails_to_back_up, "failed"),
    Told("backup.copy_failed", NIGHT, "backup", _cannot_copy, "failed"),
    Told("backup.pruned", NIGHT, "backup", _prunes),
    Told("restore.drill_ok", NIGHT, "backup", _drills),
    Told("restore.drill_failed", NIGHT, "backup", _drills_in_vain, "failed"),
    Told("audit.verified", NIGHT, "audit", _checks_the_trail),
    Told("audit.chain_broken", NIGHT, "audit", _finds_a_forged_entry),
    Told("key.sheet_printed", "ada", "site", lambda s: s.does(backups.recovery_sheet)),
    Told("key.sheet_printed", CONSOLE, "site", _prints_the_sheet),
    Told("clock.skew", clock.CLOCK, "site", _puts_the_clock_back, "failed"),
    Told("user.recovered", CONSOLE, "user", _recovers),
)
"""On the cast's center."""

FROM_NOTHING = (
    Told("setup.code_made", START, "center", _set_up_code),
    Told("setup.done", "Somebody not signed in", "user", _sets_up),
    Told("app.started", START, "", _starts),
    Told("migration.finished", "Upgrade", "database", _comes_up_to_date),
    Told("data.moved", "Move to another database", "database", _moves),
    Told("restore.done", "Restore", "database", _restores),
)
"""On a site that nobody has opened yet."""
