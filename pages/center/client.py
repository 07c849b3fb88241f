"""One client: file, cases with what was presented, referrals as they were written, and every earlier answer."""

from uuid import UUID

import streamlit as st

from actions.center import clients, holds
from domain import fields
from domain.clients import ClientView
from widgets.at_work import at_work, opening
from widgets.client_dialogs import client_dialog, open_deed
from widgets.client_parts import Deed, cases_tab, file_tab, history_tab, notes_tab, referrals_tab
from widgets.decision_bar import after_decision
from widgets.file_cards import merges_told
from widgets.restricted_part import restricted_part
from widgets.retention_holds import hold_notice
from widgets.ways import CLIENTS, id_in_address, to_client, to_merge_clients, to_referral
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
    if view.ended:
        st.warning(
            f"Merged into {view.ended.kept}: work on this child goes on there. This file stays as it was.",
            icon=":material/merge:",
        )
    merges_told(view.standing, now)
    if view.withdrawn:
        st.warning("Withdrawn: the import that made this file was undone. It is in no list and no search.")
    if view.restricted:
        st.info("Restricted: only people who are named for it may open this file.", icon=":material/lock:")


def merged_files(view: ClientView) -> None:
    """The ways between two files of one child: to the other one, or apart again."""
    opened: UUID | None = None
    with st.container(horizontal=True):
        if not view.read_only and st.button(
            "Same child as another client…", icon=":material/content_copy:", key="same-child"
        ):
            to_merge_clients([view.id])
        for merge in view.standing:
            other, number = (merge.kept_id, merge.kept) if merge is view.ended else (merge.ended_id, merge.ended)
            if st.button(f"Open {number}", icon=":material/folder_open:", key=f"open-file-{number}"):
                opened = other
            if not merge.why_not and st.button(
                f"Undo the merge of {merge.ended}", icon=":material/undo:", key=f"undo-files-{merge.ended}"
            ):
                open_deed(Deed("undo_files", merge.ended_id, merge.ended))
    for merge in view.holds:
        if merge.why_not:
            st.caption(safe(merge.why_not))
    if opened is not None:
        to_client(opened)


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
merged_files(view)
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
