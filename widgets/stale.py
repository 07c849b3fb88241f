"""When a colleague was faster: who did what and when, and what was typed meanwhile is not lost."""

import streamlit as st

from actions import unsent
from actions.center import referrals
from actions.unsent import Unsent
from domain.fields import FIELD, say
from domain.referrals import ReferralView
from widgets.at_work import at_work, reading
from widgets.decision_dialogs import ALLOWED, ANY, DIALOGS
from widgets.dialog import CHANGES
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


def unsent_words(view: ReferralView, clock: Clock) -> None:
    """What this person typed about the referral and did not send: where to find it, or what to do with it."""
    with reading() as work:
        kept = unsent.kept_about(work, view.id)
    waiting = [one for one in kept if view.status in ALLOWED.get(one.dialog, ANY)]
    if waiting:
        begun = ", ".join(f"{DIALOGS[one.dialog]} ({clock.stamp(one.saved_at)})" for one in waiting)
        st.caption(f"You began and did not send: {begun}. Open it again and your words are there.")
    for one in kept:
        words = _words(one)
        if one not in waiting and words:
            _too_late(view, one, words)


def _too_late(view: ReferralView, found: Unsent, words: str) -> None:
    """Words that can no longer be sent: kept as a note, or thrown away by the person."""
    with st.container(border=True):
        st.markdown("**You were writing this when it changed. It was not sent.**")
        plain(words)
        with st.container(horizontal=True):
            keep = st.button("Keep it as a note", key=f"unsent-keep-{found.dialog}")
            drop = st.button("Throw it away", key=f"unsent-drop-{found.dialog}")
    if keep or drop:
        with at_work("The note was added." if keep else "") as work:
            if keep:
                referrals.add_note(work, view.id, words)
            unsent.forget(work, view.id, found.dialog)
        st.rerun()


def _words(found: Unsent) -> str:
    """What was typed in words: comments and marks, and each corrected answer beside its question."""
    corrected = found.typed.get(CHANGES, {})
    answers = [f"{FIELD[name].label}: {say(FIELD[name], value)}" for name, value in corrected.items() if name in FIELD]
    boxes = [value for name, value in found.typed.items() if name not in CHOSEN and isinstance(value, str)]
    return "\n".join([*boxes, *answers])


CHOSEN = frozenset({"reason", "section", "on", CHANGES})
"""Boxes that hold no words of the person's own."""
