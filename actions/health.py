"""How the site is doing: one light, and one next step for each thing that needs somebody."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from actions import backups, clock, expiry
from actions import site as sites
from actions.accounts.visitors import open_to_strangers
from actions.site import Site
from actions.work import STRANGER, Work, permitted
from db import backup, door, events, migrations
from db.migrations import Schema
from domain.permissions import Permission
from domain.refusals import Refused

BACKUP_YELLOW, BACKUP_RED = timedelta(hours=26), timedelta(hours=36)
DRILL_YELLOW = timedelta(days=40)
CHECK_YELLOW = timedelta(hours=50)
PURGE_YELLOW = timedelta(days=7)
DUE_YELLOW = timedelta(days=30)
UNWRITTEN_YELLOW = timedelta(hours=2)
DISK_YELLOW_BYTES, DISK_YELLOW_SHARE = 2_000_000_000, 0.10
DISK_RED_BYTES = 200_000_000
NAMED = 3
"""So many files are named in one line."""


class Light(IntEnum):
    """Green: nothing to do. Yellow: soon. Red: now."""

    GREEN = 0
    YELLOW = 1
    RED = 2


@dataclass(frozen=True)
class Line:
    """One thing that is looked at."""

    name: str
    light: Light
    words: str
    next_step: str = ""


@dataclass(frozen=True)
class Health:
    """All lines; the worst of them is the light of the whole."""

    lines: tuple[Line, ...]

    @property
    def light(self) -> Light:
        return max(line.light for line in self.lines)

    @property
    def next_step(self) -> str:
        """What to do first."""
        return max(self.lines, key=lambda line: line.light).next_step


@permitted(Permission.SEE_HEALTH)
def report(work: Work) -> Health:
    """The health page."""
    return look(sites.present(), work.now)


@open_to_strangers("the monitoring of a site has no account; it hears one word for each thing, nothing of anybody's")
def words_for_monitoring() -> dict[str, str]:
    """Name of each thing -> green, yellow or red, and `status` for the whole."""
    health = look(sites.present(), datetime.now(UTC))
    return {"status": health.light.name.lower()} | {line.name: line.light.name.lower() for line in health.lines}


def banner(now: datetime) -> str:
    """What every screen of the center's people says in red once the newest backup is too old, or nothing."""
    site = sites.present()
    if not backup.listed(site.settings.backup_dir):
        return ""
    line = _backup(site, now)
    return f"{line.words} {line.next_step}" if line.light is Light.RED else ""


def look(site: Site, now: datetime) -> Health:
    """Look at everything; what cannot be looked at is red."""
    looks: dict[str, Callable[[Site, datetime], Line]] = {
        "database": _database,
        "schema": _schema,
        "disk": _disk,
        "backup": _backup,
        "drill": _drill,
        "audit": _audit,
        "clock": _clock,
        "retention": _retention,
        "phones": _phones,
    }
    return Health(tuple(_in_words(name, looked, site, now) for name, looked in looks.items()))


def _in_words(name: str, looked: Callable[[Site, datetime], Line], site: Site, now: datetime) -> Line:
    try:
        return looked(site, now)
    except Refused as refusal:
        return Line(name, Light.RED, refusal.message, "Look whether the database runs and its disk has room.")


def _database(site: Site, now: datetime) -> Line:
    return Line("database", Light.GREEN, f"It answers: {site.store.description()}.")


def _schema(site: Site, now: datetime) -> Line:
    if migrations.schema(site.store.engine) is Schema.CURRENT:
        return Line("schema", Light.GREEN, f"The database is at step {migrations.head()}, as this version needs it.")
    return Line(
        "schema", Light.RED, "The database is not at the step this version needs.", "Stop the desk and start it again."
    )


def _disk(site: Site, now: datetime) -> Line:
    disk = shutil.disk_usage(site.settings.data_dir)
    words = f"{disk.free / 1e9:.1f} GB of {disk.total / 1e9:.0f} GB are free for data and backups."
    if disk.free < DISK_RED_BYTES:
        return Line("disk", Light.RED, words, "Free some space now: soon nothing can be saved.")
    if disk.free < DISK_YELLOW_BYTES or disk.free < DISK_YELLOW_SHARE * disk.total:
        return Line("disk", Light.YELLOW, words, "Free some space this week.")
    return Line("disk", Light.GREEN, words)


def _backup(site: Site, now: datetime) -> Line:
    taken = backup.listed(site.settings.backup_dir)
    if not taken:
        return _no_backup_yet(site, now)
    age = now - taken[0][0]
    light = Light.RED if age > BACKUP_RED else Light.YELLOW if age > BACKUP_YELLOW else Light.GREEN
    words = f"The last good backup is {_spoken(age)} old ({taken[0][1].name})."
    if light is not Light.GREEN:
        return Line("backup", light, words, "Take one now with `manage.py backup`, and read what it says.")
    trouble = max(_second_place(site, now), _left_over(site), key=lambda line: line.light)
    return Line("backup", trouble.light, f"{words} {trouble.words}".strip(), trouble.next_step)


def _no_backup_yet(site: Site, now: datetime) -> Line:
    started = _last(site, "setup.done", "migration.finished")
    fresh = started is not None and now - started[0] < BACKUP_RED
    return Line(
        "backup",
        Light.YELLOW if fresh else Light.RED,
        "There is no backup yet.",
        "Take one now with `manage.py backup`; after that it happens every night.",
    )


