"""What of a referral may stand on paper (rules 14 and 15): no reporter, no covered phone or address, no other child."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.covering import covered
from domain.fields import Answers

NEVER_ON_PAPER = frozenset({"original_reporter"})
"""Who first made the report is in no print."""

CONFIDENTIAL_ADDRESS = "Confidential address: ask the team"
_WHERE_THE_CHILD_LIVES = ("address_line1", "address_city", "address_zip", "child_location_now", "child_school")


@dataclass(frozen=True)
class Paper:
    """A referral as it is printed: who printed it, when and why stand on it."""

    id: UUID
    number: str
    type: str
    status: str
    agency: str
    first_submitted_at: datetime | None
    answers: Answers
    by: str
    at: datetime
    reason: str
    center: str


def on_paper(answers: Answers) -> Answers:
    """The answers as a print shows them.

    Without who first made the report; phones that must not be called and a confidential address covered; other
    children of the home by their initials, because one child's print never names another.
    """
    shown = {name: value for name, value in covered(answers).items() if name not in NEVER_ON_PAPER}
    if answers.get("address_confidential") == "yes":
        for name in _WHERE_THE_CHILD_LIVES:
            if name in shown:
                shown[name] = CONFIDENTIAL_ADDRESS
    if isinstance(shown.get("household"), list):
        shown["household"] = [_without_name(person) for person in shown["household"]]
    return shown


def _without_name(person: Any) -> Any:
    if not isinstance(person, Mapping) or person.get("hh_role") == "adult":
        return person
    name = person.get("hh_name")
    return {**person, "hh_name": _initials(name)} if isinstance(name, str) else person


def _initials(name: str) -> str:
    return " ".join(f"{part[0]}." for part in name.split())
