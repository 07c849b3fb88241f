"""Which backups to keep: seven daily, five weekly, three monthly, and none older than ninety days."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

DAILY, WEEKLY, MONTHLY = 7, 5, 3
OLDEST = timedelta(days=90)
"""So that a purged child leaves the backups too."""


def kept(taken: Iterable[datetime], now: datetime) -> set[datetime]:
    """The moments of the backups to keep; always the newest one, however old."""
    newest_first = sorted(taken, reverse=True)
    young = [moment for moment in newest_first if now - moment <= OLDEST]
    return {
        *newest_first[:1],
        *_last_of_each(young, lambda moment: moment.date(), DAILY),
        *_last_of_each(young, lambda moment: moment.isocalendar()[:2], WEEKLY),
        *_last_of_each(young, lambda moment: (moment.year, moment.month), MONTHLY),
    }


def _last_of_each(newest_first: list[datetime], period: Callable[[datetime], Any], count: int) -> list[datetime]:
    last: dict[Any, datetime] = {}
    for moment in newest_first:
        last.setdefault(period(moment), moment)
    return list(last.values())[:count]
