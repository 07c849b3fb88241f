"""Agencies: who refers children here."""

import streamlit as st

from actions.center import agencies
from domain.permissions import Permission, may
from widgets.at_work import at_work, reading
from widgets.memory import memory
from widgets.people_forms import agency_fields, agency_in_a_line
from widgets.prove_again import proved

st.title("Agencies")
with reading() as work:
    known = agencies.agencies(work)
    manages = may(work.actor, Permission.MANAGE_AGENCIES)

for agency in known:
    st.text(agency_in_a_line(agency))
if not known:
    st.text("No agency yet. Officers and workers belong to one, so make it before them.")

if manages and proved("To make or change agencies, type your password first."):
    picked = st.selectbox("Change an agency", known, index=None, format_func=agency_in_a_line, placeholder="Choose one")
    if picked:
        with st.form(f"agency_{picked.id}_{picked.version}"):
            name, kind, partner = agency_fields(picked)
            saved = st.form_submit_button("Save")
        switch = st.button("Switch off, with everybody in it" if picked.active else "Switch on")
        if saved:
            with at_work("Saved.") as work:
                agencies.change_agency(work, picked.id, picked.version, name, kind, team_partner=partner)
            st.rerun()
        if switch and picked.active:
            with at_work("The agency and its people are switched off.") as work:
                agencies.switch_agency_off(work, picked.id, picked.version)
            st.rerun()
        if switch:
            with at_work("The agency is switched on. Switch its people on one by one.") as work:
                agencies.switch_agency_on(work, picked.id, picked.version)
            st.rerun()
    st.header("New agency")
    # Once an agency was made the form is a new, empty one; a refusal leaves it as it is.
    with st.form(f"new_agency_{memory().made}"):
        name, kind, partner = agency_fields()
        sent = st.form_submit_button("Make this agency", type="primary")
    if sent:
        with at_work("The agency is made.") as work:
            agencies.make_agency(work, name, kind, team_partner=partner)
        memory().made += 1
        st.rerun()
