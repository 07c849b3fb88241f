"""Reading what the numbers are counted from: the core that the center's and the agency's statistics share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from actions import drafting
from actions.work import Work
from db import queries
from db.event_tables import event_tables
from db.intake_tables import Counted, intake_tables
from domain import statistics
from domain.queue_filters import is_counted
from domain.referrals import QueueFilter
from domain.statistics import (
    Choice,
    CountingDate,
    Part,
    Period,
    Section,
    Setup,
    Tables,
    Unit,
    Wanted,
    day_start,
    last_working_day,
    local_days,
)

EVER = date(1970, 1, 1)
KEPT_UNDER = "statistics"
"""The name of the statistics' part of the center's settings."""


def setup_of(work: Work) -> Setup:
    """What the center decided about its counts; the defaults where it decided nothing."""
    kept = drafting.the_center(work).settings.get(KEPT_UNDER, {})
    default = Setup()
    return Setup(
        counting=CountingDate(kept.get("counting", default.counting)),
        unit=Unit(kept.get("unit", default.unit)),
        fiscal_month=int(kept.get("fiscal_month", default.fiscal_month)),
        least=int(kept.get("least", default.least)),
        mapping={name: {**rows, **kept.get("mapping", {}).get(name, {})} for name, rows in default.mapping.items()},
    )


def as_kept(setup: Setup) -> dict[str, Any]:
    """The same as the center's settings keep it."""
    return {
        "counting": setup.counting.value,
        "unit": setup.unit.value,
        "fiscal_month": setup.fiscal_month,
        "least": setup.least,
        "mapping": {name: dict(rows) for name, rows in setup.mapping.items()},
    }


def choice_of(work: Work, wanted: Wanted) -> Choice:
    """The days and groups that are wanted, in the center's calendar."""
    return wanted.choice(today(work), setup_of(work).fiscal_month)


def today(work: Work) -> date:
    """The center's day."""
    return work.now.astimezone(drafting.center_zone(work)).date()


def agency_names(work: Work) -> dict[str, str]:
    """Every agency's name by the id that the tables hold."""
    return {agency.id.hex: agency.name for agency in work.session.scalars(queries.agencies())}


NEEDED_FOR: dict[Part, frozenset[str]] = {
    Part.NOW: frozenset({"questions", "safety"}),
    Part.SPEED: frozenset({"looks"}),
    Part.QUALITY: frozenset({"marks", "answered"}),
    Part.DUPLICATES: frozenset({"imports"}),
    Part.VOLUME: frozenset({"facts"}),
    Part.LOOP: frozenset({"visits"}),
}
"""The tables that each part of the page is counted from, besides the referrals, their steps and their merges."""


def tables(work: Work, choice: Choice, since: datetime, parts: Iterable[Part] = tuple(NEEDED_FOR)) -> Tables:
    """What the figures of these parts are counted from, for referrals that arrived since or are open."""
    adult_since = work.now.date() - timedelta(days=18 * 365)
    needed = frozenset().union(*(NEEDED_FOR[part] for part in parts))
    return event_tables(work.session, choice, since, adult_since, needed)


def sections(work: Work, choice: Choice) -> tuple[Section, ...]:
    """Every section of the choice, exact."""
    zone = drafting.center_zone(work)
    found = tables(work, choice, _since(work, choice))
    counted = statistics.numbers(found, choice, zone, work.now, agency_names(work))
    return (*counted, intake(work, choice).section())


def section(work: Work, choice: Choice, part: Part) -> Section:
    """One section of the choice, exact."""
    if part is Part.INTAKE:
        return intake(work, choice).section()
    if part is Part.NOW:
        return desk_section(work, choice)
    found = tables(work, choice, _since(work, choice), [part])
    both = statistics.readings(found, choice, drafting.center_zone(work), work.now)
    return statistics.section(part, both, choice, agency_names(work))


def desk_section(work: Work, choice: Choice | None = None) -> Section:
    """What is on the desk now, and what came since the last working day, of the chosen agency, county and type."""
    day = today(work)
    period = Period(last_working_day(day), day)
    now = replace(choice, period=period) if choice else Choice(period)
    return statistics.desk(reading_now(work, now, [Part.NOW]))


def reading_now(work: Work, choice: Choice, parts: Iterable[Part]) -> statistics.Reading:
    """The choice as of now, without the period before."""
    zone = drafting.center_zone(work)
    start, end = choice.period.bounds(zone)
    return statistics.read(tables(work, choice, start, parts), choice, start, end, work.now, zone)


def rows_behind(work: Work, wanted: QueueFilter) -> frozenset[UUID] | None:
    """The referrals behind the number that a filter of the queue names; None where it names none."""
    if not is_counted(wanted.named):
        return None
    part = statistics.part_of(wanted.named)
    day = today(work)
    first = last_working_day(day) if part is Part.NOW else EVER
    period = Period(wanted.since or first, max(wanted.until or day, wanted.since or first))
    agency = wanted.agency_id.hex if wanted.agency_id else ""
    it = reading_now(work, Choice(period, agency, wanted.county, wanted.type), [part])
    places = statistics.behind(it, wanted.named)
    return frozenset(UUID(key.decode()) for key in it.tables.ids[places])


@dataclass(frozen=True)
class Intake:
    """The cases that count, what is known about them, and the setup that counts them; `clients` are ids by number."""

    cases: pd.DataFrame
    facts: pd.DataFrame
    setup: Setup
    clients: "np.ndarray[Any, Any]"

    def section(self) -> Section:
        """The intake counts."""
        return statistics.intake_counts(self.cases, self.facts, self.setup)

    def told(self) -> statistics.Told:
        """What counts, each child once where the center counts children."""
        return statistics.told_of(self.cases, self.facts, self.setup)


def intake(work: Work, choice: Choice) -> Intake:
    """The intake of the choice: cases whose counting moment lies in the period."""
    setup, zone = setup_of(work), drafting.center_zone(work)
    start, end = choice.period.bounds(zone)
    counted = Counted(choice, setup.counting is CountingDate.RECEIVED, start, end)
    found = intake_tables(work.session, counted)
    return Intake(_told_cases(found.cases, zone, agency_names(work)), found.facts, setup, found.clients)


def _told_cases(cases: pd.DataFrame, zone: ZoneInfo, names: Mapping[str, str]) -> pd.DataFrame:
    """The cases with the day `on` which each counts; those that no referral opened have no agency and no county."""
    return cases.assign(
        on=local_days(cases["moment"], zone),
        agency=cases["agency"].map(lambda one: names.get(one, one)).astype("str").fillna(""),
        county=cases["county"].astype("str").fillna(""),
    )


def _since(work: Work, choice: Choice) -> datetime:
    """From when on referrals are needed: the period before, and whatever came since the last working day."""
    zone = drafting.center_zone(work)
    desk = day_start(last_working_day(today(work)), zone)
    return min(choice.period.before.bounds(zone)[0], desk)
