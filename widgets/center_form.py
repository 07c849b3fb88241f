"""The form for what everybody is told of the center."""

import streamlit as st

from actions.center.center_details import LONGEST_PHONE, CenterDetails
from actions.setup import LONGEST_NAME, time_zones


def center_form(version: int, details: CenterDetails) -> CenterDetails | None:
    """Draw the form; gives what was written once it is sent. A change by somebody else makes it a new form."""
    zones = time_zones()
    with st.form(f"center_{version}", enter_to_submit=False):
        name = st.text_input("Name of the center", details.name, max_chars=LONGEST_NAME)
        zone = st.selectbox(
            "Time zone of the center",
            zones,
            index=zones.index(details.time_zone) if details.time_zone in zones else None,
            help="Days and hours on every screen are told by it.",
        )
        on_call = st.text_input(
            "On-call number, day and night",
            details.on_call_phone,
            max_chars=LONGEST_PHONE,
            help="An officer who marks an emergency, or a contact within 120 hours, is told to call it at once.",
            placeholder="For example 719-555-0100",
        )
        hotline = st.text_input(
            "The state’s child abuse hotline",
            details.hotline_phone,
            max_chars=LONGEST_PHONE,
            help="An officer who has not made the report yet is told to call it.",
            placeholder="For example 1-800-555-0199",
        )
        sent = st.form_submit_button("Save", type="primary")
    return CenterDetails(name, zone or "", on_call, hotline) if sent else None
