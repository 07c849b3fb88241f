"""What one typed answer changes in a record's document: the answer itself, or the group its person stands in."""

from typing import Any

from domain.fields import Answers, Field


def change(answers: Answers, field: Field, row: str | None, value: Any) -> dict[str, Any]:
    """The change to save when this answer was typed; None clears it."""
    if field.group is None or row is None:
        return {field.name: value}
    people = _people(answers, field.group)
    person = next((one for one in people if one.get("row") == row), None)
    if person is None:
        person = {"row": row}
        people.append(person)
    person[field.name] = value
    return {field.group: [_said(one) for one in people]}


def without_person(answers: Answers, group: str, row: str) -> dict[str, Any]:
    """The change to save when a person is taken out of a group."""
    return {group: [one for one in _people(answers, group) if one.get("row") != row] or None}


def changed(answers: Answers, changes: dict[str, Any]) -> Answers:
    """The answers with the changes laid over them."""
    return _said(answers | changes)


def _people(answers: Answers, group: str) -> list[dict[str, Any]]:
    people = answers.get(group)
    return [dict(one) for one in people] if isinstance(people, list) else []


def _said(answers: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if value is not None}
