"""Answers shown in the order of the form: the full view, and the page where they are checked before sending."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import streamlit as st

from domain import fields
from domain.fields import Answers, Field, ReferralType
from widgets.plain_text import described


def record_view(
    kind: ReferralType,
    answers: Answers,
    today: date,
    language: str = "en",
    *,
    leave_out: frozenset[str] = frozenset(),
    under_title: Callable[[str], None] | None = None,
) -> None:
    """Draw every answer that was given, section by section.

    `leave_out` names fields that this reader must not see; `under_title` draws what stands under the title of a
    section, such as a button to change it.
    """
    asked = tuple(each for each in fields.referral(kind) if each.name not in leave_out)
    for section in fields.SECTIONS:
        questions = fields.of_section(section.name, asked)
        if not _anything(questions, answers):
            continue
        st.subheader(section.title_es if language == "es" else section.title, anchor=section.name)
        if under_title:
            under_title(section.name)
        described(_answered(questions, answers, language))
        for group in dict.fromkeys(question.group for question in questions if question.group):
            _people(group, fields.of_group(group, questions), answers, today, language)


def _anything(questions: tuple[Field, ...], answers: Answers) -> bool:
    return any(not fields.is_blank(answers.get(question.group or question.name)) for question in questions)


def _answered(questions: tuple[Field, ...], answers: Answers, language: str) -> Iterator[tuple[str, str]]:
    for question in questions:
        value: Any = answers.get(question.name)
        if question.group is None and not fields.is_blank(value) and fields.shown(question, answers):
            yield question.label_in(language), fields.say(question, value, language)


def _people(group: str, questions: tuple[Field, ...], answers: Answers, today: date, language: str) -> None:
    for number, person in enumerate(fields.rows_of(answers, group).values(), start=1):
        st.markdown(f"**{fields.row_title(fields.GROUPS[group], person, number, today, language)}**")
        described(
            (question.label_in(language), fields.say(question, person[question.name], language))
            for question in questions
            if not fields.is_blank(person.get(question.name)) and fields.shown(question, answers, person)
        )
