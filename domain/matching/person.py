"""A person as the match knows them: as written, and packed in search spelling."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from domain.matching import folding

PARTS = (
    "first", "middle", "last", "alias", "suffix", "dob", "sex", "address", "zip", "city", "phone", "caregiver",
    "number", "email", "school", "incident", "household",
)  # fmt: skip
"""The places of a packed person, in order."""


@dataclass(frozen=True)
class Person:
    """What is known of one child, as it was written. Anything may be empty; empty means not asked, never different."""

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    suffix: str = ""
    aliases: tuple[str, ...] = ()
    dob: str = ""
    """YYYY-MM-DD, YYYY-MM or YYYY; other forms are read as well as can be."""
    sex: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    phones: tuple[str, ...] = ()
    """The child's and the caregivers'."""
    emails: tuple[str, ...] = ()
    caregivers: tuple[str, ...] = ()
    """Full names."""
    child_numbers: tuple[str, ...] = ()
    """Numbers that an agency gave this child."""
    case_numbers: tuple[str, ...] = ()
    """Numbers of the incident: brothers and sisters share them."""
    household: tuple[str, ...] = ()
    """Full names of others who live with the child."""
    school: str = ""
    address_hidden: bool = False
    """The address must be kept from anyone: reasons speak of it without showing it."""

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name, self.suffix) if part)

    def written(self) -> str:
        """This person as text, as short as can be: the parts in their order, up to the last that is not empty."""
        parts = [value or 0 for value in vars(self).values()]
        while parts and not parts[-1]:
            parts.pop()
        return _SHORT(parts)


_NAMED = tuple(field.name for field in fields(Person))
_MANY = frozenset(field.name for field in fields(Person) if field.default == ())
_SHORT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def from_written(text: str) -> Person:
    """The person that `Person.written` wrote; also as it wrote until November 2026, each part with its name."""
    said = json.loads(text)
    written: dict[str, Any] = (
        said if isinstance(said, dict) else {name: value for name, value in zip(_NAMED, said, strict=False) if value}
    )
    values: dict[str, Any] = {name: tuple(value) if name in _MANY else value for name, value in written.items()}
    return Person(**values)


def person_from(answers: dict[str, Any]) -> Person:
    """The child that a referral's or client's answers describe."""
    rows = _rows(answers, "caregivers") if "caregivers" in answers else []
    return Person(
        first_name=_text(answers, "child_first_name"),
        middle_name=_text(answers, "child_middle_name"),
        last_name=_text(answers, "child_last_name"),
        suffix=_text(answers, "child_suffix"),
        aliases=_texts(answers, "child_other_names"),
        dob=_text(answers, "child_dob"),
        sex=_text(answers, "child_sex"),
        address=_text(answers, "address_line1"),
        city=_text(answers, "address_city"),
        state=_text(answers, "address_state"),
        zip=_text(answers, "address_zip"),
        phones=_distinct(_texts(answers, "child_phone"), *(_texts(row, "cg_phone") for row in rows)),
        emails=_distinct(*(_texts(row, "cg_email") for row in rows)),
        caregivers=_distinct(*((_full_name(row, "cg_first_name", "cg_last_name"),) for row in rows)),
        child_numbers=_texts(answers, "cps_child_id"),
        case_numbers=_distinct(*(_texts(answers, name) for name in _INCIDENT_NUMBERS)),
        household=_distinct(*(_texts(row, "hh_name") for row in _rows(answers, "household"))),
        school=_text(answers, "child_school"),
        address_hidden=_text(answers, "address_confidential") == "yes",
    )


_INCIDENT_NUMBERS = ("le_case_number", "cps_intake_number", "hotline_report_number")


def _text(answers: dict[str, Any], name: str) -> str:
    value = answers.get(name, "")
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _texts(answers: dict[str, Any], name: str) -> tuple[str, ...]:
    value = answers.get(name)
    if not value:
        return ()
    if isinstance(value, list):
        return tuple([item for item in value if isinstance(item, str) and item])
    return (value,) if isinstance(value, str) else ()


def _rows(answers: dict[str, Any], group: str) -> list[dict[str, Any]]:
    rows = answers.get(group)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _full_name(row: dict[str, Any], first: str, last: str) -> str:
    return " ".join(part for part in (_text(row, first), _text(row, last)) if part)


def _distinct(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group if item)) if any(groups) else ()


class Packed(NamedTuple):
    """A person in search spelling: the same places as PARTS, each a text, several values parted by a bar."""

    first: str = ""
    middle: str = ""
    last: str = ""
    alias: str = ""
    suffix: str = ""
    dob: str = ""
    sex: str = ""
    address: str = ""
    zip: str = ""
    city: str = ""
    phone: str = ""
    caregiver: str = ""
    number: str = ""
    email: str = ""
    school: str = ""
    incident: str = ""
    household: str = ""

    def line(self) -> str:
        """One line of text, parted by tabs."""
        return "\t".join(self)


def pack(person: Person) -> Packed:
    """Fold every part of a person once, for keeping and comparing."""
    last = folding.surname(person.last_name)
    street = folding.address(person.address) if person.address else None
    return Packed(
        first=_name(person.first_name),
        middle=_name(person.middle_name) if person.middle_name else "",
        last=" ".join(last.tokens) + ("|" + last.joined if last.joined else ""),
        alias=_bars(_name, tuple(part for alias in person.aliases for part in _alias_parts(alias))),
        suffix=(folding.generation(person.suffix) if person.suffix else "") or last.suffix,
        dob=folding.birth_date(person.dob) if person.dob else "",
        sex=folding.sex(person.sex) if person.sex else "",
        address=f"{street.house}|{street.street}" if street and (street.street or street.house) else "",
        zip=folding.zip_code(person.zip) if person.zip else "",
        city=folding.place(person.city) if person.city else "",
        phone=_bars(folding.phone, person.phones),
        caregiver=_bars(_name, person.caregivers),
        number=_bars(_identifier, person.child_numbers),
        email=_bars(_email, person.emails),
        school=folding.place(person.school) if person.school else "",
        incident=_bars(_identifier, person.case_numbers),
        household=_bars(_name, person.household),
    )


def _bars(fold: Callable[[str], str], written: tuple[str, ...]) -> str:
    """Several values in search spelling, each once, parted by bars."""
    if len(written) < 2:
        return fold(written[0]) if written else ""
    return "|".join(dict.fromkeys(folded for value in written if (folded := fold(value))))


def _name(written: str) -> str:
    return " ".join(folding.given(written))


def _email(written: str) -> str:
    return "".join(written.lower().split())[:100].replace("|", "") if "@" in written else ""


def _alias_parts(alias: str) -> list[str]:
    return [part for part in alias.replace(";", ",").replace("|", ",").split(",") if part.strip()]


def _identifier(number: str) -> str:
    folded = folding.fold(number).replace(" ", "")[:40]
    return folded if sum(letter.isdigit() for letter in folded) >= 3 else ""
