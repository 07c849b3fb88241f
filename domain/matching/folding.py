"""Search spellings: how a name, a date, a phone and an address are folded before they are compared."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from anyascii import anyascii

from domain.matching.weights import ADDRESS_SUFFIXES, DIRECTIONS, PARTICLES, PLACEHOLDER_GIVEN, PLACEHOLDERS, UNITS

_CLOSED_UP = re.compile(r"['`´’‘ʻʼ.]")
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
_NOT_A_DIGIT = re.compile(r"\D+")
_SUFFIXES = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr",
    "ii": "2", "2nd": "2", "iii": "3", "3rd": "3", "iv": "4", "4th": "4", "v": "5", "5th": "5",
}  # fmt: skip
LONGEST = 200
"""Letters of one answer that are looked at; what follows is kept but not compared."""


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Plain lower-case letters, digits and single spaces: any alphabet, any accents, any apostrophe. Idempotent."""
    text = text[:LONGEST]
    if not text.isascii():
        text = anyascii(normalize("NFKC", _CLOSED_UP.sub("", normalize("NFKC", text))))
    return _NOT_A_LETTER.sub(" ", _CLOSED_UP.sub("", text.lower())).strip()[:LONGEST].strip()


class Surname(NamedTuple):
    """A surname in search spelling."""

    tokens: tuple[str, ...]
    """Up to three words without particles: ("cruz",) for De la Cruz."""
    joined: str
    """All words closed up: "delacruz"."""
    suffix: str
    """A generation written behind the surname: "jr"."""


@lru_cache(maxsize=65536)
def surname(text: str) -> Surname:
    """De La Cruz, Delacruz and Cruz meet in their tokens or joined form, as do O'Brien and O Brien."""
    words = _words(text)
    suffix = ""
    while len(words) > 1 and words[-1] in _SUFFIXES:
        suffix = _SUFFIXES[words.pop()]
    if " ".join(words) in PLACEHOLDERS:
        return Surname((), "", suffix)
    telling = tuple(word for word in words if word not in PARTICLES and len(word) > 1) or tuple(words)
    return Surname(telling[:3], "".join(words)[:40], suffix)


@lru_cache(maxsize=65536)
def given(text: str) -> tuple[str, ...]:
    """The words of a given or middle name, up to four; none for Baby Boy, Unknown and their like."""
    words = [word for word in _words(text) if word not in _SUFFIXES or word in ("v", "ii")]
    if not words or " ".join(words) in PLACEHOLDER_GIVEN or all(word in PLACEHOLDER_GIVEN for word in words):
        return ()
    telling = [word for word in words if word not in PARTICLES] or words
    return tuple(word[:40] for word in telling[:4])


_SCANNED = str.maketrans("0158", "olsb")


def _words(name: str) -> list[str]:
    """The words of a name; digits among its letters as the letters that a scanner took them for: 8rown, mi11er."""
    return [
        word if word.isalpha() or word.isdigit() or word in _SUFFIXES else word.translate(_SCANNED)
        for word in fold(name).split()
    ]


@lru_cache(maxsize=16384)
def generation(text: str) -> str:
    """The suffix as one of jr, sr, 2 ... 5, or nothing."""
    return _SUFFIXES.get(fold(text).replace(" ", ""), "")


@lru_cache(maxsize=16384)
def sex(text: str) -> str:
    """F or M, or nothing where it is not known."""
    folded = fold(text)
    return "F" if folded in _FEMALE else "M" if folded in _MALE else ""


_FEMALE = frozenset("f female femenino girl woman mujer 2".split())
_MALE = frozenset("m male masculino boy man hombre 1".split())


_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/. ](\d{1,2})(?:[-/. ](\d{1,2}))?)?$")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$")
_AFTER_THE_DAY = re.compile(r"(?:T| 0?0:)[\d:. +Z-]*$|\.0$")


@lru_cache(maxsize=65536)
def birth_date(text: str) -> str:
    """Eight digits, year month day, with zeros for what is not known; nothing for a placeholder.

    Reads 2015-03-07, 20150307, 2015-03, 2015, 3/7/2015 and 7.3.2015. An impossible day or month is kept as it was
    written, because a slip of one digit can still be seen in it. Of a damaged date (2o15-03-07, 215-03-07, 2015-033-07)
    is kept what can be read: without the year it is 0000 month day, never half of a number.
    """
    text = _AFTER_THE_DAY.sub("", normalize("NFKC", text).strip())
    digits = text if text.isdigit() and text.isascii() else ""
    if len(digits) in (6, 8):
        text = "-".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)
    if match := _YEAR_FIRST.match(text):
        year, month, day = match[1], match[2] or "0", match[3] or "0"
    elif match := _YEAR_LAST.match(text):
        first, second, year = match[1], match[2], match[3]
        month, day = (second, first) if int(first) > 12 or "." in text else (first, second)
        year = _century(year)
    else:
        # A letter too many is a slip like any other, as long as there are eight digits.
        digits = _NOT_A_DIGIT.sub("", text[:LONGEST])
        if len(digits) == 8 and digits.isascii() and not text.isdigit():
            return birth_date(digits)
        return _damaged(text)
    folded = f"{year}{int(month):02d}{int(day):02d}" if int(month) else f"{year}0000"
    if year == "0000":
        return folded if _is_a_day(month, day) and folded[4:] != "0101" else ""
    return "" if year in ("0001", "9999") or folded in ("19000101", "18000101") else folded


