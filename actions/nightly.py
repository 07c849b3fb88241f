"""What the desk does by itself: backups, drills, checks, and a look at what is due to be purged. It never purges."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from actions import backups, clock, expiry, search_rules
from actions.center import restricted_alike
from actions.center.client_batches import KEPT_FOR, forget_old
from actions.site import Site
from actions.work import system_work
from db import backup, events, spreadsheets
from domain.refusals import Refused

log = logging.getLogger("desk.nightly")

LOOK_EVERY_SECONDS = 300
FIRST_HOUR, LAST_HOUR = 1, 5
"""The night, by the computer's own clock."""
BACKUP_EVERY = timedelta(hours=20)
OVERDUE = timedelta(hours=24)
"""A computer that is off at night takes its backup by day."""
DRILL_EVERY = timedelta(days=30)
CHECK_EVERY = timedelta(hours=20)


@contextmanager
def at_work(site: Site) -> Iterator[None]:
    """Look every five minutes what is due, for the length of a block, in a thread of its own."""
    done = threading.Event()
    night = threading.Thread(target=_until, args=(done, site), name="nightly", daemon=True)
    night.start()
    try:
        yield
    finally:
        done.set()
        night.join(timeout=30)


def run_due(site: Site, now: datetime) -> list[str]:
    """Do what is due at this moment; the names of what was done. A failure is recorded and tried again later."""
    done = []
    for name, due, act in (
        ("backup", _backup_due, backups.take),
        ("audit", _check_due, backups.check_audit_trail),
        ("drill", _drill_due, backups.drill),
        ("spreadsheets", _forgetting_due, _forget_spreadsheets),
        ("files", _files_due, expiry.finish),
        ("retention", _retention_due, expiry.run),
        ("search", _search_rules_due, search_rules.run),
        ("restricted", _restricted_due, restricted_alike.run),
    ):
        try:
            if due(site, now):
                act(site)
                done.append(name)
        except Refused as refusal:
            log.error("%s: %s", name, refusal.message)
    return done


def _until(done: threading.Event, site: Site) -> None:
    watch = clock.Watch()
    while not done.wait(LOOK_EVERY_SECONDS):
        watch.look()
        run_due(site, datetime.now(UTC))


def _backup_due(site: Site, now: datetime) -> bool:
    taken = backup.listed(site.settings.backup_dir)
    if not taken:
        return _anything_kept(site)
    age = now - taken[0][0]
    return age > OVERDUE or (age > BACKUP_EVERY and _is_night(now))


def _check_due(site: Site, now: datetime) -> bool:
    age = _since(site, now, "audit.verified", "audit.chain_broken")
    return age is None or age > OVERDUE or (age > CHECK_EVERY and _is_night(now))


def _forgetting_due(site: Site, now: datetime) -> bool:
    with site.store.reading() as session:
        return session.scalars(spreadsheets.old_batches(now - KEPT_FOR).limit(1)).first() is not None


def _forget_spreadsheets(_site: Site) -> None:
    with system_work("the desk at night") as work:
        forget_old(work)


def _drill_due(site: Site, now: datetime) -> bool:
    """Every month; after one that failed with the next backup."""
    taken = backup.listed(site.settings.backup_dir)
    if not taken:
        return False
    with site.store.reading() as session:
        last = session.execute(events.last_of("restore.drill_ok", "restore.drill_failed")).first()
    if last is None:
        return True
    event, at, _reason = last
    return taken[0][0] > at if event == "restore.drill_failed" else now - at > DRILL_EVERY


def _files_due(site: Site, now: datetime) -> bool:
    return expiry.unfinished(site)


def _search_rules_due(site: Site, now: datetime) -> bool:
    return search_rules.due(site)


def _restricted_due(site: Site, now: datetime) -> bool:
    return restricted_alike.due(site)


def _retention_due(site: Site, now: datetime) -> bool:
    age = _since(site, now, "retention.run")
    if age is None:
        return _anything_kept(site)
    return age > OVERDUE or (age > CHECK_EVERY and _is_night(now))


def _anything_kept(site: Site) -> bool:
    """An empty site that nobody has set up yet needs no backup."""
    with site.store.reading() as session:
        return session.execute(events.last_of("setup.done", "center.demo_made", "restore.done")).first() is not None


def _since(site: Site, now: datetime, *names: str) -> timedelta | None:
    with site.store.reading() as session:
        found = session.execute(events.last_of(*names)).first()
    return now - found.at if found else None


def _is_night(now: datetime) -> bool:
    return FIRST_HOUR <= now.astimezone().hour < LAST_HOUR
