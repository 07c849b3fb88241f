"""From a page to the actions: one block of work as the person of the present session."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from actions.work import SIGN_IN_AGAIN, Work, looking, working
from domain.refusals import Refused
from widgets.memory import memory
from widgets.translated import in_words
from widgets.words import safe

EFFECT = re.compile(r"[\[\]<>`*_~$\\]|:[a-z]|://")
"""What Markdown would act on."""


def present_session() -> UUID | None:
    """The session of this browser, as the guard at the door read it from its cookie; None for a stranger."""
    named = _told_by_the_guard().get("session")
    return UUID(str(named)) if named else None


def present_address() -> str:
    """Where this browser is, as the guard saw it."""
    return str(_told_by_the_guard().get("address") or "")


@contextmanager
def at_work(done: str = "") -> Iterator[Work]:
    """Do one thing as the present person: saved whole at the end of the block, or not at all.

    `done` is the sentence that a toast says once it is saved. A Refused raised inside becomes the sentence at
    the page's one place, and the page is drawn anew. Leave the page (st.switch_page, st.rerun) after the
    block, never in it: it would take the saving back.
    """
    try:
        with working(_session(), present_address()) as work:
            yield work
    except Refused as refusal:
        _say_no(refusal)
    if done:
        memory().news.append(done)


@contextmanager
def reading() -> Iterator[Work]:
    """Read lists and counts as the present person; nothing is saved, so opening a record needs `at_work`."""
    try:
        with looking(_session()) as work:
            yield work
    except Refused as refusal:
        _say_no_and_stop(refusal)


@contextmanager
def opening() -> Iterator[Work]:
    """Open one record as the present person; the look is kept in the trail. A refusal takes the record's place."""
    try:
        with working(_session(), present_address()) as work:
            yield work
    except Refused as refusal:
        _say_no_and_stop(refusal)


@contextmanager
def trying() -> Iterator[Work]:
    """Do one thing as the present person; a Refused goes up to whoever can offer a way on, such as a dialog."""
    with working(_session(), present_address()) as work:
        yield work


def refusal_place() -> None:
    """The page's one place for a refusal; pages/menu.py draws it above every page."""
    sentence, memory().refusal = memory().refusal, ""
    if sentence:
        st.error(_plain(sentence), icon=":material/block:")


def news_place() -> None:
    """What was done, told once; pages/menu.py draws it."""
    told, memory().news = memory().news, []
    for sentence in told:
        st.toast(_plain(sentence), icon=":material/check_circle:")


def refused_here(refusal: Refused) -> None:
    """Say a refusal that a page caught itself, at the one place."""
    _say_no(refusal)


def _told_by_the_guard() -> Mapping[str, Any]:
    # What st.user says, without its asking each time whether there is a file of secrets: a page asks six times.
    context = get_script_run_ctx()
    return context.user_info if context else {}


def _session() -> UUID:
    session = present_session()
    if session is None:
        raise Refused(SIGN_IN_AGAIN)
    return session


def _say_no(refusal: Refused) -> None:
    if _in_fragment():
        # A dialog or fragment keeps what was typed: say it there and stop only there.
        _say_no_and_stop(refusal)
    memory().refusal = refusal.message
    st.rerun()


def _say_no_and_stop(refusal: Refused) -> None:
    # Reading again would refuse again: the sentence takes the place of what cannot be shown.
    st.error(_plain(refusal.message), icon=":material/block:")
    st.stop()


def _in_fragment() -> bool:
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def _plain(sentence: str) -> str:
    # A sentence may name a person, and a name may look like Markdown: it is shown letter for letter.
    words = in_words(sentence)
    return safe(words) if EFFECT.search(words) else words
