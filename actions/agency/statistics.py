"""An agency's own numbers, for its lead: how its referrals arrive, and nothing of what the center knows."""

from dataclasses import dataclass

from actions import counting
from actions.work import Work, permitted
from db.tables.people import Agency
from domain import statistics
from domain.permissions import Permission
from domain.refusals import Refused
from domain.statistics import Part, Period, Sheet, Wanted


@dataclass(frozen=True)
class OwnNumbers:
    """The score card of the actor's own agency."""

    agency: str
    period: Period
    sheets: tuple[Sheet, ...]


@permitted(Permission.SEE_AGENCY_STATISTICS)
def own_numbers(work: Work, wanted: Wanted) -> OwnNumbers:
    """The numbers of the actor's own agency, whatever agency the filter names."""
    agency = work.session.get(Agency, work.actor.agency_id) if work.actor.agency_id else None
    if agency is None or not agency.active:
        raise Refused("Your account belongs to no active agency. Ask the center's administrator.")
    choice = counting.choice_of(work, statistics.Wanted(wanted.kind, wanted.first, wanted.last, agency.id))
    sheets = statistics.score_card(counting.reading_now(work, choice, [Part.QUALITY]), {agency.id.hex: agency.name})
    return OwnNumbers(agency.name, choice.period, sheets)
