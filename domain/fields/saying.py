"""From a kept answer to words that a person reads."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from domain.fields.catalogue import is_blank, is_half_typed, is_tick
from domain.fields.days import age_on, first_day, said
from domain.fields.kinds import Field, Group, Kind, Row, Tick
from domain.fields.reading import mended

TICKS = {
    Tick.NOT_KNOWN: ("Not known", "No se sabe"),
    Tick.NOT_ASSIGNED: ("Not assigned yet", "Aún no asignado"),
}


def say(field: Field, value: object, language: str = "en") -> str:
    """The answer in English or Spanish, "" for a blank. An answer that the kind does not know is said as it stands."""
    if is_blank(value):
        return ""
    if is_tick(value):
        return say_tick(value["tick"], language)
    if is_half_typed(value):
        return _half_typed(value["typed"])
    if field.many and isinstance(value, list):
        return ", ".join(_one(field, each, language) for each in value)
    return _one(field, value, language)


def say_tick(tick: object, language: str = "en") -> str:
    """ "Not known" or "Not assigned yet", in English or Spanish."""
    for each, (english, spanish) in TICKS.items():
        if tick == each:
            return spanish if language == "es" else english
    return _as_it_stands(tick)


def row_title(group: Group, row: Row, number: int, today: date, language: str = "en") -> str:
    """ "Caregiver 2". Somebody under 18 alleged to have acted is a child or youth who initiated the behavior."""
    one = group.one_es if language == "es" else group.one
    if group.name == "offenders" and _is_under_18(row.get("ao_dob_or_age"), today):
        one = "Niño o joven que inició la conducta" if language == "es" else "Child or youth who initiated the behavior"
    return f"{one} {number}"


def _is_under_18(value: object, today: date) -> bool:
    if not isinstance(value, Mapping):
        return False
    age, born = value.get("age"), first_day(value.get("date"))
    if isinstance(age, int):
        return age < 18
    return born is not None and age_on(born, today) < 18


def _one(field: Field, value: object, language: str) -> str:
    speaker = _SPEAKERS.get(field.kind)
    return speaker(field, value, language) if speaker else _as_it_stands(value)


def _choice(field: Field, value: object, language: str) -> str:
    for choice in field.choices:
        if choice.code == value:
            return choice.label_es if language == "es" else choice.label
    return _as_it_stands(value)


def _multi(field: Field, value: object, language: str) -> str:
    codes = value if isinstance(value, list) else [value]
    return ", ".join(_choice(field, code, language) for code in codes)


def _checkbox(field: Field, value: object, language: str) -> str:
    return _choice(field, value, language) if field.choices else _as_it_stands(value)


def _date(field: Field, value: object, language: str) -> str:
    return said(mended(value), language) if isinstance(value, str) else _as_it_stands(value)


def _range(field: Field, value: object, language: str) -> str:
    if not isinstance(value, Mapping):
        return _date(field, value, language)
    starts, ends = _date(field, value.get("from"), language), _date(field, value.get("to"), language)
    if is_blank(value.get("to")):
        return starts
    if is_blank(value.get("from")):
        return f"hasta {ends}" if language == "es" else f"until {ends}"
    return f"de {starts} a {ends}" if language == "es" else f"{starts} to {ends}"


def _date_or_age(field: Field, value: object, language: str) -> str:
    if not isinstance(value, Mapping) or "age" not in value:
        return _date(field, value.get("date") if isinstance(value, Mapping) else value, language)
    return _years(value["age"], language)


def _integer(field: Field, value: object, language: str) -> str:
    return _years(value, language) if field.name.endswith("_age_years") else _as_it_stands(value)


def _years(age: object, language: str) -> str:
    if language == "es":
        return f"{_as_it_stands(age)} {'año' if age == 1 else 'años'}"
    return f"{_as_it_stands(age)} {'year' if age == 1 else 'years'} old"


_NOTHING_BUT_A_NUMBER = re.compile(r"\W*(\d[\W\d]*)((x|ext|extension)\W*\d+\W*)?", re.IGNORECASE)


def _phone(field: Field, value: object, language: str) -> str:
    """(850) 555-0100 where there is a number and nothing else, else as it was typed, "ask for Rosa" and all."""
    text = _as_it_stands(value)
    if not _NOTHING_BUT_A_NUMBER.fullmatch(text):
        return text
    # Loaded here because most runs say no phone and the module is large.
    import phonenumbers

    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return text
    digits = sum(character.isdigit() for character in text)
    if not phonenumbers.is_possible_number(number) or digits > 20:
        return text
    national = phonenumbers.PhoneNumberFormat.NATIONAL
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, national if number.country_code == 1 else international)


def _contact(field: Field, value: object, language: str) -> str:
    if not isinstance(value, Mapping):
        return _as_it_stands(value)
    said_parts = [_as_it_stands(value.get("name")), "", _as_it_stands(value.get("email"))]
    if not is_blank(value.get("phone")):
        said_parts[1] = _phone(field, value["phone"], language)
    return ", ".join(part for part in said_parts if part)


def _half_typed(typed: Any) -> str:
    """What stands in the boxes: "2/30/2018", "2/–/2018" while the day is missing."""
    if not isinstance(typed, Mapping):
        return _as_it_stands(typed)
    if not set(typed) <= {"month", "day", "year"}:
        return " – ".join(said_part for each in typed.values() if (said_part := _half_typed(each)))
    return (
        ""
        if is_blank(typed)
        else "/".join(_as_it_stands(typed.get(part)).strip() or "–" for part in ("month", "day", "year"))
    )


def _as_it_stands(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, list | tuple):
        return ", ".join(_as_it_stands(each) for each in value if not is_blank(each))
    if isinstance(value, Mapping):
        return " ".join(_as_it_stands(each) for each in value.values() if not is_blank(each))
    return str(value)


_SPEAKERS: dict[Kind, Callable[[Field, object, str], str]] = {
    Kind.CHOICE: _choice,
    Kind.CHOICE_SEARCH: _choice,
    Kind.MULTI: _multi,
    Kind.CHECKBOX: _checkbox,
    Kind.DATE: _date,
    Kind.DATE_MEMORABLE: _date,
    Kind.DATE_PARTIAL: _date,
    Kind.DATE_PARTIAL_RANGE: _range,
    Kind.DATE_OR_AGE: _date_or_age,
    Kind.INTEGER: _integer,
    Kind.PHONE: _phone,
    Kind.PERSON_CONTACT: _contact,
}
