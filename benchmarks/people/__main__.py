"""Write one set of people into a folder."""

import argparse
from pathlib import Path

from benchmarks import people


def main() -> None:
    """Write a set into a folder."""
    parser = argparse.ArgumentParser(description=(people.__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", choices=people.SETS, default="families")
    parser.add_argument("--clients", type=int, default=5000)
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for path in people.save(people.SETS[asked.kind](asked.seed, asked.clients, asked.queries), asked.folder):
        print(path)


if __name__ == "__main__":
    main()
