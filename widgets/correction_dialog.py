"""Correcting answers on behalf of the desk: kept as a version of its own, what the agency wrote stays as it was."""

from typing import Any
from uuid import UUID, uuid5

import streamlit as st

from actions.center import referrals
from domain import fields
from domain.referrals import ReferralView
from widgets.answer_box import Form
from widgets.dialog import box, buttons, close_dialog, decide, refusal_in_dialog
from widgets.language import help_for_forms
from widgets.memory import memory
from widgets.record_form import form_section
from widgets.words import clock

NEVER_EDITED = frozenset({"narrative", "referral_type", "agency_id", "agency_type"})
"""What was reported is never edited (rule 15), nor who sent which kind of referral."""


def correction_dialog(view: ReferralView) -> None:
    """Draw the dialog that corrects one section of the answers."""

    @st.dialog(f"Correct answers of {view.number}", width="large", on_dismiss=close_dialog)
    def drawn() -> None:
        refusal_in_dialog()
        st.markdown("What the agency wrote stays on file. The report in words is never edited: add a note beside it.")
        form = _form(view)
        sections = {one.name: one.title for one in fields.SECTIONS if fields.of_section(one.name, form.asked)}
        section = st.selectbox(
            "Which part?",
            list(sections),
            index=None,
            format_func=sections.__getitem__,
            placeholder="Choose a part of the form",
            key=box(view, "section"),
        )
        if section:
            form_section(form, section)
        changes = dict(memory().queue.correction)
        if buttons(view, "Save the correction"):
            decide(lambda work: referrals.correct(work, view.id, view.version, changes), "The correction was saved.")

    drawn()


def _form(view: ReferralView) -> Form:
    changes = memory().queue.correction
    center = help_for_forms()
    asked = fields.referral(fields.ReferralType(view.type))
    return Form(
        record=_place(view),
        asked=tuple(field for field in asked if field.name not in NEVER_EDITED),
        answers=_with(view.answers, changes),
        keep=lambda field, row, value: _keep(view, field, row, value),
        take_out=lambda group, row: _take_out(view, group, row),
        today=clock().today,
        language="en",
        lookups={"agencies_le": center.police, "agencies_cps": center.protection},
    )


def _place(view: ReferralView) -> UUID:
    """The keys of this correction's boxes: another correction starts with fresh ones."""
    return uuid5(view.id, memory().queue.key)


def _with(answers: fields.Answers, changes: dict[str, Any]) -> fields.Answers:
    return {name: value for name, value in (answers | changes).items() if value is not None}


def _keep(view: ReferralView, field: fields.Field, row: str | None, value: Any) -> None:
    changes = memory().queue.correction
    if field.group is None or row is None:
        changes[field.name] = value
        return
    people = _people(view, field.group)
    person = next((one for one in people if one.get("row") == row), None)
    if person is None:
        person = {"row": row}
        people.append(person)
    person[field.name] = value
    changes[field.group] = [{name: said for name, said in one.items() if said is not None} for one in people]


def _take_out(view: ReferralView, group: str, row: str) -> None:
    people = [one for one in _people(view, group) if one.get("row") != row]
    memory().queue.correction[group] = people or None


def _people(view: ReferralView, group: str) -> list[dict[str, Any]]:
    current = _with(view.answers, memory().queue.correction).get(group)
    return [dict(one) for one in current] if isinstance(current, list) else []
