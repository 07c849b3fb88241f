"""What would settle it: the unanswered question whose answer would tell most about a candidate."""

from collections.abc import Iterator
from typing import NamedTuple

from domain.matching.candidates import Grade
from domain.matching.comparing import Question, Weighed
from domain.matching.competing import Bits, net_bits
from domain.matching.explaining import grade
from domain.matching.levels import Compared, Level
from domain.matching.person import Packed, Person, pack
from domain.matching.ranking import Store

_ASKED = {
    Compared.DOB: ("dob", "dob", "birth date"),
    Compared.GIVEN: ("first_name", "first", "first name"),
    Compared.MIDDLE: ("middle_name", "middle", "middle name"),
    Compared.CAREGIVER: ("caregivers", "caregiver", "caregiver"),
    Compared.PHONE: ("phones", "phone", "phone"),
    Compared.ADDRESS: ("address", "address", "address"),
}
"""Its part of a person, of a packed one, and its name."""
_SAID = {Grade.VERY_LIKELY: "very likely", Grade.LIKELY: "likely", Grade.POSSIBLE: "only possible"}


class _Settles(NamedTuple):
    """An unanswered question: what the candidate would become with the same answer, and with another."""

    words: str
    same: float
    other: float


class Settling:
    """What would settle it, for one person who is looked for and any number of candidates for them."""

    def __init__(self, asked: Person, store: Store) -> None:
        self.asked, self.store = asked, store
        self._packed = pack(asked)
        self._questions: dict[Packed, Question] = {}

    def would_settle(self, found: Person, probability: float) -> str:
        """One sentence: what to ask for and what it would change; empty where no answer would change the grade."""
        options = list(self._options(found, probability))
        telling = [each for each in options if len({grade(each.same), grade(each.other), grade(probability)}) > 1]
        if not telling:
            return ""
        best = max(telling, key=lambda each: each.same - each.other)
        same, other = _SAID[grade(best.same)], _SAID[grade(best.other)]
        if same == other:
            return ""
        return f"{best.words}: with the same one this would be {same}, with another one {other}."

    def _options(self, found: Person, probability: float) -> Iterator[_Settles]:
        asked, packed, store = self._packed, pack(found), self.store
        before = self._weighed(asked, packed)
        compared = {finding.field for finding in before.findings}
        for field, (part, place, name) in _ASKED.items():
            ours, theirs = getattr(self.asked, part), getattr(found, part)
            if field in compared or bool(ours) == bool(theirs) or (field is Compared.ADDRESS and found.address_hidden):
                continue
            words = f"Ask for the {name}" if theirs else f"The file has no {name}"
            answer = {place: getattr(packed if theirs else asked, place)}
            same = self._weighed(asked._replace(**answer), packed._replace(**answer))
            differs = store.scale.weighed(field, Level.DIFFERENT)
            other = before.and_also(differs)
            yield _Settles(words, _moved(probability, before, same, store), _moved(probability, before, other, store))

    def _weighed(self, asked: Packed, found: Packed) -> Weighed:
        question = self._questions.get(asked)
        if question is None:
            store = self.store
            question = self._questions[asked] = Question(asked, store.vocabulary, store.people, None, store.scale)
        return question.weigh(list(found))


def _moved(probability: float, before: Weighed, after: Weighed, store: Store) -> float:
    """The probability after some bits more or less."""
    odds: float = probability / max(1.0 - probability, 1e-9) * 2.0 ** (_net(after, store) - _net(before, store))
    return odds / (1.0 + odds)


def _net(weighed: Weighed, store: Store) -> float:
    return net_bits(Bits(weighed.same, weighed.home), store.home_mates, store.people)
