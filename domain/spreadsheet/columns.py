"""What the columns of a spreadsheet are: which fields they can be, what is proposed, and what a person chose."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache

from domain import fields
from domain.fields import Field, Kept, Kind
from domain.matching.folding import fold
from domain.refusals import Refused
from domain.spreadsheet.dates import DayOrder, Evidence, evidence, looks_like_date
from domain.spreadsheet.names import NameOrder, order_of
from domain.spreadsheet.tables import Table

NAME = "name"
"""A child's whole name, to be split."""
CAREGIVERS = ("caregiver_1", "caregiver_2")
WHOLE_NAME = "whole_name"
LEFT_OUT = ""

SAMPLES = 3
HEADER_WITHIN = 15
"""Lines in which the names of the columns are looked for."""


@dataclass(frozen=True)
class Target:
    """Something that a column can be."""

    code: str
    """A field's name, "name", or a caregiver's: "caregiver_1/cg_phone"."""
    label: str
    field: Field | None
    """None for a whole name."""
    person: str = ""
    """"caregiver_1" for what is about a caregiver."""

    @property
    def is_date(self) -> bool:
        return self.field is not None and self.field.kind is Kind.DATE_MEMORABLE

    @property
    def has_choices(self) -> bool:
        return self.field is not None and bool(self.field.choices)


@cache
def targets() -> dict[str, Target]:
    """Everything that a column can be, by its code, in the order of the form."""
    found = [Target(NAME, "Whole name of the child", None)]
    found += [Target(one.name, one.label, one) for one in fields.FIELDS if one.kept is Kept.PROFILE and not one.group]
    for number, person in enumerate(CAREGIVERS, start=1):
        found.append(Target(f"{person}/{WHOLE_NAME}", f"Caregiver {number}: whole name", None, person))
        found += [
            Target(f"{person}/{one.name}", f"Caregiver {number}: {one.label[:1].lower()}{one.label[1:]}", one, person)
            for one in fields.FIELDS
            if one.kept is Kept.PROFILE and one.group == "caregivers"
        ]
    return {one.code: one for one in found}


@dataclass(frozen=True)
class Choices:
    """What a person chose about a file: what each column is, and what its unclear answers mean."""

    columns: tuple[str, ...]
    """The code of a target for each column; LEFT_OUT for one that is not loaded."""
    days: Mapping[str, DayOrder] = field(default_factory=dict)
    """By the number of the column, as text."""
    names: Mapping[str, NameOrder] = field(default_factory=dict)
    """By the number of the column, as text."""
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the number of the column: the code that a word stands for; "" leaves that answer out."""
    first_is_child: bool = False
    """Whether the line taken for the names of the columns is about a child."""

    def to_text(self) -> str:
        """The choices as JSON text."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "Choices":
        """What `to_text` wrote, for the fields of today."""
        said = json.loads(text)
        known = targets()
        return cls(
            columns=tuple(code if code in known else LEFT_OUT for code in said["columns"]),
            days={column: DayOrder(order) for column, order in said["days"].items()},
            names={column: NameOrder(order) for column, order in said["names"].items()},
            meanings=said["meanings"],
            first_is_child=bool(said["first_is_child"]),
        )

    def of(self, code: str) -> list[int]:
        """The columns that are this."""
        return [place for place, each in enumerate(self.columns) if each == code]


@dataclass(frozen=True)
class Column:
    """One column as the mapping shows it."""

    place: int
    name: str
    samples: tuple[str, ...]
    filled: int
    days: Evidence
    """Read once for the whole column."""


def header_place(table: Table) -> int:
    """Which of the first lines holds the names of the columns; the first one where none does."""
    best, most = 0, 0
    for place, (_, cells) in enumerate(table.lines[:HEADER_WITHIN]):
        known = sum(bool(_known_target(cell)) for cell in cells)
        if known > most and known >= 2:
            best, most = place, known
    return best


def looks_like_child(cells: Sequence[str]) -> bool:
    """Whether a line taken for the header is rather a child: no known name of a column, and a date or long number."""
    if any(_known_target(cell) for cell in cells):
        return False
    return any(looks_like_date(cell) or sum(letter.isdigit() for letter in cell) >= 5 for cell in cells)


def signature(header: Sequence[str]) -> str:
    """The same for all files with the same names of columns, in whatever case and accents."""
    return hashlib.sha256("\n".join(fold(cell) for cell in header).encode()).hexdigest()


def columns_of(header: Sequence[str], lines: Sequence[Sequence[str]], choices: Choices) -> tuple[Column, ...]:
    """Every column with its first answers and, where it is chosen to be dates, what they prove."""
    width = max([len(header), *map(len, lines)], default=0)
    found = []
    for place in range(width):
        cells = [cells[place] for cells in lines if place < len(cells) and cells[place]]
        name = header[place] if place < len(header) and header[place] else f"Column {letter_of(place)}"
        samples = tuple(dict.fromkeys(cell[:60] for cell in cells[:200]))[:SAMPLES]
        target = targets().get(choices.columns[place]) if place < len(choices.columns) else None
        days = evidence(cells) if target and target.is_date else Evidence(None)
        found.append(Column(place, name[:80], samples, len(cells), days))
    return tuple(found)


