"""The catalogue: every question of the desk in the order of the form, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeGuard

from domain.fields.kinds import AnyOf, Blank, Condition, Field, Given, Group, Kind, ReferralType, Row, Section
from domain.fields.questions.about import ABOUT
from domain.fields.questions.agencies import AGENCIES
from domain.fields.questions.child import CHILD
from domain.fields.questions.concern import CONCERN
from domain.fields.questions.people import PEOPLE

SECTIONS = (
    Section(name="about", title="About this referral", title_es="Sobre esta remisión"),
    Section(name="sender", title="Who is sending it", title_es="Quién la envía"),
    Section(name="child", title="The child", title_es="El niño o la niña"),
    Section(name="home", title="Where the child lives", title_es="Dónde vive el niño o la niña"),
    Section(name="caregivers", title="Caregivers", title_es="Personas a cargo"),
    Section(
        name="household",
        title="Other children and people in the home",
        title_es="Otros niños y personas en el hogar",
    ),
    Section(name="offender", title="Alleged offender", title_es="Presunta persona agresora"),
    Section(name="concern", title="What was reported", title_es="Lo que se reportó"),
    Section(name="safety", title="Safety", title_es="Seguridad"),
    Section(name="police", title="Law enforcement", title_es="Policía"),
    Section(
        name="protection",
        title="Child protective services",
        title_es="Servicios de protección infantil (CPS)",
    ),
    Section(name="sign_off", title="Files and sign-off", title_es="Archivos y confirmación"),
)

GROUPS = {
    group.name: group
    for group in (
        Group(
            name="caregivers",
            section="caregivers",
            title="Caregivers",
            title_es="Personas a cargo",
            one="Caregiver",
            one_es="Persona a cargo",
            drawn=1,
            at_most=4,
        ),
        Group(
            name="household",
            section="household",
            title="Other children and people in the home",
            title_es="Otros niños y personas en el hogar",
            one="Person in the home",
            one_es="Persona en el hogar",
            drawn=0,
            at_most=12,
        ),
        # One row is always drawn: whether the person can reach the child is asked even when nobody knows the name.
        Group(
            name="offenders",
            section="offender",
            title="Alleged offenders",
            title_es="Presuntas personas agresoras",
            one="Alleged offender",
            one_es="Presunta persona agresora",
            drawn=1,
            at_most=5,
        ),
    )
}

# Files come with a later issue; until then no form offers the question, so the report in words is the only "one of".
_NOT_OFFERED = frozenset({Kind.FILES})


@dataclass(frozen=True)
class Catalogue:
    """A set of questions in form order; the center's own changes make a new one."""

    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Each field under its name."""
        return {field.name: field for field in self.fields}

    def referral(self, kind: ReferralType) -> tuple[Field, ...]:
        """The questions of one type of referral."""
        return tuple(field for field in self.fields if kind in field.types and field.kind not in _NOT_OFFERED)

    def with_question(self, field: Field) -> "Catalogue":
        """The catalogue with one more question, at the end of its section."""
        sections = [section.name for section in SECTIONS]
        place = sections.index(field.section)
        before = tuple(each for each in self.fields if sections.index(each.section) <= place)
        return replace(self, fields=(*before, field, *self.fields[len(before) :]))


CATALOGUE = Catalogue((*ABOUT, *CHILD, *PEOPLE, *CONCERN, *AGENCIES))
FIELDS = CATALOGUE.fields
FIELD = CATALOGUE.by_name


def referral(kind: ReferralType, catalogue: Catalogue = CATALOGUE) -> tuple[Field, ...]:
    """The questions that this type of referral asks, in form order."""
    return catalogue.referral(kind)


def short_path(kind: ReferralType, catalogue: Catalogue = CATALOGUE) -> tuple[Field, ...]:
    """The questions asked first, at most 14; all others wait behind "Add more details"."""
    return tuple(field for field in referral(kind, catalogue) if field.short)


def of_section(section: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Those of the fields that stand in the section."""
    return tuple(field for field in fields if field.section == section)


def of_group(group: str, fields: tuple[Field, ...] = FIELDS) -> tuple[Field, ...]:
    """Those of the fields that are asked for each person of the group."""
    return tuple(field for field in fields if field.group == group)


def shown(field: Field, answers: Mapping[str, Any], row: Row | None = None) -> bool:
    """Whether the question is asked, given the answers so far; `row` is the person that it is asked about."""
    return field.shown_when is None or _holds(field.shown_when, {**answers, **(row or {})})


def is_blank(value: object) -> bool:
    """Whether nothing was answered; white space alone is nothing, a tick is something."""
    if isinstance(value, str):
        return not value.strip()
    if value is None or value is False:
        return True
    if isinstance(value, list | tuple):
        return all(map(is_blank, value))
    if isinstance(value, Mapping):
        return all(map(is_blank, value.values()))
    return False


def is_tick(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether "Not known" or "Not assigned yet" was ticked instead of an answer."""
    return isinstance(value, Mapping) and "tick" in value


def is_half_typed(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a draft holds what was typed and cannot be read yet: {"typed": ...}."""
    return isinstance(value, Mapping) and "typed" in value


def _holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    if isinstance(condition, AnyOf):
        return any(_holds(each, answers) for each in condition.conditions)
    value = answers.get(condition.field)
    if isinstance(condition, Given):
        return isinstance(value, str) and value in condition.codes
    empty = is_blank(value) or is_tick(value) or is_half_typed(value)
    return empty if isinstance(condition, Blank) else not empty
