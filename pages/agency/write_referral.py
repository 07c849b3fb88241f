"""Write a referral, or correct a returned one: the short path first, every answer saved when it is left."""

import streamlit as st

from actions.agency import referrals
from domain import fields
from domain.lifecycle import Status
from widgets.at_work import at_work
from widgets.language import help_for_forms, language, language_switch, said
from widgets.own_draft import (
    CHECK,
    MY_REFERRALS,
    children_of_incident,
    danger_line,
    discard_button,
    form_of,
    open_draft,
    problems_of,
    saved_at,
    wrong_so_far,
)
from widgets.plain_text import linked, plain
from widgets.record_form import form_section, mark_places, problem_summary, record_form

center = help_for_forms()
draft = open_draft()
returned = draft.status is Status.REJECTED
looked_through = "checked" in st.query_params
form = form_of(draft, center, problems_of(draft, center) if looked_through else wrong_so_far(draft, center))
section = st.query_params.get("section", "")


def go_on(to: str) -> None:
    st.switch_page(to, query_params={"r": str(draft.id)})


if returned:
    st.title(said(f"Correct {draft.number}", f"Corregir {draft.number}"))
else:
    st.title(said("New referral", "Nueva remisión"))
language_switch()
st.caption(
    f"{fields.say(fields.FIELD['referral_type'], draft.type, language())} · :material/check: {saved_at(draft, center)}"
)
children_of_incident(draft.group)
danger_line()

with st.container(width=820):
    if returned:
        with st.container(border=True):
            st.markdown(f":material/flag: **{said('What the center asks', 'Lo que pide el centro')}**")
            plain(draft.comment)
            linked(mark_places(form))
    if looked_through:
        problem_summary(form)
    if section:
        form_section(form, section)
    else:
        record_form(form, fields.short_path(fields.ReferralType(draft.type)))
    st.divider()
    with st.container(horizontal=True):
        check = st.button(said("Check your answers", "Revisar las respuestas"), type="primary", key="check_answers")
        later = st.button(said("Finish later", "Terminar después"), key="finish_later")
    discarded = not returned and discard_button()

if check:
    go_on(CHECK)
if later:
    go_on(MY_REFERRALS)
if discarded:
    with at_work(said("The draft is gone.", "El borrador se borró.")) as work:
        referrals.discard(work, draft.id)
    st.switch_page(MY_REFERRALS)
