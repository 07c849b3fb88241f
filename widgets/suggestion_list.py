"""Who may be the same child as one referral, best first, with the reasons and what can be done about each."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from domain.merging import Suggestion, Suggestions
from widgets.words import safe


def suggestion_list(number: str, suggestions: Suggestions) -> tuple[UUID, ...]:
    """Draw the list; the ids to merge with, once that was chosen."""
    if suggestions.restricted:
        st.warning("A restricted file may match: ask the supervisor.", icon=":material/lock:")
    if not suggestions.found:
        st.info(f"No other waiting referral looks like the child of {number}.", icon=":material/person_search:")
        return ()
    picked = [each for each in suggestions.found if _row(each)]
    ready = _merge_button(number, picked)
    return tuple(each.id for each in picked) if ready else ()


def _row(suggestion: Suggestion) -> bool:
    with st.container(border=True):
        picked = st.checkbox(
            f"Merge with **{suggestion.number}** · {safe(suggestion.child)} · {safe(suggestion.agency)}",
            key=f"suggestion-{suggestion.id}",
        )
        st.markdown(safe(suggestion.verdict))
        with st.expander(f"Why {suggestion.number}: field by field"):
            for words in suggestion.reasons:
                st.markdown(f"* {safe(words)}")
    return picked


def _merge_button(number: str, picked: Sequence[Suggestion]) -> bool:
    if not picked:
        st.caption("Tick the referrals that are about the same child, then compare them.")
        return False
    numbers = " and ".join([number, *(each.number for each in picked)])
    return st.button(f"Compare {numbers}", type="primary", icon=":material/merge:", key="suggestions-compare")
