"""Returning a referral: a coded reason, a comment, marks on the exact fields, and what the agency will read."""

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from actions.center import referrals
from domain import fields
from domain.lifecycle import ReturnReason
from domain.referrals import Mark, ReferralView, Urgency
from widgets.dialog import as_seen, begin, box, buttons, close_dialog, decide, forget_typed, open_about, refuse
from widgets.plain_text import plain
from widgets.words import safe

FIRST_ROW = "00000001"
"""The row that a form draws open in an empty group (widgets.record_form)."""


@dataclass(frozen=True)
class Spot:
    """A question that can be marked, and the person of a group that it is about."""

    field: str
    row: str
    label: str


def return_dialog(view: ReferralView) -> None:
    """Draw the dialog that sends a referral back to its agency."""

    @st.dialog(f"Return {view.number} to {safe(view.agency)}", width="medium", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(view, reason=ReturnReason, marks=lambda codes: [code for code in codes if code in spots(view)])
        version = as_seen(view)
        if view.urgency in (Urgency.EMERGENCY, Urgency.URGENT) or view.within_120_hours:
            _ask_instead(view)
        reason = st.selectbox(
            "Why does it go back?",
            list(ReturnReason),
            index=None,
            format_func=lambda one: one.label,
            placeholder="Choose a reason",
            key=box(view, "reason"),
        )
        comment = st.text_area("What is missing, and why do you need it?", key=box(view, "comment"), height=120)
        marks = _marks(view)
        _preview(view, reason, comment or "", marks)
        if buttons(view, "Return to the agency"):
            if reason is None:
                refuse("Choose why it goes back.")
            _refuse_silent_marks(marks)
            decide(lambda work: referrals.return_to_agency(work, view.id, version, reason, comment or "", marks))

    drawn()


def spots(view: ReferralView) -> dict[str, Spot]:
    """Every question that is asked in this referral, in form order, by a code of its own."""
    found = [spot for field in fields.referral(fields.ReferralType(view.type)) for spot in _spots_of(field, view)]
    return {f"{spot.field}/{spot.row}": spot for spot in found}


def _spots_of(field: fields.Field, view: ReferralView) -> Iterator[Spot]:
    section = next(one.title for one in fields.SECTIONS if one.name == field.section)
    if field.group is None:
        if fields.shown(field, view.answers):
            yield Spot(field.name, "", f"{section}: {field.label}")
        return
    group = fields.GROUPS[field.group]
    rows = fields.rows_of(view.answers, field.group) or ({FIRST_ROW: {}} if group.drawn else {})
    for number, (row, person) in enumerate(rows.items(), start=1):
        if fields.shown(field, view.answers, person):
            yield Spot(field.name, row, f"{group.one} {number}: {field.label}")


def _ask_instead(view: ReferralView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(
            "**This child is urgent.** Asking keeps the referral in the queue; returning stops it.", width="stretch"
        )
        if st.button("Ask instead", type="primary", key=box(view, "ask")):
            typed = st.session_state.get(box(view, "comment"))
            forget_typed(view)
            open_about("ask", view)
            st.session_state[box(view, "comment")] = typed
            st.rerun()


def _marks(view: ReferralView) -> list[Mark]:
    offered = spots(view)
    marked = st.multiselect(
        "Mark the questions to be corrected",
        list(offered),
        format_func=lambda code: offered[code].label,
        placeholder="Type a word of the question",
        select_all=False,
        filter_mode="contains",
        key=box(view, "marks"),
    )
    return [
        Mark(
            offered[code].field,
            st.text_input(offered[code].label, placeholder="What should the agency do here?", key=box(view, code))
            or "",
            offered[code].row,
        )
        for code in marked
    ]


def _refuse_silent_marks(marks: list[Mark]) -> None:
    silent = next((mark for mark in marks if not mark.comment.strip()), None)
    if silent is not None:
        refuse(f"Say at “{fields.FIELD[silent.field].label}” what the agency should do, or take the mark away.")


def _preview(view: ReferralView, reason: ReturnReason | None, comment: str, marks: list[Mark]) -> None:
    """The return as the agency will read it."""
    st.markdown("**The agency will read**")
    offered = spots(view)
    with st.container(border=True):
        st.markdown(f":material/flag: **{view.number} was returned to you{': ' + reason.label if reason else ''}**")
        plain(comment or "(your comment)")
        for mark in marks:
            st.markdown(f"**{safe(offered[f'{mark.field}/{mark.row}'].label)}**")
            plain(mark.comment or "(your comment at this question)")
