"""What would settle it: the unanswered question whose answer would tell most about a candidate."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from domain.matching.candidates import Grade
from domain.matching.comparing import Question, Weighed
from domain.matching.competing import Bits, net_bits
from domain.matching.explaining import grade
from domain.matching.levels import Compared, Level
from domain.matching.person import Person, pack
from domain.matching.ranking import Store

_ASKED = {
    Compared.DOB: ("dob", "birth date"),
    Compared.GIVEN: ("first_name", "first name"),
    Compared.MIDDLE: ("middle_name", "middle name"),
    Compared.CAREGIVER: ("caregivers", "caregiver"),
    Compared.PHONE: ("phones", "phone"),
    Compared.ADDRESS: ("address", "address"),
}
_SAID = {Grade.VERY_LIKELY: "very likely", Grade.LIKELY: "likely", Grade.POSSIBLE: "only possible"}


class _Settles(NamedTuple):
    """An unanswered question: what the candidate would become with the same answer, and with another."""

    words: str
    same: float
    other: float


def would_settle(asked: Person, found: Person, probability: float, store: Store) -> str:
    """One sentence that says what to ask for and what it would change; empty where no answer would change the grade."""
    options = list(_options(asked, found, probability, store))
    telling = [each for each in options if len({grade(each.same), grade(each.other), grade(probability)}) > 1]
    if not telling:
        return ""
    best = max(telling, key=lambda each: each.same - each.other)
    same, other = _SAID[grade(best.same)], _SAID[grade(best.other)]
    if same == other:
        return ""
    return f"{best.words}: with the same one this would be {same}, with another one {other}."


def _options(asked: Person, found: Person, probability: float, store: Store) -> Iterator[_Settles]:
    before = _weighed(asked, found, store)
    compared = {finding.field for finding in before.findings}
    for field, (part, name) in _ASKED.items():
        ours, theirs = getattr(asked, part), getattr(found, part)
        if field in compared or bool(ours) == bool(theirs) or (field is Compared.ADDRESS and found.address_hidden):
            continue
        words = f"Ask for the {name}" if theirs else f"The file has no {name}"
        same = _weighed(_with(asked, part, theirs or ours), _with(found, part, theirs or ours), store)
        differs = store.scale.weighed(field, Level.DIFFERENT)
        other = Weighed((), before.same + differs.same, before.home + differs.home)
        yield _Settles(words, _moved(probability, before, same, store), _moved(probability, before, other, store))


def _with(person: Person, part: str, value: Any) -> Person:
    return replace(person, **{part: value})


def _weighed(asked: Person, found: Person, store: Store) -> Weighed:
    return Question(pack(asked), store.vocabulary, store.people, None, store.scale).weigh(list(pack(found)))


def _moved(probability: float, before: Weighed, after: Weighed, store: Store) -> float:
    """The probability after some bits more or less."""
    odds: float = probability / max(1.0 - probability, 1e-9) * 2.0 ** (_net(after, store) - _net(before, store))
    return odds / (1.0 + odds)


def _net(weighed: Weighed, store: Store) -> float:
    return net_bits(Bits(weighed.same, weighed.home), store.home_mates, store.people)
