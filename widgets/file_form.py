"""The form of a client's file and case: what feeds reports first and marked in words, what is missing listed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import streamlit as st

from domain import fields
from domain.clients import IntakeView, WalkInView
from domain.fields import Answers, Field, Kept, Problem
from domain.intake import KEPT_AS_WRITTEN, Missing
from widgets.answer_box import Form, answer_box
from widgets.language import help_for_forms
from widgets.plain_text import linked
from widgets.words import clock

COUNTED = "Counted in reports."
"""Stands in words under each field that feeds one."""

NOT_TYPED = KEPT_AS_WRITTEN | {"referral_type", "agency_id", "agency_type", "attachments"}
_WHO = frozenset({"child_first_name", "child_last_name", "child_dob", "child_sex", "child_age_years"})


def file_form(
    record: UUID,
    answers: Answers,
    keep: Callable[[dict[str, Any]], None],
    *,
    kept: Sequence[Kept] = (Kept.PROFILE, Kept.CASE),
    problems: Iterable[Problem] = (),
    also: frozenset[str] = frozenset(),
) -> Form:
    """A form over a file's answers; `keep` saves what changed by name. `also` names fields asked in spite of all."""
    center = help_for_forms()
    return Form(
        record=record,
        asked=asked_in_files(kept, also),
        answers=answers,
        keep=lambda question, row, value: keep(fields.changed(answers, question, row, value)),
        take_out=lambda group, row: keep(fields.without_person(answers, group, row)),
        today=clock().today,
        language="en",
        later="Everything else can wait. It can be added to the client's file at any time.",
        problems=tuple(problems),
        lookups={"agencies_le": center.police, "agencies_cps": center.protection},
    )


def asked_in_files(kept: Sequence[Kept], also: frozenset[str] = frozenset()) -> tuple[Field, ...]:
    """The questions of files and cases, those that feed a report marked in words."""
    return tuple(
        _marked(question)
        for question in fields.FIELDS
        if question.kept in kept and (question.name not in NOT_TYPED or question.name in also)
    )


def first_asked(form: Form) -> tuple[Field, ...]:
    """Who the child is and what reports count; all else waits behind "Add more details"."""
    return tuple(question for question in form.asked if question.report or question.name in _WHO)


def who_it_is(form: Form) -> None:
    """Draw the few questions that the search goes by."""
    for question in form.asked:
        if question.name in _WHO and fields.shown(question, form.answers):
            answer_box(form, question)


def all_else(form: Form) -> Form:
    """The form without the questions that the search goes by."""
    return replace(form, asked=tuple(question for question in form.asked if question.name not in _WHO))


def missing_list(form: Form, missing: Sequence[Missing]) -> None:
    """What a report will miss, each with a way to its box. It stops nothing."""
    if not missing:
        st.markdown(":material/check: **Nothing that reports count is missing.**")
        return
    with st.container(border=True):
        st.markdown(f":material/fact_check: **Still missing for reports: {len(missing)}.** You can save without them.")
        linked(
            (f"{form.record.hex}-{one.row or _first_row(form, one.field)}-{one.field}", one.label) for one in missing
        )


def typed_lines(typed: Answers) -> list[tuple[str, str]]:
    """What was typed, as questions and answers, people of a group one after the other."""
    lines: list[tuple[str, str]] = []
    for question in fields.FIELDS:
        rows = fields.rows_of(typed, question.group).values() if question.group else [typed]
        for row in rows:
            said = fields.say(question, row.get(question.name))
            if said:
                lines.append((question.label, said))
    return lines


def reason_box(view: IntakeView | WalkInView, key: str) -> str:
    """Why a new client is made although a client who looks like the child was shown."""
    return st.text_area(
        "Why is this another child?",
        value=view.override_reason,
        key=f"reason-{key}",
        help="Asked because a client who looks like the child was shown. Kept, and counted.",
    )


def _marked(question: Field) -> Field:
    if not question.report:
        return question
    return replace(question, help=f"{COUNTED} {question.help}".strip())


def _first_row(form: Form, name: str) -> str:
    group = fields.FIELD[name].group
    rows = list(fields.rows_of(form.answers, group)) if group else []
    return rows[0] if rows else "child"
