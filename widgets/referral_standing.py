"""Why a referral is not in the queue: who returned, closed or deleted it, when, in which words, and what is next."""

import streamlit as st

from domain.history import label_of, reason_label
from domain.lifecycle import Status, Step
from domain.referrals import ReferralView, Taken
from widgets.plain_text import described, plain
from widgets.words import Clock, safe

_ENDED_BY = {
    Status.REJECTED: (Step.REJECT,),
    Status.CLOSED: (Step.CLOSE, Step.WITHDRAW),
    Status.DELETED: (Step.DELETE,),
}
_NEXT = {
    Status.REJECTED: "It waits on its agency. It comes back into the queue by itself once it is corrected.",
    Status.CLOSED: "It stays on file and is found by later searches. Reopen puts it back into the queue.",
    Status.DELETED: "It is in the bin. Restore puts it back where it was.",
}


def standing(view: ReferralView, clock: Clock) -> None:
    """The decision that took it out of the queue; nothing while it waits, or became part of something else."""
    taken = _decision(view)
    if taken is None:
        return
    with st.container(border=True, key="standing"):
        reason = reason_label(taken.step, taken.reason)
        st.markdown(
            f"**{taken.step.done.capitalize()}{f': {safe(reason)}' if reason else ''}**  \n"
            f"{safe(taken.by)}, {clock.ago(taken.at)}",
            help=clock.exact(taken.at),
        )
        if taken.comment:
            plain(taken.comment)
        described((label_of(mark.field), mark.comment) for mark in taken.marks)
        st.caption(_NEXT[view.status])


def _decision(view: ReferralView) -> Taken | None:
    ended_by = _ENDED_BY.get(view.status, ())
    return next((taken for taken in view.steps[::-1] if taken.step in ended_by), None)
