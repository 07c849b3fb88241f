"""The stretch of days that the numbers are about, and the stretch before it."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.refusals import Refused


class PeriodKind(StrEnum):
    """The periods that the page offers; ANY takes its two days from the person."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_HALF_YEAR = "this_half_year"
    LAST_HALF_YEAR = "last_half_year"
    THIS_FISCAL_YEAR = "this_fiscal_year"
    LAST_FISCAL_YEAR = "last_fiscal_year"
    ANY = "any"

    @property
    def label(self) -> str:
        return "Any two days" if self is PeriodKind.ANY else self.value.replace("_", " ").capitalize()


_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "fiscal_year": 12}


@dataclass(frozen=True)
class Period:
    """Days of the center's calendar, the first and the last included."""

    first: date
    last: date

    @property
    def label(self) -> str:
        return f"{_said(self.first)} to {_said(self.last)}"

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its first moment and the first moment after it, in UTC."""
        return day_start(self.first, zone), day_start(self.last + timedelta(days=1), zone)

    @property
    def before(self) -> "Period":
        """As many whole months before it, or as many days when it is not made of whole months."""
        last = self.first - timedelta(days=1)
        if self.first.day == 1 and self.last.day == monthrange(self.last.year, self.last.month)[1]:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            return Period(_month_start(self.first, -months), last)
        return Period(last - (self.last - self.first), last)


def period(
    kind: PeriodKind, today: date, *, fiscal_month: int = 1, first: date | None = None, last: date | None = None
) -> Period:
    """The days of a kind of period as of `today`; fiscal years begin with the month `fiscal_month`.

    Refuses two days in the wrong order, or a day missing.
    """
    if kind is PeriodKind.ANY:
        return _any(first, last)
    which, _, unit = kind.value.partition("_")
    months = _MONTHS[unit]
    begin = fiscal_month if unit == "fiscal_year" else 1
    start = _month_start(date(today.year, today.month, 1), -((today.month - begin) % months))
    if which == "last":
        start = _month_start(start, -months)
    return Period(start, _month_start(start, months) - timedelta(days=1))


def compared_at(now: datetime, present: Period, earlier: Period, zone: ZoneInfo) -> datetime:
    """The moment as of which the earlier period is counted: as long after its start as now is after the present one's.

    So a month that is three weeks old is compared with the first three weeks of the month before, followed as long.
    """
    return now - (present.bounds(zone)[0] - earlier.bounds(zone)[0])


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day of the center's calendar, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def last_working_day(today: date) -> date:
    """The newest Monday to Friday before today."""
    return today - timedelta(days={0: 3, 6: 2}.get(today.weekday(), 1))


def _any(first: date | None, last: date | None) -> Period:
    if first is None or last is None:
        raise Refused("Give the first and the last day of the period.")
    if last < first:
        raise Refused("The period ends before it begins. Swap the two days.")
    return Period(first, last)


def _month_start(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def _said(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
