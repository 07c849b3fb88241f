"""Dates as spreadsheets write them: many forms, Excel's day numbers, and which of them could mean two days."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from domain.matching.folding import fold
from domain.refusals import Refused


class DayOrder(StrEnum):
    """What comes first in 03/04/2015."""

    MONTH_FIRST = "month_first"
    DAY_FIRST = "day_first"


@dataclass(frozen=True)
class Evidence:
    """What a column of dates says about its order."""

    order: DayOrder | None
    """The order that its own dates prove; None where they prove none, or both."""
    ambiguous: int = 0
    """Dates that could mean two days."""
    example: str = ""
    """One of them, or else the date that proves the order."""
    both: bool = False
    """Whether some of its dates can only be read one way and some only the other."""

    @property
    def asks(self) -> bool:
        """Whether a person must say which order it is."""
        return self.order is None and self.ambiguous > 0


def evidence(cells: Iterable[str]) -> Evidence:
    """What the dates of a column prove, looked at once for the whole column."""
    proofs: dict[DayOrder, str] = {}
    ambiguous, example = 0, ""
    for cell in cells:
        numbers = _NUMBERS.fullmatch(_without_time(cell))
        if not numbers:
            continue
        first, second = int(numbers[1]), int(numbers[2])
        if first > 12 >= second:
            proofs.setdefault(DayOrder.DAY_FIRST, cell)
        elif second > 12 >= first:
            proofs.setdefault(DayOrder.MONTH_FIRST, cell)
        elif first != second:
            ambiguous, example = ambiguous + 1, example or cell
    if len(proofs) == 1:
        ((order, proof),) = proofs.items()
        return Evidence(order, ambiguous, proof)
    return Evidence(None, ambiguous, example, both=len(proofs) == 2)


def day_of(cell: str, order: DayOrder | None, *, today: date, from_1904: bool = False) -> str:
    """The day in ISO form; refuses with the words what is none, what is only a part of one, and what is still unclear.

    Two digits of a year mean the last hundred years. A bare number is Excel's count of days.
    """
    found = _read(cell, order, today, from_1904)
    if found is None:
        raise Refused(f"“{cell[:40]}” is not a date that can be read. Write it as 2015-03-27.")
    return found.isoformat()


def looks_like_date(cell: str) -> bool:
    """Whether this is written as a date; bare numbers are not counted."""
    text = _without_time(cell)
    return bool(_ISO.fullmatch(text) or _NUMBERS.fullmatch(text) or _in_words(text))


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{2})")
_TIME = re.compile(r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s?(?:[AaPp]\.?[Mm]\.?)?(?:Z|[+-]\d{2}:?\d{2})?)$")
_SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 3_000, 60_000
"""Days of 1908 and 2064: what a birth date can be. Four digits below 2101 are a year."""
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre set",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for word in words.split()
}


@lru_cache(maxsize=32768)
def _read(cell: str, order: DayOrder | None, today: date, from_1904: bool) -> date | None:
    text = _without_time(cell)
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(text):
        return _of_numbers(int(match[1]), int(match[2]), _year(match[3], today), order, cell)
    if len(text) == 8 and text.isdecimal() and text.isascii():
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    if _SERIAL.fullmatch(text):
        return _of_serial(float(text), cell, from_1904=from_1904)
    words = _in_words(text)
    return _day(_year(words[2], today), words[1], words[0]) if words else None


def _without_time(cell: str) -> str:
    return _TIME.sub("", cell.strip()) if ":" in cell else cell.strip()


def _of_numbers(first: int, second: int, year: int, order: DayOrder | None, cell: str) -> date | None:
    if first > 12 or second > 12 or first == second:
        month, day = (second, first) if first > 12 else (first, second)
        return _day(year, month, day)
    if order is None:
        raise Refused(f"“{cell}” can mean two days. Say for this column whether the month or the day comes first.")
    month, day = (first, second) if order is DayOrder.MONTH_FIRST else (second, first)
    return _day(year, month, day)


def _of_serial(number: float, cell: str, *, from_1904: bool) -> date | None:
    if 1850 <= number <= 2100:
        raise Refused(f"“{cell}” is only a year. Give the whole birth date, or leave it empty and give the age.")
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return None
    return date(1904, 1, 1) + timedelta(days=int(number)) if from_1904 else date(1899, 12, 30) + timedelta(int(number))


def _in_words(text: str) -> tuple[int, int, str] | None:
    """Day, month and year of "Mar 27, 2018", "27-mar-18" and "27 de marzo de 2018"."""
    words = [word for word in fold(text.replace("-", " ").replace("/", " ")).split() if word not in ("de", "del", "of")]
    words = [word for word in words if word not in _WEEKDAYS]
    if len(words) != 3:
        return None
    month, others = [_MONTHS[word] for word in words if word in _MONTHS], [w for w in words if w not in _MONTHS]
    if len(month) != 1 or len(others) != 2:
        return None
    if len(others[0]) == 4 and others[0].isdecimal():
        others.reverse()
    day = re.sub(r"(?:st|nd|rd|th|o)$", "", others[0])
    if not (day.isdecimal() and len(day) <= 2 and others[1].isdecimal() and len(others[1]) in (2, 4)):
        return None
    return int(day), month[0], others[1]


_WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun "
    "lunes martes miercoles jueves viernes sabado domingo".split()
)


def _year(text: str, today: date) -> int:
    if len(text) == 4:
        return int(text)
    return (2000 if int(text) <= today.year % 100 else 1900) + int(text)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1850 <= year <= 2200 else None
    except ValueError:
        return None
