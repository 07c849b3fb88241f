"""One number at a time: its value, the n it rests on, what it was before, and what opens its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from domain.statistics import speed
from domain.statistics.openings import Opening, opening
from domain.statistics.reading import Reading, Readings
from domain.statistics.rows import behind
from domain.statistics.sheets import Kind, Sheet, definition


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


def count(code: str, label: str, what: Any, both: Readings, *, view: str = "every") -> Figure:
    """A number of referrals: those that `rows.behind` gives for its code."""
    found = len(behind(both.now, code))
    before = float(len(behind(both.then, code))) if both.then else None
    return Figure(code, label, definition(what), Kind.COUNT, found, before=before, opens=opening(code, found, view))


def share(code: str, label: str, what: Any, whole: Callable[[Reading], int], both: Readings) -> Figure:
    """The referrals behind a code as a part of a whole; no share of nothing."""
    found, of = len(behind(both.now, code)), whole(both.now)
    before = ratio(len(behind(both.then, code)), whole(both.then)) if both.then else None
    return Figure(code, label, definition(what), Kind.SHARE, ratio(found, of), of, before, opening(code, found))


def median(code: str, label: str, what: Any, length: Callable[[Reading], pd.Series], both: Readings) -> Figure:
    """A median of days, with its n."""
    found = speed.summary(length(both.now))
    before = speed.summary(length(both.then))["median"] if both.then else None
    n = int(found["n"] or 0)
    return Figure(code, label, definition(what), Kind.DAYS, found["median"], n, before, opening(code, n))


def ratio(part: int, whole: int) -> float | None:
    """A share, or None of nothing: empty is not zero."""
    return part / whole if whole else None
