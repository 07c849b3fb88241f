"""The table of permissions, drawn from the data that the actions are checked against."""

import streamlit as st

from domain.people import Role
from domain.permissions import GRANTS, WORDS


def permission_table() -> None:
    """One line per permission, one column per role."""
    st.table(
        {
            "Right": [WORDS[permission] for permission in GRANTS],
            **{role.label: ["yes" if role in granted else "" for granted in GRANTS.values()] for role in Role},
        }
    )
