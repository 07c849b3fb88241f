"""The bar after a decision: what was done, its undoing where there is one, and the next referral one click away."""

import streamlit as st

from actions.center import queue, referrals
from actions.work import Work
from domain.lifecycle import Step
from domain.referrals import Decided, Named
from widgets.at_work import at_work, reading
from widgets.memory import memory
from widgets.ways import to_merged, to_referral

UNDONE_BY = {Step.CLOSE: Step.REOPEN, Step.DELETE: Step.RESTORE}
MERGES = frozenset({Step.COMBINE, Step.MERGE})
"""Undone on the page of the merge, which asks for a reason."""


def after_decision() -> None:
    """Draw the bar of the last decision, if there was one, and do what is chosen on it."""
    tab = memory().queue
    if tab.decided is None:
        return
    decided = tab.decided
    with reading() as work:
        upcoming = queue.next_waiting(work, tab.wanted, decided.id)
    undo, go_on = _bar(decided, upcoming)
    if undo and decided.step in MERGES:
        tab.decided = None
        tab.open("undo_merge", decided.id)
        to_merged(decided.id)
    if undo:
        with at_work() as work:
            tab.decided = _undone(work, decided)
        st.rerun()
    if go_on and upcoming is not None:
        tab.decided = None
        to_referral(upcoming.id)


def _bar(decided: Decided, upcoming: Named | None) -> tuple[bool, bool]:
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="decided"):
        st.markdown(f":material/check_circle: **{decided.number} was {decided.step.done}.**", width="stretch")
        can_be_undone = decided.step in UNDONE_BY or decided.step in MERGES
        undo = can_be_undone and st.button("Undo", icon=":material/undo:", key="decided-undo")
        if upcoming is None:
            st.markdown("Nobody else is waiting.")
            return undo, False
        go_on = st.button(
            f"Next referral: {upcoming.number}", icon=":material/arrow_forward:", type="primary", key="decided-next"
        )
    return undo, go_on


def _undone(work: Work, decided: Decided) -> Decided:
    if UNDONE_BY[decided.step] is Step.REOPEN:
        return referrals.reopen(work, decided.id, decided.version)
    return referrals.restore(work, decided.id, decided.version)
