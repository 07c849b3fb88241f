"""What every dialog of the desk shares: it stays open until it is done or left, and keeps what was typed."""

from collections.abc import Callable
from datetime import date
from typing import Any, Never, Protocol
from uuid import UUID

import streamlit as st

from actions import unsent
from actions.work import Work
from domain.referrals import Decided
from domain.refusals import Refused
from widgets.at_work import at_work, reading, trying
from widgets.memory import memory
from widgets.words import clock

CHANGES = "changes"
"""The name under which a correction is kept, whose boxes are a form's own."""


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
    memory().queue.open(name, subject.id, subject.version)


def as_seen(subject: Subject) -> int:
    """The version that the person saw when the dialog opened, though the page behind it may be drawn anew."""
    tab = memory().queue
    tab.version = tab.version or subject.version
    return tab.version


def close_dialog() -> None:
    """Leave the dialog; what was typed in it is kept."""
    _keep()
    memory().queue.close()


def forget_typed(subject: Subject) -> None:
    """Remove what is kept of the open dialog: it goes on as something else, or is not wanted."""
    with at_work() as work:
        unsent.forget(work, subject.id, memory().queue.dialog)


def box(subject: Subject, name: str) -> str:
    """The key of a widget in the open dialog."""
    return f"{memory().queue.dialog}-{name}-{subject.id}"


def begin(subject: Subject, **read: Callable[[Any], Any]) -> None:
    """The top of every dialog: why it could not be done, and what this person typed here before, back in its boxes.

    `read` turns what was kept of a box into what its widget holds, by the name of the box.
    """
    tab = memory().queue
    if tab.refused:
        st.error(tab.refused, icon=":material/block:")
    if tab.laid is None:
        _lay(subject, read)
    if tab.since:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"You typed this on {clock().stamp(tab.since)} and did not send it.", width="stretch")
            afresh = st.button("Start afresh", type="tertiary", key=box(subject, "afresh"))
        if afresh:
            _start_afresh(subject)


def buttons(subject: Subject, verb: str) -> bool:
    """The button that does it, and the one that leaves; whether it is to be done. What was typed so far is kept."""
    as_seen(subject)
    _keep()
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
            if tab.about is not None:
                unsent.forget(work, tab.about, tab.dialog)
    except Refused as refusal:
        refuse(refusal.message)
    if tab.about is not None:
        # One's own change is no news.
        tab.seen.pop(tab.about, None)
    tab.close()
    tab.decided = decided or tab.decided
    if told:
        memory().news.append(told)
    st.rerun()


def _lay(subject: Subject, read: dict[str, Callable[[Any], Any]]) -> None:
    """Put what was kept into the boxes, over the version that it was typed at."""
    tab = memory().queue
    with reading() as work:
        found = unsent.kept(work, subject.id, tab.dialog)
    tab.laid, tab.since = (dict(found.typed), found.saved_at) if found else ({}, None)
    if found is None:
        return
    tab.version = found.version
    tab.correction = dict(found.typed.get(CHANGES, {}))
    for name, value in found.typed.items():
        if name != CHANGES and box(subject, name) not in st.session_state:
            st.session_state[box(subject, name)] = read.get(name, _as_it_is)(value)


def _keep() -> None:
    """Keep what stands in the boxes of the open dialog, where it is not kept yet."""
    tab = memory().queue
    if tab.about is None or _typed() == (tab.laid or {}):
        return
    try:
        with trying() as work:
            unsent.keep(work, tab.about, tab.dialog, _typed(), tab.version)
        tab.laid = _typed()
    except Refused as refusal:
        # Said here, and no more: the boxes and buttons stay, so that the person can shorten or copy the text.
        st.error(refusal.message, icon=":material/block:")


def _typed() -> dict[str, Any]:
    """What stands in the boxes of the open dialog, by name; empty ones and its buttons left out."""
    tab = memory().queue
    start, end = f"{tab.dialog}-", f"-{tab.about}"
    boxes = {
        str(key)[len(start) : -len(end)]: value
        for key, value in st.session_state.items()
        if str(key).startswith(start) and str(key).endswith(end)
    }
    typed = {name: _plain(value) for name, value in boxes.items() if isinstance(value, str | date | list) and value}
    return typed | ({CHANGES: dict(tab.correction)} if tab.correction else {})


def _start_afresh(subject: Subject) -> None:
    forget_typed(subject)
    for name in _typed():
        st.session_state.pop(box(subject, name), None)
    open_about(memory().queue.dialog, subject)
    st.rerun()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _as_it_is(value: Any) -> Any:
    return value
