"""The numbers for the center: exact for supervisors, the desk's counts for staff, safe totals for what leaves."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import pandas as pd

from actions import counting, drafting
from actions.work import Work, permitted
from db import statistics as statements
from domain import statistics
from domain.permissions import Permission
from domain.refusals import NotFound, Refused
from domain.statistics import Choice, Part, Period, Section, Setup, Sheet, Wanted, hidden, workbook

MOST_LISTED = 200


@dataclass(frozen=True)
class Page:
    """The numbers of one filter, and the period that they are compared with."""

    choice: Choice
    before: Period
    sections: tuple[Section, ...]
    setup: Setup


@dataclass(frozen=True)
class Offer:
    """What the filter can be set to: agencies by name, and counties."""

    agencies: tuple[tuple[UUID, str], ...]
    counties: tuple[str, ...]


@dataclass(frozen=True)
class Gap:
    """A record of the intake counts: its client, the day it counts on, and what is missing in words."""

    client_id: UUID
    on: date
    missing: str


@dataclass(frozen=True)
class ScoreCard:
    """One agency's numbers and nothing of any other."""

    agency: str
    period: Period
    sheets: tuple[Sheet, ...]


@permitted(Permission.SEE_DESK_COUNTS)
def desk(work: Work) -> Section:
    """What is on the desk now."""
    return counting.desk_section(work)


@permitted(Permission.SEE_STATISTICS)
def page(work: Work, wanted: Wanted) -> Page:
    """Every number of the filter, exact, with the period before."""
    choice = counting.choice_of(work, wanted)
    return Page(choice, choice.period.before, counting.sections(work, choice), counting.setup_of(work))


@permitted(Permission.SEE_STATISTICS)
def part(work: Work, wanted: Wanted) -> Page:
    """The numbers of one part of the page, exact."""
    choice = counting.choice_of(work, wanted)
    found = counting.section(work, choice, wanted.part)
    return Page(choice, choice.period.before, (found,), counting.setup_of(work))


@permitted(Permission.SEE_SUPPRESSED_TOTALS)
def totals(work: Work, wanted: Wanted) -> Page:
    """The tables of the filter as they may leave the house: no small number, and none that gives one away."""
    choice = counting.choice_of(work, wanted)
    return _safe(work, choice, counting.sections(work, choice))


@permitted(Permission.SEE_SUPPRESSED_TOTALS)
def safe_part(work: Work, wanted: Wanted) -> Page:
    """The same for one part of the page."""
    choice = counting.choice_of(work, wanted)
    return _safe(work, choice, (counting.section(work, choice, wanted.part),))


@permitted(Permission.SEE_SUPPRESSED_TOTALS)
def offer(work: Work) -> Offer:
    """The agencies and counties that the filter offers."""
    agencies = counting.agency_names(work)
    counties = work.session.scalars(statements.counties())
    return Offer(tuple((UUID(key), name) for key, name in agencies.items()), tuple(counties))


@permitted(Permission.EXPORT_TOTALS)
def export(work: Work, wanted: Wanted) -> bytes:
    """The safe totals as an Excel file; recorded, and never with a formula."""
    choice = counting.choice_of(work, wanted)
    found = _safe(work, choice, counting.sections(work, choice))
    sheets = [sheet for section in found.sections for sheet in section.sheets]
    work.record("export.totals", "statistics", count=len(sheets), reason=found.choice.period.label)
    return workbook(sheets, _about(work, found))


@permitted(Permission.SEE_STATISTICS)
def gaps(work: Work, wanted: Wanted) -> tuple[Gap, ...]:
    """Records whose missing answers make them count as Unknown; restricted files only for those named in them."""
    found = counting.intake(work, counting.choice_of(work, wanted))
    return _listed(work, found, statistics.gaps(found.told()))


@permitted(Permission.SEE_STATISTICS)
def records(work: Work, wanted: Wanted, code: str, row: str = "") -> tuple[Gap, ...]:
    """The records behind an intake count, or behind one row of its table; none where there is no such count."""
    if code not in statistics.INTAKE_GROUPS:
        return ()
    found = counting.intake(work, counting.choice_of(work, wanted))
    told = found.told()
    chosen = told.chosen[told.chosen["case"].isin(statistics.cases_behind(told, code, row))]
    return _listed(work, found, chosen.assign(missing=""))