def proposed(header: Sequence[str], lines: Sequence[Sequence[str]]) -> Choices:
    """What the columns likely are, by their names; each field once, the first column that fits."""
    taken: set[str] = set()
    chosen = []
    for cell in header:
        code = _known_target(cell)
        code = LEFT_OUT if code in taken and not _may_repeat(code) else code
        taken.add(code)
        chosen.append(code)
    width = max([len(header), *map(len, lines)], default=0)
    codes = (*_told_apart(chosen), *[LEFT_OUT] * (width - len(chosen)))
    return with_orders(Choices(codes), lines)


def with_orders(choices: Choices, lines: Sequence[Sequence[str]]) -> Choices:
    """The choices with the orders of dates and names that the columns themselves prove or make likely."""
    days, names = dict(choices.days), dict(choices.names)
    for place, code in enumerate(choices.columns):
        target = targets().get(code)
        cells = [cells[place] for cells in lines if target and place < len(cells) and cells[place]]
        proof = evidence(cells).order if target and target.is_date else None
        if proof:
            days.setdefault(str(place), proof)
        if target and target.field is None:
            names.setdefault(str(place), order_of(cells[:2000]))
    return replace(choices, days=days, names=names)


def fitting(choices: Choices, width: int) -> Choices:
    """Remembered choices for a file that has so many columns."""
    columns = (*choices.columns, *[LEFT_OUT] * width)[:width]
    return replace(choices, columns=columns)


def refuse_unclear(choices: Choices, columns: Sequence[Column]) -> None:
    """Refuse a mapping without a name, with a field given twice, or with a column of dates that is still unclear."""
    used = [code for code in choices.columns if code]
    twice = next((code for code in used if used.count(code) > 1 and not _may_repeat(code)), None)
    if twice:
        raise Refused(f"“{targets()[twice].label}” is chosen for two columns. Choose it for one of them.")
    if not {NAME, "child_first_name", "child_last_name"} & set(used):
        raise Refused("Say which column holds the child's name: nobody can be found again without one.")
    if NAME in used and {"child_first_name", "child_last_name"} & set(used):
        raise Refused("Choose either the whole name, or first and last name, but not both.")
    for column in columns:
        target = targets().get(choices.columns[column.place]) if column.place < len(choices.columns) else None
        if target and target.is_date and column.days.asks and str(column.place) not in choices.days:
            raise Refused(f"Say for “{column.name}” whether {column.days.example} begins with the month or the day.")


def columns_named(choices: Choices, header: Sequence[str]) -> list[tuple[int, str]]:
    """Number and name of every column that is loaded."""
    names = [*header, *[""] * len(choices.columns)]
    return [(place, names[place] or letter_of(place)) for place, code in enumerate(choices.columns) if code]


