"""Facts that contradict each other or the calendar: impossible ones are refused, unlikely ones asked about."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.fields.answers import rows_of
from domain.fields.catalogue import FIELD, is_blank
from domain.fields.days import age_on, first_day, last_day
from domain.fields.kinds import Kind
from domain.fields.verdicts import Problem, Weight

OLDEST = 120
"""Nobody is older than this, in years."""


@dataclass(frozen=True)
class _Facts:
    """What the rules look at; a date that cannot be read is no fact."""

    answers: Mapping[str, Any]
    today: date

    def text(self, name: str) -> str:
        value = self.answers.get(name)
        return value if isinstance(value, str) else ""

    def codes(self, name: str) -> list[str]:
        value = self.answers.get(name)
        return [code for code in value if isinstance(code, str)] if isinstance(value, list) else []

    @property
    def born(self) -> date | None:
        return first_day(self.answers.get("child_dob"))

    @property
    def age(self) -> int | None:
        if self.born:
            return age_on(self.born, self.today)
        typed = self.answers.get("child_age_years")
        return typed if isinstance(typed, int) and is_blank(self.answers.get("child_dob")) else None

    @property
    def born_at_the_earliest(self) -> date:
        """The earliest day of birth that the age allows; the first of all days where no age is known."""
        if self.age is None:
            return date.min
        return date(self.today.year - self.age - 1, 1, 1)

    @property
    def incident_began(self) -> date | None:
        """The earliest day that the incident can have begun."""
        return first_day(self._incident.get("from"))

    @property
    def incident_over(self) -> date | None:
        """The latest day that it can have happened."""
        return last_day(self._incident.get("to")) or last_day(self._incident.get("from"))

    @property
    def incident_ended(self) -> date | None:
        """The earliest day that the last of it can have happened."""
        return first_day(self._incident.get("to")) or self.incident_began

    @property
    def _incident(self) -> Mapping[str, Any]:
        value = self.answers.get("incident_when")
        return value if isinstance(value, Mapping) else {}


def contradictions(answers: Mapping[str, Any], today: date) -> Iterator[Problem]:
    """Every impossible or unlikely fact; `today` is the center's day."""
    facts = _Facts(answers, today)
    for rule in _RULES:
        yield from rule(facts)


def _birth(facts: _Facts) -> Iterator[Problem]:
    if not facts.born:
        return
    if facts.born > facts.today:
        yield _refuse(
            "child_dob",
            "The child's date of birth is in the future. Check the year.",
            "La fecha de nacimiento está en el futuro. Revise el año.",
        )
    elif age_on(facts.born, facts.today) > OLDEST:
        yield _refuse(
            "child_dob",
            f"This date of birth makes the child older than {OLDEST} years. Check the year.",
            f"Con esta fecha de nacimiento tendría más de {OLDEST} años. Revise el año.",
        )


def _adulthood(facts: _Facts) -> Iterator[Problem]:
    if facts.age is None or not 18 < facts.age <= OLDEST or facts.text("child_role") == "vulnerable_adult":
        return
    yield _ask(
        "child_dob" if facts.born else "child_age_years",
        f"The child would be {facts.age} years old. Is that right?",
        f"Esta persona tendría {facts.age} años. ¿Es correcto?",
    )


def _incident(facts: _Facts) -> Iterator[Problem]:
    for day in (facts.incident_began, facts.incident_ended):
        if day and day > facts.today:
            yield _refuse(
                "incident_when",
                "The incident is in the future. Check the date.",
                "El incidente está en el futuro. Revise la fecha.",
            )
            return


def _incident_and_birth(facts: _Facts) -> Iterator[Problem]:
    if facts.born and facts.incident_over and facts.incident_over < facts.born:
        yield _refuse(
            "incident_when",
            "The incident is before the child was born. Check both dates.",
            "El incidente es anterior al nacimiento. Revise las dos fechas.",
        )
    elif facts.born and (latest := _last_day_it_began(facts)) and latest < facts.born:
        yield _ask(
            "incident_when",
            "The first date is before the child was born. Is that right?",
            "La primera fecha es anterior al nacimiento. ¿Es correcto?",
        )
    elif not facts.born and facts.incident_over and facts.incident_over < facts.born_at_the_earliest:
        yield _refuse(
            "incident_when",
            "The incident is before a child of this age was born. Check the date and the age.",
            "El incidente es anterior al nacimiento de un niño o una niña de esta edad. Revise la fecha y la edad.",
        )


