"""The best that any method could do: what a judge who knows the true answers can still not tell from what is written.

What the search has reached can be reached. A child whom it did not put first cannot be found at all where the question
and the file have not one value alike; and where other clients on file agree at least as well in every field, the child
is one of so many: all clients on file are looked at, whether the search found them or not. A child who is not on file
cannot be told from a client who agrees in every field that both have answered, the names and the birth date among them
(or the names alone, where one side has no whole birth date).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.match import Found, lines, person_of
from domain.matching import Packed, pack
from domain.matching.levels import Level
from domain.matching.likeness import likeness
from domain.matching.person import PARTS

COMPARED = ("first", "middle", "last", "dob", "sex", "address", "zip", "city", "phone", "caregiver")


class Oracle(NamedTuple):
    """What cannot be reached by anybody."""

    recall_1: float
    false_alarms: float


def oracle(found: Sequence[Found], store: Path) -> Oracle:
    """The best recall at 1, and the least share of false alarms, on these questions of the people in a file."""
    missed = [each for each in found if each.truth and each.rank != 1]
    absent = [each for each in found if not each.truth]
    wanted = {id_ for each in absent for id_ in each.ids}
    kept = (row for row in lines(store) if missed or row.get("id", "") in wanted)
    files = {row.get("id", ""): pack(person_of(row)) for row in kept}
    on_file = [1.0 for each in found if each.rank == 1] + [_reached(each, files) for each in missed]
    return Oracle(_mean(on_file), _mean([_taken_for(each, files) for each in absent]))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _reached(each: Found, everybody: dict[str, Packed]) -> float:
    """The chance to put a child first who was not: one among all who agree at least as well."""
    asked = pack(person_of(each.query))
    best = max((_agreement(asked, everybody[id_]) for id_ in each.truth if id_ in everybody), default=())
    alike = [(name, level) for name, level in zip(COMPARED, best, strict=False) if level]
    if {name for name, _ in alike} <= {"sex"}:
        return 0.0
    # What is the same is asked first: it rules out most people at once.
    alike.sort(key=lambda one: -one[1])
    others = (file for id_, file in everybody.items() if id_ not in each.truth)
    return 1 / (1 + sum(all(_level(asked, file, name) >= level for name, level in alike) for file in others))


def _taken_for(each: Found, files: dict[str, Packed]) -> float:
    asked = pack(person_of(each.query))
    return float(any(_not_told_apart(asked, files[id_]) for id_ in each.ids))


def _not_told_apart(asked: Packed, file: Packed) -> bool:
    both = [name for name in COMPARED if _said(asked, name) and _said(file, name)]
    return {"first", "last"} <= set(both) and all(_level(asked, file, name) == 2 for name in both)


def _agreement(asked: Packed, file: Packed) -> tuple[int, ...]:
    return tuple(_level(asked, file, name) for name in COMPARED)


def _said(packed: Packed, name: str) -> str:
    value = packed[PARTS.index(name)]
    return "" if name == "dob" and value.endswith(("00", "0101")) else value


def _level(asked: Packed, file: Packed, name: str) -> int:
    """2 for the same, 1 for alike, 0 for different or not answered."""
    ours, theirs = _said(asked, name), _said(file, name)
    if not ours or not theirs:
        return 0
    if ours == theirs:
        return 2
    if name in ("first", "middle", "last", "caregiver"):
        words = [
            likeness(one, other) for one in ours.replace("|", " ").split() for other in theirs.replace("|", " ").split()
        ]
        return int(any(level is not None and level is not Level.INITIAL for level in words))
    if name == "dob":
        return int(sum(one != other for one, other in zip(ours, theirs, strict=True)) <= 2)
    return int(bool(set(ours.replace("|", " ").split()) & set(theirs.replace("|", " ").split())))
