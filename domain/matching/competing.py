"""The answers to one question compete: with one another, with somebody of the same home, and with a new child."""

from collections.abc import Mapping, Sequence
from math import exp, log2
from typing import NamedTuple

from domain.matching.levels import Basis, Compared, Level
from domain.matching.weights import CALIBRATION, HOMES_ARE_COMMON, PRIOR_ON_FILE


class Bits(NamedTuple):
    """The bits of one person on file: for the same child, and for the same home, each against a stranger."""

    same: float
    home: float


_ALL_THREE = frozenset({Compared.GIVEN, Compared.SURNAME, Compared.DOB})
_CONTACTS = frozenset({Compared.ADDRESS, Compared.PHONE, Compared.CAREGIVER})
_TOWN = frozenset({Compared.ZIP, Compared.CITY})
_APART = frozenset({Level.DIFFERENT, Level.HOUSE_DIFFERS})
_BORN_APART = frozenset({Level.NEAR, Level.DIFFERENT, Level.GENERATION})


def basis(levels: Mapping[Compared, Level], home_mates: float) -> Basis:
    """What a comparison rests on that reached these levels, in a store with so many others of a home to a child."""
    contacts = [levels[field] for field in _CONTACTS if field in levels]
    another = levels.get(Compared.GIVEN) is Level.DIFFERENT or levels.get(Compared.DOB) is Level.GENERATION
    if another and Level.SAME in contacts:
        return Basis.HOME if home_mates >= HOMES_ARE_COMMON else Basis.LONE
    whole = _ALL_THREE.issubset(levels)
    if any(level not in _APART for level in contacts):
        return Basis.WHOLE if whole else Basis.GAPS
    if contacts or not _TOWN.isdisjoint(levels):
        return Basis.MOVED if whole else Basis.SPARSE
    if not whole:
        return Basis.LITTLE
    return Basis.NAMESAKE if levels[Compared.DOB] in _BORN_APART else Basis.NAMED


class Chance(NamedTuple):
    """What came of it for one person on file."""

    same: float
    """Probability of being the child."""
    home: float
    """Probability of being somebody of the same home, if not the child."""


def net_bits(bits: Bits, home_mates: float, people: int) -> float:
    """Bits for the same child against everybody else on file, stranger or of the same home."""
    return bits.same - log2(1.0 + home_mates / people * 2.0 ** min(bits.home, 200.0))


def chances(
    answers: Sequence[Bits], groups: Sequence[int], home_mates: float, people: int, rests_on: Sequence[Basis]
) -> list[Chance]:
    """Probabilities of the answers to one question.

    `groups` numbers those that are the same child twice on file: they do not compete with one another.
    `rests_on`: for each, what the comparison rests on.
    `home_mates`: how many others of the same home a child on file has, on average. Prior: a child asked for is on file
    with PRIOR_ON_FILE, each one on file alike.
    """
    odds = [PRIOR_ON_FILE / people * 2.0 ** min(net_bits(bits, home_mates, people), 500.0) for bits in answers]
    best: dict[int, float] = {}
    for group, own in zip(groups, odds, strict=True):
        best[group] = max(best.get(group, 0.0), own)
    nobody = 1.0 - PRIOR_ON_FILE
    total = nobody + sum(best.values())
    return [
        Chance(calibrated(own / (total - best[group] + own), of), _home(bits, home_mates, people))
        for own, group, bits, of in zip(odds, groups, answers, rests_on, strict=True)
    ]


def _home(bits: Bits, home_mates: float, people: int) -> float:
    odds: float = home_mates / people * 2.0 ** min(bits.home, 200.0)
    return odds / (1.0 + odds)


def calibrated(worked_out: float, of: Basis) -> float:
    """The share of cases in which such a probability came true on generated people (weights.CALIBRATION)."""
    shift, slope, _ = CALIBRATION[of]
    if worked_out >= 1.0:
        return 1.0
    odds: float = exp(shift) * (worked_out / (1.0 - worked_out)) ** slope
    return odds / (1.0 + odds)


def uncalibrated(stated: float, of: Basis) -> float:
    """The probability that was worked out, from the one that was stated: what CALIBRATION is fitted to anew."""
    shift, slope, _ = CALIBRATION[of]
    if stated >= 1.0:
        return 1.0
    odds: float = (stated / (1.0 - stated) / exp(shift)) ** (1.0 / slope)
    return odds / (1.0 + odds)
