"""The receipt: number, date and the child's initials, what happens next, and the way on."""

import streamlit as st

from actions.agency import referrals
from domain.referrals import AgencyWord
from widgets.at_work import at_work, opening
from widgets.language import help_for_forms, language_switch, said
from widgets.own_draft import (
    MY_REFERRALS,
    NEW_REFERRAL,
    WRITE,
    children_of_incident,
    children_to_start,
    referral_in_address,
)
from widgets.printed import print_button, printable_receipt
from widgets.urgent_calls import call_now, call_the_hotline

center = help_for_forms()
with opening() as work:
    receipt = referrals.receipt(work, referral_in_address())
    sent = referrals.read_own(work, receipt.id)

st.title(said("Referral sent", "Remisión enviada"))
language_switch()
with st.container(width=720):
    if receipt.urgent and sent.line.word is AgencyWord.SENT:
        st.warning(call_now(center), icon=":material/call:")
    if receipt.hotline_open:
        st.warning(call_the_hotline(center), icon=":material/call:")
    printable_receipt(receipt)
    print_button()
    children_of_incident(sent.group)
    listed = children_to_start(sent)
    with st.container(horizontal=True):
        sibling = st.button(
            said("Add another child of the same incident", "Agregar a otro niño o niña del mismo incidente"),
            key="another_child",
        )
        new = st.button(said("New referral", "Nueva remisión"), key="start_another")
        mine = st.button(said("My referrals", "Mis remisiones"), key="to_my_referrals")
    st.caption(
        said(
            "For another child of the same incident, what happened and who is around the child is copied; "
            "you type only what is this child's own.",
            "Para otro niño o niña del mismo incidente se copia lo ocurrido y quiénes le rodean; "
            "usted escribe solo lo propio de cada uno.",
        )
    )

if listed:
    with at_work() as work:
        draft = referrals.child_of_household(work, receipt.id, listed)
    st.switch_page(WRITE, query_params={"r": str(draft.id)})
if sibling:
    with at_work() as work:
        draft = referrals.another_child(work, receipt.id)
    st.switch_page(WRITE, query_params={"r": str(draft.id)})
if new:
    st.switch_page(NEW_REFERRAL)
if mine:
    st.switch_page(MY_REFERRALS)
