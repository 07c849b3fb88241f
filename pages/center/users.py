"""Users: who signs in here, made, changed and switched off."""

import streamlit as st

from actions.center import agencies, door_rules, users
from domain.permissions import Permission, may
from widgets.at_work import at_work, reading
from widgets.door_rules_form import door_rules_form
from widgets.memory import memory
from widgets.people_forms import agency_field, details_fields, handed_code, person_in_a_line, roles_field
from widgets.person_acts import person_acts
from widgets.prove_again import proved

st.title("Users")
with reading() as work:
    everybody, every_agency = users.users(work), agencies.agencies(work)
    manages = may(work.actor, Permission.MANAGE_USERS)

handed_code()
search = st.text_input("Find by name, user name or agency").casefold()
found = [one for one in everybody if search in f"{one.name} {one.username} {one.agency}".casefold()]
picked = st.selectbox(
    f"{len(found)} of {len(everybody)} users", found, index=None, format_func=person_in_a_line, placeholder="Choose one"
)
for person in found:
    st.text(person_in_a_line(person))

if manages and proved("To make or change users, type your password first."):
    if picked:
        st.header(f"Change {picked.username}")
        person_acts(picked)
    st.header("New user")
    # Once somebody was made the form is a new, empty one; a refusal leaves it as it is.
    with st.form(f"new_user_{memory().made}", enter_to_submit=False):
        username = st.text_input("User name")
        details, roles, agency_id = details_fields(), roles_field(), agency_field(every_agency)
        sent = st.form_submit_button("Make this user", type="primary")
    if sent:
        with at_work("The user is made. Hand over the one-time code.") as work:
            memory().handed_code = users.make_user(work, username, details, roles, agency_id)
        memory().made += 1
        st.rerun()
    st.header("Rules for signing in")
    with reading() as work:
        rules = door_rules.door_rules(work)
    decided = door_rules_form(rules)
    if decided:
        with at_work("These rules hold from the next sign-in on.") as work:
            door_rules.set_door_rules(work, decided)
        st.rerun()
