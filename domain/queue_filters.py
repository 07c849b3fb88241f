"""The register of named views and filters of the queue: one list for the queue, the address and the numbers."""

from dataclasses import dataclass
from enum import StrEnum

from domain.lifecycle import Origin, Status


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
)
VIEW = {view.code: view for view in VIEWS}


class NamedFilter(StrEnum):
    """Filters that a number of the statistics opens its rows with."""

    RETURNED = "returned"
    FIRST_PASS = "first_pass"
    OVERRIDDEN = "overridden"
    LATE = "late"
    UNANSWERED = "unanswered"
    HOTLINE_OPEN = "hotline_open"
    UNASSIGNED = "unassigned"

    @property
    def label(self) -> str:
        return _FILTER_LABELS[self]


_FILTER_LABELS = {
    NamedFilter.RETURNED: "Returned at least once",
    NamedFilter.FIRST_PASS: "Decided without a return",
    NamedFilter.OVERRIDDEN: "New client in spite of a strong match",
    NamedFilter.LATE: "Waiting longer than its urgency allows",
    NamedFilter.UNANSWERED: "A question to the agency is unanswered",
    NamedFilter.HOTLINE_OPEN: "Hotline report not settled",
    NamedFilter.UNASSIGNED: "Nobody has taken it",
}

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
