"""Answers as documents: their one written form, what of them is sent or kept, and how two of them differ."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.fields.catalogue import CATALOGUE, GROUPS, Catalogue, is_blank, is_half_typed, of_group, shown
from domain.fields.kinds import Answers, Field, Kept, ReferralType, Row
from domain.fields.reading import CannotRead, mended, read


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that is not the same; `row` is the id of the person in a group, None for the child's own answers."""

    field: str
    row: str | None
    before: Any
    after: Any


def canonical(answers: Mapping[str, Any]) -> str:
    """The answers as JSON text: sorted keys, no blank answers, no people of whom nothing is said."""
    return _WRITTEN(without_blanks(answers))


_WRITTEN = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def parsed(document: str) -> Answers:
    """The answers of a kept document: what `canonical` made."""
    answers: Answers = json.loads(document)
    return answers


def without_blanks(answers: Mapping[str, Any]) -> Answers:
    """A copy of the answers without blank ones and without rows that hold nothing but their id."""
    kept: Answers = {}
    for name, value in answers.items():
        if name in GROUPS and isinstance(value, list):
            if people := [_plain(row) for row in value if not row_is_blank(row)]:
                kept[mended(name)] = people
        elif not is_blank(value):
            kept[mended(name)] = _plain(value)
    return kept


def changed(answers: Mapping[str, Any], field: Field, row: str | None, value: Any) -> Answers:
    """What to save when one answer becomes `value` (None clears it): the answer, or its group with that person."""
    if field.group is None or row is None:
        return {field.name: value}
    people = _people(answers, field.group)
    person = next((each for each in people if each.get("row") == row), None)
    if person is None:
        person = {"row": row}
        people.append(person)
    person[field.name] = value
    return {field.group: people}


def without_person(answers: Mapping[str, Any], group: str, row: str) -> Answers:
    """What to save when a person is taken out of a group."""
    return {group: [each for each in _people(answers, group) if each.get("row") != row]}


def row_is_blank(row: object) -> bool:
    """Whether nothing is said of this person yet."""
    if not isinstance(row, Mapping):
        return is_blank(row)
    return all(is_blank(value) for name, value in row.items() if name != "row")


def to_send(kind: ReferralType, answers: Mapping[str, Any], catalogue: Catalogue = CATALOGUE) -> Answers:
    """What a draft sends: answers to questions that this type asks and that are shown, without blanks."""
    asked = catalogue.referral(kind)
    sent = {
        field.name: _settled(field, answers.get(field.name))
        for field in asked
        if field.group is None and shown(field, answers)
    }
    for group in GROUPS:
        sent[group] = [
            {"row": row_id}
            | {
                field.name: _settled(field, row.get(field.name))
                for field in of_group(group, asked)
                if shown(field, answers, row)
            }
            for row_id, row in rows_of(answers, group).items()
        ]
    return without_blanks(sent)


def part(answers: Mapping[str, Any], kept: Kept, catalogue: Catalogue = CATALOGUE) -> Answers:
    """Those answers that an import keeps there; a group goes where its fields go."""
    names = {field.group or field.name for field in catalogue.fields if field.kept is kept}
    return without_blanks({name: value for name, value in answers.items() if name in names})


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], catalogue: Catalogue = CATALOGUE
) -> list[Difference]:
    """What changed, in form order; people are compared by the id of their row, lists without regard to order."""
    found: list[Difference] = []
    for field in catalogue.fields:
        if field.group is None:
            found += _compared(field.name, None, before.get(field.name), after.get(field.name))
    for group in GROUPS:
        found += _compared_rows(catalogue, group, rows_of(before, group), rows_of(after, group))
    for name in sorted((set(before) | set(after)) - set(catalogue.by_name) - set(GROUPS)):
        found += _compared(name, None, before.get(name), after.get(name))
    places = {field.name: place for place, field in enumerate(catalogue.fields)}
    return sorted(found, key=lambda difference: places.get(difference.field, len(places)))


def rows_of(answers: Mapping[str, Any], group: str) -> dict[str, Row]:
    """The people of a group of whom something is said, by the id of their row."""
    rows = answers.get(group)
    if not isinstance(rows, list):
        return {}
    people = [row for row in rows if isinstance(row, Mapping) and not row_is_blank(row)]
    return {str(row.get("row") or f"#{number}"): row for number, row in enumerate(people, start=1)}


def _compared_rows(
    catalogue: Catalogue, group: str, before: Mapping[str, Row], after: Mapping[str, Row]
) -> Iterator[Difference]:
    asked = [field.name for field in catalogue.fields if field.group == group]
    for row in dict.fromkeys((*after, *before)):
        old, new = before.get(row, {}), after.get(row, {})
        retired = sorted((set(old) | set(new)) - set(asked) - {"row"})
        for name in (*asked, *retired):
            yield from _compared(name, row, old.get(name), new.get(name))


def _compared(name: str, row: str | None, before: Any, after: Any) -> Iterator[Difference]:
    if _comparable(before) != _comparable(after):
        yield Difference(name, row, None if is_blank(before) else before, None if is_blank(after) else after)


def _comparable(value: Any) -> str:
    if is_blank(value):
        return ""
    if isinstance(value, list):
        return json.dumps(sorted(json.dumps(_plain(each), sort_keys=True) for each in value))
    return json.dumps(_plain(value), sort_keys=True)


def _people(answers: Mapping[str, Any], group: str) -> list[dict[str, Any]]:
    rows = answers.get(group)
    return [dict(row) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _settled(field: Field, value: Any) -> Any:
    """A half-typed answer of a draft, read now that it may be whole."""
    if not is_half_typed(value):
        return value
    try:
        return read(field, value["typed"])
    except CannotRead:
        return value


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value if not is_blank(each)]
    if isinstance(value, Mapping):
        return {mended(str(name)): _plain(each) for name, each in value.items() if not is_blank(each)}
    return value
