"""How far the stated probability can be believed: the reliability of the match over every kind of generated people.

    python -m benchmarks.calibration [--seeds 3,4] [--clients 5000] [--queries 1500] [--picture FILE.svg] [--fit]

Draws each kind of benchmarks.people for each seed, asks all queries, and prints for each kind and tenth what was stated
and what came true, how far they are apart, and how far chance alone would put them apart (two standard errors); then
recall, F1 and false alarms over all seeds, for one seed has few of them. --picture draws all together. With --fit it
prints for each basis of a comparison the shift and slope (logistic regression) that `CALIBRATION` in
domain/matching/weights.py holds: fit only on seeds that are not kept aside.
"""

import argparse
import tempfile
from collections.abc import Sequence
from math import exp, log, log2, sqrt
from pathlib import Path

from benchmarks import match, people
from domain.matching.competing import uncalibrated
from domain.matching.levels import Basis
from domain.matching.weights import NAMES_ALONE_CAP

Pair = tuple[float, bool, Basis]
"""Stated probability, whether it came true, and what the comparison rests on."""
FARTHEST = 9.0
"""Log odds beyond which a probability counts as this sure, so that few far ones do not decide."""
KNOWN_WITHOUT = 1.0
"""How many pairs a curve that changes nothing (0, 1) is worth."""


def drawn(kind: str, seeds: Sequence[int], clients: int, queries: int) -> list[match.Found]:
    """What was found for each query of one kind of people, of all seeds together."""
    found: list[match.Found] = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            store, asked = people.save(people.SETS[kind](seed, clients, queries), Path(folder))
            loaded = match.load(store, None)
            found += match.ask(loaded, match.rows(asked))
            loaded.close()
    return found


def paired(found: Sequence[match.Found]) -> list[Pair]:
    """Each candidate of each query."""
    return [
        (score, id_ in each.truth, of)
        for each in found
        for id_, score, of in zip(each.ids, each.scores, each.rests_on, strict=True)
    ]


def fitted(pairs: Sequence[Pair], of: Basis) -> tuple[float, float]:
    """Shift and slope from the log odds worked out to those that came true, by Newton's method."""
    known = [pair for pair in pairs if pair[2] is of and pair[0] != NAMES_ALONE_CAP]
    points = [(_log_odds(uncalibrated(stated, of)), float(right)) for stated, right, _ in known]
    shift, slope = 0.0, 1.0
    for _ in range(80):
        said = [1 / (1 + exp(-_within(shift + slope * odds, 30.0))) for odds, _ in points]
        off = [right - each for (_, right), each in zip(points, said, strict=True)]
        weight = [each * (1 - each) for each in said]
        # What is known without any pair (0, 1) holds where there are few; short steps where nearly all agree.
        a = sum(weight) + KNOWN_WITHOUT
        b = sum(w * odds for w, (odds, _) in zip(weight, points, strict=True))
        c = sum(w * odds * odds for w, (odds, _) in zip(weight, points, strict=True)) + KNOWN_WITHOUT
        up = sum(off) - KNOWN_WITHOUT * shift
        steeper = sum(each * odds for each, (odds, _) in zip(off, points, strict=True)) - KNOWN_WITHOUT * (slope - 1)
        shift += _within((c * up - b * steeper) / (a * c - b * b), 0.5)
        slope += _within((a * steeper - b * up) / (a * c - b * b), 0.1)
    return round(shift, 2), round(slope, 2)


def _log_odds(probability: float) -> float:
    within = min(max(probability, 1e-9), 1 - 1e-9)
    return _within(log(within / (1 - within)), FARTHEST)


def _within(value: float, most: float) -> float:
    return min(max(value, -most), most)


def tenths(pairs: Sequence[Pair]) -> list[tuple[int, float, float]]:
    """For each tenth of stated probability: how many, stated on average, observed."""
    rows = []
    for tenth in range(10):
        within = [pair for pair in pairs if min(int(pair[0] * 10), 9) == tenth]
        if within:
            many = len(within)
            rows.append((many, sum(pair[0] for pair in within) / many, sum(pair[1] for pair in within) / many))
    return rows


def picture(rows: Sequence[tuple[int, float, float]], seeds: str) -> str:
    """The reliability picture as SVG: a dot for each tenth, the larger the more pairs; the line is perfection."""
    dots = "".join(
        f'<circle cx="{50 + 300 * stated:.1f}" cy="{350 - 300 * seen:.1f}" r="{2 + log2(1 + many) / 1.6:.1f}"/>'
        f'<text x="{60 + 300 * stated:.1f}" y="{366 - 300 * seen:.1f}" class="n">{many:,}</text>'
        for many, stated, seen in rows
    )
    ticks = "".join(
        f'<text x="{50 + 30 * tenth}" y="370" text-anchor="middle">{tenth / 10:g}</text>'
        f'<text x="42" y="{354 - 30 * tenth}" text-anchor="end">{tenth / 10:g}</text>'
        for tenth in range(0, 11, 2)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 410" role="img" '
        'aria-label="Stated and observed probability of the match"><style>rect{fill:#fff}text{font:12px sans-serif;'
        "fill:#222}.n{font-size:9px;fill:#555}circle{fill:#1b5e9b;fill-opacity:.75}line{stroke:#888}</style>"
        '<rect width="400" height="410"/><line x1="50" y1="350" x2="350" y2="50" stroke-dasharray="4 4"/>'
        '<line x1="50" y1="350" x2="350" y2="350"/><line x1="50" y1="350" x2="50" y2="50"/>'
        f'{ticks}{dots}<text x="200" y="392" text-anchor="middle">stated by the desk (seeds {seeds}; number of pairs '
        'beside each dot)</text><text x="50" y="35">came true</text></svg>\n'
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", default="3,4")
    parser.add_argument("--kinds", default=",".join(people.SETS))
    parser.add_argument("--clients", type=int, default=5000)
    parser.add_argument("--queries", type=int, default=1500)
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--fit", action="store_true")
    asked = parser.parse_args()
    seeds = [int(seed) for seed in asked.seeds.split(",")]
    pairs: list[Pair] = []
    for kind in asked.kinds.split(","):
        found = drawn(kind, seeds, asked.clients, asked.queries)
        _table(kind, paired(found))
        _figures(found)
        pairs += paired(found)
    _table("all together", pairs)
    if asked.fit:
        for of in Basis:
            print(of.name, fitted(pairs, of), f"from {sum(each is of for _, _, each in pairs):,} pairs")
    if asked.picture:
        asked.picture.write_text(picture(tenths(pairs), asked.seeds), encoding="utf-8")


def _figures(found: Sequence[match.Found]) -> None:
    """What benchmarks.match prints of one seed, of all seeds: one seed has few false alarms to count."""
    of_all, absent = match.figures(found), sum(not each.truth for each in found)
    print(
        f"{'':14} recall at 1 {of_all.recall_1:.4f}, best F1 {of_all.best_f1:.4f}, as shipped {of_all.f1:.4f}, "
        f"false alarms {of_all.false_alarms:.4f} of {absent:,}, very likely and right {of_all.very_likely_right:.4f}",
        flush=True,
    )


def _table(name: str, pairs: Sequence[Pair]) -> None:
    print(f"\n{name:14}  pairs   stated   came true   apart   by chance", flush=True)
    for many, stated, seen in tenths(pairs):
        chance = 2 * sqrt(max(stated * (1 - stated), 0.01) / many)
        print(f"{'':14} {many:6} {stated:8.3f} {seen:11.3f} {seen - stated:+7.3f} {chance:11.3f}", flush=True)


if __name__ == "__main__":
    main()
