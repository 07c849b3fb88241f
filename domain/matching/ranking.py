"""From people brought to light to ranked answers with probabilities, each with what its fields said."""

from collections.abc import Mapping, Sequence
from math import log2
from typing import NamedTuple

from domain.matching.comparing import Findings, Question, totals
from domain.matching.competing import Bits, chances, net_bits
from domain.matching.levels import Compared, Level
from domain.matching.person import Packed
from domain.matching.vocabulary import Vocabulary
from domain.matching.weights import POSSIBLE, TWIN_CAP

TOLD_APART = 6.0
"""Bits by which the child must be better than somebody of the home, or nothing is stated above TWIN_CAP."""
SAME_CHILD_TWICE = 6.0
"""Bits beyond one in all people on file from which two answers count as one child twice on file."""


class Store(NamedTuple):
    """What must be known of the store to weigh an answer."""

    vocabulary: Vocabulary
    people: int
    home_mates: float
    """How many others of the same home a child on file has, on average."""


class Answer(NamedTuple):
    """One person on file as an answer to a question."""

    place: int
    """Where it stood among the people given to `rank`."""
    packed: list[str]
    findings: Findings
    bits: Bits
    probability: float
    home: float
    """Probability of being somebody of the same home, if not the child."""
    group: int
    """Answers with one number are one child, twice on file."""


def rank(
    asked: Packed, people: Sequence[str], store: Store, *, limit: int, crowds: Mapping[Compared, int] | None = None
) -> list[Answer]:
    """The best answers among packed people, best first; nobody whose probability is below POSSIBLE."""
    question = Question(asked, store.vocabulary, store.people, crowds)
    weighed = []
    for place, line in enumerate(people):
        packed = line.split("\t")
        findings = question.findings(packed)
        bits = Bits(*totals(findings))
        weighed.append((net_bits(bits, store.home_mates, store.people), place, packed, findings, bits))
    weighed.sort(key=lambda each: (-each[0], each[1]))
    best = weighed[: max(2 * limit, 20)]
    groups = _groups([(net, packed) for net, _, packed, _, _ in best], store)
    stated = chances([bits for *_, bits in best], groups, store.home_mates, store.people)
    answers = [
        Answer(place, packed, findings, bits, _capped(chance.same, chance.home, bits, findings), chance.home, group)
        for (_, place, packed, findings, bits), chance, group in zip(best, stated, groups, strict=True)
    ]
    answers.sort(key=lambda answer: -answer.probability)
    return [answer for answer in answers[:limit] if answer.probability >= POSSIBLE]


def _capped(same: float, home: float, bits: Bits, findings: Findings) -> float:
    other_name = any(found.field is Compared.GIVEN and found.level is Level.DIFFERENT for found in findings)
    not_told_apart = home > 0.05 and bits.same - bits.home < TOLD_APART
    return same * TWIN_CAP if other_name or not_told_apart else same


def _groups(best: Sequence[tuple[float, list[str]]], store: Store) -> list[int]:
    """Which of the best answers are the same child twice on file: a number for each."""
    groups = list(range(len(best)))
    strong = [place for place, (net, _) in enumerate(best[:8]) if net > log2(store.people) - 4.0]
    for later, place in enumerate(strong):
        question = Question(Packed(*best[place][1]), store.vocabulary, store.people)
        for other in strong[later + 1 :]:
            bits = Bits(*totals(question.findings(best[other][1])))
            if net_bits(bits, store.home_mates, store.people) > log2(store.people) + SAME_CHILD_TWICE:
                groups[other] = groups[place]
    return groups
