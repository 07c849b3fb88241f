"""Whether this computer's clock can be believed: sessions, codes, backups and every entry of the trail live by it."""

import sys
import time
from datetime import UTC, datetime, timedelta

from actions.work import system_work
from db import events, store

LARGEST = timedelta(minutes=10)
"""A clock that is off by more than this is written down and shown to the administrator."""
SHOWN_FOR = timedelta(days=7)
CLOCK = "The computer's clock"


class Watch:
    """Compares the clock on the wall with the steady one that counts since the computer was started."""

    def __init__(self) -> None:
        self.wall, self.steady = datetime.now(UTC), _steady()

    def look(self) -> None:
        """Write it down when the clock was put forward or back since the last look."""
        wall, steady = datetime.now(UTC), _steady()
        jumped = (wall - self.wall) - timedelta(seconds=steady - self.steady)
        self.wall, self.steady = wall, steady
        if abs(jumped) > LARGEST and (jumped < timedelta(0) or _counts_sleep()):
            _write_down(jumped)


def look_back() -> None:
    """At the start: write it down when the clock is behind the newest entry of the trail."""
    behind = ahead_of_us()
    if behind > LARGEST:
        _write_down(-behind)


def ahead_of_us() -> timedelta:
    """How far the newest entry of the trail lies in the future; nothing where it does not."""
    with store.present().reading() as session:
        newest = session.scalars(events.newest_moment()).first()
    return max(newest - datetime.now(UTC), timedelta(0)) if newest else timedelta(0)


def _write_down(jumped: timedelta) -> None:
    minutes = round(abs(jumped).total_seconds() / 60)
    way = "forward" if jumped > timedelta(0) else "back"
    with system_work(CLOCK) as work:
        work.record("clock.skew", "site", count=minutes, reason=f"put {way} by {minutes} minutes", result="failed")


def _steady() -> float:
    """Seconds since the computer was started, its sleep included where the system counts it."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boot) if boot is not None else time.monotonic()


def _counts_sleep() -> bool:
    """Whether a jump forward is one: elsewhere it may only have been asleep."""
    return hasattr(time, "CLOCK_BOOTTIME") or sys.platform == "win32"
