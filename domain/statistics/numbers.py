"""The page's numbers, put together in sections."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from domain import number_rows
from domain.queue_filters import NamedFilter, Sort
from domain.referrals import Urgency
from domain.statistics import quality, speed, volume, waiting
from domain.statistics.figures import Figure, Section, count, median, share
from domain.statistics.openings import Opening
from domain.statistics.parts import Part
from domain.statistics.periods import Period
from domain.statistics.reading import Choice, Reading, Readings, readings
from domain.statistics.rows import ages_at_arrival, behind
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
FEEDS_THE_INTAKE = (*FEEDS_THE_COUNTS, "child_age_years", "ao_access", "ao_status", "ao_knows")
"""The questions that the intake counts read; somebody of whom only one of the last three is known is a person too."""


def numbers(
    tables: Tables, choice: Choice, zone: ZoneInfo, at: datetime, agencies: Mapping[str, str]
) -> tuple[Section, ...]:
    """Every section but the intake counts; `agencies` are names by id. Each figure has the period before beside it."""
    both = readings(tables, choice, zone, at)
    return tuple(section(part, both, choice, agencies) for part in Part if part is not Part.INTAKE)


def section(part: Part, both: Readings, choice: Choice, agencies: Mapping[str, str]) -> Section:
    """One section; the intake counts are made from other tables, by `intake_counts`."""
    ways: dict[Part, Callable[[], Section]] = {
        Part.NOW: lambda: desk(both.now),
        Part.SPEED: lambda: _speed(both),
        Part.QUALITY: lambda: _quality(both, agencies),
        Part.DUPLICATES: lambda: _duplicates(both),
        Part.VOLUME: lambda: _volume(both, choice.period, agencies),
        Part.LOOP: lambda: _loop(both),
    }
    return ways[part]()


def desk(now: Reading) -> Section:
    """What is on the desk now and what came since the last working day, whatever the period."""
    return Section("now", "Now", (*_since_last_working_day(now), *_waiting_now(now)), (_urgency_sheet(now),))


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
    total = len(quality.returned(now.sent))
    several: dict[str, Any] = {"total": total, "shape": Shape.SEVERAL, "of": "Returned referrals"}
    reasons = quality.return_reasons(now.sent, now.returns)
    marked = quality.returned_fields(now.sent, now.tables.marks)
    return (
        counted(
            "return_reasons",
            "Why referrals were returned",
            quality.return_reasons,
            reasons,
            words=number_rows.REASON_WORDS,
            **several,
        ),
        counted(
            "returned_fields",
            "Which questions had to be fixed",
            quality.returned_fields,
            marked,
            words=number_rows.FIELD_WORDS,
            **several,
        ),
    )


def missing_answers(sent: pd.DataFrame, answered: pd.DataFrame) -> pd.Series:
    """How many of the questions that feed the intake counts have no answer in each referral (a tick is an answer)."""
    given = answered.set_index("referral")["count"].reindex(sent.index).fillna(0)
    missing: pd.Series = len(FEEDS_THE_COUNTS) - given
    return missing


def _since_last_working_day(now: Reading) -> tuple[Figure, ...]:
    def figure(code: str, label: str, what: Any, view: str = "every") -> Figure:
        found = len(behind(now, code))
        opens = Opening(view, code, of_period=False) if found else None
        return Figure(code, label, definition(what), Kind.COUNT, found, opens=opens)

    return (
        figure("arrived", "Came since the last working day", waiting.arrived),
        figure("emergencies_since", "Emergencies since then", waiting.emergencies_since),
        figure("nobody_called", "Of these nobody was called", waiting.nobody_called),
        figure("at_home", "Can reach the child, no plan", waiting.at_home, "submitted"),
        figure("urgent_unanswered", "Urgent, question unanswered", waiting.urgent_unanswered, "submitted"),
    )


def _waiting_now(now: Reading) -> tuple[Figure, ...]:
    folded, at = now.folded, now.at
    unanswered = waiting.unanswered(folded, now.tables.questions, at)
    emergency = Opening("submitted", of_period=False, urgency=Urgency.EMERGENCY.value)

    def figure(code: str, label: str, what: Any, found: pd.DataFrame, opens: Opening) -> Figure:
        return Figure(code, label, definition(what), Kind.COUNT, len(found), opens=None if found.empty else opens)

    def named(name: str) -> Opening:
        return Opening("submitted", name, of_period=False)

    late, free, hotline = NamedFilter.LATE, NamedFilter.UNASSIGNED, NamedFilter.HOTLINE_OPEN
    away = Opening("rejected", of_period=False)
    unmade = waiting.hotline_not_settled(folded)
    return (
        figure("waiting", "Waiting now", waiting.waiting, waiting.waiting(folded), named("")),
        figure("overdue", "Overdue", waiting.overdue, waiting.overdue(folded, at), named(late)),
        figure("emergencies", "Emergencies waiting", waiting.emergencies, waiting.emergencies(folded), emergency),
        figure("unassigned", "Nobody has taken it", waiting.unassigned, waiting.unassigned(folded), named(free)),
        figure("with_agencies", "With their agency", waiting.with_agencies, waiting.with_agencies(folded), away),
        figure("unanswered", "Question unanswered", waiting.unanswered, unanswered, named(NamedFilter.UNANSWERED)),
        figure("hotline", "Hotline report not made", waiting.hotline_not_settled, unmade, named(hotline)),
        _longest("childs_clock", "Longest wait of a child", waiting.childs_clock, folded, at),
        _longest("desks_clock", "Longest wait at the center", waiting.desks_clock, folded, at),
    )


def _longest(code: str, label: str, clock: Any, folded: pd.DataFrame, at: datetime) -> Figure:
    days = speed.in_days(clock(folded, at))
    longest = None if days.isna().all() else float(days.max())
    opens = Opening("submitted", of_period=False, sort=Sort.OLDEST_FIRST.value) if len(days) else None
    return Figure(code, label, definition(clock), Kind.DAYS, longest, len(days), opens=opens)


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
        median("first_look", "First look (median)", speed.first_look, _length("first_look"), both),
        median("first_decision", "First decision (median)", speed.first_decision, _length("first_decision"), both),
        median("imported", "Import (median)", speed.until_import, _length("imported"), both),
        median("imported_net", "Import, agency's time out", speed.net, _length("imported_net"), both),
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
    rows = speed.speed(now.milestones, now.sent, now.at)
    total = len(now.sent)
    lines = Sheet("speed", "Days from arrival", definition(speed.speed), rows, columns, Shape.LINES, total)
    taken = speed.decided_within(now.sent)
    bands = counted("decided_within", "Time to the first decision", speed.decided_within, taken, total=total)
    return Section("speed", "Speed", figures, (lines, bands))


def _length(milestone: str) -> Callable[[Reading], pd.Series]:
    return lambda it: it.milestones[milestone]


def _within(days: int, both: Readings) -> Figure:
    label = f"Decided within {days} {'day' if days == 1 else 'days'}"
    return share(f"within_{days}", label, speed.within, lambda it: speed.within(it.sent, days, it.at)[1], both)


def _quality(both: Readings, agencies: Mapping[str, str]) -> Section:
    now = both.now
    figures = (
        share("return_rate", "Returned at least once", quality.returned, lambda it: len(it.sent), both),
        share("first_pass", "First-pass rate", quality.first_pass, lambda it: len(quality.settled(it.sent)), both),
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
        words=number_rows.OUTCOME_WORDS,
    )
    return Section("quality", "Quality", figures, (agency_sheet(now, agencies), *return_sheets(now), outcomes))


def _duplicates(both: Readings) -> Section:
    figures = (
        count("known", "Imported to a known client", quality.imported_to_existing, both),
        count("merged", "Merged with another referral", quality.merged, both, view="merged"),
        count("overridden", "New in spite of a match", quality.overridden, both),
        count("missed", "Known after all", quality.missed, both),
    )
    rows = quality.duplicates(both.now.sent, both.now.tables.imports, both.now.at)
    total = int(rows["count"].sum())
    sheet = counted("duplicates", "Where imported referrals went", quality.duplicates, rows, total=total)
    return Section("duplicates", "Duplicates", figures, (sheet,))


def _volume(both: Readings, period: Period, agencies: Mapping[str, str]) -> Section:
    now, sent, facts, zone = both.now, both.now.sent, both.now.tables.facts, both.now.zone

    def sheet(code: str, title: str, what: Any, rows: pd.DataFrame, **more: Any) -> Sheet:
        return counted(code, title, what, rows, total=len(sent), **more)

    figures = (
        count("received", "Received", speed.received, both),
        count("in_the_bin", "Received, now in the bin", speed.in_the_bin, both, view="deleted"),
    )
    words, several = number_rows, {"shape": Shape.SEVERAL}
    concerns = volume.by_concern(sent, facts)
    sheets = (
        sheet("week", "By week", volume.by_week, volume.by_week(sent, _begun(period, now.at, zone), zone)),
        sheet("agency", "By agency", volume.by_agency, volume.by_agency(sent), words=agencies),
        sheet("county", "By county", volume.by_county, volume.by_county(sent)),
        sheet("type", "By type of referral", volume.by_type, volume.by_type(sent), words=words.TYPE_WORDS),
        sheet("concern", "By kind of concern", volume.by_concern, concerns, words=words.CONCERN_WORDS, **several),
        sheet("origin", "By how they came", volume.by_origin, volume.by_origin(sent), words=words.ORIGIN_WORDS),
        sheet("weekday", "By day of the week", volume.by_weekday, volume.by_weekday(sent, zone)),
        sheet("hour", "By hour of the day", volume.by_hour, volume.by_hour(sent, zone)),
        sheet("apart", "Counted apart", volume.apart, volume.apart(sent, facts, ages_at_arrival(now)), **several),
    )
    return Section("volume", "Volume", figures, sheets)


def _begun(period: Period, at: datetime, zone: ZoneInfo) -> Period:
    """The period without the days that are still to come: nothing is not yet zero."""
    today = at.astimezone(zone).date()
    return Period(period.first, max(period.first, min(period.last, today)))


def _loop(both: Readings) -> Section:
    figures = (
        share("told", "Opened by the agency", quality.loop_closed, lambda it: len(it.delays), both),
        median("told_days", "Until it was opened (median)", quality.loop_closed, lambda it: it.delays, both),
    )
    opened, total = len(behind(both.now, "told")), len(both.now.delays)
    words = number_rows.LOOP
    rows = pd.DataFrame({"label": list(words.values()), "count": [opened, total - opened], "key": list(words)})
    sheet = counted("loop", "Outcomes and their senders", quality.loop_closed, rows, total=total)
    return Section("loop", "Loop closed", figures, (sheet,))
