"""The parts of one's own account: password, authenticator app, open sessions."""

import streamlit as st

from actions import accounts
from actions.accounts import Account, OpenSession
from domain.refusals import Refused
from widgets.at_work import at_work, present_session
from widgets.language import language
from widgets.memory import memory
from widgets.prove_again import proved
from widgets.sign_in_form import change_password_form
from widgets.sign_in_steps import SHOWN_ONCE
from widgets.translated import in_words
from widgets.words import clock

WHY = "This changes how you sign in: type your password first."


def password_part(mine: Account) -> None:
    """Change one's own password."""
    st.header(in_words("Password"))
    try:
        changed = change_password_form(mine.username, present_session())
    except Refused as refusal:
        st.error(in_words(refusal.message))
        return
    if changed:
        st.success(in_words("Your password is changed. Everywhere else you were signed in, you are signed out."))


def second_factor_part(mine: Account) -> None:
    """Enrol or remove an authenticator app; new recovery codes."""
    st.header(in_words("Authenticator app"))
    if memory().recovery_codes:
        _show_recovery_codes()
    elif mine.second_factor:
        _enrolled(mine)
    else:
        _not_enrolled(mine)


def open_sessions(sessions: list[OpenSession]) -> None:
    """Where this person is signed in, each with a button to end it."""
    st.header(in_words("Where you are signed in"))
    for one in sessions:
        with st.container(horizontal=True, vertical_alignment="center"):
            where = one.address or in_words("this computer")
            began = clock(language()).stamp(one.began_at)
            st.text(in_words(f"{_browser(one.browser)}, from {where}, since {began}"))
            if one.this_one:
                st.text(in_words("(here)"))
            elif st.button(in_words("Sign out there"), key=f"end_{one.id}"):
                with at_work("Signed out there.") as work:
                    accounts.end_own_session(work, one.id)
                st.rerun()
    if len(sessions) > 1 and st.button(in_words("Sign out everywhere else")):
        with at_work("Signed out everywhere else.") as work:
            accounts.end_other_sessions(work)
        st.rerun()


def _enrolled(mine: Account) -> None:
    left = mine.recovery_codes_left
    st.text(in_words(f"You sign in with an authenticator app. Unused recovery codes: {left} of 10."))
    if not proved(WHY):
        return
    with st.container(horizontal=True):
        renew = st.button(in_words("Make new recovery codes"))
        remove = not mine.second_factor_required and st.button(in_words("Stop using an authenticator app"))
    if renew:
        with at_work() as work:
            memory().recovery_codes = accounts.new_recovery_codes(work)
        st.rerun()
    if remove:
        with at_work("You sign in with your password alone now.") as work:
            accounts.remove_own_second_factor(work)
        st.rerun()


def _not_enrolled(mine: Account) -> None:
    st.text(in_words("A code from an app on your phone keeps others out even when they know your password."))
    if not proved(WHY):
        return
    if not st.toggle(in_words("Set up an authenticator app")):
        return
    with at_work() as work:
        enrolment = accounts.begin_own_enrolment(work)
    st.image(enrolment.picture, caption=in_words("Scan this picture with the app."))
    st.text(in_words("Or type this key into the app:"))
    st.code(enrolment.key, language=None)
    with st.form("own_enrolment"):
        code = st.text_input(in_words("The six digits that the app shows now"), autocomplete="one-time-code")
        sent = st.form_submit_button(in_words("Use this app"))
    if sent:
        with at_work("From now on you sign in with this app as well.") as work:
            memory().recovery_codes = accounts.confirm_own_enrolment(work, code)
        st.rerun()


def _show_recovery_codes() -> None:
    st.text(in_words(SHOWN_ONCE))
    st.code("\n".join(memory().recovery_codes), language=None)
    if st.button(in_words("I have kept them")):
        memory().recovery_codes = []
        st.rerun()


def _browser(says: str) -> str:
    known = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    return next((name for sign, name in known if sign in says), in_words("A browser"))