_READ_BY_A_SCANNER = str.maketrans("oOlIsSbBzZ", "0011558822")
_BETWEEN = re.compile(r"[-/. ]+")


def _damaged(text: str) -> str:
    """What can be read of a date that was typed or scanned wrongly, in eight digits."""
    parts = [_NOT_A_DIGIT.sub("", part) for part in _BETWEEN.split(text[:40].translate(_READ_BY_A_SCANNER)) if part]
    if len(parts) != 3 or not all(part.isascii() for part in parts):
        return ""
    year, month, day = parts if len(parts[0]) > 2 else (parts[2], parts[0], parts[1])
    whole_year = len(year) == 4 and "1850" < year < "2200"
    if _is_a_day(month, day):
        return birth_date(f"{year if whole_year else '0000'}-{month}-{day}")
    return f"{year}{int(month):02d}00" if whole_year and _is_a_day(month, "1") else f"{year}0000" if whole_year else ""


def _is_a_day(month: str, day: str) -> bool:
    return 0 < len(month) <= 2 and 0 < len(day) <= 2 and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _century(year: str) -> str:
    if len(year) == 4:
        return year
    today = date.today().year % 100  # noqa: DTZ011  (only which century two digits mean)
    return ("20" if int(year) <= today else "19") + year


def phone(text: str) -> str:
    """The last ten digits (or seven to nine), or nothing for a number that cannot be one."""
    digits = _NOT_A_DIGIT.sub("", normalize("NFKC", text)[:60])
    digits = digits if digits.isascii() else ""
    digits = digits[-10:]
    if len(digits) < 7 or len(set(digits[-7:])) == 1 or digits[-7:] == "1234567" or digits[-4:] == "0000":
        return ""
    return digits


@lru_cache(maxsize=16384)
def zip_code(text: str) -> str:
    """Five digits of a US zip without leading zeros, or a foreign code closed up."""
    code = fold(text).replace(" ", "")
    if not code or code in PLACEHOLDERS:
        return ""
    if code.isdigit() and len(code) in (8, 9):
        code = code.zfill(9)[:5]
    return code[:10].lstrip("0")


@lru_cache(maxsize=16384)
def place(text: str) -> str:
    """A city without spaces, or nothing where it is not known."""
    folded = fold(text)
    return "" if folded in PLACEHOLDERS else folded.replace(" ", "")[:40]


class Address(NamedTuple):
    """A street address in search spelling."""

    house: str
    street: str


@lru_cache(maxsize=65536)
def address(text: str) -> Address:
    """House number and street without direction, kind of street and flat: ("12", "main") for 12 N. Main St Apt 4."""
    folded = fold(text.replace("#", " unit "))
    if not folded or folded in PLACEHOLDERS:
        return Address("", "")
    words = _without_units(folded.split())
    if words[:2] == ["po", "box"] or words[:1] == ["pobox"]:
        return Address(words[-1] if words[-1].isdigit() else "", "pobox")
    house = next((word for word in words[:2] if word[0].isdigit() and not _ordinal(word)), "")
    house = house or next((word for word in reversed(words) if word.isdigit()), "")
    if house:
        words.remove(house)
    telling = [word for word in words if word not in DIRECTIONS and word not in ADDRESS_SUFFIXES]
    return Address(house.lstrip("0")[:10], " ".join(telling or words)[:60])


def _without_units(words: list[str]) -> list[str]:
    for place, word in enumerate(words):
        if word in UNITS and place > 0:
            return words[:place] + words[place + 2 :]
        if word in UNITS and len(words) > 3:
            return words[2:]
    return words


def _ordinal(word: str) -> bool:
    return word.endswith(("st", "nd", "rd", "th")) and word[:-2].isdigit()


_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:kn|gn|pn)", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^x", "s"), (r"^wh", "w"), (r"^h(?=[aeiouy])", "h"),
        (r"ph", "f"), (r"gh(?=t|$)", ""), (r"gh", "g"), (r"tch", "C"), (r"sch", "S"), (r"ch(?=r|l)", "k"), (r"ch", "C"),
        (r"sh", "S"), (r"th", "t"), (r"ti(?=o)", "S"), (r"ck", "k"), (r"c(?=[eiy])", "s"), (r"q", "k"), (r"c", "k"),
        (r"x", "ks"), (r"dg(?=[eiy])", "j"), (r"z", "s"), (r"g(?=[eiy])", "j"), (r"v", "f"), (r"w(?![aeiouy])", ""),
        (r"mb$", "m"), (r"(?<=[a-zSC])h", ""), (r"ll", "l"),
    )
]  # fmt: skip
_VOWELS = str.maketrans("", "", "aeiouyw")


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Roughly how a word sounds in English: its consonants, with one letter for those that sound alike.

    Own rules in the manner of Metaphone (Philips 1990); only ever used with a check of the spelling beside it.
    """
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    start = "A" if word[:1] in tuple("aeiouy") else ""
    return start + re.sub(r"(.)\1+", r"\1", word.translate(_VOWELS))
