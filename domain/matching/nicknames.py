"""Short, pet and other-language forms of given names, in English and Spanish."""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("nicknames.txt")


@cache
def forms() -> dict[str, frozenset[str]]:
    """Each given name with the names it may stand for or be called by; pairs count both ways and do not chain."""
    return _read(_FILE.read_text(encoding="utf-8"))


def _read(text: str) -> dict[str, frozenset[str]]:
    pairs: dict[str, set[str]] = {}
    for line in text.splitlines():
        full, colon, others = line.partition(":")
        if not colon or line.startswith("#"):
            continue
        for other in others.split():
            pairs.setdefault(full.strip(), set()).add(other)
            pairs.setdefault(other, set()).add(full.strip())
    return {name: frozenset(others - {name}) for name, others in pairs.items()}
