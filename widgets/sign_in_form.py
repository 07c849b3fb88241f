"""The sign-in and change-password forms, drawn by streamlit-authenticator; the one file that knows it.

Its user store, its cookie and its hashing are replaced: people are checked by actions.accounts, and a session is
begun by web/routes.py. Its widgets for forgotten passwords, registration, hints, guests and mail are never drawn.
"""

from typing import Any

import streamlit as st
import streamlit_authenticator as stauth
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.utilities import Validator

from actions import accounts
from actions.accounts import Asked, Opened, Visitor
from domain.refusals import Refused
from widgets.at_work import present_address
from widgets.translated import in_words

DEVICE_COOKIES = ("__Host-desk-device", "desk-device")
PASSWORD_HELP = (
    "15 characters or more, or 8 if you use an authenticator app. A few words in a row are fine; blanks count."
)


def visitor() -> Visitor:
    """Who this browser is, before we know the person."""
    cookies = st.context.cookies
    device = next((cookies[name] for name in DEVICE_COOKIES if name in cookies), "")
    return Visitor(present_address(), st.context.headers.get("User-Agent") or "", device)


def sign_in_form() -> Opened | Asked | None:
    """Draw the form; gives what the door said to a right password. Refuses a wrong one."""
    door = _Door()
    drawn = _Form(door)
    _main_button("door-form")
    with st.container(key="door-form"):
        drawn.login(
            fields=_said({"Form name": "Sign in", "Username": "User name", "Password": "Password", "Login": "Sign in"}),
            key="sign_in",
        )
    return door.answer


def change_password_form(username: str, session_id: Any) -> bool:
    """Draw the form; True once the password was changed. Refuses a wrong or weak one."""
    door = _Door(session_id)
    drawn = _Form(door)
    # The package draws this form only for somebody it believes signed in; who that is, the door knows.
    st.session_state["authentication_status"] = True
    try:
        return bool(
            drawn.reset_password(
                username,
                fields=_said(
                    {
                        "Form name": "Change your password",
                        "Current password": "Current password",
                        "New password": "New password",
                        "Repeat password": "New password again",
                        "Reset": "Change password",
                    }
                ),
                clear_on_submit=True,
                key="change_password",
            )
        )
    finally:
        st.session_state["authentication_status"] = None


def _main_button(form: str) -> None:
    """The package draws its button as one of many; here it is the one thing to press."""
    st.html(f"""<style>
.st-key-{form} [data-testid="stFormSubmitButton"] button {{
  background: light-dark(#0b6b73, #1b7f8a); border-color: transparent; color: #ffffff; }}
</style>""")


def _said(words: dict[str, str]) -> dict[str, str]:
    return {name: in_words(word) for name, word in words.items()}


class _Door(AuthenticationController):  # type: ignore[misc]
    """Takes what the forms send to our own accounts; keeps no people of its own."""

    def __init__(self, session_id: Any = None) -> None:
        # The package's own constructor would make its user store: it has none here.
        self.session_id = session_id
        self.answer: Opened | Asked | None = None
        self.validator = Validator()

    def login(self, username: str | None = None, password: str | None = None, *_: Any, **__: Any) -> bool | None:
        if not username or not password:
            if username is not None:
                raise Refused("Type your user name and your password.")
            return None
        self.answer = accounts.sign_in(username, password, visitor())
        return True

    def reset_password(
        self, _username: str, password: str, new_password: str, new_password_repeat: str, _callback: Any = None
    ) -> bool:
        if new_password != new_password_repeat:
            raise Refused("The two new passwords differ. Type the new one twice.")
        accounts.change_password(self.session_id, password, new_password, visitor())
        return True


class _NoCookie:
    """In place of the package's cookie: the door sets its own, which no script can read."""

    def get_cookie(self) -> None:
        return None

    def set_cookie(self) -> None:
        return None


class _Form(stauth.Authenticate):  # type: ignore[misc]
    """The package's forms around our door. Its constructor is not called: it would mount its cookie's iframe."""

    def __init__(self, door: _Door) -> None:
        self.api_key = None
        self.path = None
        self.attrs = {"login_sleep_time": 0, "password_instructions": in_words(PASSWORD_HELP)}
        self.cookie_controller = _NoCookie()
        self.authentication_controller = door
