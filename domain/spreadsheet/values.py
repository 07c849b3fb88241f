"""One cell as the answer to one field: the words people use for choices, "unknown" in its many spellings, lists."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from domain import fields
from domain.fields import Field, Kind, Tick
from domain.matching.folding import fold
from domain.refusals import Refused
from domain.spreadsheet.workbooks import NO_RESULT

MOST_MEANINGS = 40
"""Different unknown words in one column, beyond which the column is likely something else."""

_NOT_KNOWN = frozenset(
    fold(word)
    for word in (
        "unknown|unk|not known|n/a|na|none|null|nil|tbd|not available|not given|no data|desconocido|desconocida|"
        "no se sabe|se desconoce|ninguno|sin datos|sin nombre|no name|xxx|x"
    ).split("|")
)
_NO_DATES = frozenset(("1900-01-01", "1/1/1900", "01/01/1900", "1/0/1900", "00/00/0000", "0000-00-00", "0"))
_EXCEL_ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_BETWEEN = re.compile(r"\s*[,;/|&\n]\s*|\s+(?:and|or|y|o)\s+", re.IGNORECASE)


def refuse_strange(cell: str) -> None:
    """Refuse what no answer is: a formula, an Excel error, characters that cannot be seen."""
    if cell == NO_RESULT:
        raise Refused(
            "A cell holds a formula without its result. Open the file in Excel, save it, and choose it again."
        )
    if cell in _EXCEL_ERRORS:
        raise Refused(f"A cell holds the Excel error {cell}. Type the answer in its place, or empty the cell.")
    if cell.startswith("="):
        raise Refused("A cell holds a formula. Type what it comes to in its place.")
    if _CONTROL.search(cell):
        raise Refused("A cell holds a character that cannot be seen. Type the answer again.")


def says_not_known(field: Field | None, cell: str) -> bool:
    """Whether the cell says in words that this is not known, or holds one of the days that stand for nothing."""
    if field is not None and field.kind is Kind.DATE_MEMORABLE and cell in _NO_DATES:
        return True
    return not any(letter.isalnum() for letter in cell) or fold(cell) in _NOT_KNOWN


def not_known(field: Field) -> Any:
    """How a field says that it is not known: its tick, its choice, or no answer."""
    if Tick.NOT_KNOWN in field.ticks:
        return {"tick": Tick.NOT_KNOWN.value}
    return next((code for code in ("UNK", "unknown", "not_known") if code in field.codes), None)


def answer(field: Field, cell: str, meanings: Mapping[str, str]) -> Any:
    """The answer that a cell gives, None for none; refuses what cannot be read. Dates are read elsewhere."""
    if field.choices:
        return _chosen(field, cell, meanings)
    if field.many:
        return [part for part in re.split(r"[,;/|\n]", cell) if part.strip()] if field.kind is Kind.PHONE else cell
    if field.kind is Kind.INTEGER:
        return _whole(cell)
    if field.kind is Kind.ZIP:
        return _zip(cell)
    return cell


def unknown_words(field: Field, cell: str) -> list[str]:
    """The words of a cell that are none of the field's choices, as far as we know."""
    if not cell or says_not_known(field, cell) or not field.choices:
        return []
    return [part for part in _parts(field, cell) if fold(part) not in choices_called(field.name)]


@cache
def choices_called(name: str) -> dict[str, str]:
    """The code of each choice by what people call it, folded: its labels, its code, and common words."""
    field = fields.FIELD[name]
    found: dict[str, str] = {}
    for choice in field.choices:
        for words in (choice.code, choice.label, choice.label_es):
            found.setdefault(fold(words), choice.code)
    for code, words in _ALSO.get(name, {}).items() if name in _ALSO else ():
        for word in words.split("|"):
            found.setdefault(fold(word), code)
    if {"yes", "no"} <= field.codes:
        found |= {"y": "yes", "si": "yes", "true": "yes", "1": "yes", "n": "no", "false": "no", "0": "no"}
    return found


def _chosen(field: Field, cell: str, meanings: Mapping[str, str]) -> Any:
    called = choices_called(field.name)
    codes = []
    for part in _parts(field, cell):
        code = called.get(fold(part)) or meanings.get(fold(part))
        if code is None:
            raise Refused(f"“{part[:40]}” is none of our choices for “{field.label}”. Say above what it means.")
        codes.append(code)
    given = [code for code in dict.fromkeys(codes) if code in field.codes]
    if field.kind is Kind.MULTI:
        return given or None
    return given[0] if given else None


def _parts(field: Field, cell: str) -> list[str]:
    """One answer, or several where a field takes several and the whole cell is none of them."""
    if field.kind is not Kind.MULTI or fold(cell) in choices_called(field.name):
        return [cell.strip()]
    return [part for part in _BETWEEN.split(cell) if part.strip()]


def _whole(cell: str) -> Any:
    match = re.fullmatch(r"(\d{1,3})(?:\.0+)?(?:\s*(?:years?|yrs?|yo|y/o|años?|a))?(?:\s*old)?", cell, re.IGNORECASE)
    return int(match[1]) if match else cell


def _zip(cell: str) -> str:
    """Excel takes the zeros from the front of a ZIP code; five digits are put back."""
    return cell.zfill(5) if cell.isdecimal() and cell.isascii() and 3 <= len(cell) < 5 else cell


_ALSO: dict[str, dict[str, str]] = {
    "child_sex": {
        "F": "female|fem|girl|woman|w|femenino|femenina|mujer|niña|hembra|2",
        "M": "male|masc|boy|man|masculino|hombre|niño|varon|h|1",
        "UNK": "unknown|u|unk|undetermined|not known|desconocido",
    },
    "child_race_ethnicity": {
        "AIAN": "american indian|native american|alaska native|indigenous|ai an|indian|nativo americano|indigena",
        "ASIAN": "asian american|a|asiatico",
        "BLACK": "african american|black african american|b|aa|negro|afroamericano",
        "HISP": "hispanic|latino|latina|latinx|latine|hispanic latino|latino hispanic|h|hispano|mexican|mexicano",
        "MENA": "middle eastern|north african|arab|arabe",
        "NHPI": "pacific islander|native hawaiian|hawaiian|pi",
        "WHITE": "caucasian|w|white non hispanic|anglo|european|blanco|caucasico",
        "UNK": "unknown|u",
        "DECL": "declined|refused|decline to answer|prefer not to say|prefirio no decir",
    },
    "child_disability": {"none_known": "none|no|ninguna", "autism": "asd|autistic|autista"},
}
