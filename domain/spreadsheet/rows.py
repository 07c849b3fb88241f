"""One line of a spreadsheet as a client's answers, by what a person chose for its columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain import fields, intake
from domain.clients import child_named
from domain.fields import Answers, Kept
from domain.matching.folding import fold
from domain.refusals import Refused
from domain.spreadsheet import dates, names, values
from domain.spreadsheet.columns import CAREGIVERS, NAME, Choices, Target, targets
from domain.spreadsheet.names import NameOrder, SplitName

NAMELESS = "This line has no name. Give the child a first or last name."
PERSON_ROWS = {CAREGIVERS[0]: "5ca1ab1e", CAREGIVERS[1]: "5ca1ab1f"}
"""Ids of the caregivers' rows: the same in every file, since each file has its own."""


@dataclass(frozen=True)
class Interpreted:
    """What a line says: answers, or why it cannot be loaded."""

    answers: Answers
    problem: str = ""

    @property
    def child(self) -> str:
        """The child's name as one line."""
        said = [self.answers.get(name) for name in ("child_first_name", "child_middle_name", "child_last_name")]
        return child_named(*(one if isinstance(one, str) else "" for one in said))


@dataclass(frozen=True)
class Reading:
    """How the lines of one file are read."""

    choices: Choices
    today: date
    from_1904: bool = False

    def line(self, cells: Sequence[str]) -> Interpreted:
        """The answers of one line; the first thing that cannot be read refuses the line, never the file."""
        answers: Answers = {}
        people: dict[str, Answers] = {person: {} for person in CAREGIVERS}
        try:
            for place, code in enumerate(self.choices.columns):
                cell = cells[place] if place < len(cells) else ""
                if code and cell:
                    target = targets()[code]
                    self._take(target, place, cell, people[target.person] if target.person else answers)
        except Refused as refusal:
            return Interpreted(answers, refusal.message)
        answers = _with_people(answers, people)
        return Interpreted(answers, problem_of(answers, self.today))

    def _take(self, target: Target, place: int, cell: str, into: Answers) -> None:
        values.refuse_strange(cell)
        if target.field is None:
            into |= self._whole_name(target, place, cell)
            return
        if values.says_not_known(target.field, cell):
            said = values.not_known(target.field)
        else:
            said = self._said(target, place, cell)
        if said is None:
            return
        if target.field.many and isinstance(into.get(target.field.name), list) and isinstance(said, list):
            said = [*into[target.field.name], *said]
        into[target.field.name] = said

    def _said(self, target: Target, place: int, cell: str) -> Any:
        field = target.field
        assert field is not None
        try:
            if target.is_date:
                order = self.choices.days.get(str(place))
                typed: Any = dates.day_of(cell, order, today=self.today, from_1904=self.from_1904)
            else:
                typed = values.answer(field, cell, self.choices.meanings.get(str(place), {}))
            return fields.read(field, typed)
        except Refused as refusal:
            label = target.label
            message = refusal.message
            raise Refused(message if f"“{label}”" in message else f"{label}: {message}") from None

    def _whole_name(self, target: Target, place: int, cell: str) -> Answers:
        if values.says_not_known(None, cell):
            return {} if target.code != NAME else {"child_first_name": {"tick": "not_known"}}
        found = names.split(cell, self.choices.names.get(str(place), NameOrder.FIRST_NAME_FIRST))
        return _child_named(found) if target.code == NAME else _caregiver_named(found)


def problem_of(answers: Answers, today: date) -> str:
    """Why these answers are no client's file; empty when they are."""
    if all(not isinstance(answers.get(name), str) for name in ("child_first_name", "child_last_name")):
        return NAMELESS
    return intake.first_wrong(answers, today)


def unknown_words(choices: Choices, lines: Iterable[Sequence[str]]) -> dict[int, dict[str, str]]:
    """By column, the words that are none of its choices: folded, with how they are written first."""
    asked = {
        place: target.field
        for place, code in enumerate(choices.columns)
        if code and (target := targets()[code]).field is not None and target.has_choices
    }
    found: dict[int, dict[str, str]] = {place: {} for place in asked}
    for cells in lines:
        for place, field in asked.items():
            if place < len(cells) and len(found[place]) <= values.MOST_MEANINGS and field is not None:
                for word in values.unknown_words(field, cells[place]):
                    found[place].setdefault(fold(word), word[:80])
    return {place: words for place, words in found.items() if words}


def names_split(choices: Choices, lines: Sequence[Sequence[str]], most: int) -> list[tuple[str, SplitName]]:
    """How the first whole names would be split, the unsure ones and each kind of them first."""
    place = next(iter(choices.of(NAME)), None)
    if place is None:
        return []
    order = choices.names.get(str(place), NameOrder.FIRST_NAME_FIRST)
    written = list(dict.fromkeys(cells[place] for cells in lines[:500] if place < len(cells) and cells[place]))
    found = [(name, names.split(name, order)) for name in written]
    kinds: set[tuple[bool, ...]] = set()
    telling = []
    for name, parts in found:
        kind = ("," in name, bool(parts.middle), bool(parts.suffix), bool(parts.other), parts.unsure)
        if kind not in kinds:
            kinds.add(kind)
            telling.append((name, parts))
    rest = [one for one in found if one not in telling]
    return sorted(telling, key=lambda one: not one[1].unsure)[:most] + rest[: max(0, most - len(telling))]


def _with_people(answers: Answers, people: Mapping[str, Answers]) -> Answers:
    rows = [
        {"row": PERSON_ROWS[person]} | said
        for person, said in people.items()
        if any(not fields.is_blank(value) for value in said.values())
    ]
    if isinstance(answers.get("child_dob"), str):
        # The age of the day the list was written would grow old beside it.
        answers.pop("child_age_years", None)
    kept = intake.part_of(answers | ({"caregivers": rows} if rows else {}), Kept.PROFILE)
    return fields.without_blanks(kept)


def _child_named(found: SplitName) -> Answers:
    said: Answers = {
        "child_first_name": found.first,
        "child_middle_name": found.middle,
        "child_last_name": found.last,
        "child_suffix": found.suffix,
    }
    if found.other:
        said["child_other_names"] = [found.other]
    return {name: value for name, value in said.items() if value}


def _caregiver_named(found: SplitName) -> Answers:
    first = " ".join(part for part in (found.first, found.middle) if part)
    last = " ".join(part for part in (found.last, found.suffix) if part)
    return {name: value for name, value in (("cg_first_name", first), ("cg_last_name", last)) if value}
