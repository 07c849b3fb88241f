"""One number at a time: its value, the n it rests on, what it was before, and what opens its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from domain.statistics import speed
from domain.statistics.periods import Period, compared_at
from domain.statistics.sheets import Kind, Sheet, definition
from domain.statistics.tables import Tables, clarifications, histories


@dataclass(frozen=True)
class Choice:
    """What the page is about: a period, and perhaps one agency (its id), one county, one type."""

    period: Period
    agency: str = ""
    county: str = ""
    type: str = ""


@dataclass(frozen=True)
class Opening:
    """The view and filter of the queue that shows the rows of a figure."""

    view: str
    named: str = ""
    of_period: bool = True


@dataclass(frozen=True)
class Figure:
    """One number; `value` is None where there is nothing to count or too little to say."""

    code: str
    label: str
    definition: str
    kind: Kind
    value: float | None
    n: int | None = None
    before: float | None = None
    opens: Opening | None = None


@dataclass(frozen=True)
class Section:
    """A part of the page."""

    code: str
    title: str
    figures: tuple[Figure, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class Reading:
    """The tables folded as of one moment, and what of them arrived in one period."""

    tables: Tables
    folded: pd.DataFrame
    sent: pd.DataFrame
    binned: pd.DataFrame
    returns: pd.DataFrame
    at: datetime


@dataclass(frozen=True)
class Readings:
    """The period that was asked for, and the one before it; None where that has not begun."""

    now: Reading
    then: Reading | None


def read(tables: Tables, choice: Choice, start: datetime, end: datetime, at: datetime) -> Reading:
    """Fold the tables as of `at`, and pick the referrals that the choice is about."""
    folded = _chosen(histories(tables, at), choice)
    return Reading(
        tables=tables,
        folded=folded,
        sent=speed.received(folded, start, end),
        binned=speed.in_the_bin(folded, start, end),
        returns=clarifications(tables, at),
        at=at,
    )


def readings(tables: Tables, choice: Choice, zone: ZoneInfo, at: datetime) -> Readings:
    """The chosen period as of now, and the period before it as of the same time after its own start."""
    now = read(tables, choice, *choice.period.bounds(zone), at)
    earlier = choice.period.before
    start, end = earlier.bounds(zone)
    then_at = compared_at(at, choice.period, earlier, zone)
    return Readings(now, read(tables, choice, start, min(end, then_at), then_at) if start < then_at else None)


def count(
    code: str, label: str, what: Any, rows: Callable[[Reading], pd.DataFrame], both: Readings, *, named: str = ""
) -> Figure:
    """A number of referrals."""
    found = rows(both.now)
    before = float(len(rows(both.then))) if both.then else None
    return Figure(
        code, label, definition(what), Kind.COUNT, len(found), before=before, opens=opening(found, named=named)
    )


def share(
    code: str,
    label: str,
    what: Any,
    part: Callable[[Reading], pd.DataFrame],
    whole: Callable[[Reading], pd.DataFrame],
    both: Readings,
    *,
    named: str = "",
) -> Figure:
    """A part of a whole; no share of nothing."""
    found, of = part(both.now), len(whole(both.now))
    before = ratio(len(part(both.then)), len(whole(both.then))) if both.then else None
    return Figure(
        code, label, definition(what), Kind.SHARE, ratio(len(found), of), of, before, opening(found, named=named)
    )


def median(code: str, label: str, what: Any, length: Callable[[Reading], pd.Series], both: Readings) -> Figure:
    """A median of days, with its n."""
    found = speed.summary(length(both.now))
    before = speed.summary(length(both.then))["median"] if both.then else None
    return Figure(code, label, definition(what), Kind.DAYS, found["median"], int(found["n"] or 0), before)


def opening(found: pd.DataFrame, *, named: str = "", of_period: bool = True) -> Opening | None:
    """The status view that most of the rows stand in; its neighbours show their counts under the same filter."""
    if found.empty:
        return None
    return Opening(str(found["state"].mode().iloc[0]), str(named), of_period)


def ratio(part: int, whole: int) -> float | None:
    """A share, or None of nothing: empty is not zero."""
    return part / whole if whole else None


def _chosen(folded: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    for name in ("agency", "county", "type"):
        wanted = getattr(choice, name)
        if wanted:
            folded = folded[folded[name] == wanted]
    return folded
