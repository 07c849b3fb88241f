"""From people brought to light to ranked answers with probabilities, each with what its fields said."""

from collections.abc import Iterable, Mapping, Sequence
from math import log2
from typing import NamedTuple

from domain.matching.comparing import SHIPPED, Finding, Findings, Question, Scale, Weighed
from domain.matching.competing import Bits, Chance, basis, chances, net_bits
from domain.matching.levels import Compared, Level
from domain.matching.person import Packed
from domain.matching.vocabulary import Vocabulary
from domain.matching.weights import NAMES_ALONE_CAP, POSSIBLE, TWIN_CAP

TOLD_APART = 6.0
"""Bits by which the child must be better than somebody of the home, or nothing is stated above TWIN_CAP."""
SAME_CHILD_TWICE = 6.0
"""Bits beyond one in all people on file from which two answers count as one child twice on file."""


HOPELESS = 40.0
"""Bits behind the best answer from which nobody else is shown, whatever the rest is."""


class Store(NamedTuple):
    """What must be known of the store to weigh an answer."""

    vocabulary: Vocabulary
    people: int
    home_mates: float
    """How many others of the same home a child on file has, on average."""
    scale: Scale = SHIPPED


class Standing(NamedTuple):
    """One person on file, compared with the question, before the answers compete."""

    net: float
    """Bits for the same child against everybody else on file."""
    place: int
    packed: list[str]
    weighed: Weighed


class Answer(NamedTuple):
    """One person on file as an answer to a question."""

    place: int
    """Where it stood among the people that were compared."""
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
    question = Question(asked, store.vocabulary, store.people, crowds, store.scale)
    return answers([stand(question, line, place, store) for place, line in enumerate(people)], store, limit=limit)


def stand(question: Question, line: str, place: int, store: Store) -> Standing:
    """Compare one packed person with the question."""
    packed = line.split("\t")
    weighed = question.weigh(packed)
    return Standing(_net(weighed, store), place, packed, weighed)


def answers(standing: Sequence[Standing], store: Store, *, limit: int) -> list[Answer]:
    """Let those who were compared compete: the best answers, best first, nobody below POSSIBLE."""
    ordered = sorted(standing, key=lambda each: (-each.net, each.place))[: max(2 * limit, 20)]
    best = [each for each in ordered if each.net > ordered[0].net - HOPELESS]
    groups = _groups(best, store)
    bits = [Bits(each.weighed.same, each.weighed.home) for each in best]
    levels = [{finding.field: finding.level for finding in each.weighed.findings} for each in best]
    rests_on = [basis(each, store.home_mates) for each in levels]
    stated = chances(bits, groups, store.home_mates, store.people, rests_on)
    found = [
        Answer(each.place, each.packed, each.weighed.findings, own, _capped(chance, own, each), chance.home, group)
        for each, own, chance, group in zip(best, bits, stated, groups, strict=True)
        if chance.same >= POSSIBLE
    ]
    found.sort(key=lambda answer: -answer.probability)
    return [answer for answer in found[:limit] if answer.probability >= POSSIBLE]


def _net(weighed: Weighed, store: Store) -> float:
    return net_bits(Bits(weighed.same, weighed.home), store.home_mates, store.people)


def names_alone(findings: Iterable[Finding]) -> bool:
    """Whether nothing speaks for the child but names, sex, zip code and city."""
    return not any(found.field in _MORE_THAN_NAMES and found.same > 0.0 for found in findings)


_MORE_THAN_NAMES = frozenset(
    {
        Compared.DOB,
        Compared.ADDRESS,
        Compared.PHONE,
        Compared.CAREGIVER,
        Compared.NUMBER,
        Compared.EMAIL,
        Compared.SCHOOL,
        Compared.INCIDENT,
    }
)


def _capped(chance: Chance, bits: Bits, standing: Standing) -> float:
    findings = standing.weighed.findings
    other_name = any(found.field is Compared.GIVEN and found.level is Level.DIFFERENT for found in findings)
    not_told_apart = chance.home > 0.05 and bits.same - bits.home < TOLD_APART
    stated = chance.same * TWIN_CAP if other_name or not_told_apart else chance.same
    return min(stated, NAMES_ALONE_CAP) if stated > NAMES_ALONE_CAP and names_alone(findings) else stated


def _groups(best: Sequence[Standing], store: Store) -> list[int]:
    """Which of the best answers are the same child twice on file: a number for each."""
    groups = list(range(len(best)))
    strong = [place for place, each in enumerate(best[:8]) if each.net > log2(store.people) - 4.0]
    for later, place in enumerate(strong[:-1]):
        question = Question(Packed(*best[place].packed), store.vocabulary, store.people, None, store.scale)
        for other in strong[later + 1 :]:
            net = _net(question.weigh(best[other].packed), store)
            if net > log2(store.people) + SAME_CHILD_TWICE:
                groups[other] = groups[place]
    return groups
