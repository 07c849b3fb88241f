"""Intake: the client's file prefilled from the referral, what reports miss, and the one Save."""

from dataclasses import replace
from secrets import token_hex
from typing import Any

import streamlit as st

from actions.center import imports, referrals
from domain import fields
from domain.clients import IntakeView, LeftBehind
from domain.lifecycle import Status, Step
from domain.referrals import Decided
from widgets.at_work import at_work, reading
from widgets.file_form import file_form, first_asked, missing_list, typed_lines
from widgets.memory import memory
from widgets.plain_text import described
from widgets.record_form import problem_summary, record_form
from widgets.settle_differences import unsettled_words
from widgets.ways import IMPORT, id_in_address, to_client, to_queue, to_referral
from widgets.words import safe

referral_id = id_in_address()
if referral_id is None:
    to_queue()
referral = referral_id


def keep(changes: dict[str, Any]) -> None:
    """Keep what was typed with this person's half-done import: read again, so that no quicker click is lost."""
    with at_work() as work:
        choices = imports.intake_of(work, referral).choices
        imports.keep_intake(work, referral, replace(choices, edited={**choices.edited, **changes}))


def head(view: IntakeView) -> None:
    """Whose file this is going to be, and what was reported."""
    case = f"adds to case {view.case.number}" if view.case else "opens a new case"
    whom = f"**{view.client_number} · {safe(view.client_child)}**" if view.client_number else "**a new client**"
    st.markdown(f"{safe(view.child)}: becomes part of the file of {whom} and {case}. Nothing is saved before Save.")
    reported = fields.say(fields.FIELD["narrative"], view.answers.get("narrative"))
    if reported:
        with st.expander("What was reported, in the agency's words"):
            described([(fields.FIELD["narrative"].label, reported)])
            st.caption("This stays as it was written. It is kept frozen with the case.")


def stands_against(view: IntakeView) -> str:
    """Why Save would be refused now, in one sentence; empty when it would not."""
    if view.hotline_open:
        return "The hotline report is not settled. Settle it on the referral's page, then save."
    if view.unsettled:
        return unsettled_words(view.unsettled)
    if view.client_number and view.client_version != view.choices.client_version:
        return f"The file {view.client_number} was changed after you chose it. Look at the differences again."
    if view.case and view.case.version != view.choices.case_version:
        return f"Case {view.case.number} was changed after you chose it. Look at the differences again."
    return ""


def tell_left_behind(left: LeftBehind) -> None:
    """A colleague was faster: who, when, and what was typed here, to be kept as a note."""
    st.title(f"Intake of {left.number}", anchor=False)
    st.warning(left.sentence, icon=":material/sync:")
    lines = typed_lines(left.typed)
    if lines:
        st.markdown("**You had typed this. It was not saved.**")
        described(lines)
    with st.container(horizontal=True):
        note = bool(lines) and st.button("Keep it as a note on the referral", key="left-note")
        look = st.button(f"Open {left.number}", key="left-look")
    if note:
        with at_work("The note was added.") as work:
            text = "\n".join(f"{asked}: {said}" for asked, said in lines)
            referrals.add_note(work, referral, f"Typed at intake, not saved:\n{text}")
    if note or look:
        to_referral(referral)


with reading() as work:
    left = imports.left_behind(work, referral)
if left:
    tell_left_behind(left)
    st.stop()
with reading() as work:
    view = imports.intake_of(work, referral)
if not view.choices.decided or not view.searched:
    st.switch_page(IMPORT, query_params={"r": str(referral)})
with st.container(horizontal=True):
    again = st.button("Back to the four questions", icon=":material/arrow_back:", type="tertiary", key="back")
    look = st.button(f"Open {view.number}", type="tertiary", key="look")
st.title(f"Intake of {view.number}", anchor=False)
head(view)
form = file_form(view.referral_id, {**view.profile, **view.in_case}, keep, problems=view.wrong)
with st.container(width=820):
    problem_summary(form)
    missing_list(form, view.missing)
    record_form(form, first_asked(form))
    st.divider()
    against = stands_against(view)
    if against:
        st.warning(against, icon=":material/rule:")
    label = f"Save into {view.client_number}" if view.client_number else "Save: add the client"
    save = st.button(label, type="primary", icon=":material/save:", key="save", disabled=bool(against))
    st.caption("What you typed so far is kept for you, also if you leave this page.")

if again:
    st.switch_page(IMPORT, query_params={"r": str(referral)})
if look:
    to_referral(referral)
if save:
    key = memory().one_use_keys.setdefault(f"intake-{referral}", token_hex(16))
    with at_work(f"{view.number} was imported.") as work:
        saved = imports.save_intake(work, referral, view.version, view.choices, key)
    memory().one_use_keys.pop(f"intake-{referral}", None)
    memory().queue.decided = Decided(referral, view.number, view.version + 1, Status.IMPORTED, Step.IMPORT)
    to_client(saved.client_id)
