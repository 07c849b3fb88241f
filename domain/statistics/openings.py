"""What the queue must be asked for to show the rows of a number."""

from dataclasses import dataclass
from uuid import UUID

from domain import number_rows
from domain.number_rows import row_name
from domain.queue_filters import NamedFilter
from domain.referrals import QueueFilter
from domain.statistics.reading import Choice
from domain.statistics.suppression import ALL


@dataclass(frozen=True)
class Opening:
    """A view and a filter of the queue; what is empty here is as the page has it."""

    view: str = "every"
    named: str = ""
    of_period: bool = True
    urgency: str = ""
    agency: str = ""
    county: str = ""
    type: str = ""
    sort: str = ""


def opening(code: str, found: int, view: str = "every") -> Opening | None:
    """Where the queue shows the rows of a figure; nowhere while there are none."""
    return Opening(view, code) if found else None


def asked_of_queue(opens: Opening, choice: Choice) -> QueueFilter:
    """The filter of the queue that shows the rows of a number on a page that is about `choice`."""
    agency = opens.agency or choice.agency
    return QueueFilter(
        view=opens.view,
        agency_id=UUID(agency) if agency else None,
        county=opens.county or choice.county,
        type=opens.type or choice.type,
        urgency=opens.urgency,
        since=choice.period.first if opens.of_period else None,
        until=choice.period.last if opens.of_period else None,
        named=opens.named,
        sort=opens.sort or QueueFilter().sort,
    )


def row_opening(sheet: str, key: str, column: str) -> Opening | None:
    """Where the queue shows the rows behind one number of a table; None for what is no number of referrals."""
    if sheet == "urgency":
        named = _OF_URGENCY.get(column)
        return None if named is None else Opening("submitted", named, of_period=False, urgency=key)
    if sheet == "agencies":
        return _of_agency(key, _OF_AGENCY.get(column, ""))
    if sheet == "speed":
        table = {"n": "speed", "open": "still_open"}.get(column)
        return Opening(named=row_name(table, key)) if table else None
    if column != "count" or sheet not in number_rows.TABLES:
        return None
    whose = {name: key if sheet == name else "" for name in ("agency", "county", "type")}
    named = "received" if any(whose.values()) else row_name(sheet, key)
    return Opening(named=named, agency=whose["agency"], county=whose["county"], type=whose["type"])


_OF_URGENCY = {"count": "", "overdue": NamedFilter.LATE.value, "unassigned": NamedFilter.UNASSIGNED.value}
_OF_AGENCY = {
    "received": "received",
    "returned": "return_rate",
    "settled": "settled",
    "first_pass": "first_pass",
}


def _of_agency(key: str, named: str) -> Opening | None:
    if not named:
        return None
    if key == ALL:
        return Opening(named=named)
    if key:
        return Opening(named=named, agency=key)
    return Opening(named=row_name("agency", "")) if named == "received" else None