def _last_day_it_began(facts: _Facts) -> date | None:
    incident = facts.answers.get("incident_when")
    return last_day(incident.get("from")) if isinstance(incident, Mapping) else None


def _five_days(facts: _Facts) -> Iterator[Problem]:
    within = facts.text("last_contact_120h")
    if within == "yes" and facts.incident_over and facts.incident_over < facts.today - timedelta(days=6):
        yield _ask(
            "last_contact_120h",
            "The incident is more than 5 days ago, yet you say it may be within 5 days. Is that right?",
            "El incidente fue hace más de 5 días, pero usted indica que pudo ocurrir en los últimos 5. ¿Es correcto?",
        )
    if within == "no" and facts.incident_ended and facts.incident_ended >= facts.today - timedelta(days=4):
        yield _ask(
            "last_contact_120h",
            "The incident is less than 5 days ago, yet you say it is not. A medical exam may be urgent. Is that right?",
            "El incidente fue hace menos de 5 días, pero usted indica que no. Un examen médico puede ser urgente. "
            "¿Es correcto?",
        )
    if within == "yes" and facts.text("urgency") == "routine":
        yield _ask(
            "urgency",
            "The last incident may be within 5 days. Should the child be seen sooner than “No special deadline”?",
            "El último incidente pudo ocurrir en los últimos 5 días. ¿Hay que atender antes que «Sin plazo especial»?",
        )


def _days_of_reports(facts: _Facts) -> Iterator[Problem]:
    for name in ("hotline_report_date", "le_report_date"):
        reported, latest = first_day(facts.answers.get(name)), last_day(facts.answers.get(name))
        if reported and reported > facts.today:
            yield _refuse(
                name,
                "This report is dated in the future. Check the date.",
                "La fecha de este reporte está en el futuro. Revísela.",
            )
        elif latest and facts.born and latest < facts.born:
            yield _ask(
                name,
                "This report is dated before the child was born. Is that right?",
                "La fecha de este reporte es anterior al nacimiento. ¿Es correcto?",
            )


def _deadline(facts: _Facts) -> Iterator[Problem]:
    needed = first_day(facts.answers.get("needed_by_date"))
    if needed and needed < facts.today:
        yield _ask(
            "needed_by_date",
            "The date it must happen by is over. Is that right?",
            "La fecha límite ya pasó. ¿Es correcto?",
        )


def _caregivers(facts: _Facts) -> Iterator[Problem]:
    for row, caregiver in rows_of(facts.answers, "caregivers").items():
        born = first_day(caregiver.get("cg_dob"))
        if born is None:
            continue
        if facts.born and born > facts.born:
            yield _refuse(
                "cg_dob",
                "This caregiver would be born after the child. Check both dates.",
                "Esta persona habría nacido después del niño o de la niña. Revise las dos fechas.",
                row,
            )
        else:
            yield from _age_of_an_adult("cg_dob", row, born, facts.today)


def _age_of_an_adult(name: str, row: str, born: date, today: date) -> Iterator[Problem]:
    age = age_on(born, today)
    if born > today:
        yield _refuse(
            name,
            "This date of birth is in the future. Check the year.",
            "Esta fecha está en el futuro. Revise el año.",
            row,
        )
    elif age > OLDEST:
        yield _refuse(
            name,
            f"This date of birth makes the person older than {OLDEST} years. Check the year.",
            f"Con esta fecha la persona tendría más de {OLDEST} años. Revise el año.",
            row,
        )
    elif age < 13 or age > 100:
        yield _ask(
            name,
            f"This caregiver would be {age} years old. Is that right?",
            f"Esta persona tendría {age} años. ¿Es correcto?",
            row,
        )


def _other_people(facts: _Facts) -> Iterator[Problem]:
    for group, name in (("household", "hh_age"), ("offenders", "ao_dob_or_age")):
        for row, person in rows_of(facts.answers, group).items():
            value = person.get(name)
            born = first_day(value.get("date")) if isinstance(value, Mapping) else None
            if born and born > facts.today:
                yield _refuse(
                    name,
                    "This date of birth is in the future. Check the year.",
                    "Esta fecha de nacimiento está en el futuro. Revise el año.",
                    row,
                )
            elif born and age_on(born, facts.today) > OLDEST:
                yield _refuse(
                    name,
                    f"This date of birth makes the person older than {OLDEST} years. Check the year.",
                    f"Con esta fecha la persona tendría más de {OLDEST} años. Revise el año.",
                    row,
                )