def _second_place(site: Site, now: datetime) -> Line:
    second = site.settings.backup_copy_dir
    if second is None:
        return Line("second place", Light.GREEN, "")
    copies = backup.listed(second) if second.exists() else []
    if copies and now - copies[0][0] <= BACKUP_YELLOW:
        return Line("second place", Light.GREEN, f"A copy of it is in {second}.")
    late = not copies or now - copies[0][0] > BACKUP_RED
    return Line(
        "second place",
        Light.RED if late else Light.YELLOW,
        f"The newest copy is missing from {second}.",
        "Plug the stick in, or connect the folder, and run `manage.py backup`.",
    )


def _left_over(site: Site) -> Line:
    stuck = backups.left_over(site)
    if not stuck:
        return Line("left over", Light.GREEN, "")
    many = f"{len(stuck)} old backups" if len(stuck) > 1 else "An old backup"
    return Line(
        "left over",
        Light.YELLOW,
        f"{many} could not be deleted: {', '.join(map(str, stuck[:NAMED]))}{' …' if len(stuck) > NAMED else ''}.",
        "Look whether the file is in use or write-protected; delete it, or the disk fills up.",
    )


def _drill(site: Site, now: datetime) -> Line:
    tried = _last(site, "restore.drill_ok", "restore.drill_failed")
    if tried is None:
        return Line("drill", Light.GREEN, "No backup was tried out yet; this happens by itself every month.")
    moment, event, reason = tried
    if event == "restore.drill_failed":
        return Line(
            "drill",
            Light.RED,
            f"A backup could not be brought back: {reason}",
            "Take a new one with `manage.py backup` and try it with `manage.py drill`.",
        )
    if now - moment > DRILL_YELLOW:
        return Line("drill", Light.YELLOW, f"The last drill was {_spoken(now - moment)} ago.", "Run `manage.py drill`.")
    return Line("drill", Light.GREEN, f"A backup was brought back on trial {_spoken(now - moment)} ago.")


def _audit(site: Site, now: datetime) -> Line:
    checked = _last(site, "audit.verified", "audit.chain_broken")
    if checked is None:
        return Line("audit", Light.GREEN, "The audit trail was not checked yet; this happens by itself every night.")
    moment, event, reason = checked
    if event == "audit.chain_broken":
        return Line(
            "audit", Light.RED, f"The audit trail is not whole. {reason}", "Keep the backups, and call for help."
        )
    light = Light.YELLOW if now - moment > CHECK_YELLOW else Light.GREEN
    step = "Run `manage.py verify-audit`." if light else ""
    return Line("audit", light, f"The audit trail was whole {_spoken(now - moment)} ago.", step)


def _retention(site: Site, now: datetime) -> Line:
    with site.store.reading() as session:
        standing = expiry.stand(Work(STRANGER, session, now))
    if standing.unwritten_since and now - standing.unwritten_since > UNWRITTEN_YELLOW:
        return Line(
            "retention",
            Light.YELLOW,
            "After a purge the files were not written anew yet: words of what was purged may be left in them.",
            "Look whether the disk has room; the desk tries again every five minutes.",
        )
    if standing.asked_at:
        light = Light.YELLOW if now - standing.asked_at > PURGE_YELLOW else Light.GREEN
        words = f"A purge was asked for {_spoken(now - standing.asked_at)} ago and waits for somebody to agree."
        return Line("retention", light, words, "Open Retention: agree to it or withdraw it." if light else "")
    if standing.late_since is None:
        return Line("retention", Light.GREEN, "Nothing is due to be purged.")
    light = Light.YELLOW if now - standing.late_since > DUE_YELLOW else Light.GREEN
    words = f"{standing.due} {'record is' if standing.due == 1 else 'records are'} due to be purged."
    return Line("retention", light, words, "Open Retention: an administrator asks for the purge." if light else "")


def _clock(site: Site, now: datetime) -> Line:
    step = "Look at this computer's date, time and time zone, and let it set its clock by itself."
    ahead = clock.ahead_of_us()
    if ahead > clock.LARGEST:
        words = f"This computer's clock is {_spoken(ahead)} behind what was written down before."
        return Line("clock", Light.RED, words, f"{step} Until then people are signed out too early or too late.")
    jumped = _last(site, "clock.skew")
    if jumped is not None and now - jumped[0] < clock.SHOWN_FOR:
        return Line("clock", Light.YELLOW, f"This computer's clock was {jumped[2]} within the last week.", step)
    return Line("clock", Light.GREEN, "This computer's clock goes on steadily.")


def _phones(site: Site, now: datetime) -> Line:
    with site.store.reading() as session:
        center = session.scalars(door.center()).one_or_none()
        missing = "" if center is None else _missing_number(center.on_call_phone, center.hotline_phone)
    if not missing:
        return Line("phones", Light.GREEN, "Forms say whom to call in an emergency and where to report.")
    words = f"The {missing} number is not given yet: forms say to call, and give no number."
    return Line("phones", Light.YELLOW, words, "Open The center, as an administrator, and write it down.")


def _missing_number(on_call: str, hotline: str) -> str:
    if not on_call:
        return "on-call"
    return "" if hotline else "hotline’s"


def _last(site: Site, *names: str) -> tuple[datetime, str, str] | None:
    with site.store.reading() as session:
        found = session.execute(events.last_of(*names)).first()
    return (found.at, found.event, found.reason) if found else None


def _spoken(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return f"{hours} hours" if hours > 1 else "an hour"
    return f"{hours // 24} days"
