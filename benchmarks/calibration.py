"""How far the stated probability can be believed: the reliability of the match over every kind of generated people.

    python -m benchmarks.calibration [--seeds 3,4] [--clients 5000] [--queries 1500] [--picture FILE.svg] [--fit]

Draws each kind of benchmarks.people for each seed, asks all queries, and prints for each kind and tenth what was stated
and what came true, how far they are apart, and how far chance alone would put them apart (two standard errors);
--picture draws all together. With --fit it prints the two monotone curves (pool adjacent violators, then a few corners)
that `CALIBRATION` in domain/matching/weights.py holds: fit only on seeds that are not kept aside.
"""

import argparse
import tempfile
from collections.abc import Sequence
from math import log2, sqrt
from pathlib import Path

from benchmarks import match, people
from domain.matching.competing import uncalibrated

CORNERS = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.995)
Pair = tuple[float, bool, bool]
"""Stated probability, whether it came true, and whether both names and the birth date were compared."""


def drawn(kind: str, seeds: Sequence[int], clients: int, queries: int) -> list[Pair]:
    """Each candidate of each query of one kind of people."""
    pairs: list[Pair] = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            store, asked = people.save(people.SETS[kind](seed, clients, queries), Path(folder))
            loaded = match.load(store, None)
            found = match.ask(loaded, match.rows(asked))
            loaded.close()
        pairs += [
            (score, id_ in each.truth, whole)
            for each in found
            for id_, score, whole in zip(each.ids, each.scores, each.whole, strict=True)
        ]
    return pairs


def fitted(pairs: Sequence[Pair], *, whole: bool) -> tuple[tuple[float, float], ...]:
    """Corners of a monotone curve from the probability worked out to the one observed."""
    of_these = [(stated, right) for stated, right, all_three in pairs if all_three == whole]
    ordered = sorted((uncalibrated(stated, whole=whole), float(right)) for stated, right in of_these)
    blocks: list[list[float]] = []
    for stated, right in ordered:
        blocks.append([stated, right, 1.0])
        while len(blocks) > 1 and blocks[-2][1] > blocks[-1][1]:
            last, before = blocks.pop(), blocks.pop()
            many = before[2] + last[2]
            blocks.append([(before[0] * before[2] + last[0] * last[2]) / many,
                           (before[1] * before[2] + last[1] * last[2]) / many, many])  # fmt: skip
    return ((0.0, 0.0), *((corner, round(_at(blocks, corner), 3)) for corner in CORNERS), (1.0, 1.0))


def _at(blocks: Sequence[Sequence[float]], corner: float) -> float:
    below = [block for block in blocks if block[0] <= corner] or [[0.0, 0.0, 1.0]]
    above = [block for block in blocks if block[0] > corner] or [[1.0, 1.0, 1.0]]
    low, high = below[-1], above[0]
    width = high[0] - low[0]
    return low[1] + (corner - low[0]) / width * (high[1] - low[1]) if width else low[1]


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
        of_kind = drawn(kind, seeds, asked.clients, asked.queries)
        _table(kind, of_kind)
        pairs += of_kind
    _table("all together", pairs)
    if asked.fit:
        print("CALIBRATION =", {whole: fitted(pairs, whole=whole) for whole in (True, False)})
    if asked.picture:
        asked.picture.write_text(picture(tenths(pairs), asked.seeds), encoding="utf-8")


def _table(name: str, pairs: Sequence[Pair]) -> None:
    print(f"\n{name:14}  pairs   stated   came true   apart   by chance", flush=True)
    for many, stated, seen in tenths(pairs):
        chance = 2 * sqrt(max(stated * (1 - stated), 0.01) / many)
        print(f"{'':14} {many:6} {stated:8.3f} {seen:11.3f} {seen - stated:+7.3f} {chance:11.3f}", flush=True)


if __name__ == "__main__":
    main()
