"""What an administrator may do about one person: change, roles, code, sign out, switch off."""

import streamlit as st

from actions import accounts
from actions.center import users
from actions.center.users import Person
from widgets.at_work import at_work
from widgets.memory import memory
from widgets.people_forms import details_fields, roles_field


def person_acts(person: Person) -> None:
    """Draw the forms and buttons for one person."""
    _change(person)
    _roles(person)
    _outside(person)
    with st.container(horizontal=True):
        code = st.button("Hand out a one-time code")
        out = st.button("Sign out everywhere")
        free = st.button("Forget wrong guesses")
        factor = person.second_factor and st.button("Take the authenticator app away")
        switch = st.button("Switch off" if person.active else "Switch on")
    if code:
        with at_work() as work:
            memory().handed_code = users.hand_out_code(work, person.id)
    if out:
        with at_work(f"{person.name} is signed out everywhere.") as work:
            users.sign_out_everywhere(work, person.id)
    if free:
        with at_work(f"{person.name} may try again at once.") as work:
            users.unlock(work, person.id)
    if factor:
        with at_work(f"{person.name} sets up an app at the next sign-in.") as work:
            users.take_second_factor_away(work, person.id)
    if switch:
        _switch(person)
    if code or out or free or factor or switch:
        st.rerun()


def _change(person: Person) -> None:
    with st.form(f"change_{person.id}_{person.version}"):
        details = details_fields(person)
        sent = st.form_submit_button("Save")
    if sent:
        with at_work("Saved.") as work:
            users.change_user(work, person.id, person.version, details)
        st.rerun()


def _roles(person: Person) -> None:
    with st.form(f"roles_{person.id}_{person.version}"):
        wanted = roles_field(person.roles)
        sent = st.form_submit_button("Change roles")
    if sent:
        with at_work(f"{person.name} has these roles now and signs in anew.") as work:
            users.set_roles(work, person.id, person.version, wanted)
        st.rerun()


def _outside(person: Person) -> None:
    """Connect or disconnect an account of the center's identity provider, where there is one."""
    provider = accounts.outside_sign_in()
    if person.outside and st.button(f"No longer sign in with {provider or 'an outside account'}"):
        with at_work(f"{person.name} signs in with the password alone.") as work:
            users.disconnect_outside(work, person.id)
        st.rerun()
    if person.outside or not provider:
        return
    with st.form(f"outside_{person.id}"):
        subject = st.text_input(
            f"Code of the account for {provider}",
            help="The sign-in page shows it to somebody who signed in there and is not connected yet.",
            autocomplete="off",
        )
        sent = st.form_submit_button("Connect this account")
    if sent:
        with at_work(f"{person.name} may sign in with {provider}.") as work:
            users.connect_outside(work, person.id, subject)
        st.rerun()


def _switch(person: Person) -> None:
    if person.active:
        with at_work(f"{person.name} is switched off and signed out everywhere.") as work:
            users.deactivate(work, person.id, person.version)
    else:
        with at_work(f"{person.name} is switched on again.") as work:
            users.reactivate(work, person.id, person.version)
