"""Merge referrals: choose between what they say, undo a merge, and see who is not the same child."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from actions.center import doubles, merges
from domain.lifecycle import Status, Step
from domain.merging import MergedFrom, MergeView
from domain.referrals import Decided
from widgets.at_work import at_work, opening, reading
from widgets.decision_bar import after_decision
from widgets.dialog import open_about
from widgets.memory import memory
from widgets.merge_choice import forget_choice, merge_choice
from widgets.merge_dialogs import NOT_SAME, Result, not_same_dialog, undo_dialog
from widgets.merge_made import merge_made
from widgets.merge_sources import likeness, listed_numbers, source_cards
from widgets.not_same_list import not_same_list
from widgets.suggestion_list import suggestion_list
from widgets.ways import MERGE, id_in_address, ids_in_address, to_merge, to_queue
from widgets.words import clock


def to_be_merged(ids: Sequence[UUID]) -> None:
    """Two or more referrals side by side, and the button that makes them one."""
    with opening() as work:
        view = merges.propose(work, ids)
    st.title(f"Merge {listed_numbers(view.sources)}", anchor=False)
    st.markdown("Are they about the same child? Nothing is changed before you press Merge.")
    now = clock()
    source_cards(view.sources, now)
    taken_back = likeness(view)
    if taken_back is not None and taken_back.decision_id is not None:
        with at_work("Taken back: they can be merged again.") as work:
            doubles.take_back_not_same(work, taken_back.decision_id)
        st.rerun()
    with st.container(horizontal=True):
        if st.button("Not the same child", icon=":material/group_off:", key="merge-not-same"):
            open_about(NOT_SAME, view.sources[0])
        leave = st.button("Back to the queue", icon=":material/arrow_back:", key="merge-leave")
        decisions = st.button("Earlier decisions: not the same child", type="tertiary", key="merge-decisions")
    if leave:
        to_queue()
    if decisions:
        st.switch_page(MERGE, query_params={})
    if not any(warned.stops for warned in view.warnings):
        choosing(view)
    not_same_dialog(view.sources)


@st.fragment
def choosing(view: MergeView) -> None:
    """The choices, the result beside them, the reason and the button; drawn anew without the rest of the page."""
    decision = merge_choice(
        view,
        view.sources,
        button=f"Merge {listed_numbers(view.sources)}",
        told="They become one new referral that stays in the queue. What each agency wrote stays as it is, and no "
        "agency learns of the merge. It can be undone until the result is imported.",
        kept_where="Kept with the merge and shown in the history.",
    )
    if decision:
        with at_work("The referrals were merged.") as work:
            result_id = merges.merge(work, decision.versions, decision.choices, decision.reason, decision.key)
            made = merges.decided(work, result_id)
            forget_choice(work, view.sources)
        tell(view.sources, Decided(result_id, made.result, made.result_version, Status.SUBMITTED, Step.COMBINE))
        st.switch_page(MERGE, query_params={"m": str(result_id)})


def tell(sources: Sequence[MergedFrom], decided: Decided) -> None:
    """The queue forgets what was picked, and the next page tells what was decided."""
    tab = memory().queue
    tab.decided = decided
    for source in sources:
        tab.picked.pop(source.id, None)


def merged(result_id: UUID) -> None:
    """A merge that was made, with the way back."""
    after_decision()
    with opening() as work:
        made = merges.decided(work, result_id)
    st.title(f"{made.result} was made by a merge", anchor=False)
    merge_made(made, clock())
    undo_dialog(Result(made.result_id, made.result, made.result_version))


def doubles_of(referral_id: UUID) -> None:
    """Who may be the same child as one referral."""
    with opening() as work:
        asked, found = doubles.about(work, referral_id), doubles.suggestions(work, referral_id)
    st.title(f"Who may be the same child as {asked.number}?", anchor=False)
    chosen = suggestion_list(asked.number, found)
    decisions = st.button("Earlier decisions: not the same child", type="tertiary", key="merge-decisions")
    if chosen:
        to_merge([referral_id, *chosen])
    if decisions:
        st.switch_page(MERGE, query_params={})


def not_the_same() -> None:
    """Every "not the same child", to be looked at again."""
    st.title("Not the same child", anchor=False)
    st.markdown("To merge referrals, pick two or more of them in the queue.")
    if st.button("To the queue", icon=":material/inbox:", key="not-same-queue"):
        to_queue()
    with reading() as work:
        decisions = doubles.not_same_decisions(work)
    chosen = not_same_list(decisions, clock())
    if chosen is not None:
        with at_work("Taken back: the two are compared and proposed again.") as work:
            doubles.take_back_not_same(work, chosen.id)
        st.rerun()


picked, result = ids_in_address(), id_in_address("m")
if result is not None:
    merged(result)
elif len(picked) > 1:
    to_be_merged(picked)
elif picked:
    doubles_of(picked[0])
else:
    not_the_same()
