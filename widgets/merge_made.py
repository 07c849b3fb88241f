"""A merge that was made: who decided it, what differed, what came in since, and the way back."""

from collections.abc import Iterator

import streamlit as st

from domain import fields
from domain.merging import Chosen, MergeMade
from widgets.dialog import open_about
from widgets.merge_dialogs import Result
from widgets.merge_sources import listed_numbers, source_cards
from widgets.plain_text import described, plain
from widgets.ways import to_referral
from widgets.words import Clock, safe


def merge_made(made: MergeMade, clock: Clock) -> None:
    """Draw the decision and do what is chosen on it."""
    _standing(made, clock)
    with st.container(horizontal=True):
        opened = st.button(f"Open {made.result}", type="primary", icon=":material/description:", key="made-open")
        undo = made.may_undo and st.button("Undo this merge", icon=":material/undo:", key="made-undo")
    if made.why_not and made.undone_at is None:
        st.caption(safe(made.why_not))
    st.header("Where it comes from", anchor=False)
    source_cards(made.sources, clock)
    _additions(made, clock)
    _differences(made)
    if opened:
        to_referral(made.result_id)
    if undo:
        open_about("undo_merge", Result(made.result_id, made.result, made.result_version))
        st.rerun()


def _standing(made: MergeMade, clock: Clock) -> None:
    if made.undone_at is not None:
        st.info(
            f"This merge was undone by {safe(made.undone_by)}, {clock.ago(made.undone_at)}. "
            f"{listed_numbers(made.sources)} are again what they were. Reason: {safe(made.undone_reason)}",
            icon=":material/undo:",
        )
    st.markdown(
        f"{listed_numbers(made.sources)} became **{made.result}**. "
        f"Decided by {safe(made.by)}, {clock.stamp(made.at)}. Reason: {safe(made.reason)}"
    )


def _additions(made: MergeMade, clock: Clock) -> None:
    if not made.added_since:
        return
    st.header("Added by an agency since the merge", anchor=False)
    for added in made.added_since:
        with st.container(border=True):
            st.markdown(f"**{added.number}** · {safe(added.by)}, {clock.stamp(added.at)}")
            plain(added.text)
    st.caption("To take something over into the result, open it and correct the answer. The words of the agency stay.")


def _differences(made: MergeMade) -> None:
    st.header("What differed", anchor=False)
    if not made.chosen:
        st.markdown("They said the same everywhere.")
    described((_asked(chosen), "\n".join(_said(chosen))) for chosen in made.chosen)


def _asked(chosen: Chosen) -> str:
    return f"{chosen.label} ({chosen.person})" if chosen.person else chosen.label


def _said(chosen: Chosen) -> Iterator[str]:
    field = fields.FIELD.get(chosen.field)
    for who, value in chosen.said:
        whole = [value] if field and (field.many or field.kind is fields.Kind.MULTI) else value
        yield f"{who}: {fields.say(field, whole) if field else value}"
    kept = fields.say(field, chosen.value) if field else str(chosen.value)
    yield f"In the result: {kept} ({'chosen by hand' if chosen.by_hand else chosen.why})"
