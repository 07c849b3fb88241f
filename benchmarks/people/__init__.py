"""Labelled people, invented: families of children with the errors that referrals have, for benchmarks.match.

    python -m benchmarks.people FOLDER [--kind families] [--clients 5000] [--queries 2000] [--seed 1]

writes store.csv and queries.csv. All names, dates, addresses and phones are drawn by chance; none is a real child.

Homes: one to four children under 18, who share address, phone and caregivers; 1 birth in 40 is a pair of twins; 1 boy
in 50 bears his father's name; a quarter of the homes have Hispanic names with two family names; 1 child in 10 has
another surname than the home; 1 home in 200 lives in one of four shelters with its shared address and phone. Surnames
come by their counts in the US Census 1990, given names by Faker's weights (US births of the 1960s to 1990s; Mexican
names without weights).

Noise of a query (NOISE in clerk.py): each field is changed with the stated chance, apart from the others. A third of
the queries of `families` is not on file; of these a third are brothers, sisters or twins of children on file, and a
tenth bear the name of a child on file. `registers` and `voters` look like other people's lists: see registers.py.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.people.hard import HARD, TWO_CHILDREN, hard
from benchmarks.people.kinds import Labelled, alone, families, names, rough
from benchmarks.people.registers import registers, voters
from benchmarks.people.world import COLUMNS, Child

__all__ = ["HARD", "SETS", "TWO_CHILDREN", "Labelled", "families", "hard", "save"]

SETS: dict[str, Callable[[int, int, int], Labelled]] = {
    "families": families, "alone": alone, "rough": rough, "names": names, "hard": hard,
    "registers": registers, "voters": voters,
}  # fmt: skip


def save(labelled: Labelled, folder: Path) -> tuple[Path, Path]:
    """Write store.csv and queries.csv into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    store, queries = folder / "store.csv", folder / "queries.csv"
    _write(store, COLUMNS, labelled.store)
    _write(queries, (*COLUMNS, "truth", "case"), labelled.queries)
    return store, queries


def _write(path: Path, columns: Sequence[str], children: Iterable[Child]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([getattr(child, column) for column in columns] for child in children)
