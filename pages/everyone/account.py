"""One's own account: password, authenticator app, where one is signed in."""

import streamlit as st

from actions import accounts
from widgets.account_parts import open_sessions, password_part, second_factor_part
from widgets.at_work import reading

st.title("Your account")
with reading() as work:
    mine = accounts.account(work)
    sessions = accounts.own_sessions(work)

st.text(f"{mine.name}, user name {mine.username}")
st.text(", ".join(mine.roles))
password_part(mine)
second_factor_part(mine)
open_sessions(sessions)
