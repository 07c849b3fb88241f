"""Clients: search as you type, by name, birth date, number or case number; add one who came without a referral."""

import streamlit as st

from actions.center import clients
from widgets.at_work import opening
from widgets.client_list import client_list, page_choice, page_shown
from widgets.ways import WALK_IN, to_client
from widgets.words import clock


@st.fragment
def found() -> None:
    """The search and its answer, drawn anew without the rest of the page."""
    # What is typed never stands in the address: it is a child's name.
    text = st.text_input(
        "Search clients",
        type="search",
        placeholder="Name, birth date, C-26-0007, case number",
        help="Names spelled otherwise are found too. The search runs while you type.",
        key="clients-text",
        autocomplete="off",
        live=True,
        width=480,
    )
    with opening() as work:
        listed = clients.search(work, text or "", page_shown())
    chosen = client_list(listed, clock(), text or "")
    count = -(-listed.total // clients.PAGE)
    if count > 1:
        page_choice(count)
    if chosen:
        to_client(chosen)


st.title("Clients", anchor=False)
if st.button("Add a client without a referral", icon=":material/person_add:", key="walk-in"):
    st.switch_page(WALK_IN)
found()
