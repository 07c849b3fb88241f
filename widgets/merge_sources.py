"""The referrals of a merge side by side: who sent each, when, and whether they look like one child."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from domain.client_merges import FilesBeside
from domain.merging import MergedFrom, MergeView, Warned
from widgets.ways import to_referral
from widgets.words import Clock, safe


def listed_numbers(sources: Sequence[MergedFrom]) -> str:
    """ "R-26-0041, R-26-0044 and R-26-0050"."""
    numbers = [source.number for source in sources]
    return f"{', '.join(numbers[:-1])} and {numbers[-1]}" if len(numbers) > 1 else "".join(numbers)


def source_cards(sources: Sequence[MergedFrom], clock: Clock) -> None:
    """One card a referral, with a way to read it whole."""
    opened: UUID | None = None
    for column, source in zip(st.columns(len(sources)), sources, strict=True):
        with column, st.container(border=True, key=f"merge-card-{source.number}"):
            st.markdown(f"**{source.number}** · **{safe(source.child)}**  \n{safe(source.agency)}")
            st.caption(_written(source, clock))
            for words in _at_hand(source):
                st.markdown(f":gray-badge[{words}]")
            if st.button(f"Open {source.number}", key=f"merge-open-{source.number}"):
                opened = source.id
    if opened is not None:
        to_referral(opened)


def likeness(view: MergeView | FilesBeside) -> Warned | None:
    """The verdict in words, its reasons, and every warning; the decision to take back, if that was chosen."""
    if view.verdict and not view.needs_own_words:
        st.success(safe(view.verdict), icon=":material/person_check:")
    taken_back: Warned | None = None
    for number, warned in enumerate(view.warnings):
        st.warning(safe(warned.words), icon=":material/warning:")
        if warned.decision_id and st.button("Take “not the same child” back", key=f"merge-take-back-{number}"):
            taken_back = warned
    if view.reasons:
        with st.expander("Why: field by field"):
            for words in view.reasons:
                st.markdown(f"* {safe(words)}")
    return taken_back


def _written(source: MergedFrom, clock: Clock) -> str:
    came = f"Came {clock.ago(source.first_submitted_at)}. " if source.first_submitted_at else ""
    return f"{came}Written by {safe(source.by)}, {clock.stamp(source.written_at)}."


def _at_hand(source: MergedFrom) -> list[str]:
    """What a person should know before leaving this referral behind."""
    found = []
    if source.round > 1:
        found.append(f"Round {source.round}")
    if source.additions:
        found.append("Information added" if source.additions == 1 else f"{source.additions} times information added")
    if source.questions_open:
        found.append("Question unanswered" if source.questions_open == 1 else f"{source.questions_open} questions open")
    if source.restricted:
        found.append("Restricted")
    return found
