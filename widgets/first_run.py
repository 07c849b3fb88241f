"""The first page of an empty site: the console's code makes the center and its first administrator."""

import streamlit as st

from actions import setup
from domain.refusals import Refused
from widgets.memory import memory
from widgets.sign_in_form import PASSWORD_HELP, visitor


def first_run() -> bool:
    """Draw the set-up form while the site is empty; whether it was drawn."""
    if setup.is_set_up():
        return False
    st.title("Set up Referral Desk")
    st.text("A set-up code was printed where the desk was started. It works once.")
    with st.form("first_run", enter_to_submit=False):
        answers = setup.FirstAnswers(
            code=st.text_input("Set-up code", autocomplete="off"),
            center=st.text_input("Name of the center"),
            time_zone=st.selectbox("Time zone of the center", setup.time_zones()) or "",
            name=st.text_input("Your name", autocomplete="name"),
            username=st.text_input("User name you will sign in with", autocomplete="username"),
            password=st.text_input("Password", type="password", help=PASSWORD_HELP, autocomplete="new-password"),
            second_factor=st.checkbox(
                "Administrators and supervisors sign in with an authenticator app as well (recommended)", value=True
            ),
        )
        again = st.text_input("Password again", type="password", autocomplete="new-password")
        sent = st.form_submit_button("Set up the center", type="primary")
    if sent:
        _set_up(answers, again)
    return True


def _set_up(answers: setup.FirstAnswers, again: str) -> None:
    try:
        if answers.password != again:
            raise Refused("The two passwords differ. Type the same one twice.")
        setup.set_up(answers, visitor())
    except Refused as refusal:
        st.error(refusal.message)
        return
    memory().news.append("The center is set up. Sign in with the name and password you just chose.")
    st.rerun()