def _offender_among_caregivers(facts: _Facts) -> Iterator[Problem]:
    if facts.text("ao_known") != "no":
        return
    if any(row.get("cg_alleged_offender") == "yes" for row in rows_of(facts.answers, "caregivers").values()):
        yield _ask(
            "ao_known",
            "You say that a caregiver is thought to have harmed the child, yet that it is not "
            "known who did. Is that right?",
            "Usted indica que se cree que una persona a cargo le hizo daño, pero que no se sabe quién fue. "
            "¿Es correcto?",
        )


def _none_and_some(facts: _Facts) -> Iterator[Problem]:
    """ "None known", "Not known" or "Declined" beside another choice."""
    alone = {"none_known", "unknown", "UNK", "DECL"}
    for name in ("child_race_ethnicity", "child_disability", "safety_concerns"):
        codes = facts.codes(name)
        if len(codes) > 1 and alone & set(codes):
            yield _ask(
                name,
                f"“{FIELD[name].label}” says both none or not known and something else. Which is right?",
                f"«{FIELD[name].label_es}» dice a la vez que no hay o no se sabe, y otra cosa. ¿Cuál es correcta?",
            )


_PLACEHOLDERS = frozenset(
    {"unknown", "unk", "not known", "n/a", "na", "none", "no name", "tbd", "xxx", "?", "??", "-", "--"}
    | {"desconocido", "desconocida", "no se sabe", "jane doe", "john doe", "baby boy", "baby girl"}
)


def _words_instead_of_a_tick(facts: _Facts) -> Iterator[Problem]:
    for name in ("child_first_name", "child_last_name"):
        if facts.text(name).strip().lower() in _PLACEHOLDERS:
            yield _ask(
                name,
                f"“{FIELD[name].label}”: if it is not known, tick “Not known” and leave the name empty.",
                f"«{FIELD[name].label_es}»: si no se sabe, marque «No se sabe» y deje el nombre vacío.",
            )


def _addresses_and_numbers(facts: _Facts) -> Iterator[Problem]:
    for row, answers in _everybody(facts):
        for name, value in answers.items():
            field = FIELD.get(name)
            texts = value if isinstance(value, list) else [value]
            if field and any(isinstance(text, str) and _looks_wrong(field.kind, text) for text in texts):
                yield _ask(name, *_LOOKS_WRONG[field.kind], row)


def _everybody(facts: _Facts) -> Iterator[tuple[str | None, Mapping[str, Any]]]:
    yield None, facts.answers
    for group in ("caregivers", "household", "offenders"):
        yield from rows_of(facts.answers, group).items()


def _looks_wrong(kind: Kind, text: str) -> bool:
    digits = sum(character.isdigit() for character in text)
    if is_blank(text):
        return False
    if kind is Kind.PHONE:
        return digits < 7
    if kind is Kind.ZIP:
        return digits not in (5, 9)
    if kind is Kind.EMAIL:
        name, _, host = text.rpartition("@")
        return not name or "." not in host or any(character.isspace() for character in text)
    return False


_LOOKS_WRONG = {
    Kind.PHONE: (
        "This phone number looks too short. Is it complete?",
        "Este número de teléfono parece demasiado corto. ¿Está completo?",
    ),
    Kind.ZIP: (
        "A ZIP code has 5 or 9 digits. Is this one right?",
        "Un código postal tiene 5 o 9 dígitos. ¿Es correcto este?",
    ),
    Kind.EMAIL: (
        "This does not look like an email address, for example name@agency.gov. Is it right?",
        "Esto no parece una dirección de correo, por ejemplo nombre@agencia.gov. ¿Es correcta?",
    ),
}


def _refuse(field: str, message: str, message_es: str, row: str | None = None) -> Problem:
    return Problem(field, row, message, message_es, Weight.REFUSE)


def _ask(field: str, message: str, message_es: str, row: str | None = None) -> Problem:
    return Problem(field, row, message, message_es, Weight.ASK)


_RULES: tuple[Callable[[_Facts], Iterator[Problem]], ...] = (
    _birth,
    _adulthood,
    _incident,
    _incident_and_birth,
    _five_days,
    _days_of_reports,
    _deadline,
    _caregivers,
    _other_people,
    _offender_among_caregivers,
    _none_and_some,
    _words_instead_of_a_tick,
    _addresses_and_numbers,
)
