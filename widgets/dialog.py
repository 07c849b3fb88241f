"""What every dialog of the desk shares: it stays open until it is done or left, and keeps what was typed."""

from collections.abc import Callable
from secrets import token_hex
from typing import Never, Protocol
from uuid import UUID

import streamlit as st

from actions.work import Work
from domain.referrals import Decided
from domain.refusals import Refused
from widgets.at_work import trying
from widgets.memory import memory


class Subject(Protocol):
    """The referral that a dialog is about, as the person sees it: a row of the queue or the whole view."""

    @property
    def id(self) -> UUID: ...
    @property
    def number(self) -> str: ...
    @property
    def version(self) -> int: ...


def open_about(name: str, subject: Subject) -> None:
    """Open a dialog about a referral; it is drawn by the page."""
    tab = memory().queue
    tab.dialog, tab.about, tab.refused, tab.key = name, subject.id, "", token_hex(16)
    tab.correction, tab.version = {}, subject.version


def as_seen(subject: Subject) -> int:
    """The version that the person saw when the dialog opened, though the page behind it may be drawn anew."""
    tab = memory().queue
    tab.version = tab.version or subject.version
    return tab.version


def typed_so_far(subject: Subject) -> str:
    """The comment, question or note that stands in the open dialog."""
    return str(st.session_state.get(box(subject, "comment")) or "").strip()


def close_dialog() -> None:
    """Leave the dialog."""
    tab = memory().queue
    tab.dialog, tab.about, tab.refused, tab.correction, tab.version = "", None, "", {}, 0


def box(subject: Subject, name: str) -> str:
    """The key of a widget in the open dialog."""
    return f"{memory().queue.dialog}-{name}-{subject.id}"


def refusal_in_dialog() -> None:
    """Why it could not be done, at the top of the dialog."""
    if memory().queue.refused:
        st.error(memory().queue.refused, icon=":material/block:")


def buttons(subject: Subject, verb: str) -> bool:
    """The button that does it, and the one that leaves; whether it is to be done."""
    with st.container(horizontal=True):
        do_it = st.button(verb, type="primary", key=box(subject, "do"))
        leave = st.button("Cancel", key=box(subject, "cancel"))
    if leave:
        close_dialog()
        st.rerun()
    return do_it


def refuse(sentence: str) -> Never:
    """Say in the dialog why it was not done; all that was typed stays."""
    tab = memory().queue
    # The sentence tells what happened in between: pressing again acts on the referral as it is now.
    tab.refused, tab.version = sentence, 0
    st.rerun()


def decide(act: Callable[[Work], Decided | None], told: str = "") -> None:
    """Do what the dialog is for and close it; a refusal is said in the dialog, over the page as it is now."""
    tab = memory().queue
    try:
        with trying() as work:
            decided = act(work)
    except Refused as refusal:
        refuse(refusal.message)
    if tab.about is not None:
        # One's own change is no news.
        tab.seen.pop(tab.about, None)
    close_dialog()
    tab.decided = decided or tab.decided
    if told:
        memory().news.append(told)
    st.rerun()
