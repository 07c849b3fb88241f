"""Emergency access: open a restricted record for an hour, with a reason; supervisors are told."""

import streamlit as st

from actions.center import restricted
from widgets.at_work import at_work
from widgets.prove_again import proved
from widgets.restricted_part import emergency_form
from widgets.ways import to_client, to_referral

st.title("Emergency access")
st.text("A restricted record is open to named people only. In an emergency you may open it for 60 minutes.")
asked = emergency_form() if proved("To open a restricted record, type your password first.") else None
if asked:
    with at_work("It is open to you for 60 minutes. Supervisors were told.") as work:
        found = restricted.open_in_an_emergency(work, *asked)
    if found.kind == "referral":
        to_referral(found.record_id)
    to_client(found.record_id)
