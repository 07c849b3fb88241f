"""The register of numbers whose rows the queue can show: a name for each figure and for each row of each table.

A name is the figure's code ("return_rate"), or a table's code and the key of its row ("week~2026-11-02").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain import fields
from domain.lifecycle import CloseOutcome, Origin, ReturnReason

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = tuple(f"{hour % 12 or 12} {'AM' if hour < 12 else 'PM'}" for hour in range(24))
APART = {"courtesy": "Courtesy interviews", "adult": "18 or older"}
WAYS = {
    "known": "Imported to a known client",
    "new": "New client",
    "overridden": "New client in spite of a strong match",
    "missed": "New client who was known after all",
}
MILESTONES = {
    "first_look": "First look",
    "first_decision": "First decision",
    "settled": "Imported or closed",
    "settled_net": "Imported or closed, without the agency's time",
    "imported": "Imported",
    "imported_net": "Imported, without the agency's time",
}
BANDS = {
    "within_1": "Within 1 day",
    "within_3": "1 to 3 days",
    "within_7": "3 to 7 days",
    "longer": "Longer than 7 days",
    "none": "Not decided",
}
LOOP = {"opened": "Opened by its agency", "not_opened": "Not opened yet"}
TYPE_WORDS = {choice.code: choice.label for choice in fields.FIELD["referral_type"].choices}
CONCERN_WORDS = {choice.code: choice.label for choice in fields.FIELD["allegation_types"].choices}
FIELD_WORDS = {
    **{one.name: one.label for one in fields.FIELDS},
    **{name: group.title for name, group in fields.GROUPS.items()},
}
REASON_WORDS = {one.value: one.label for one in ReturnReason}
OUTCOME_WORDS = {one.value: one.label for one in CloseOutcome}
ORIGIN_WORDS = {one.value: one.label for one in Origin}


@dataclass(frozen=True)
class Table:
    """What a row of a table is called in the queue: a beginning, and the words of its key."""

    says: str
    words: Mapping[str, str] = field(default_factory=dict)


FIGURES: dict[str, str] = {
    "received": "Received",
    "in_the_bin": "Received, now in the bin",
    "arrived": "Came since the last working day",
    "emergencies_since": "Emergencies since the last working day",
    "nobody_called": "Emergency, and nobody was called",
    "at_home": "Alleged offender can reach the child, no plan",
    "urgent_unanswered": "Urgent, and a question is unanswered",
    "settled": "Imported, merged or closed",
    "return_rate": "Returned at least once",
    "first_pass": "Settled without a return",
    "clarification": "Sent again after a return",
    "first_look": "Looked at",
    "first_decision": "Decided at least once",
    "imported": "Imported",
    "imported_net": "Imported",
    "within_1": "Decided within 1 day",
    "within_3": "Decided within 3 days",
    "within_7": "Decided within 7 days",
    "known": "Imported to a known client",
    "merged": "Merged with another referral",
    "overridden": "New client in spite of a strong match",
    "missed": "New client who was known after all",
    "told": "Outcome opened by its agency",
    "told_days": "Outcome opened by its agency",
}
TABLES: dict[str, Table] = {
    "agency": Table("Agency"),
    "county": Table("County"),
    "type": Table("Type", TYPE_WORDS),
    "week": Table("Came in the week of"),
    "weekday": Table("Came on a", dict(zip(map(str, range(7)), WEEKDAYS, strict=True))),
    "hour": Table("Came in the hour from", dict(zip(map(str, range(24)), HOURS, strict=True))),
    "concern": Table("Concern", CONCERN_WORDS),
    "origin": Table("Came as", ORIGIN_WORDS),
    "apart": Table("Counted apart", APART),
    "decided_within": Table("First decision", BANDS),
    "speed": Table("Reached", MILESTONES),
    "still_open": Table("Still open, without", MILESTONES),
    "return_reasons": Table("Returned", REASON_WORDS),
    "returned_fields": Table("Marked to be fixed", FIELD_WORDS),
    "not_accepted": Table("Not accepted", OUTCOME_WORDS),
    "duplicates": Table("Went to", WAYS),
    "loop": Table("Outcome", LOOP),
}
LONGEST_KEY = 200


def row_name(table: str, key: str) -> str:
    """The name of one row of a table."""
    return f"{table}~{key}"


def is_known(named: str) -> bool:
    """Whether a name is in the register. Keys are as many as there are agencies, weeks and questions."""
    table, row, key = named.partition("~")
    return table in TABLES and len(key) <= LONGEST_KEY if row else named in FIGURES


def label(named: str) -> str:
    """A name in words, as the queue says what it is filtered by."""
    table, row, key = named.partition("~")
    if not row:
        return FIGURES.get(named, "")
    if table not in TABLES:
        return ""
    return f"{TABLES[table].says}: {_words(table, key)}"


def _words(table: str, key: str) -> str:
    if not key:
        return "not said"
    if table == "week":
        try:
            monday = date.fromisoformat(key)
        except ValueError:
            return "no week"
        return f"{monday:%b} {monday.day}, {monday.year}"
    return TABLES[table].words.get(key, key)
