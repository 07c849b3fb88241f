"""Audit trail: who did what, to which record, when; who was refused; whether the chain is whole."""

import streamlit as st

from actions.center import audit_trail
from widgets.at_work import at_work, reading
from widgets.trail_parts import chain_part, entries_table, export_part, question

st.title("Audit trail")
with reading() as work:
    people = audit_trail.people(work)
wanted = question(people)
with at_work() as work:
    found = audit_trail.find(work, wanted)
entries_table(found)
chain_part()
export_part(wanted)
