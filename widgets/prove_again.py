"""Asks for the password again before an act that needs it fresh (five minutes)."""

from typing import cast
from uuid import UUID

import streamlit as st

from actions import accounts
from domain.refusals import Refused
from widgets.at_work import present_session, reading, refused_here
from widgets.sign_in_form import visitor
from widgets.translated import in_words


def proved(why: str) -> bool:
    """Whether the password was given in the last five minutes; draws the question when not."""
    with reading() as work:
        fresh = accounts.account(work).password_fresh
    if fresh:
        return True
    with st.form("prove_again", clear_on_submit=True):
        st.text(in_words(why))
        password = st.text_input(in_words("Your password"), type="password", autocomplete="current-password")
        sent = st.form_submit_button(in_words("Go on"))
    if sent:
        try:
            accounts.prove_again(cast(UUID, present_session()), password, visitor())
        except Refused as refusal:
            refused_here(refusal)
        st.rerun()
    return False
