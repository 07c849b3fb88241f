"""Days, months and years as people know them: whole, in part, or as an age."""

import calendar
from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTHS_ES = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def age_on(dob: date, day: date) -> int:
    """Whole years lived on that day; a child of February 29 is a year older on March 1. Negative before birth."""
    return day.year - dob.year - ((day.month, day.day) < (dob.month, dob.day))


def first_day(partial: object) -> date | None:
    """The earliest day that "2018", "2018-03" or "2018-03-27" can mean; None for anything else."""
    parts = _parts(partial)
    if parts is None:
        return None
    year, month, day = parts
    return _day(year, 1 if month is None else month, 1 if day is None else day)


def last_day(partial: object) -> date | None:
    """The latest day that "2018", "2018-03" or "2018-03-27" can mean; None for anything else."""
    parts = _parts(partial)
    if parts is None:
        return None
    year, month, day = parts
    month = 12 if month is None else month
    if day is None:
        day = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 1
    return _day(year, month, day)


def said(partial: str, language: str) -> str:
    """ "March 27, 2018", "March 2018" or "2018", in English or Spanish; text that is no date stays as it is."""
    parts = _parts(partial)
    if parts is None or first_day(partial) is None:
        return partial
    year, month, day = parts
    if month is None:
        return str(year)
    if language == "es":
        name = MONTHS_ES[month - 1]
        return f"{name} de {year}" if day is None else f"{day} de {name} de {year}"
    name = MONTHS[month - 1]
    return f"{name} {year}" if day is None else f"{name} {day}, {year}"


def day_said(day: date, language: str = "en") -> str:
    """A day as "March 27, 2018" or "27 de marzo de 2018"."""
    return said(day.isoformat(), language)


def _parts(partial: object) -> tuple[int, int | None, int | None] | None:
    if not isinstance(partial, str):
        return None
    texts = partial.split("-")
    lengths = [len(text) for text in texts]
    if lengths not in ([4], [4, 2], [4, 2, 2]) or not all(text.isascii() and text.isdigit() for text in texts):
        return None
    numbers = [int(text) for text in texts]
    if numbers[0] == 0:
        return None
    return numbers[0], (numbers[1] if len(numbers) > 1 else None), (numbers[2] if len(numbers) > 2 else None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
