"""The best that any method could do: what a judge who knows the true answers can still not tell from what is written.

A child on file cannot be found where the question and the file have not one value alike; and cannot be put first for
sure where another client on file agrees at least as well in every field (counted as half). A child who is not on file
cannot be told from a client who agrees in every field that both have answered, the names and the birth date among them
(or the names alone, where one side has no whole birth date).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from benchmarks.match import Found, Row, person_of
from domain.matching import Packed, pack
from domain.matching.levels import Level
from domain.matching.likeness import likeness
from domain.matching.person import PARTS

COMPARED = ("first", "middle", "last", "dob", "sex", "address", "zip", "city", "phone", "caregiver")


class Oracle(NamedTuple):
    """What cannot be reached by anybody."""

    recall_1: float
    false_alarms: float


def oracle(found: Sequence[Found], store: Iterable[Row]) -> Oracle:
    """The best recall at 1, and the least share of false alarms, on these questions."""
    wanted = {id_ for each in found for id_ in (*each.ids, *each.truth)}
    files = {row["id"]: pack(person_of(row)) for row in store if row.get("id", "") in wanted}
    on_file = [_reached(each, files) for each in found if each.truth]
    absent = [_taken_for(each, files) for each in found if not each.truth]
    return Oracle(_mean(on_file), _mean(absent))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _reached(each: Found, files: dict[str, Packed]) -> float:
    asked = pack(person_of(each.query))
    best = max((_agreement(asked, files[id_]) for id_ in each.truth if id_ in files), default=())
    if not any(best[place] for place in range(len(best)) if COMPARED[place] != "sex"):
        return 0.0
    rivals = (_agreement(asked, files[id_]) for id_ in each.ids if id_ not in each.truth)
    return 0.5 if any(all(r >= b for r, b in zip(rival, best, strict=True)) for rival in rivals) else 1.0


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
