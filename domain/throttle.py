"""How fast somebody may guess: free tries, growing delays, and a day's cap, never a lock for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_TRIES = 5
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
WINDOW = timedelta(minutes=15)
DAY = timedelta(days=1)

PER_ADDRESS = 30
"""Wrong guesses from one address within the window, whatever the account."""
PER_ACCOUNT = 100
"""Wrong guesses at one account within a day, from devices that the account does not know."""
PER_ACCOUNT_AFTERWARDS = timedelta(minutes=150)
"""Once the day's guesses are used up, one more is let through this often: nothing is locked for ever."""
PER_SITE = 300
"""Wrong guesses in all within the window, from devices that the account does not know."""


@dataclass(frozen=True)
class Guesses:
    """Moments of wrong guesses, oldest first, as far as they bear on the next one."""

    here: Sequence[datetime] = ()
    """At this account from this address (or this known device), since the last right one, within a day."""
    from_address: Sequence[datetime] = ()
    """At any account from this address, within the window."""
    at_account: Sequence[datetime] = ()
    """At this account from devices it does not know, within a day."""
    at_site: Sequence[datetime] = ()
    """At any account from unknown devices, within the window."""


def free_at(guesses: Guesses, *, known_device: bool) -> datetime | None:
    """The moment from which the next guess is let through; None when it is free at once.

    A device that the account knows answers only for its own guesses: strangers cannot slow it.
    """
    waits = [_after_streak(guesses.here)]
    if not known_device:
        waits += [
            _after_crowd(guesses.from_address, PER_ADDRESS, WINDOW),
            _after_crowd(guesses.at_site, PER_SITE, WINDOW),
            _after_day(guesses.at_account),
        ]
    return max((wait for wait in waits if wait is not None), default=None)


def _after_streak(wrong: Sequence[datetime]) -> datetime | None:
    over = len(wrong) - FREE_TRIES
    return wrong[-1] + DELAYS[min(over, len(DELAYS) - 1)] if over >= 0 else None


def _after_crowd(wrong: Sequence[datetime], limit: int, window: timedelta) -> datetime | None:
    return wrong[-limit] + window if len(wrong) >= limit else None


def _after_day(wrong: Sequence[datetime]) -> datetime | None:
    return wrong[-1] + PER_ACCOUNT_AFTERWARDS if len(wrong) >= PER_ACCOUNT else None
