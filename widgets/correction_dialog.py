"""Correcting answers on behalf of the desk: kept as a version of its own, what the agency wrote stays as it was."""

from typing import Any
from uuid import UUID, uuid5

import streamlit as st

from actions.center import referrals
from domain import fields
from domain.referrals import ReferralView
from widgets.answer_box import Form
from widgets.dialog import as_seen, begin, box, buttons, close_dialog, decide
from widgets.language import help_for_forms
from widgets.memory import memory
from widgets.record_form import form_section
from widgets.typed_answers import change, changed, without_person
from widgets.words import clock

NEVER_EDITED = frozenset({"narrative", "referral_type", "agency_id", "agency_type"})
"""What was reported is never edited (rule 15), nor who sent which kind of referral."""


def correction_dialog(view: ReferralView) -> None:
    """Draw the dialog that corrects one section of the answers."""

    @st.dialog(f"Correct answers of {view.number}", width="medium", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(view)
        version = as_seen(view)
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
            decide(lambda work: referrals.correct(work, view.id, version, changes), "The correction was saved.")

    drawn()


def _form(view: ReferralView) -> Form:
    changes = memory().queue.correction
    center = help_for_forms()
    asked = fields.referral(fields.ReferralType(view.type))
    return Form(
        record=_place(view),
        asked=tuple(field for field in asked if field.name not in NEVER_EDITED),
        answers=changed(view.answers, changes),
        keep=lambda field, row, value: _keep(view, field, row, value),
        take_out=lambda group, row: _take_out(view, group, row),
        today=clock().today,
        language="en",
        lookups={"agencies_le": center.police, "agencies_cps": center.protection},
    )


def _place(view: ReferralView) -> UUID:
    """The keys of this correction's boxes: another correction starts with fresh ones."""
    return uuid5(view.id, memory().queue.key)


def _keep(view: ReferralView, field: fields.Field, row: str | None, value: Any) -> None:
    changes = memory().queue.correction
    changes |= change(changed(view.answers, changes), field, row, value)


def _take_out(view: ReferralView, group: str, row: str) -> None:
    changes = memory().queue.correction
    changes |= without_person(changed(view.answers, changes), group, row)
