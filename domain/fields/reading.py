"""From what a person typed to the answer that is kept, or one sentence saying why not."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NoReturn

from domain.fields.catalogue import is_blank, is_tick
from domain.fields.days import first_day, last_day
from domain.fields.kinds import Field, Kind
from domain.refusals import Refused

LONGEST = {
    Kind.NAME: 200,
    Kind.TEXT_SHORT: 500,
    Kind.TEXT_LONG: 20_000,
    Kind.IDENTIFIER: 100,
    Kind.EMAIL: 254,
    Kind.PHONE: 60,
    Kind.ZIP: 20,
    Kind.LOOKUP: 200,
}
"""The longest answer of each kind, in characters."""

MOST_OF_A_LIST = 50


class CannotRead(Refused):
    """The answer cannot be kept; the sentence in both languages."""

    def __init__(self, message: str, message_es: str) -> None:
        super().__init__(message)
        self.message_es = message_es


def read(field: Field, typed: object) -> Any:
    """The answer to keep, None for a blank; reading an answer that is kept already gives it back.

    Dates are typed as {"month", "day", "year"}, "2018-03-27" or "3/27/2018"; a range as {"from", "to"}; a date or
    an age as {"date", "age"}; lists as a list, or as text with commas; a tick as {"tick": ...}.
    Refuses with CannotRead, whose sentence is in English and Spanish.
    """
    if is_blank(typed):
        return None
    if is_tick(typed):
        return _tick(field, typed)
    if field.many:
        return _texts(field, typed)
    return _READERS[field.kind](field, typed)


def mended(text: str) -> str:
    """The text with each half of a broken character replaced by the mark �, so that it can be stored and shown."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _tick(field: Field, typed: Any) -> dict[str, str]:
    tick = typed["tick"]
    if tick not in [str(each) for each in field.ticks]:
        _unreadable()
    return {"tick": str(tick)}


def _text(field: Field, typed: object) -> str:
    """Kept exactly as typed: no trimming, no change of case, any alphabet."""
    return _no_longer_than(LONGEST[field.kind], typed)


def _trimmed(field: Field, typed: object) -> str:
    return _text(field, typed).strip()


def _no_longer_than(longest: int, typed: object) -> str:
    if not isinstance(typed, str):
        _unreadable()
    if "\0" in typed:
        raise CannotRead(
            "This answer holds a character that cannot be kept. Type it again instead of pasting it.",
            "Esta respuesta contiene un carácter que no se puede guardar. Escríbala de nuevo en lugar de pegarla.",
        )
    if len(typed) > longest:
        raise CannotRead(
            f"This answer is {len(typed):,} characters long. Shorten it to {longest:,} or fewer.",
            f"Esta respuesta tiene {len(typed):,} caracteres. Redúzcala a {longest:,} o menos.",
        )
    return mended(typed)


def _texts(field: Field, typed: object) -> list[str]:
    pieces = re.split(r"[,;\n]", typed) if isinstance(typed, str) else typed
    if not isinstance(pieces, list | tuple):
        _unreadable()
    if len(pieces) > MOST_OF_A_LIST:
        raise CannotRead(
            f"This list has {len(pieces)} entries. Keep the {MOST_OF_A_LIST} that matter most.",
            f"Esta lista tiene {len(pieces)} entradas. Deje las {MOST_OF_A_LIST} más importantes.",
        )
    return list(dict.fromkeys(_trimmed(field, piece) for piece in pieces if not is_blank(piece)))


def _choice(field: Field, typed: object) -> str:
    if not isinstance(typed, str) or typed not in field.codes:
        raise CannotRead(
            "This answer is not one of the choices. Choose from the list.",
            "Esta respuesta no es una de las opciones. Elija de la lista.",
        )
    return typed


def _multi(field: Field, typed: object) -> list[str]:
    if not isinstance(typed, list | tuple):
        _unreadable()
    chosen = {_choice(field, code) for code in typed}
    return [choice.code for choice in field.choices if choice.code in chosen]


def _checkbox(field: Field, typed: object) -> str:
    if typed is not True and typed != "yes":
        _unreadable()
    return "yes"


def _integer(field: Field, typed: object) -> int:
    lowest, highest = field.between or (0, 1_000_000)
    number = _number(typed)
    if number is None:
        raise CannotRead(
            "Type a whole number, for example 7.",
            "Escriba un número entero, por ejemplo 7.",
        )
    if not lowest <= number <= highest:
        raise CannotRead(
            f"Type a number from {lowest} to {highest}.",
            f"Escriba un número de {lowest} a {highest}.",
        )
    return number


def _date(field: Field, typed: object) -> str:
    year, month, day = _parts_typed(typed)
    if is_blank(year) or is_blank(month) or is_blank(day):
        raise CannotRead(
            "Give the month, the day and the year.",
            "Indique el mes, el día y el año.",
        )
    return _day_of(year, month, day)


def _partial(field: Field, typed: object) -> str:
    year, month, day = _parts_typed(typed)
    if is_blank(year):
        raise CannotRead(
            "Give at least the year.",
            "Indique al menos el año.",
        )
    if is_blank(month) and not is_blank(day):
        raise CannotRead(
            "Choose the month as well, or take the day away.",
            "Elija también el mes, o quite el día.",
        )
    return _day_of(year, month, day)


