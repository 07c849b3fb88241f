"""The steps of signing in: password, then a code, an enrolment or a new password where the door asks for one."""

from collections.abc import Callable

import streamlit as st

from actions import accounts
from actions.accounts import Asked, Opened
from actions.accounts.sign_in import NOBODY_OUTSIDE
from domain.outside import NOT_PROVED
from domain.refusals import Refused
from widgets.doorway import begin_session, come_back_here
from widgets.language import language_at_the_door
from widgets.memory import memory
from widgets.sign_in_form import PASSWORD_HELP, sign_in_form, visitor
from widgets.translated import in_words

SHOWN_ONCE = "Each signs you in once when your phone is lost. They are shown only now: print them or write them down."


def sign_in_steps() -> None:
    """Draw the step that this browser is at."""
    st.title("Referral Desk")
    language_at_the_door()
    if memory().ticket:
        ticket, memory().ticket = memory().ticket, ""
        begin_session(ticket)
    steps = {
        "code": _code_step,
        "enrol": _enrol_step,
        "recovery_codes": _recovery_codes_step,
        "new_password": _new_password_step,
    }
    steps.get(memory().half_open_kind, _password_step)()


def _password_step() -> None:
    _outside_step()
    place = st.empty()
    try:
        answer = sign_in_form()
        if answer is not None:
            _go_on(answer)
    except Refused as refusal:
        place.error(in_words(refusal.message))
    with st.expander(in_words("I have a one-time code from my administrator")):
        _reset_code_form()


def _outside_step() -> None:
    """The center's identity provider, where there is one: what it has just proved is taken, or its button drawn."""
    provider = accounts.outside_sign_in()
    if not provider:
        return
    vouched = bool(st.user.get("is_logged_in"))
    if vouched and not memory().outside_tried:
        memory().outside_tried = True
        try:
            memory().ticket = accounts.sign_in_from_outside(st.user.to_dict(), visitor()).ticket
        except Refused as refusal:
            memory().outside_refusal = refusal.message
        st.rerun()
    refused = memory().outside_refusal or (NOT_PROVED if st.query_params.get("outside") == "refused" else "")
    if refused:
        st.error(in_words(refused))
    if vouched and refused == NOBODY_OUTSIDE:
        st.text(in_words("The administrator needs this code of your account to connect it:"))
        st.code(str(st.user.get("sub") or ""), language=None)
    if st.button(in_words(f"Sign in with {provider}"), key="outside", icon=":material/badge:", width="stretch"):
        st.login()
    come_back_here()
    st.caption(in_words("Or with your user name and password:"))


def _reset_code_form() -> None:
    with st.form("reset_code", enter_to_submit=False):
        username = st.text_input(in_words("User name"), autocomplete="username", key="reset_username")
        code = st.text_input(in_words("One-time code"), autocomplete="off")
        new, again = _new_twice()
        sent = st.form_submit_button(in_words("Choose this password"))
    if sent:
        _try(lambda: accounts.use_reset_code(username, code, _same(new, again), visitor()))


def _new_twice() -> tuple[str, str]:
    new = st.text_input(
        in_words("New password"), type="password", help=in_words(PASSWORD_HELP), autocomplete="new-password"
    )
    again = st.text_input(in_words("New password again"), type="password", autocomplete="new-password")
    return new, again


def _code_step() -> None:
    st.subheader(in_words("One more step"))
    with st.form("code"):
        asked = in_words("Code from your authenticator app, or a recovery code")
        code = st.text_input(asked, autocomplete="one-time-code")
        sent = st.form_submit_button(in_words("Sign in"), type="primary")
    if sent:
        _try(lambda: accounts.answer_code(memory().half_open, code, visitor()))
    _start_over()


def _enrol_step() -> None:
    st.subheader(in_words("Set up your authenticator app"))
    st.text(
        in_words(
            "Your role signs in with a password and a code from an app on your phone, "
            "such as Google Authenticator, Microsoft Authenticator or Aegis."
        )
    )
    try:
        enrolment = accounts.begin_enrolment(memory().half_open)
    except Refused as refusal:
        _give_up(refusal)
        return
    st.image(enrolment.picture, caption=in_words("Scan this picture with the app."))
    st.text(in_words("Or type this key into the app:"))
    st.code(enrolment.key, language=None)
    with st.form("enrol"):
        code = st.text_input(in_words("The six digits that the app shows now"), autocomplete="one-time-code")
        sent = st.form_submit_button(in_words("Go on"), type="primary")
    if sent:
        _confirm(code)
    _start_over()


def _confirm(code: str) -> None:
    try:
        last, codes = accounts.confirm_enrolment(memory().half_open, code, visitor())
    except Refused as refusal:
        st.error(in_words(refusal.message))
        return
    memory().recovery_codes = codes
    _go_on(last)


def _recovery_codes_step() -> None:
    st.subheader(in_words("Keep these recovery codes"))
    st.text(in_words(SHOWN_ONCE))
    st.code("\n".join(memory().recovery_codes), language=None)
    if st.button(in_words("I have kept them: sign in"), type="primary"):
        memory().recovery_codes = []
        _try(lambda: accounts.finish_enrolment(memory().half_open, visitor()))


def _new_password_step() -> None:
    st.subheader(in_words("Your password has expired"))
    with st.form("new_password", enter_to_submit=False):
        new, again = _new_twice()
        sent = st.form_submit_button(in_words("Choose this password"), type="primary")
    if sent:
        _try(lambda: accounts.choose_password(memory().half_open, _same(new, again), visitor()))
    _start_over()


def _try(step: Callable[[], Opened | Asked]) -> None:
    try:
        answer = step()
    except Refused as refusal:
        st.error(in_words(refusal.message))
        return
    _go_on(answer)


def _go_on(answer: Opened | Asked) -> None:
    remembered = memory()
    if isinstance(answer, Opened):
        remembered.ticket, remembered.half_open, remembered.half_open_kind = answer.ticket, "", ""
    else:
        remembered.half_open, remembered.half_open_kind = answer.token, answer.kind.value
    st.rerun()


def _give_up(refusal: Refused) -> None:
    memory().half_open, memory().half_open_kind = "", ""
    memory().refusal = refusal.message
    st.rerun()


def _start_over() -> None:
    if st.button(in_words("Start over"), type="tertiary"):
        memory().half_open, memory().half_open_kind = "", ""
        st.rerun()


def _same(new: str, again: str) -> str:
    if new != again:
        raise Refused("The two new passwords differ. Type the new one twice.")
    return new
