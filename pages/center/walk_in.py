"""Add a client who came without a referral: the form, the same search as at import, then Save."""

from dataclasses import replace
from secrets import token_hex
from typing import Any
from uuid import uuid5

import streamlit as st

from actions.center import clients
from domain.clients import PossibleClients, WalkInView
from domain.fields import Kept
from domain.intake import KEPT_AS_WRITTEN, WalkInChoices
from widgets.at_work import at_work, opening, reading
from widgets.candidate_list import candidate_list
from widgets.file_form import all_else, file_form, first_asked, missing_list, reason_box, who_it_is
from widgets.memory import memory
from widgets.record_form import record_form
from widgets.ways import CLIENTS, to_client, to_referral
from widgets.words import clock


def keep(changes: dict[str, Any]) -> None:
    """Keep what was typed: read again, so that no quicker click is lost."""
    with at_work() as work:
        typed = clients.walk_in(work)
        clients.keep_walk_in(work, WalkInChoices({**typed.answers, **changes}, typed.override_reason))


def search(view: WalkInView) -> PossibleClients | None:
    """Search the clients on file, once there is something to go by."""
    if not any(view.answers.get(name) for name in ("child_first_name", "child_last_name", "child_dob")):
        st.markdown("Type the child's name or birth date first: the search then runs by itself.")
        return None
    with opening() as work:
        return clients.walk_in_candidates(work)


with reading() as work:
    view, me = clients.walk_in(work), work.actor.user_id
if st.button("All clients", icon=":material/arrow_back:", type="tertiary", key="to-clients"):
    st.switch_page(CLIENTS)
st.title("Add a client without a referral", anchor=False)
st.caption("What you type is kept for you as a draft. Nothing is on file before you press Save.")
one_use = memory().one_use_keys.setdefault("walk-in", token_hex(16))
form = file_form(uuid5(me, one_use), view.answers, keep, kept=(Kept.PROFILE, Kept.CASE), also=KEPT_AS_WRITTEN)
with st.container(width=820):
    st.header("1. Who is the child?", anchor=False, divider="gray")
    who_it_is(form)
with st.container(width=980):
    st.header("2. Is this child already a client?", anchor=False, divider="gray")
    found = search(view)
    chosen = candidate_list(found, clock(), "You typed", choose="Open instead:") if found else None
with st.container(width=820):
    st.header("3. What else is known?", anchor=False, divider="gray")
    rest = all_else(form)
    record_form(rest, first_asked(rest))
    st.header("4. Save", anchor=False, divider="gray")
    missing_list(form, view.missing)
    reason = reason_box(view, "walk-in") if found and (found.strong or view.strong) else view.override_reason
    if reason != view.override_reason:
        with at_work() as work:
            clients.keep_walk_in(work, WalkInChoices(view.answers, reason))
    save = st.button("Save: add the client", type="primary", icon=":material/save:", key="save", disabled=found is None)

if chosen:
    to_client(chosen.id) if chosen.kind == "client" else to_referral(chosen.id)
if save:
    with at_work("The client was added.") as work:
        added = clients.add_walk_in(work, replace(WalkInChoices(view.answers), override_reason=reason), one_use)
    memory().one_use_keys.pop("walk-in", None)
    to_client(added.client_id)
