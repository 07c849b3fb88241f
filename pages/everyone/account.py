"""One's own account: password, authenticator app, where one is signed in."""

import streamlit as st

from actions import accounts
from widgets.account_parts import open_sessions, password_part, second_factor_part
from widgets.at_work import reading
from widgets.translated import in_words

st.title(in_words("Your account"))
with reading() as work:
    mine = accounts.account(work)
    sessions = accounts.own_sessions(work)

st.text(in_words(f"{mine.name}, user name {mine.username}"))
st.text(", ".join(in_words(role) for role in mine.roles))
password_part(mine)
second_factor_part(mine)
open_sessions(sessions)