def letter_of(place: int) -> str:
    """The letters that Excel gives a column: A, Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _may_repeat(code: str) -> bool:
    target = targets().get(code)
    return bool(target and target.field and target.field.many)


def _known_target(cell: str) -> str:
    """What a column of this name likely is; LEFT_OUT for an unknown one."""
    return _names_of_columns().get(fold(cell), LEFT_OUT) if len(cell) <= 80 else LEFT_OUT


def _told_apart(chosen: list[str]) -> list[str]:
    """A column that is only called "Name" is the last name where another one is the first name."""
    if NAME in chosen and "child_first_name" in chosen:
        instead = LEFT_OUT if "child_last_name" in chosen else "child_last_name"
        return [instead if code == NAME else code for code in chosen]
    return chosen


@cache
def _names_of_columns() -> dict[str, str]:
    found = {fold(words): code for code, listed in _CALLED.items() for words in listed.split("|")}
    for one in fields.FIELDS:
        if one.kept is Kept.PROFILE and not one.group:
            for label in (one.label, one.label_es, one.name):
                found.setdefault(fold(label), one.name)
    for who, person in _WHO.items():
        for what, name in _WHAT.items():
            found.setdefault(fold(f"{who} {what}"), f"{person}/{name}")
            found.setdefault(fold(f"{what} {who}"), f"{person}/{name}")
            found.setdefault(fold(f"{what} de {who}"), f"{person}/{name}")
            found.setdefault(fold(f"{what} de la {who}"), f"{person}/{name}")
            found.setdefault(fold(f"{what} del {who}"), f"{person}/{name}")
        found.setdefault(fold(who), f"{person}/{WHOLE_NAME}")
    return found


_WHO = {
    "mother": CAREGIVERS[0], "mom": CAREGIVERS[0], "mothers": CAREGIVERS[0], "madre": CAREGIVERS[0],
    "parent": CAREGIVERS[0], "guardian": CAREGIVERS[0], "caregiver": CAREGIVERS[0], "parent guardian": CAREGIVERS[0],
    "caregiver 1": CAREGIVERS[0], "parent 1": CAREGIVERS[0], "guardian 1": CAREGIVERS[0], "tutor": CAREGIVERS[0],
    "tutora": CAREGIVERS[0], "cuidador": CAREGIVERS[0], "cuidadora": CAREGIVERS[0], "legal guardian": CAREGIVERS[0],
    "primary caregiver": CAREGIVERS[0], "responsable": CAREGIVERS[0],
    "father": CAREGIVERS[1], "dad": CAREGIVERS[1], "fathers": CAREGIVERS[1], "padre": CAREGIVERS[1],
    "caregiver 2": CAREGIVERS[1], "parent 2": CAREGIVERS[1], "guardian 2": CAREGIVERS[1],
    "secondary caregiver": CAREGIVERS[1],
}  # fmt: skip
_WHAT = {
    "name": WHOLE_NAME, "full name": WHOLE_NAME, "nombre": WHOLE_NAME, "nombre completo": WHOLE_NAME,
    "first name": "cg_first_name", "first": "cg_first_name", "last name": "cg_last_name", "last": "cg_last_name",
    "surname": "cg_last_name", "apellidos": "cg_last_name", "apellido": "cg_last_name",
    "phone": "cg_phone", "phone number": "cg_phone", "telephone": "cg_phone", "cell": "cg_phone",
    "cell phone": "cg_phone", "mobile": "cg_phone", "telefono": "cg_phone", "celular": "cg_phone",
    "email": "cg_email", "e mail": "cg_email", "correo": "cg_email", "correo electronico": "cg_email",
    "relationship": "cg_relationship", "relation": "cg_relationship", "parentesco": "cg_relationship",
    "dob": "cg_dob", "date of birth": "cg_dob", "fecha de nacimiento": "cg_dob",
    "language": "cg_language", "idioma": "cg_language",
}  # fmt: skip
_CALLED = {
    NAME: (
        "name|full name|child|child name|childs name|child's name|name of child|client|client name|clients name|"
        "patient|patient name|student name|victim|victim name|last name first name|last first|last first middle|"
        "nombre completo|nombre y apellidos|apellidos y nombre|nombre del niño|nombre del menor|niño|menor|paciente"
    ),
    "child_first_name": (
        "first|first name|fname|f name|firstname|given|given name|given names|forename|child first name|"
        "childs first name|client first name|legal first name|first nm|nombre|nombres|primer nombre|nombre de pila"
    ),
    "child_middle_name": (
        "middle|middle name|mname|m name|middlename|mi|m i|middle initial|child middle name|segundo nombre|"
        "otro nombre|inicial"
    ),
    "child_last_name": (
        "last|last name|lname|l name|lastname|surname|family name|child last name|childs last name|"
        "client last name|legal last name|last nm|apellido|apellidos|primer apellido|apellido paterno"
    ),
    "child_suffix": "suffix|suf|jr sr|generation|sufijo",
    "child_other_names": (
        "alias|aliases|aka|a k a|nickname|nicknames|preferred name|goes by|other names|maiden name|previous name|"
        "former name|apodo|apodos|alias o apodo|otros nombres"
    ),
    "child_dob": (
        "dob|d o b|date of birth|birth date|birthdate|birthday|birth|born|child dob|childs dob|client dob|"
        "child date of birth|birth dt|fecha de nacimiento|fecha nacimiento|f nacimiento|fec nac|fecha nac|nacimiento|"
        "nacido|nacida|fdn"
    ),
    "child_age_years": "age|age years|age in years|child age|client age|edad|edad en años|años",
    "child_sex": "sex|gender|sex gender|gender sex|m f|child sex|birth sex|sexo|genero|género",
    "child_race_ethnicity": (
        "race|ethnicity|race ethnicity|race and ethnicity|ethnicity race|ethnic group|raza|etnia|raza etnia|"
        "etnicidad|raza o etnicidad"
    ),
    "child_language": (
        "language|primary language|preferred language|language spoken|home language|child language|idioma|lengua|"
        "idioma principal|idioma preferido"
    ),
    "child_interpreter": "interpreter|interpreter needed|needs interpreter|interprete|necesita interprete",
    "child_disability": "disability|disabilities|special needs|discapacidad",
    "child_tribe": "tribe|tribal affiliation|tribu",
    "child_phone": "phone|phone number|telephone|child phone|cell|cell phone|mobile|telefono|celular|telefono celular",
    "child_school": "school|school name|day care|daycare|school district|escuela|guarderia|colegio",
    "cps_child_id": "cps id|cps child id|cps person id|state id|person id|cps number|numero cps",
    "child_lives_with": "lives with|living with|residing with|vive con",
    "address_line1": (
        "address|street|street address|address 1|address line 1|address1|home address|mailing address|domicilio|"
        "direccion|calle|direccion 1"
    ),
    "address_city": "city|town|city town|ciudad|localidad|poblacion|municipio",
    "address_state": "state|st|province|estado",
    "address_zip": "zip|zip code|zipcode|postal code|postcode|codigo postal|cp|c p",
    "address_county": "county|condado",
    "address_confidential": "confidential address|address confidential|direccion confidencial",
}
