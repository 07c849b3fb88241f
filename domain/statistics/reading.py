"""What a page of numbers is about, and the tables folded for it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from domain.statistics import quality, speed
from domain.statistics.periods import Period, compared_at, day_start, last_working_day
from domain.statistics.tables import Flags, Tables, clarifications, histories


@dataclass(frozen=True)
class Choice:
    """What the page is about: a period, and perhaps one agency (its id), one county, one type."""

    period: Period
    agency: str = ""
    county: str = ""
    type: str = ""


@dataclass(frozen=True)
class Reading:
    """The tables folded as of one moment, and what of them arrived in one period."""

    tables: Tables
    folded: pd.DataFrame
    sent: pd.DataFrame
    binned: pd.DataFrame
    at: datetime
    zone: ZoneInfo

    @cached_property
    def returns(self) -> pd.DataFrame:
        """Every return up to then."""
        return clarifications(self.tables, self.at)

    @cached_property
    def milestones(self) -> dict[str, pd.Series]:
        """How long each referral of the period took to each milestone."""
        return speed.milestones(self.sent, self.tables.looks, self.at)

    @cached_property
    def delays(self) -> pd.Series:
        """How long each outcome took to be opened by its agency; NaT where it was not."""
        return quality.loop_closed(self.sent, self.tables.visits, self.at)

    @property
    def since(self) -> datetime:
        """When the last working day before began."""
        return day_start(last_working_day(self.at.astimezone(self.zone).date()), self.zone)


@dataclass(frozen=True)
class Readings:
    """The period that was asked for, and the one before it; None where that has not begun."""

    now: Reading
    then: Reading | None


def read(tables: Tables, choice: Choice, start: datetime, end: datetime, at: datetime, zone: ZoneInfo) -> Reading:
    """Fold the tables as of `at`, and pick the referrals that the choice is about."""
    folded = histories(tables, at)
    mine = is_chosen(folded, choice)
    folded = folded if mine.all() else folded[mine]
    return Reading(
        tables=tables,
        folded=folded,
        sent=speed.received(folded, start, end),
        binned=speed.in_the_bin(folded, start, end),
        at=at,
        zone=zone,
    )


def readings(tables: Tables, choice: Choice, zone: ZoneInfo, at: datetime) -> Readings:
    """The chosen period as of now, and the period before it as of the same time after its own start."""
    now = read(tables, choice, *choice.period.bounds(zone), at, zone)
    earlier = choice.period.before
    start, end = earlier.bounds(zone)
    then_at = compared_at(at, choice.period, earlier, zone)
    return Readings(now, read(tables, choice, start, min(end, then_at), then_at, zone) if start < then_at else None)


def is_chosen(rows: pd.DataFrame, choice: Choice) -> Flags:
    """Whether each row is of the agency, county and type that the choice is about."""
    chosen: Flags = np.ones(len(rows), dtype=bool)
    for name in ("agency", "county", "type"):
        if wanted := getattr(choice, name):
            chosen &= (rows[name] == wanted).to_numpy(dtype=bool)
    return chosen