@permitted(Permission.SEE_STATISTICS)
def score_card(work: Work, wanted: Wanted) -> ScoreCard:
    """How one agency's referrals arrive, to be talked over with that agency."""
    return _score_card(work, wanted)


@permitted(Permission.SEE_STATISTICS)
def export_score_card(work: Work, wanted: Wanted) -> bytes:
    """The same as an Excel file to send to that agency: small numbers hidden, recorded."""
    card, least = _score_card(work, wanted), counting.setup_of(work).least
    work.record("export.totals", "agency", wanted.agency_id, reason=card.period.label)
    sheets = [hidden(sheet, least) for sheet in card.sheets]
    return workbook(sheets, [f"{card.agency}: {card.period.label}", *_WARNINGS])


@permitted(Permission.SEE_STATISTICS)
def save_setup(work: Work, setup: Setup) -> None:
    """Keep how the center counts; refuses rows without a name and a smallest number that hides nothing."""
    if not 2 <= setup.least <= 50:
        raise Refused("The smallest number that leaves the house must be between 2 and 50. Most funders ask for 5.")
    if not 1 <= setup.fiscal_month <= 12:
        raise Refused("A fiscal year begins with one of the twelve months. Choose one.")
    if any(not row.strip() or len(row) > 80 for rows in setup.mapping.values() for row in rows.values()):
        raise Refused("Every choice needs the name of a row, of at most 80 letters. Use Unknown where none fits.")
    center = drafting.the_center(work)
    center.settings = {**center.settings, counting.KEPT_UNDER: counting.as_kept(setup)}
    work.record("statistics.set_up", "center", None, fields=["counting", "fiscal_month", "least", "mapping", "unit"])


@permitted(Permission.SEE_STATISTICS)
def weekly_summary(work: Work) -> tuple[str, ...]:
    """The last full week in sentences without a name, to be read aloud or mailed."""
    week = statistics.last_week(counting.today(work))
    return statistics.summary(week, counting.sections(work, Choice(week)))


@permitted(Permission.SEE_STATISTICS)
def take_out_weekly_summary(work: Work) -> tuple[str, ...]:
    """The same to be printed or kept outside the desk; recorded."""
    lines = weekly_summary(work)
    work.record("export.totals", "statistics", count=len(lines), reason=lines[0])
    return lines


def _safe(work: Work, choice: Choice, exact: tuple[Section, ...]) -> Page:
    setup = counting.setup_of(work)
    safe = tuple(
        replace(section, figures=(), sheets=tuple(hidden(sheet, setup.least) for sheet in section.sheets))
        for section in exact
    )
    return Page(choice, choice.period.before, safe, setup)


def _listed(work: Work, intake: counting.Intake, lines: pd.DataFrame) -> tuple[Gap, ...]:
    listed = lines.head(MOST_LISTED)
    ids = [UUID(one.decode()) for one in intake.clients[listed["client"]]]
    seen = {UUID(str(one)) for one in work.session.scalars(statements.clients_open_to(work.actor, ids))}
    shown = zip(ids, listed["on"], listed["missing"], strict=True)
    return tuple(Gap(client, pd.Timestamp(on).date(), str(missing)) for client, on, missing in shown if client in seen)


def _score_card(work: Work, wanted: Wanted) -> ScoreCard:
    names = counting.agency_names(work)
    if wanted.agency_id is None or wanted.agency_id.hex not in names:
        raise NotFound("Choose the agency first: a score card is about one agency.")
    choice = counting.choice_of(work, wanted)
    sheets = statistics.score_card(counting.reading_now(work, choice, [Part.QUALITY]), names)
    return ScoreCard(names[wanted.agency_id.hex], choice.period, sheets)


_WARNINGS = (
    "Confidential. Totals only: no names, no numbers of records.",
    "Small numbers are hidden, and some others from which they could be worked out.",
    "Do not compare files with different filters to find out a hidden number.",
)


def _about(work: Work, found: Page) -> list[str]:
    choice, names = found.choice, counting.agency_names(work)
    return [
        f"{drafting.the_center(work).name}: totals for {choice.period.label}",
        f"Agency: {names.get(choice.agency, 'all')}. County: {choice.county or 'all'}. Type: {choice.type or 'all'}.",
        f"Intake counts: {found.setup.unit.label}, by {found.setup.counting.label}. Services are not covered.",
        f"Made by {work.actor.name} on {counting.today(work):%Y-%m-%d}. Numbers below {found.setup.least} are hidden.",
        *_WARNINGS,
    ]
