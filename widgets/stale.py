"""When a colleague was faster: who did what and when, and what was typed meanwhile is not lost."""

import streamlit as st

from actions.center import referrals
from domain.referrals import ReferralView
from widgets.at_work import at_work
from widgets.memory import memory
from widgets.plain_text import plain
from widgets.words import Clock, safe


def moved_on(view: ReferralView, clock: Clock) -> None:
    """Tell once that the referral was changed since this person last saw it in this tab."""
    tab = memory().queue
    seen = tab.seen.get(view.id)
    tab.seen[view.id] = view.version
    own = tab.decided is not None and tab.decided.id == view.id and tab.decided.version == view.version
    if seen is None or seen == view.version or own or not view.steps:
        return
    last = view.steps[-1]
    st.info(
        f"This page has changed since you last saw it: {safe(last.by)} was the last to decide, {clock.stamp(last.at)}. "
        f"{view.number} was {last.step.done}.",
        icon=":material/sync:",
    )


def unsent_words(view: ReferralView) -> None:
    """What was typed in a dialog that can no longer be sent: kept as a note, or thrown away by the person."""
    tab = memory().queue
    if not tab.unsent:
        return
    with st.container(border=True):
        st.markdown("**You were writing this when it changed. It was not sent.**")
        plain(tab.unsent)
        with st.container(horizontal=True):
            keep = st.button("Keep it as a note", key="unsent-keep")
            drop = st.button("Throw it away", key="unsent-drop")
    if keep:
        with at_work("The note was added.") as work:
            referrals.add_note(work, view.id, tab.unsent)
    if keep or drop:
        tab.unsent = ""
        st.rerun()
