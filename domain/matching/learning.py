"""Weights that a center learns from its own records: how often two records of one child reach each level.

Expectation and maximisation without labels (Fellegi and Sunter 1969; Winkler 1988) over pairs that share search keys,
with what people decided held fast. Only `same` is learnt. How often strangers and people of one home agree is counted
on file or stays as shipped, so that a home can never be learnt as a child.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import log2
from typing import NamedTuple

from domain.matching.comparing import Scale, Weighed, by_any_hand
from domain.matching.levels import Compared, Level
from domain.matching.likeness import CLOSENESS
from domain.matching.weights import CARELESS, WEIGHTS, Weight
from domain.refusals import Refused

LEARNT: Mapping[Compared, frozenset[Level]] = {
    field: frozenset(WEIGHTS[field]) - {Level.SWAPPED, Level.MONTH_KNOWN, Level.YEAR}
    for field in (
        Compared.GIVEN, Compared.SURNAME, Compared.MIDDLE, Compared.DOB, Compared.SEX, Compared.ADDRESS, Compared.ZIP,
        Compared.CITY, Compared.PHONE, Compared.CAREGIVER,
    )
}  # fmt: skip
"""What can be learnt. First and last name exchanged and partial dates stand apart from the rest of their fields."""
LEAST_PAIRS = 50
"""Pairs of one child that must be expected among those compared, or there is too little to learn from."""
AS_MANY_AS = 100.0
"""Pairs that what ships counts as, beside what is seen: few records move the weights little."""
MOST_CHANGE = 4.0
"""No level becomes more than so many times as frequent, or as rare, as what ships says."""
ROUNDS = 20
SHARES = (1e-5, 1e-4, 1e-3, 1e-2, 5e-2)
"""How common a value may be: for each of them the order of the levels is kept."""


class Seen(NamedTuple):
    """Two records that were compared."""

    weighed: Weighed
    same: bool | None = None
    """What people decided; None where nobody has."""


class Change(NamedTuple):
    """How often two records of one child reach a level: as it was, and as it was learnt."""

    field: Compared
    level: Level
    before: float
    after: float


class Learnt(NamedTuple):
    """What came of learning."""

    same: dict[Compared, dict[Level, float]]
    changes: tuple[Change, ...]
    """From what is in use now, the largest first."""
    clients: int
    pairs: int
    decisions: int
    of_one_child: float
    """Pairs of one child that are expected among them."""

    def as_kept(self) -> dict[str, dict[str, float]]:
        """The learnt weights by the names of their fields and levels."""
        return {
            field.value: {level.name: round(same, 6) for level, same in levels.items()}
            for field, levels in self.same.items()
        }


def scale_of(learnt: Mapping[str, Mapping[str, float]]) -> Scale:
    """The weights that ship with what was learnt. What cancelled between the child and the home still does."""
    return Scale(
        {
            field: {level: _with(weight, learnt.get(field.value, {}).get(level.name)) for level, weight in rows.items()}
            for field, rows in WEIGHTS.items()
        }
    )


def _with(weight: Weight, same: float | None) -> Weight:
    if same is None:
        return weight
    return weight._replace(same=same, home=same if weight.home == weight.same else weight.home)


def learn(seen: Sequence[Seen], *, clients: int, home_mates: float, people: int, now: Scale) -> Learnt:
    """Weights from pairs that were compared with the weights that ship. Refused where there is too little."""
    same = {field: {level: WEIGHTS[field][level].same for level in levels} for field, levels in LEARNT.items()}
    chance = 0.05
    for _ in range(ROUNDS):
        posteriors = [_posterior(each, same, chance, home_mates, people) for each in seen]
        chance = min(max(sum(posteriors) / max(clients, 1), 0.001), 1.0)
        same = _maximised(seen, posteriors)
    found = sum(posteriors) if seen else 0.0
    if found < LEAST_PAIRS:
        raise Refused(
            f"There is too little to learn from: among {clients:,} clients about {found:.0f} pairs of records are of "
            f"one child, and at least {LEAST_PAIRS} are needed. The weights in use stay as they are."
        )
    kept = {field: in_order(field, levels) for field, levels in same.items()}
    decided = sum(each.same is not None for each in seen)
    return Learnt(kept, _changes(kept, now), clients, len(seen), decided, found)


def _posterior(
    each: Seen, same: Mapping[Compared, Mapping[Level, float]], chance: float, home_mates: float, people: int
) -> float:
    """Probability that two records are of one child, by the weights so far."""
    if each.same is not None:
        return float(each.same)
    tidy, loose, home = each.weighed.tidy, each.weighed.loose, each.weighed.home
    for finding in each.weighed.findings:
        learnt = same.get(finding.field, {}).get(finding.level)
        if learnt is not None:
            weight = WEIGHTS[finding.field][finding.level]
            moved = log2(learnt / weight.same)
            tidy += moved
            loose -= moved if finding.level in CARELESS.get(finding.field, {}) else 0.0
            home += moved if weight.home == weight.same else 0.0
    net = by_any_hand(tidy, loose) - log2(1.0 + home_mates / people * 2.0 ** min(home, 200.0))
    odds: float = chance / people * 2.0 ** min(net, 200.0)
    return odds / (1.0 + odds)


def _maximised(seen: Sequence[Seen], posteriors: Iterable[float]) -> dict[Compared, dict[Level, float]]:
    """How often each level is reached by pairs of one child, blended with what ships."""
    reached: dict[Compared, dict[Level, float]] = defaultdict(lambda: defaultdict(float))
    for each, posterior in zip(seen, posteriors, strict=True):
        for finding in each.weighed.findings if posterior > 0.001 else ():
            reached[finding.field][finding.level] += posterior
    return {field: _blended(field, levels, reached[field]) for field, levels in LEARNT.items()}


def _blended(field: Compared, levels: frozenset[Level], reached: Mapping[Level, float]) -> dict[Level, float]:
    shipped = {level: WEIGHTS[field][level].same for level in levels}
    whole = sum(shipped.values())
    total = sum(reached.get(level, 0.0) for level in levels) + AS_MANY_AS
    return {
        level: min(
            max(whole * (reached.get(level, 0.0) + AS_MANY_AS * own / whole) / total, own / MOST_CHANGE),
            own * MOST_CHANGE,
            0.99,
        )
        for level, own in shipped.items()
    }


def in_order(field: Compared, learnt: Mapping[Level, float]) -> dict[Level, float]:
    """What was learnt, drawn back to what ships as far as it must be, so that closer agreement still weighs more."""
    shipped = {level: WEIGHTS[field][level].same for level in learnt}
    for tenths in range(10, -1, -1):
        part = tenths / 10
        drawn = {level: shipped[level] * (same / shipped[level]) ** part for level, same in learnt.items()}
        if all(_keeps_order(field, drawn, share) for share in SHARES):
            break
    return drawn


def _keeps_order(field: Compared, learnt: Mapping[Level, float], share: float) -> bool:
    """What is the same weighs most, what differs least, and closer words more than farther ones, as they ship.

    Against a stranger and against somebody of the same home, and so against any mixture of the two.
    """
    rows = [*WEIGHTS[field].items()]
    stranger = {level: min(weight.stranger + (share if weight.by_value else 0.0), 0.99) for level, weight in rows}
    home = {level: weight.home for level, weight in rows}
    return _as_ships(field, learnt, stranger) and _as_ships(field, learnt, home)


def _as_ships(field: Compared, learnt: Mapping[Level, float], others: Mapping[Level, float]) -> bool:
    """Whether the levels stand in the order in which they ship, and each still for or against, beside these others."""
    before = {level: weight.same / others[level] for level, weight in WEIGHTS[field].items()}
    after = {level: learnt.get(level, weight.same) / others[level] for level, weight in WEIGHTS[field].items()}
    in_order = all(after[one] >= after[other] for one, other in _ordered(field) if before[one] >= before[other])
    steady = [level for level, weight in WEIGHTS[field].items() if level is Level.SAME or not weight.by_value]
    return in_order and all((before[level] >= 1) == (after[level] >= 1) for level in steady)


@cache
def _ordered(field: Compared) -> tuple[tuple[Level, Level], ...]:
    """Pairs of levels of which the first is the closer agreement."""
    levels = tuple(WEIGHTS[field])
    return tuple(
        (one, other)
        for one in levels
        for other in levels
        if one is not other
        and (
            one is Level.SAME
            or other is Level.DIFFERENT
            or (one in CLOSENESS and other in CLOSENESS and CLOSENESS[one] < CLOSENESS[other])
        )
    )


def _changes(same: Mapping[Compared, Mapping[Level, float]], now: Scale) -> tuple[Change, ...]:
    every = [
        Change(field, level, now.weights[field][level].same, after)
        for field, levels in same.items()
        for level, after in levels.items()
    ]
    return tuple(sorted(every, key=lambda each: -abs(log2(each.after / each.before))))
