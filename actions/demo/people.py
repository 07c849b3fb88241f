"""Invented families, and answers about them drawn from the catalogue; the same for the same seed."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from actions.demo import names
from domain import fields
from domain.fields import Field, Kind

FICTION = "555-01"
"""Telephone numbers that are reserved for fiction."""
FROM_ACCOUNT = ("referral_type", "agency_id", "agency_type")
SOMETIMES = 0.3


@dataclass(frozen=True)
class Child:
    """An invented child with the home that brothers and sisters share."""

    first: str
    middle: str
    last: str
    dob: date
    sex: str
    spanish: bool
    street: str
    town: tuple[str, str, str]
    phone: str
    mother: str
    other_names: tuple[str, ...] = ()


def child(chance: Random, today: date) -> Child:
    """A child between two and seventeen, in a home of their own."""
    spanish = chance.random() < 0.35
    sex = chance.choice("FFFMM")
    first = _first(chance, sex, spanish)
    return Child(
        first=first,
        middle=_first(chance, sex, spanish) if chance.random() < 0.5 else "",
        last=_surname(chance, spanish),
        dob=today - timedelta(days=chance.randint(2 * 365, 17 * 365)),
        sex=sex,
        spanish=spanish,
        street=f"{chance.randint(10, 4900)} {chance.choice(names.STREETS)} {chance.choice(names.ENDINGS)}",
        town=chance.choice(names.TOWNS),
        phone=f"{chance.choice(('303', '719', '970'))}-{FICTION}{chance.randint(0, 99):02}",
        mother=chance.choice(names.NINAS if spanish else names.GIRLS),
    )


def sibling(chance: Random, of: Child) -> Child:
    """A brother or sister of the same home."""
    sex = chance.choice("FM")
    apart = chance.randint(400, 2200) * chance.choice((-1, 1))
    return replace(
        of, first=_first(chance, sex, of.spanish, but=of.first), middle="", sex=sex, dob=of.dob + timedelta(days=apart)
    )


def twin(chance: Random, of: Child) -> Child:
    """A twin: same home, same birth date, other first name."""
    return replace(of, first=_first(chance, of.sex, of.spanish, but=of.first), middle="")


def mistyped(chance: Random, of: Child) -> Child:
    """The same child as another hand would write them: one slip of the kind that happens at a desk."""
    slips = (
        replace(of, dob=_other_digit(of.dob)),
        replace(of, first=_swapped_letters(of.first)),
        replace(of, last=_swapped_letters(of.last)),
        replace(of, middle="", phone=""),
        replace(of, last=of.last.split("-")[0].split(" ")[0]),
    )
    return chance.choice(slips)


def answers(chance: Random, who: Child, kind: fields.ReferralType, today: date, number: int) -> dict[str, Any]:
    """A whole referral about this child; whoever is asked for is there, the rest now and then."""
    known = _identity(who) | _matter(chance, today, number)
    asked = fields.referral(kind)
    for field in asked:
        if field.group is None and field.name not in (*known, *FROM_ACCOUNT) and chance.random() < SOMETIMES:
            value = _any_answer(chance, field, today)
            if value is not None and fields.shown(field, known):
                known[field.name] = value
    names_asked = {field.group or field.name for field in asked}
    return {name: value for name, value in known.items() if name in names_asked}


def _identity(who: Child) -> dict[str, Any]:
    caregiver = {
        "row": "c0000001",
        "cg_first_name": who.mother,
        "cg_last_name": who.last,
        "cg_relationship": "mother",
        "cg_alleged_offender": "no",
        "cg_phone_safe": "yes",
        "cg_knows": "yes",
        "cg_language": "spa" if who.spanish else "eng",
    }
    if who.phone:
        caregiver["cg_phone"] = who.phone
    known = {
        "child_first_name": who.first,
        "child_middle_name": who.middle,
        "child_last_name": who.last,
        "child_other_names": list(who.other_names),
        "child_dob": who.dob.isoformat(),
        "child_sex": who.sex,
        "child_language": "spa" if who.spanish else "eng",
        "address_line1": who.street,
        "address_city": who.town[0],
        "address_state": "CO",
        "address_zip": who.town[2],
        "address_county": who.town[1],
        "caregivers": [caregiver],
    }
    return {name: value for name, value in known.items() if value}


def _matter(chance: Random, today: date, number: int) -> dict[str, Any]:
    happened = today - timedelta(days=chance.randint(0, 60))
    known_offender = chance.random() < 0.6
    offender: dict[str, Any] = {"row": "0ff00001", "ao_access": chance.choice(("yes", "no", "unknown"))}
    if known_offender:
        offender |= {
            "ao_name": f"{chance.choice(names.BOYS)} {chance.choice(names.SURNAMES)}",
            "ao_relationship": chance.choice(("parent", "parent_partner", "other_relative", "neighbor_friend", "peer")),
            "ao_dob_or_age": {"age": chance.randint(14, 58)},
        }
    return {
        "urgency": chance.choices(("emergency", "urgent", "routine"), (1, 3, 8))[0],
        "urgency_reason": "Contact with the alleged offender this week.",
        "child_role": chance.choices(("alleged_victim", "witness", "psb"), (12, 2, 1))[0],
        "hotline_report_made": "yes",
        "hotline_report_number": [f"HL-{26000 + number}"],
        "ao_known": "yes" if known_offender else "unknown",
        "offenders": [offender],
        "allegation_types": chance.sample(
            ("sexual_abuse", "physical_abuse", "neglect", "witness_violence", "online_exploitation"),
            chance.choice((1, 1, 2)),
        ),
        "incident_when": {"from": happened.isoformat()},
        "last_contact_120h": "yes" if (today - happened).days <= 4 else "no",
        "narrative": chance.choice(names.NARRATIVES),
        "le_case_number": [f"24-{10000 + number}"],
        "cps_intake_number": [f"CPS-{70000 + number}"],
        "child_school": chance.choice(names.SCHOOLS),
    }


def _any_answer(chance: Random, field: Field, today: date) -> Any:
    codes = [choice.code for choice in field.choices]
    if field.kind is Kind.MULTI and codes:
        return [chance.choice(codes)]
    if field.kind in (Kind.CHOICE, Kind.CHOICE_SEARCH) and codes:
        return chance.choice(codes)
    if field.kind is Kind.DATE:
        return (today + timedelta(days=chance.randint(3, 40))).isoformat() if "by" in field.name else None
    return None


def _first(chance: Random, sex: str, spanish: bool, but: str = "") -> str:
    girls, boys = (names.NINAS, names.NINOS) if spanish else (names.GIRLS, names.BOYS)
    return chance.choice([name for name in (girls if sex == "F" else boys) if name != but])


def _surname(chance: Random, spanish: bool) -> str:
    if not spanish:
        return chance.choice(names.SURNAMES)
    two = chance.random() < 0.6
    return " ".join(chance.sample(names.APELLIDOS, 2 if two else 1))


def _other_digit(dob: date) -> date:
    return dob.replace(day=dob.day % 28 + 1)


def _swapped_letters(name: str) -> str:
    return name[:-3] + name[-2] + name[-3] + name[-1] if len(name) > 4 else name + name[-1]


def profile(who: Child) -> dict[str, Any]:
    """The answers of a client's file."""
    return _identity(who)
