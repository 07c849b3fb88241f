"""What the agencies of a merge said since: each in its own words, to be taken over with one click or left as it is."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from domain.lifecycle import Status
from domain.referrals import Late, LateKind, ReferralView
from widgets.plain_text import plain
from widgets.words import Clock, safe

_SAID = {
    LateKind.ADDITION: "added after the merge",
    LateKind.ANSWER: "answered after the merge",
    LateKind.WITHDRAWAL: "asks to withdraw its referral",
}


@dataclass(frozen=True)
class LateDeed:
    """What is to be done with one late word."""

    word_id: UUID
    take_over: bool


def late_word_list(view: ReferralView, clock: Clock) -> LateDeed | None:
    """Draw what came in since the merge; what was chosen for one of them."""
    chosen: LateDeed | None = None
    for late in view.late:
        with st.container(border=True, key=f"late-{late.id}"):
            chosen = _drawn(view, late, clock) or chosen
    return chosen


def _drawn(view: ReferralView, late: Late, clock: Clock) -> LateDeed | None:
    icon = ":material/warning:" if late.kind is LateKind.WITHDRAWAL else ":material/add_notes:"
    st.markdown(
        f"{icon} **{safe(late.agency)} ({late.number}) {_SAID[late.kind]}**  \n"
        f":gray[{safe(late.by)}, {clock.stamp(late.at)}]"
    )
    if late.question:
        st.caption(f"You asked: {safe(late.question)}")
    plain(late.text)
    if late.kind is LateKind.WITHDRAWAL:
        st.markdown("You decide: undo the merge, close this referral, or leave it as it is.")
    with st.container(horizontal=True):
        may_take = late.kind is not LateKind.WITHDRAWAL and view.status is Status.SUBMITTED
        if may_take and st.button("Take over into this referral", key=f"late-take-{late.id}", type="primary"):
            return LateDeed(late.id, take_over=True)
        if st.button("Seen: leave it as it is", key=f"late-seen-{late.id}"):
            return LateDeed(late.id, take_over=False)
    return None
