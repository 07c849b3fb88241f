"""The register of named views and filters of the queue: one list for the queue, the address and the numbers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain import number_rows
from domain.fields import ReferralType
from domain.lifecycle import Origin, Status
from domain.referrals import QueueFilter, Urgency


@dataclass(frozen=True)
class View:
    """A status view of the queue; `origin` narrows it further (transferred in)."""

    code: str
    label: str
    statuses: tuple[Status, ...]
    origin: Origin | None
    empty: str


VIEWS: tuple[View, ...] = (
    View("submitted", "Submitted", (Status.SUBMITTED,), None, "Nobody is waiting: every referral has been decided."),
    View("rejected", "Rejected", (Status.REJECTED,), None, "No referral is with its agency for information."),
    View("imported", "Imported", (Status.IMPORTED,), None, "No referral has been imported yet."),
    View("merged", "Merged", (Status.MERGED,), None, "No referral has been merged into another."),
    View("closed", "Closed", (Status.CLOSED,), None, "No referral has been closed."),
    View("deleted", "Deleted", (Status.DELETED,), None, "The bin is empty."),
    View(
        "transferred",
        "Transferred in",
        (Status.SUBMITTED, Status.REJECTED),
        Origin.TRANSFER,
        "No other center has transferred a referral to this one.",
    ),
    View(
        "every",
        "All",
        tuple(status for status in Status if status is not Status.DRAFT),
        None,
        "Nothing has been sent to this center yet.",
    ),
)
VIEW = {view.code: view for view in VIEWS}
DEFAULT_VIEW = VIEWS[0]


def view_of(wanted: QueueFilter) -> View:
    """The view that a filter names; the default one where it names none that there is."""
    return VIEW.get(wanted.view, DEFAULT_VIEW)


class NamedFilter(StrEnum):
    """Filters of the desk that the database answers at once; a number of the statistics is a filter too."""

    LATE = "late"
    UNANSWERED = "unanswered"
    HOTLINE_OPEN = "hotline_open"
    UNASSIGNED = "unassigned"

    @property
    def label(self) -> str:
        return _FILTER_LABELS[self]


_FILTER_LABELS = {
    NamedFilter.LATE: "Waiting longer than its urgency allows",
    NamedFilter.UNANSWERED: "A question to the agency is unanswered",
    NamedFilter.HOTLINE_OPEN: "Hotline report not settled",
    NamedFilter.UNASSIGNED: "Nobody has taken it",
}
OFFERED = ("return_rate", "first_pass", "overridden")
"""Numbers that the queue offers as filters of its own."""


def named_label(named: str) -> str:
    """A named filter in words; empty for none."""
    return _FILTER_LABELS[NamedFilter(named)] if named in list(NamedFilter) else number_rows.label(named)


def is_counted(named: str) -> bool:
    """Whether the rows of a filter are those behind a number, and must be counted to be found."""
    return named not in list(NamedFilter) and number_rows.is_known(named)


HOURS_ALLOWED = {0: 24, 1: 72, 2: 168, 9: 168}
"""Hours a referral may wait at the center by urgency rank (emergency: today, urgent: 3 days, routine: a week)."""


class Sort(StrEnum):
    """Orders of the queue."""

    URGENT_FIRST = "urgent_first"
    OLDEST_FIRST = "oldest_first"
    NEWEST_FIRST = "newest_first"
    AGENCY = "agency"

    @property
    def label(self) -> str:
        return {
            Sort.URGENT_FIRST: "Urgent first, then oldest",
            Sort.OLDEST_FIRST: "Oldest first",
            Sort.NEWEST_FIRST: "Newest first",
            Sort.AGENCY: "By agency",
        }[self]


PAGE_ROWS = 15

IN_ADDRESS = ("view", "agency", "type", "county", "urgency", "since", "until", "assignee", "named", "sort", "page")
"""What of a filter stands in an address. The text never does: it may hold a child's name."""


def to_address(wanted: QueueFilter) -> dict[str, str]:
    """The filter as an address keeps it: only what differs from the default, never the text."""
    said = _said(wanted)
    default = _said(QueueFilter())
    return {name: said[name] for name in IN_ADDRESS if said[name] != default[name]}


def from_address(parts: Mapping[str, str], text: str = "") -> QueueFilter:
    """The filter that an address asks for. Whatever cannot be read is left at its default: addresses are typed too."""
    return QueueFilter(
        view=_one_of(parts.get("view"), VIEW, DEFAULT_VIEW.code),
        agency_id=_id(parts.get("agency")),
        type=_one_of(parts.get("type"), list(ReferralType)),
        county=parts.get("county", "")[:200],
        urgency=_one_of(parts.get("urgency"), list(Urgency)),
        since=_day(parts.get("since")),
        until=_day(parts.get("until")),
        text=text,
        assignee_id=_id(parts.get("assignee")),
        named=_named(parts.get("named", "")),
        sort=_one_of(parts.get("sort"), list(Sort), Sort.URGENT_FIRST.value),
        page=_page(parts.get("page")),
    )


def narrows(wanted: QueueFilter) -> bool:
    """Whether the filter leaves anything out that its view would show."""
    return replace(wanted, view="", sort="", page=1) != QueueFilter(view="", sort="", page=1)


def _said(wanted: QueueFilter) -> dict[str, str]:
    return {
        "view": wanted.view,
        "agency": str(wanted.agency_id or ""),
        "type": wanted.type,
        "county": wanted.county,
        "urgency": wanted.urgency,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "assignee": str(wanted.assignee_id or ""),
        "named": wanted.named,
        "sort": wanted.sort,
        "page": str(wanted.page),
    }


def _one_of(said: str | None, known: Collection[str], otherwise: str = "") -> str:
    return next((str(code) for code in known if code == said), otherwise)


def _named(said: str) -> str:
    return said if said in list(NamedFilter) or number_rows.is_known(said) else ""


def _id(said: str | None) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        return None


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return None


def _page(said: str | None) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 7 and int(said) > 0 else 1
