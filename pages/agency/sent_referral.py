"""A sent referral as its agency sees it: where it stands, what the center asks, what was written, and what to do."""

import streamlit as st

from actions.agency import referrals
from domain import fields
from domain.referrals import AgencyWord
from widgets.at_work import at_work, opening
from widgets.language import help_for_forms, language, language_switch, said
from widgets.own_draft import RECEIPT, WRITE, children_of_incident, children_to_start, referral_in_address
from widgets.own_list import own_name, word_badge
from widgets.own_talk import additions, questions, withdrawal
from widgets.plain_text import plain
from widgets.record_view import record_view
from widgets.words import clock, safe

center = help_for_forms()
with opening() as work:
    view = referrals.read_own(work, referral_in_address())
line = view.line
kind = fields.ReferralType(line.type)
here = {"r": str(line.id)}

st.title(line.number or said("Draft", "Borrador"))
language_switch()
with st.container(width=820):
    st.subheader(safe(own_name(line)), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        word_badge(line.word)
        st.markdown(line.word.next(language()))
    correct = False
    if line.word is AgencyWord.RETURNED:
        with st.container(border=True):
            st.markdown(f":material/flag: **{said('What the center asks', 'Lo que pide el centro')}**")
            plain(view.comment)
            for mark in view.marks:
                question = fields.FIELD.get(mark.field)
                st.markdown(f"**{question.label_in(language()) if question else mark.field}**")
                plain(mark.comment)
            correct = st.button(
                said(f"Correct {line.number}", f"Corregir {line.number}"), type="primary", key="correct_it"
            )
    children_of_incident(view.group)
    listed = children_to_start(view)
    questions(view, center.center)
    additions(view)
    receipt = st.button(said("Receipt", "Recibo"), icon=":material/receipt_long:", key="to_receipt")
    st.header(said("What you sent", "Lo que usted envió"), anchor="sent", divider="gray")
    record_view(kind, view.answers, center.day(line.changed_at), language())
    for earlier in view.rounds[:-1]:
        moment = clock(language()).stamp(earlier.at)
        with st.expander(said(f"Round {earlier.round}, sent {moment}", f"Vuelta {earlier.round}, enviada el {moment}")):
            record_view(kind, earlier.answers, center.day(earlier.at), language())
    if view.may_withdraw:
        withdrawal(view)

if listed:
    with at_work() as work:
        draft = referrals.child_of_household(work, line.id, listed)
    st.switch_page(WRITE, query_params={"r": str(draft.id)})
if correct:
    st.switch_page(WRITE, query_params=here)
if receipt:
    st.switch_page(RECEIPT, query_params=here)
