"""Two files of one child: who may be the double of a client, two files side by side, and the button that joins them."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from actions.center import client_merges, clients, doubles
from domain.client_merges import FilesBeside
from widgets.at_work import at_work, opening
from widgets.client_list import client_list
from widgets.dialog import open_about
from widgets.file_cards import doubles_list, file_cards
from widgets.merge_choice import forget_choice, merge_choice
from widgets.merge_dialogs import NOT_SAME, not_same_clients_dialog
from widgets.merge_sources import likeness
from widgets.ways import CLIENTS, ids_in_address, to_client, to_merge_clients
from widgets.words import clock


def side_by_side(ids: Sequence[UUID]) -> None:
    """Two files, and the button that makes them one."""
    with opening() as work:
        view = client_merges.propose(work, ids[0], ids[1])
    kept, ended = view.kept.number, view.ended.number
    st.title(f"Merge {ended} into {kept}", anchor=False)
    st.markdown("Are they the same child? Nothing is changed before you press Merge.")
    file_cards(view, clock())
    taken_back = likeness(view)
    if taken_back is not None and taken_back.decision_id is not None:
        with at_work("Taken back: they can be merged again.") as work:
            doubles.take_back_not_same(work, taken_back.decision_id)
        st.rerun()
    with st.container(horizontal=True):
        if st.button("Not the same child", icon=":material/group_off:", key="merge-not-same"):
            open_about(NOT_SAME, view.kept)
        leave = st.button(f"Back to {kept}", icon=":material/arrow_back:", key="merge-leave")
    if leave:
        to_client(view.kept.id)
    if not any(warned.stops for warned in view.warnings):
        choosing(view)
    not_same_clients_dialog(view.files)


@st.fragment
def choosing(view: FilesBeside) -> None:
    """The choices, the file beside them, the reason and the button; drawn anew without the rest of the page."""
    kept, ended = view.kept.number, view.ended.number
    decision = merge_choice(
        view,
        view.files,
        button=f"Merge {ended} into {kept}",
        told=f"{kept} goes on with the cases of both. {ended} stays as it is, readable, and points at {kept}; its "
        "names still find the child. It can be undone until somebody works on the child's file.",
        kept_where="Kept with the merge and shown on both files.",
    )
    if decision:
        with at_work(f"{ended} was merged into {kept}.") as work:
            kept_id = client_merges.merge(work, decision.versions, decision.choices, decision.reason, decision.key)
            forget_choice(work, view.files)
        to_client(kept_id)


def doubles_of(client_id: UUID) -> None:
    """Who else on file may be this child; or another file that somebody knows of."""
    with opening() as work:
        found = client_merges.doubles_of(work, client_id)
    st.title(f"Who is the same child as {found.number}?", anchor=False)
    if st.button(f"Back to {found.number}", icon=":material/arrow_back:", type="tertiary", key="doubles-leave"):
        to_client(client_id)
    other = doubles_list(found)
    st.subheader("Another file", anchor=False)
    text = st.text_input(
        "Search clients",
        placeholder="Name, birth date or C-26-0007",
        key="doubles-text",
        autocomplete="off",
        width=480,
    )
    if text.strip():
        with opening() as work:
            listed = clients.search(work, text)
        other = client_list(listed, clock(), text, verb="Compare with", but=client_id) or other
    if other is not None:
        to_merge_clients([client_id, other])


picked = ids_in_address("c")
if len(picked) > 1:
    side_by_side(picked)
elif picked:
    doubles_of(picked[0])
else:
    st.switch_page(CLIENTS)
