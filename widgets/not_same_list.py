"""The decisions "not the same child": standing ones, which can be taken back, and those that were."""

from collections.abc import Sequence

import streamlit as st

from domain.merging import NotSame
from widgets.words import Clock, safe

A_PAGE = 15


def not_same_list(decisions: Sequence[NotSame], clock: Clock) -> NotSame | None:
    """Draw the list; the decision that is to be taken back, if one was chosen."""
    standing = [decision for decision in decisions if decision.stands]
    if not standing:
        st.info("Nobody has said of two records that they are not the same child.", icon=":material/group_off:")
    shown = standing
    if len(standing) > A_PAGE:
        page = st.pagination(-(-len(standing) // A_PAGE), key="not-same-page")
        shown = standing[(page - 1) * A_PAGE : page * A_PAGE]
    chosen = None
    for decision in shown:
        chosen = _standing(decision, clock) or chosen
    _taken_back([decision for decision in decisions if not decision.stands], clock)
    return chosen


def _standing(decision: NotSame, clock: Clock) -> NotSame | None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"not-same-{decision.id}"):
        st.markdown(
            f"**{safe(decision.first)}** and **{safe(decision.second)}** are not the same child: "
            f"{safe(decision.reason)}  \n:gray[{safe(decision.by)}, {clock.stamp(decision.at)}]",
            width="stretch",
        )
        numbers = " and ".join(name.split(",")[0] for name in (decision.first, decision.second))
        taken_back = st.button(f"Take back: {numbers}", icon=":material/undo:", key=f"take-back-{decision.id}")
    return decision if taken_back else None


def _taken_back(decisions: Sequence[NotSame], clock: Clock) -> None:
    if not decisions:
        return
    with st.expander(f"Taken back ({len(decisions)})"):
        for decision in decisions[:100]:
            when = clock.stamp(decision.withdrawn_at) if decision.withdrawn_at else ""
            st.markdown(
                f"* {safe(decision.first)} and {safe(decision.second)}: {safe(decision.reason)} "
                f"({safe(decision.by)}); taken back by {safe(decision.withdrawn_by)}, {when}"
            )
