"""An agency's own referrals: returned ones first, each with where it stands and what happens next."""

import streamlit as st

from actions.agency import referrals
from widgets.at_work import reading
from widgets.language import help_for_forms, language_switch, said
from widgets.own_draft import NEW_REFERRAL
from widgets.own_list import own_line

A_PAGE = 15

help_for_forms()
st.title(said("My referrals", "Mis remisiones"))
language_switch()

with reading() as work:
    count = referrals.how_many(work)

begin = st.button(said("New referral", "Nueva remisión"), icon=":material/note_add:", key="begin_new", type="primary")
with st.container(width=820):
    if count.waiting:
        st.markdown(f":material/flag: **{said('Waiting for you', 'Esperan su respuesta')}: {count.waiting}**")
    if not count.total:
        st.info(
            said(
                "Nothing here yet. What you send or begin stands in this list.",
                "Aquí todavía no hay nada. Lo que usted envíe o empiece aparecerá en esta lista.",
            )
        )
    pages = max(1, -(-count.total // A_PAGE))
    place = st.empty()
    page = 1
    if pages > 1:
        page = st.pagination(pages, key="page_of_mine") or 1
    with reading() as work:
        lines = referrals.mine(work, (page - 1) * A_PAGE, A_PAGE)
    with place.container():
        for line in lines:
            own_line(line, line.made_by if count.several else "")

if begin:
    st.switch_page(NEW_REFERRAL)
