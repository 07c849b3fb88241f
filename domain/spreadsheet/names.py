"""A whole name in one cell, split into its parts as a proposal: with a comma, or by the commonness of its words."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import log

from domain.matching import census
from domain.matching.folding import fold


class NameOrder(StrEnum):
    """How whole names without a comma are written in one column."""

    FIRST_NAME_FIRST = "first_name_first"
    LAST_NAME_FIRST = "last_name_first"


@dataclass(frozen=True)
class SplitName:
    """A name in parts, every letter as it was written."""

    first: str = ""
    middle: str = ""
    last: str = ""
    suffix: str = ""
    other: str = ""
    """A nickname in brackets or quotation marks."""
    unsure: bool = False
    """Whether the parts could as well be others: two family names, or a middle name and one."""


def split(name: str, order: NameOrder = NameOrder.FIRST_NAME_FIRST) -> SplitName:
    """The parts of a whole name: "GARCIA LOPEZ, MARIA DEL CARMEN", "Juan Carlos de la Cruz Jr.".

    What stands before a comma is the last name whatever the order. Particles stay with the name that they lead.
    """
    name, other = _without_nickname(name)
    parts = [part.strip() for part in name.split(",")]
    parts = [part for part in parts if part]
    suffix = ""
    while len(parts) > 1 and _is_suffix(parts[-1]):
        suffix = parts.pop()
    if len(parts) > 1:
        last, end = _ending(parts[0].split())
        given, given_end = _ending(" ".join(parts[1:]).split())
        first, middle = _given(given)
        return SplitName(first, middle, " ".join(last), suffix or end or given_end, other)
    words, end = _ending((parts[0] if parts else "").split())
    found = _last_first(words) if order is NameOrder.LAST_NAME_FIRST else _first_first(words)
    return SplitName(found.first, found.middle, found.last, suffix or end, other, found.unsure)


def order_of(names: Iterable[str]) -> NameOrder:
    """The order in which names without a comma are likely written, by how common their words are as either."""
    first = 0.0
    for name in names:
        words = [word for word in fold(name).split() if word not in _LEADING] if "," not in name else []
        if len(words) > 1:
            first += _given_weight(words[0]) - _given_weight(words[-1])
    return NameOrder.LAST_NAME_FIRST if first < 0 else NameOrder.FIRST_NAME_FIRST


def _given_weight(word: str) -> float:
    """Above nothing for a word that is a given name more often than a surname."""
    least = 0.000005
    return log(census.given_names().get(word, least) / census.surnames().get(word, least))


_LEADING = frozenset(
    (
        "de del la las los y e da das do dos di du van von der den ten ter st san santa santo mac mc al el bin ibn abu"
    ).split()
)
"""Words that lead a name and are none by themselves."""
_GIVEN_LEADING = frozenset("de del la las los".split())
"""Those that go on with a given name: María del Carmen, José de Jesús."""
_GIVEN_AFTER = frozenset("carmen rosario pilar carmelo socorro refugio rocio mar sol angeles jesus dolores".split())
_SUFFIXES = frozenset("jr sr junior senior ii iii iv 2nd 3rd 4th".split())


def _is_suffix(word: str) -> bool:
    return fold(word).replace(" ", "") in _SUFFIXES


def _ending(words: list[str]) -> tuple[list[str], str]:
    """The words without the generation behind them, and it."""
    if len(words) > 1 and _is_suffix(words[-1]):
        return words[:-1], words[-1]
    return words, ""


def _without_nickname(name: str) -> tuple[str, str]:
    for opening, closing in (("(", ")"), ("“", "”"), ('"', '"')):
        start, end = name.find(opening), name.rfind(closing)
        if 0 <= start < end:
            return f"{name[:start]} {name[end + 1 :]}", name[start + 1 : end].strip()
    return name, ""


def _given(words: list[str]) -> tuple[str, str]:
    """First and middle name: a phrase such as María del Carmen, or Baby Boy, is one first name."""
    if len(words) == 2 and fold(words[0]) in ("baby", "infant", "bebe"):
        return " ".join(words), ""
    end = 1
    while end < len(words) - 1 and fold(words[end]) in _GIVEN_LEADING:
        end += 1
    end = end + 1 if end > 1 else 1
    if len(words) > 1 and fold(words[0]) in ("ma", "sta", "sto"):
        end = max(end, 2)
    return " ".join(words[:end]), " ".join(words[end:])


def _first_first(words: list[str]) -> SplitName:
    """Given names first: how many of the words in the middle are given names is told by their commonness."""
    if len(words) < 2:
        return SplitName(first=" ".join(words))
    first, rest = words[:1], words[1:]
    if len(rest) > 2 and fold(rest[0]) in _GIVEN_LEADING and _phrase(rest):
        taken = _phrase(rest)
        first, rest = first + rest[:taken], rest[taken:]
    middle: list[str] = []
    while len(rest) > 1 and not _begins_surname(rest) and _given_weight(fold(rest[0])) >= 0:
        middle.append(rest.pop(0))
    unsure = (not _begins_surname(rest) and len(rest) > 1) or bool(middle and not _known(middle[-1]))
    return SplitName(" ".join(first), " ".join(middle), " ".join(rest), unsure=unsure)


def _phrase(rest: list[str]) -> int:
    """How many words of "del Carmen García" go on with the first name."""
    for place, word in enumerate(rest[:-1]):
        if fold(word) in _GIVEN_AFTER:
            return place + 1
        if fold(word) not in _GIVEN_LEADING:
            return 0
    return 0


def _begins_surname(words: list[str]) -> bool:
    return fold(words[0]) in _LEADING


def _known(word: str) -> bool:
    return len(fold(word)) == 1 or fold(word) in census.given_names()


def _last_first(words: list[str]) -> SplitName:
    """Family names first: the words up to the first given name, which leaves at least one for it."""
    if len(words) < 2:
        return SplitName(last=" ".join(words))
    end = 1
    while end < len(words) - 1 and fold(words[end - 1]) in _LEADING:
        end += 1
    while end < len(words) - 1 and _given_weight(fold(words[end])) < 0:
        end += 1
    first, middle = _given(words[end:])
    return SplitName(first, middle, " ".join(words[:end]), unsure=len(words) > 2)
