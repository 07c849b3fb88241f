"""The form for the center's decisions about its door."""

from dataclasses import replace

import streamlit as st

from domain.door_rules import LONGEST_IDLE, SHORTEST_IDLE, DoorRules


def door_rules_form(rules: DoorRules) -> DoorRules | None:
    """Draw the form; gives what was decided once it is sent."""
    with st.form("door_rules"):
        idle = st.slider("Sign out after minutes without use", SHORTEST_IDLE, LONGEST_IDLE, int(rules.idle_minutes))
        second = st.checkbox("Administrators and supervisors need an authenticator app", value=rules.second_factor)
        days = st.number_input("Passwords expire after days (0: never)", 0, 3650, rules.password_days)
        sent = st.form_submit_button("Save these rules")
    return replace(rules, idle_minutes=idle, second_factor=second, password_days=int(days)) if sent else None
