"""What somebody wants to see on the page, and how its address keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.fields import ReferralType
from domain.statistics.parts import Part
from domain.statistics.periods import PeriodKind, period
from domain.statistics.reading import Choice


@dataclass(frozen=True)
class Wanted:
    """One filter for the whole page."""

    kind: PeriodKind = PeriodKind.THIS_MONTH
    first: date | None = None
    last: date | None = None
    agency_id: UUID | None = None
    county: str = ""
    type: str = ""
    part: Part = Part.NOW

    def choice(self, today: date, fiscal_month: int) -> Choice:
        """The days and groups that the page is about today; refuses two days in the wrong order."""
        chosen = period(self.kind, today, fiscal_month=fiscal_month, first=self.first, last=self.last)
        return Choice(chosen, self.agency_id.hex if self.agency_id else "", self.county, self.type)


def to_address(wanted: Wanted) -> dict[str, str]:
    """The filter as an address keeps it: only what was chosen."""
    said = {
        "period": "" if wanted.kind is PeriodKind.THIS_MONTH else wanted.kind.value,
        "first": wanted.first.isoformat() if wanted.first and wanted.kind is PeriodKind.ANY else "",
        "last": wanted.last.isoformat() if wanted.last and wanted.kind is PeriodKind.ANY else "",
        "agency": str(wanted.agency_id or ""),
        "county": wanted.county,
        "type": wanted.type,
        "part": "" if wanted.part is Part.NOW else wanted.part.value,
    }
    return {name: value for name, value in said.items() if value}


def from_address(parts: Mapping[str, str]) -> Wanted:
    """The filter that an address asks for. What cannot be read is left out: addresses are typed too."""
    kind = parts.get("period", "")
    first, last = _day(parts.get("first")), _day(parts.get("last"))
    known = PeriodKind(kind) if kind in list(PeriodKind) else PeriodKind.THIS_MONTH
    whole = known is not PeriodKind.ANY or (first is not None and last is not None and first <= last)
    return Wanted(
        kind=known if whole else PeriodKind.THIS_MONTH,
        first=first,
        last=last,
        agency_id=_id(parts.get("agency")),
        county=parts.get("county", "")[:200],
        type=parts.get("type", "") if parts.get("type") in list(ReferralType) else "",
        part=Part(parts["part"]) if parts.get("part") in list(Part) else Part.NOW,
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
