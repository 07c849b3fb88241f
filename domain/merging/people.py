"""Which people of the sources are the same person, so that a merge lists them once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain import fields
from domain.fields import Row
from domain.matching import folding
from domain.matching.levels import Level
from domain.matching.likeness import likeness
from domain.merging.sources import Source
from domain.refusals import Refused

APART = "apart"
NOT_THIS_PERSON = (
    "One of the people was matched with somebody who is no longer listed. Reload the page and choose again."
)

_NAMES = {
    "caregivers": ("cg_first_name", "cg_last_name"),
    "household": ("hh_name", ""),
    "offenders": ("ao_name", ""),
}
_RELATION = {"caregivers": "cg_relationship", "household": "hh_role", "offenders": "ao_relationship"}
_BORN = {"caregivers": "cg_dob", "household": "hh_age", "offenders": "ao_dob_or_age"}
_ONE_OF_A_KIND = frozenset({"mother", "father"})
_SAYS_NOTHING = frozenset({"", "unknown", "other", "other_known", "other_relative"})


@dataclass(frozen=True)
class Member:
    """One person as one source listed them; `code` names them in a choice."""

    code: str
    source: int
    row_id: str
    row: Row
    alone: bool
    """The only one of this group in their source."""


@dataclass(frozen=True)
class Person:
    """One person of the result and everybody in the sources who is that person."""

    row_id: str
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Pairing:
    """The question "is this person already listed?": the earlier people to choose from, or APART."""

    key: str
    group: str
    member: Member
    options: tuple[tuple[str, str], ...]
    """Code and name of each person already listed."""
    preset: str
    why: str


@dataclass
class _Found:
    people: list[list[Member]] = field(default_factory=list)
    pairings: list[Pairing] = field(default_factory=list)


def people(
    group: str, sources: Sequence[Source], choices: Mapping[str, Any]
) -> tuple[tuple[Person, ...], tuple[Pairing, ...]]:
    """The people of the result and the questions about who is who; `choices` overrule what is proposed."""
    found = _Found()
    for member in _members(group, sources):
        free = [person for person in found.people if all(each.source != member.source for each in person)]
        key = f"{group}/{member.code}"
        preset, why = _proposed(group, member, free)
        if free:
            options = tuple((person[0].code, name_of(group, person[0].row)) for person in free)
            found.pairings.append(Pairing(key, group, member, options, preset, why))
        _place(found, free, member, choices.get(key, preset))
    return tuple(_with_own_ids(found.people)), tuple(found.pairings)


def name_of(group: str, row: Row) -> str:
    """The name of a person on one line, with the relationship; a plain phrase where it is not known."""
    names = [_text(row, name) for name in _NAMES[group] if name]
    said = " ".join(name for name in names if name) or "A person without a name"
    relation = _RELATION[group]
    role = fields.say(fields.FIELD[relation], row.get(relation))
    return f"{said} ({role.lower()})" if role else said


def _members(group: str, sources: Sequence[Source]) -> Iterator[Member]:
    for place, source in enumerate(sources):
        rows = fields.rows_of(source.answers, group)
        for row_id, row in rows.items():
            yield Member(f"{place}:{row_id}", place, row_id, row, alone=len(rows) == 1)


def _place(found: _Found, free: list[list[Member]], member: Member, choice: Any) -> None:
    if choice == APART:
        found.people.append([member])
        return
    for person in free:
        if person[0].code == choice:
            person.append(member)
            return
    raise Refused(NOT_THIS_PERSON)


def _proposed(group: str, member: Member, free: list[list[Member]]) -> tuple[str, str]:
    found = [(*same, person[0].code) for person in free for each in person if (same := _same(group, each, member))]
    if not found:
        return APART, "nobody listed earlier looks like this person"
    best = min(found)
    return best[2], best[1]


def _same(group: str, ours: Member, theirs: Member) -> tuple[int, str] | None:
    """How well two people agree (0 is best) and in what; None when nothing says that they are one."""
    alike = _alike(_name(group, ours.row), _name(group, theirs.row))
    relation = _relation(group, ours.row, theirs.row)
    born = _agrees(ours.row.get(_BORN[group]), theirs.row.get(_BORN[group]))
    phone = _phones_agree(ours.row, theirs.row)
    if alike == "same" and not (relation is False and born is False):
        return 0, "the same name"
    if alike == "nearly" and born is not False and (relation or born or phone):
        return 1, "nearly the same name, and " + _agreement(relation=relation, born=born)
    if alike is None and relation and _is_one_of_a_kind(group, ours.row):
        return 2, "the same relationship to the child, and one of them has no name"
    if phone and relation:
        return 3, "the same phone and relationship"
    if group == "offenders" and alike is None and ours.alone and theirs.alone and relation is not False:
        return 4, "each lists one person, and one of them has no name"
    return None


def _agreement(*, relation: bool | None, born: bool | None) -> str:
    if born:
        return "the same age or birth date"
    return "the same relationship to the child" if relation else "the same phone"


def _name(group: str, row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given names and surnames in search spelling; empty where they are not known."""
    first, last = _NAMES[group]
    if last:
        return folding.given(_text(row, first)), folding.surname(_text(row, last)).tokens
    words = folding.given(_text(row, first))
    return words[:1], words[1:]


def _alike(ours: Any, theirs: Any) -> str | None:
    """ "same", "nearly" or "other"; None where one of them has no name."""
    if not any(ours) or not any(theirs):
        return None
    if ours == theirs:
        return "same"
    firsts = _overlap(ours[0], theirs[0])
    lasts = _overlap(ours[1], theirs[1])
    if firsts is False or lasts is False or (firsts is None and lasts is None):
        return "other"
    return "nearly"


_NEAR = frozenset({Level.SAME, Level.SHORT_FORM, Level.SLIP, Level.SOUND, Level.BEGINNING, Level.INITIAL})


def _overlap(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool | None:
    if not ours or not theirs:
        return None
    return any(likeness(one, other) in _NEAR for one in ours for other in theirs)


def _relation(group: str, ours: Row, theirs: Row) -> bool | None:
    one, other = _text(ours, _RELATION[group]), _text(theirs, _RELATION[group])
    if one in _SAYS_NOTHING or other in _SAYS_NOTHING:
        return None
    return one == other


def _is_one_of_a_kind(group: str, row: Row) -> bool:
    return group == "caregivers" and _text(row, _RELATION[group]) in _ONE_OF_A_KIND


def _agrees(ours: Any, theirs: Any) -> bool | None:
    if any(fields.is_blank(value) or fields.is_tick(value) for value in (ours, theirs)):
        return None
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping) and set(ours) != set(theirs):
        return None
    return bool(ours == theirs)


def _phones_agree(ours: Row, theirs: Row) -> bool:
    one, other = folding.phone(_text(ours, "cg_phone")), folding.phone(_text(theirs, "cg_phone"))
    return bool(one) and one == other


def _with_own_ids(people: list[list[Member]]) -> Iterator[Person]:
    """The row id of the first source; a copied referral repeats ids, so a second one gets a number behind it."""
    used: set[str] = set()
    for members in people:
        row_id, number = members[0].row_id, 2
        while row_id in used:
            row_id, number = f"{members[0].row_id}-{number}", number + 1
        used.add(row_id)
        yield Person(row_id, tuple(members))


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""
