"""The answers to one question compete: with one another, with somebody of the same home, and with a new child."""

from collections.abc import Sequence
from itertools import pairwise
from math import log2
from typing import NamedTuple

from domain.matching.weights import CALIBRATION, PRIOR_ON_FILE


class Bits(NamedTuple):
    """The bits of one person on file: for the same child, and for the same home, each against a stranger."""

    same: float
    home: float


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
    answers: Sequence[Bits], groups: Sequence[int], home_mates: float, people: int, whole: Sequence[bool]
) -> list[Chance]:
    """Probabilities of the answers to one question.

    `groups` numbers those that are the same child twice on file: they do not compete with one another.
    `whole`: for each, whether first name, last name and birth date were all three compared.
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
        Chance(calibrated(own / (total - best[group] + own), whole=all_three), _home(bits, home_mates, people))
        for own, group, bits, all_three in zip(odds, groups, answers, whole, strict=True)
    ]


def _home(bits: Bits, home_mates: float, people: int) -> float:
    odds: float = home_mates / people * 2.0 ** min(bits.home, 200.0)
    return odds / (1.0 + odds)


def calibrated(worked_out: float, *, whole: bool) -> float:
    """The share of cases in which such a probability came true on generated people (weights.CALIBRATION)."""
    for (low, seen_low), (high, seen_high) in pairwise(CALIBRATION[whole]):
        if worked_out <= high:
            return seen_low + (worked_out - low) / (high - low) * (seen_high - seen_low)
    return 1.0


def uncalibrated(stated: float, *, whole: bool) -> float:
    """The probability that was worked out, from the one that was stated: what a new curve is fitted to."""
    for (low, seen_low), (high, seen_high) in pairwise(CALIBRATION[whole]):
        if stated <= seen_high:
            return low + (stated - seen_low) / max(seen_high - seen_low, 1e-9) * (high - low)
    return 1.0
