"""The page's numbers, put together in sections."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from domain import fields
from domain.lifecycle import CloseOutcome, Origin, ReturnReason
from domain.queue_filters import NamedFilter
from domain.statistics import quality, speed, volume, waiting
from domain.statistics.figures import (
    Choice,
    Figure,
    Reading,
    Readings,
    Section,
    count,
    median,
    opening,
    ratio,
    readings,
    share,
)
from domain.statistics.periods import Period
from domain.statistics.sheets import Column, Kind, Shape, Sheet, counted, definition
from domain.statistics.tables import Tables

FEEDS_THE_COUNTS = (
    "child_sex",
    "child_dob",
    "child_race_ethnicity",
    "allegation_types",
    "ao_relationship",
    "ao_dob_or_age",
)


class Part(StrEnum):
    """The parts of the page, in their order."""

    NOW = "now"
    SPEED = "speed"
    QUALITY = "quality"
    DUPLICATES = "duplicates"
    VOLUME = "volume"
    LOOP = "loop"
    INTAKE = "intake"

    @property
    def label(self) -> str:
        return {"loop": "Loop closed", "intake": "Intake counts"}.get(self.value, self.value.capitalize())


def numbers(
    tables: Tables, choice: Choice, zone: ZoneInfo, at: datetime, agencies: Mapping[str, str]
) -> tuple[Section, ...]:
    """Every section but the intake counts; `agencies` are names by id. Each figure has the period before beside it."""
    both = readings(tables, choice, zone, at)
    return tuple(section(part, both, choice, zone, agencies) for part in Part if part is not Part.INTAKE)


def section(part: Part, both: Readings, choice: Choice, zone: ZoneInfo, agencies: Mapping[str, str]) -> Section:
    """One section; the intake counts are made from other tables, by `intake_counts`."""
    ways: dict[Part, Callable[[], Section]] = {
        Part.NOW: lambda: desk(both.now),
        Part.SPEED: lambda: _speed(both),
        Part.QUALITY: lambda: _quality(both, agencies),
        Part.DUPLICATES: lambda: _duplicates(both),
        Part.VOLUME: lambda: _volume(both, choice.period, zone, agencies),
        Part.LOOP: lambda: _loop(both),
    }
    return ways[part]()


def desk(now: Reading) -> Section:
    """What is on the desk now, whatever the period."""
    folded, at = now.folded, now.at
    there = waiting.waiting(folded)
    unanswered = waiting.unanswered(folded, now.tables.questions, at)
    figures = (
        _now("waiting", "Waiting now", waiting.waiting, there),
        _now("overdue", "Overdue", waiting.overdue, waiting.overdue(folded, at), NamedFilter.LATE),
        _now("emergencies", "Emergencies waiting", waiting.emergencies, waiting.emergencies(folded)),
        _now(
            "unassigned", "Nobody has taken it", waiting.unassigned, waiting.unassigned(folded), NamedFilter.UNASSIGNED
        ),
        _now("with_agencies", "With their agency", waiting.with_agencies, waiting.with_agencies(folded)),
        _now("unanswered", "Question unanswered", waiting.unanswered, unanswered, NamedFilter.UNANSWERED),
        _now(
            "hotline",
            "Hotline report not made",
            waiting.hotline_not_settled,
            waiting.hotline_not_settled(folded),
            NamedFilter.HOTLINE_OPEN,
        ),
        _longest("childs_clock", "Longest wait of a child", waiting.childs_clock, folded, at),
        _longest("desks_clock", "Longest wait at the center", waiting.desks_clock, folded, at),
    )
    return Section("now", "Now", figures, (_urgency_sheet(now),))


def agency_sheet(now: Reading, agencies: Mapping[str, str]) -> Sheet:
    """The score of each agency, and of all together in the last row."""
    rows = quality.by_agency(now.sent, now.returns, missing_answers(now.sent, now.tables.answered))
    rows["key"] = rows["label"]
    rows["label"] = [agencies.get(str(one), str(one)) or "Not said" for one in rows["label"]]
    columns = (
        Column("received", "Received", Kind.COUNT),
        Column("returned", "Returned", Kind.COUNT),
        Column("return_rate", "Return rate", Kind.SHARE),
        Column("settled", "Imported, merged or closed", Kind.COUNT),
        Column("first_pass", "Of these never returned", Kind.COUNT),
        Column("first_pass_rate", "First-pass rate", Kind.SHARE),
        Column("rounds", "Rounds per referral", Kind.NUMBER),
        Column("clarifications", "Returns answered", Kind.COUNT),
        Column("clarification_median", "Days with the agency", Kind.DAYS),
        Column("decision_median", "Days to our first decision", Kind.DAYS),
        Column("missing", "Answers missing per referral", Kind.NUMBER),
    )
    return Sheet("agencies", "Agencies", definition(quality.by_agency), rows, columns, Shape.AGENCIES, len(now.sent))


def return_sheets(now: Reading) -> tuple[Sheet, Sheet]:
    """Why referrals were returned: by reason, and by question."""
    reasons = quality.return_reasons(now.sent, now.returns)
    marked = quality.returned_fields(now.sent, now.tables.marks, now.at)
    return (
        counted(
            "return_reasons",
            "Why referrals were returned",
            quality.return_reasons,
            reasons,
            total=int(reasons["count"].sum()),
            words=_labels(ReturnReason),
            of="Returns",
        ),
        counted(
            "returned_fields",
            "Which questions had to be fixed",
            quality.returned_fields,
            marked,
            total=len(quality.returned(now.sent)),
            shape=Shape.SEVERAL,
            words=_FIELD_WORDS,
            named=NamedFilter.RETURNED,
        ),
    )


def missing_answers(sent: pd.DataFrame, answered: pd.DataFrame) -> pd.Series:
    """How many of the questions that feed the intake counts have no answer in each referral (a tick is an answer)."""
    given = answered.set_index("referral")["count"].reindex(sent.index).fillna(0)
    missing: pd.Series = len(FEEDS_THE_COUNTS) - given
    return missing


def ages_at_arrival(sent: pd.DataFrame, facts: pd.DataFrame, zone: ZoneInfo) -> pd.Series:
    """Full years of each child on the day of arrival."""
    mine = facts[facts["referral"].isin(sent.index)]
    births = mine[mine["field"] == "child_dob"].drop_duplicates("referral").set_index("referral")["on"]
    guesses = mine[mine["field"] == "child_age_years"].drop_duplicates("referral").set_index("referral")["code"]
    days = volume.local_days(sent["received"], zone)
    return volume.ages_on(births.reindex(sent.index), guesses.reindex(sent.index), days)


def _now(code: str, label: str, what: Any, found: pd.DataFrame, named: str = "") -> Figure:
    opens = opening(found, named=named, of_period=False)
    return Figure(code, label, definition(what), Kind.COUNT, len(found), opens=opens)


def _longest(code: str, label: str, clock: Any, folded: pd.DataFrame, at: datetime) -> Figure:
    waits = speed.in_days(clock(folded, at))
    longest = None if waits.isna().all() else float(waits.max())
    opens = opening(waiting.waiting(folded), of_period=False)
    return Figure(code, label, definition(clock), Kind.DAYS, longest, len(waits), opens=opens)


def _urgency_sheet(now: Reading) -> Sheet:
    rows = waiting.by_urgency(now.folded, now.at).rename(columns={"urgency": "label", "waiting": "count"})
    total = int(rows["count"].sum())
    sheet = counted("urgency", "Waiting by urgency", waiting.by_urgency, rows, total=total, of="Waiting")
    more = (
        Column("overdue", "Overdue", Kind.COUNT),
        Column("unassigned", "Nobody has taken it", Kind.COUNT),
        Column("oldest_child", "Longest wait of a child, days", Kind.DAYS),
        Column("oldest_desk", "Longest wait at the center, days", Kind.DAYS),
    )
    return replace(sheet, columns=(*sheet.columns, *more))


def _speed(both: Readings) -> Section:
    now = both.now
    figures = (
        median("first_look", "First look (median)", speed.first_look, _look, both),
        median("first_decision", "First decision (median)", speed.first_decision, _decision, both),
        median("imported", "Import (median)", speed.until_import, _import, both),
        median("imported_net", "Import, agency's time out", speed.net, _import_net, both),
        *(_within(days, both) for days in (1, 3, 7)),
    )
    columns = (
        Column("n", "n", Kind.COUNT),
        Column("median", "Median", Kind.DAYS, needs=("n",)),
        Column("p90", "90th", Kind.DAYS, needs=("n",)),
        Column("p95", "95th", Kind.DAYS, needs=("n",)),
        Column("open", "Still open", Kind.COUNT),
        Column("oldest", "Oldest open", Kind.DAYS, needs=("open",)),
    )
    rows = speed.speed(now.sent, now.tables.looks, now.at)
    total = len(now.sent)
    lines = Sheet("speed", "Days from arrival", definition(speed.speed), rows, columns, Shape.LINES, total)
    taken = speed.decided_within(now.sent)
    bands = counted("decided_within", "Time to the first decision", speed.decided_within, taken, total=total)
    return Section("speed", "Speed", figures, (lines, bands))


def _look(it: Reading) -> pd.Series:
    return speed.first_look(it.sent, it.tables.looks, it.at)


def _decision(it: Reading) -> pd.Series:
    return speed.first_decision(it.sent)


def _import(it: Reading) -> pd.Series:
    return speed.until_import(it.sent)


def _import_net(it: Reading) -> pd.Series:
    return speed.net(speed.until_import(it.sent), it.sent)


def _within(days: int, both: Readings) -> Figure:
    part, whole = speed.within(both.now.sent, days, both.now.at)
    before = ratio(*speed.within(both.then.sent, days, both.then.at)) if both.then else None
    label = f"Decided within {days} {'day' if days == 1 else 'days'}"
    return Figure(f"within_{days}", label, definition(speed.within), Kind.SHARE, ratio(part, whole), whole, before)


def _quality(both: Readings, agencies: Mapping[str, str]) -> Section:
    now = both.now
    figures = (
        share(
            "return_rate",
            "Returned at least once",
            quality.returned,
            lambda it: quality.returned(it.sent),
            _sent,
            both,
            named=NamedFilter.RETURNED,
        ),
        share(
            "first_pass",
            "First-pass rate",
            quality.first_pass,
            lambda it: quality.first_pass(it.sent),
            lambda it: quality.settled(it.sent),
            both,
            named=NamedFilter.FIRST_PASS,
        ),
        median(
            "clarification",
            "Time with the agency (median)",
            quality.clarification_time,
            lambda it: quality.clarification_time(it.sent, it.returns),
            both,
        ),
    )
    closed = quality.not_accepted(now.sent)
    outcomes = counted(
        "not_accepted",
        "Not accepted",
        quality.not_accepted,
        closed,
        total=int(closed["count"].sum()),
        words=_labels(CloseOutcome),
    )
    return Section("quality", "Quality", figures, (agency_sheet(now, agencies), *return_sheets(now), outcomes))


def _duplicates(both: Readings) -> Section:
    def of(found: Any) -> Any:
        return lambda it: found(it.sent, it.tables.imports, it.at)

    figures = (
        count(
            "known", "Imported to a known client", quality.imported_to_existing, of(quality.imported_to_existing), both
        ),
        count("merged", "Merged with another referral", quality.merged, lambda it: quality.merged(it.sent), both),
        count(
            "overridden",
            "New in spite of a match",
            quality.overridden,
            of(quality.overridden),
            both,
            named=NamedFilter.OVERRIDDEN,
        ),
        count("missed", "Known after all", quality.missed, of(quality.missed), both),
    )
    rows = quality.duplicates(both.now.sent, both.now.tables.imports, both.now.at)
    total = int(rows["count"].sum())
    sheet = counted("duplicates", "Where imported referrals went", quality.duplicates, rows, total=total)
    return Section("duplicates", "Duplicates", figures, (sheet,))


def _volume(both: Readings, period: Period, zone: ZoneInfo, agencies: Mapping[str, str]) -> Section:
    sent, facts = both.now.sent, both.now.tables.facts

    def sheet(code: str, title: str, what: Any, rows: pd.DataFrame, **more: Any) -> Sheet:
        return counted(code, title, what, rows, total=len(sent), **more)

    figures = (
        count("received", "Received", speed.received, _sent, both),
        count("in_the_bin", "Received, now in the bin", speed.in_the_bin, lambda it: it.binned, both),
    )
    several: dict[str, Any] = {"shape": Shape.SEVERAL}
    apart = volume.apart(sent, facts, ages_at_arrival(sent, facts, zone))
    sheets = (
        sheet("week", "By week", volume.by_week, volume.by_week(sent, _begun(period, both.now.at, zone), zone)),
        sheet("agency", "By agency", volume.by_agency, volume.by_agency(sent), words=agencies),
        sheet("county", "By county", volume.by_county, volume.by_county(sent)),
        sheet("type", "By type of referral", volume.by_type, volume.by_type(sent), words=_TYPE_WORDS),
        sheet(
            "concern",
            "By kind of concern",
            volume.by_concern,
            volume.by_concern(sent, facts),
            words=_CONCERN_WORDS,
            **several,
        ),
        sheet("origin", "By how they came", volume.by_origin, volume.by_origin(sent), words=_labels(Origin)),
        sheet("weekday", "By day of the week", volume.by_weekday, volume.by_weekday(sent, zone)),
        sheet("hour", "By hour of the day", volume.by_hour, volume.by_hour(sent, zone)),
        sheet("apart", "Counted apart", volume.apart, apart, **several),
    )
    return Section("volume", "Volume", figures, sheets)


def _begun(period: Period, at: datetime, zone: ZoneInfo) -> Period:
    """The period without the days that are still to come: nothing is not yet zero."""
    today = at.astimezone(zone).date()
    return Period(period.first, max(period.first, min(period.last, today)))


def _loop(both: Readings) -> Section:
    def delay(it: Reading) -> pd.Series:
        return quality.loop_closed(it.sent, it.tables.visits, it.at)

    def ended(it: Reading) -> pd.DataFrame:
        return it.sent.loc[delay(it).index]

    def told(it: Reading) -> pd.DataFrame:
        return it.sent.loc[delay(it).dropna().index]

    figures = (
        share("told", "Opened by the agency", quality.loop_closed, told, ended, both),
        median("told_days", "Until it was opened (median)", quality.loop_closed, delay, both),
    )
    opened, total = len(told(both.now)), len(ended(both.now))
    rows = pd.DataFrame({"label": ["Opened by its agency", "Not opened yet"], "count": [opened, total - opened]})
    return Section(
        "loop",
        "Loop closed",
        figures,
        (counted("loop", "Outcomes and their senders", quality.loop_closed, rows, total=total),),
    )


def _sent(it: Reading) -> pd.DataFrame:
    return it.sent


_TYPE_WORDS = {choice.code: choice.label for choice in fields.FIELD["referral_type"].choices}
_CONCERN_WORDS = {choice.code: choice.label for choice in fields.FIELD["allegation_types"].choices}
_FIELD_WORDS = {
    **{field.name: field.label for field in fields.FIELDS},
    **{name: group.title for name, group in fields.GROUPS.items()},
}


def _labels(codes: Iterable[StrEnum]) -> dict[str, str]:
    return {one.value: one.label for one in codes}  # type: ignore[attr-defined]
