"""A merge before it is decided: every question compared, every person matched, and the answers that come of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain import fields
from domain.fields import Answers, Field, Kept, Kind, MergeRule, ReferralType, Sensitivity
from domain.merging.people import Pairing, Person, people
from domain.merging.rules import Compared, Option, Way, compared
from domain.merging.sources import Source, agencies
from domain.refusals import Refused

Choices = Mapping[str, Any]
"""By a question's key: the code of an option, or the kept entries of a list; by a pairing's key: who it is."""

NOT_THESE_CHOICES = "The choices do not fit these referrals any more. Reload the page and choose again."


@dataclass(frozen=True)
class Proposal:
    """What a merge of these sources would be. `kind` is the type of the result."""

    sources: tuple[Source, ...]
    kind: ReferralType
    questions: tuple[Compared, ...]
    people: Mapping[str, tuple[Person, ...]]
    pairings: tuple[Pairing, ...]

    @property
    def differing(self) -> tuple[Compared, ...]:
        """The questions that a person should look at."""
        return tuple(question for question in self.questions if question.way.differs)


def propose(sources: Sequence[Source], choices: Choices | None = None) -> Proposal:
    """Compare two or more sources, oldest first. Of the choices only those of who is who count here.

    Every question appears once, every answer with its sources; nothing that a source said is left out.
    """
    found: dict[str, tuple[Person, ...]] = {}
    pairings: list[Pairing] = []
    for group in fields.GROUPS:
        found[group], asked = people(group, sources, choices or {})
        pairings += asked
    kind = type_of(sources)
    of_type = [] if all(source.of_file for source in sources) else [_type_question(sources, kind)]
    questions = [*of_type, *_questions(sources, found)]
    return Proposal(tuple(sources), kind, tuple(questions), found, tuple(pairings))


def result(proposal: Proposal, choices: Choices | None = None) -> Answers:
    """The answers of the merged referral. Refuses a choice that the proposal does not offer."""
    chosen = dict(choices or {})
    known = {question.key for question in proposal.questions} | {pairing.key for pairing in proposal.pairings}
    if set(chosen) - known:
        raise Refused(NOT_THESE_CHOICES)
    answers: Answers = {}
    rows: dict[str, dict[str, Any]] = {}
    for group, persons in proposal.people.items():
        answers[group] = [rows.setdefault(f"{group}/{person.row_id}", {"row": person.row_id}) for person in persons]
    for question in proposal.questions:
        value = question.value(chosen.get(question.key))
        if question.row is None:
            answers[question.field.name] = value
        else:
            rows[f"{question.field.group}/{question.row}"][question.field.name] = value
    return fields.without_blanks(answers)


def type_of(sources: Sequence[Source]) -> ReferralType:
    """The type that asks everything that was answered: LE and CPS together are combined."""
    kinds = {source.kind for source in sources}
    if len(kinds) == 1:
        return kinds.pop()
    special = kinds - {ReferralType.CLIENT}
    if len(special) == 1 and _asks_all(only := special.pop(), sources):
        return only
    return ReferralType.COMBINED


def _asks_all(kind: ReferralType, sources: Sequence[Source]) -> bool:
    asked = {field.group or field.name for field in fields.referral(kind)}
    return all(fields.is_blank(value) or name in asked for source in sources for name, value in source.answers.items())


def _type_question(sources: Sequence[Source], kind: ReferralType) -> Compared:
    field = fields.FIELD["referral_type"]
    same = {source.kind for source in sources} == {kind}
    places = tuple(place for place, source in enumerate(sources) if source.kind is kind)
    why = "the same everywhere" if same else "the type that asks everything that was answered"
    return Compared(
        field.name, field, None, Way.SAME if same else Way.FILLED, (Option("0", kind.value, places),), "0", why
    )


def _questions(sources: Sequence[Source], found: Mapping[str, tuple[Person, ...]]) -> Iterator[Compared]:
    """Every answered question in the order of the form, each group's people one after the other."""
    drawn: set[str] = set()
    for field in (*fields.FIELDS, *_retired(sources)):
        if field.group is None and field.name != "referral_type":
            question = compared(field, [each.answers.get(field.name) for each in sources], sources, key=field.name)
            if question is not None:
                yield question
        elif field.group and field.group not in drawn:
            drawn.add(field.group)
            yield from _of_people(field.group, sources, found[field.group])


def _of_people(group: str, sources: Sequence[Source], persons: Sequence[Person]) -> Iterator[Compared]:
    for person in persons:
        members = [sources[member.source] for member in person.members]
        names = {name for member in person.members for name in member.row} - {"row"}
        known = [field for field in fields.of_group(group) if field.name in names]
        unknown = sorted(names - {field.name for field in known})
        for field in (*known, *(_retired_field(name, group) for name in unknown)):
            values = [member.row.get(field.name) for member in person.members]
            key = f"{group}/{person.row_id}/{field.name}"
            question = compared(field, values, members, key=key, row=person.row_id)
            if question is not None:
                yield _at_their_places(question, person, sources)


def _at_their_places(question: Compared, person: Person, sources: Sequence[Source]) -> Compared:
    """The same question with the positions of all sources, not only of those that list this person."""
    places = [member.source for member in person.members]
    options = tuple(
        replace(option, sources=tuple(places[each] for each in option.sources)) for option in question.options
    )
    if len(places) == 1:
        why = f"only {agencies(sources, places)} lists this person"
        return replace(question, options=options, way=Way.FILLED, why=why)
    return replace(question, options=options)


def _retired(sources: Sequence[Source]) -> Iterator[Field]:
    """Questions that older documents answer and the form no longer asks: their answers are kept."""
    names = {name for source in sources for name in source.answers}
    for name in sorted(names - set(fields.FIELD) - set(fields.GROUPS)):
        yield _retired_field(name, None)


def _retired_field(name: str, group: str | None) -> Field:
    return Field(
        name,
        section=fields.GROUPS[group].section if group else fields.SECTIONS[-1].name,
        label=name,
        label_es=name,
        kind=Kind.TEXT_LONG,
        merge=MergeRule.PICK_ONE,
        sensitivity=Sensitivity.SENSITIVE,
        kept=Kept.REFERRAL,
        group=group,
    )
