"""One client: file, cases with what was presented, referrals as they were written, and every earlier answer."""

import streamlit as st

from actions.center import clients, holds
from domain import fields
from domain.clients import ClientView
from widgets.at_work import at_work, opening
from widgets.client_dialogs import client_dialog, open_deed
from widgets.client_parts import Deed, cases_tab, file_tab, history_tab, notes_tab, referrals_tab
from widgets.decision_bar import after_decision
from widgets.restricted_part import restricted_part
from widgets.retention_holds import hold_notice
from widgets.ways import CLIENTS, id_in_address, to_referral
from widgets.words import clock, safe

client_id, now = id_in_address("c"), clock()
if client_id is None:
    st.switch_page(CLIENTS)


def head(view: ClientView) -> None:
    """Who this is, in two lines, and whatever stands out."""
    st.title(view.number, anchor=False)
    born = fields.say(fields.FIELD["child_dob"], view.dob)
    facts = [f"**{safe(view.child)}**", f"born {born}" if born else "", f"on file since {now.stamp(view.made_at)}"]
    st.markdown(" · ".join(fact for fact in facts if fact))
    if view.withdrawn:
        st.warning("Withdrawn: the import that made this file was undone. It is in no list and no search.")
    if view.restricted:
        st.info("Restricted: only people who are named for it may open this file.", icon=":material/lock:")


def do(deed: Deed) -> None:
    """Do what was chosen: at once, on another screen, or in a dialog."""
    if deed.what == "open_referral":
        to_referral(deed.id)
    if deed.what == "close_case":
        with at_work(f"Case {deed.number} is closed.") as work:
            clients.close_case(work, deed.id, deed.version)
        st.rerun()
    if deed.what == "reopen_case":
        with at_work(f"Case {deed.number} is open again.") as work:
            clients.reopen_case(work, deed.id, deed.version)
        st.rerun()
    open_deed(deed)


with opening() as work:
    view = clients.read(work, client_id)
    kept = holds.on_record(work, "client", client_id)
back = st.button("All clients", icon=":material/arrow_back:", type="tertiary", key="to-clients")
after_decision()
head(view)
hold_notice(kept, now)
file, cases, sent, earlier, notes = st.tabs(
    [
        "File",
        f"Cases ({len(view.cases)})",
        f"Referrals ({len(view.referrals)})",
        "History",
        f"Notes ({len(view.notes)})",
    ]
)
with file:
    deed = file_tab(view, now)
with cases:
    deed = cases_tab(view, now) or deed
with sent:
    deed = referrals_tab(view, now) or deed
with earlier:
    history_tab(view, now)
with notes:
    deed = notes_tab(view, now) or deed
    restricted_part("client", client_id)

if back:
    st.switch_page(CLIENTS)
if deed:
    do(deed)
client_dialog(view)
