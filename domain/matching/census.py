"""How common names are in the United States: what is known before the store is large enough to tell."""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("census_names.txt")


@cache
def surnames() -> dict[str, float]:
    """Share of people with each surname: US Census 1990, surnames of at least 2 in 100,000."""
    return _read()["surnames"]


@cache
def given_names() -> dict[str, float]:
    """Share of people with each given name: US Census 1990, both sexes in equal parts."""
    return _read()["given"]


@cache
def _read() -> dict[str, dict[str, float]]:
    lists: dict[str, dict[str, float]] = {}
    names: dict[str, float] = {}
    for line in _FILE.read_text(encoding="ascii").splitlines():
        name, _, per_100_000 = line.partition(" ")
        if not per_100_000:
            names = lists.setdefault(name, {})
        elif name != "#":
            names[name] = int(per_100_000) / 100_000
    return lists