def _range(field: Field, typed: object) -> dict[str, str]:
    if isinstance(typed, str):
        return {"from": _partial(field, typed)}
    if not isinstance(typed, Mapping) or not set(typed) <= {"from", "to"}:
        _unreadable()
    ends = {end: _partial(field, value) for end, value in typed.items() if not is_blank(value)}
    if "from" in ends and "to" in ends:
        _refuse_a_range_that_ends_before_it_starts(ends)
    return ends


def _refuse_a_range_that_ends_before_it_starts(ends: Mapping[str, str]) -> None:
    starts, finishes = first_day(ends["from"]), last_day(ends["to"])
    if starts and finishes and finishes < starts:
        raise CannotRead(
            "The second date is before the first. Swap them or change one.",
            "La segunda fecha es anterior a la primera. Intercámbielas o cambie una.",
        )


def _date_or_age(field: Field, typed: object) -> dict[str, Any]:
    if isinstance(typed, int | str):
        typed = {"date": typed} if _number(typed) is None else {"age": typed}
    if not isinstance(typed, Mapping) or not set(typed) <= {"date", "age"}:
        _unreadable()
    if not is_blank(typed.get("date")):
        return {"date": _date(field, typed["date"])}
    age = _number(typed["age"])
    if age is None or not 0 <= age <= 120:
        raise CannotRead(
            "Type the age in years, from 0 to 120.",
            "Escriba la edad en años, de 0 a 120.",
        )
    return {"age": age}


def _contact(field: Field, typed: object) -> dict[str, str]:
    typed = {"name": typed} if isinstance(typed, str) else typed
    if not isinstance(typed, Mapping) or not set(typed) <= set(_CONTACT):
        _unreadable()
    return {
        part: _no_longer_than(longest, typed[part]).strip()
        for part, longest in _CONTACT.items()
        if not is_blank(typed.get(part))
    }


def _files(field: Field, typed: object) -> NoReturn:
    raise CannotRead(
        "Files cannot be added here yet. Describe what you have instead.",
        "Aquí todavía no se pueden agregar archivos. Describa lo que tiene.",
    )


def _parts_typed(typed: object) -> tuple[object, object, object]:
    """Year, month and day as typed, each possibly blank."""
    if isinstance(typed, date):
        return typed.year, typed.month, typed.day
    if isinstance(typed, str):
        return _parts_of_text(typed.strip())
    if not isinstance(typed, Mapping) or not set(typed) <= {"month", "day", "year"}:
        _unreadable()
    return typed.get("year"), typed.get("month"), typed.get("day")


def _parts_of_text(text: str) -> tuple[object, object, object]:
    if match := re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text, re.ASCII):
        return match[1], match[2], match[3]
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d+)", text, re.ASCII):
        return match[3], match[1], match[2]
    raise CannotRead(
        "This is not a date that can be read. Type it like 3/27/2018.",
        "No se puede leer esta fecha. Escríbala así: 3/27/2018 (mes/día/año).",
    )


def _day_of(year: object, month: object, day: object) -> str:
    """The date in ISO form, as far as it was given; refuses days that no calendar has."""
    number = _number(year)
    if number is None or not 1850 <= number <= 2200:
        raise CannotRead(
            "Type the year with all four digits, for example 2018.",
            "Escriba el año con sus cuatro cifras, por ejemplo 2018.",
        )
    text = f"{number:04d}"
    for part in (month, day):
        if is_blank(part):
            break
        number = _number(part)
        text += f"-{number:02d}" if number is not None and 0 <= number <= 99 else "-00"
    if first_day(text) is None:
        raise CannotRead(
            "This date does not exist. Check the month and the day.",
            "Esta fecha no existe. Revise el mes y el día.",
        )
    return text


def _number(typed: object) -> int | None:
    if isinstance(typed, bool):
        return None
    if isinstance(typed, int):
        return typed
    if isinstance(typed, float) and typed.is_integer():
        return int(typed)
    text = typed.strip() if isinstance(typed, str) else ""
    return int(text) if text.isdecimal() and len(text) <= 9 else None


def _unreadable() -> NoReturn:
    raise CannotRead(
        "This answer could not be read. Please give it again.",
        "No se pudo leer esta respuesta. Por favor, respóndala de nuevo.",
    )


_CONTACT = {"name": LONGEST[Kind.NAME], "phone": LONGEST[Kind.PHONE], "email": LONGEST[Kind.EMAIL]}

_READERS: dict[Kind, Callable[[Field, object], Any]] = {
    Kind.TEXT_SHORT: _text,
    Kind.TEXT_LONG: _text,
    Kind.NAME: _text,
    Kind.IDENTIFIER: _trimmed,
    Kind.EMAIL: _trimmed,
    Kind.PHONE: _trimmed,
    Kind.ZIP: _trimmed,
    Kind.LOOKUP: _trimmed,
    Kind.CHOICE: _choice,
    Kind.CHOICE_SEARCH: _choice,
    Kind.MULTI: _multi,
    Kind.INTEGER: _integer,
    Kind.CHECKBOX: _checkbox,
    Kind.DATE: _date,
    Kind.DATE_MEMORABLE: _date,
    Kind.DATE_PARTIAL: _partial,
    Kind.DATE_PARTIAL_RANGE: _range,
    Kind.DATE_OR_AGE: _date_or_age,
    Kind.PERSON_CONTACT: _contact,
    Kind.FILES: _files,
}
