"""The center: its name, its clock, and whom an emergency or a report must reach by phone."""

import streamlit as st

from actions.center import center_details
from widgets.at_work import at_work, reading
from widgets.center_form import center_form
from widgets.prove_again import proved

st.title("The center")
st.text("What every agency and every form is told of it.")
with reading() as work:
    version, details = center_details.center_details(work)

if not details.on_call_phone:
    st.warning(
        "There is no on-call number yet: an emergency form tells its writer to call the center, and gives no number.",
        icon=":material/call:",
    )
if proved("To change the center, type your password first."):
    written = center_form(version, details)
    if written:
        with at_work("Saved. Forms say it from now on.") as work:
            center_details.change_center_details(work, version, written)
        st.rerun()
else:
    st.text(f"Name: {details.name}")
    st.text(f"Time zone: {details.time_zone}")
    st.text(f"On-call number: {details.on_call_phone or 'not given yet'}")
    st.text(f"The state’s child abuse hotline: {details.hotline_phone or 'not given yet'}")
