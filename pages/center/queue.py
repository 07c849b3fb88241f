"""The referral queue: what waits for the center, what to do with each, and picking doubles to merge."""

from collections.abc import Sequence
from functools import cache

import streamlit as st

from actions.center import queue
from domain.referrals import QueueChoices, QueueRow
from widgets.at_work import reading
from widgets.decision_bar import after_decision
from widgets.decision_dialogs import open_dialog
from widgets.dialog import open_about
from widgets.queue_list import (
    ACTS,
    DELETE,
    IMPORT,
    LIST,
    PICKED,
    REJECT,
    REOPEN,
    RESTORE,
    Chosen,
    chosen_row,
    empty_words,
    merge_picked,
    queue_filters,
    queue_pages,
    queue_rows,
    queue_views,
    wanted_filter,
)
from widgets.ways import to_import, to_merge, to_referral
from widgets.words import clock

DIALOGS = {DELETE: "delete", RESTORE: "restore", REOPEN: "reopen"}


def do(chosen: Chosen) -> None:
    """What was chosen on a row: a screen of its own, or a dialog here."""
    if chosen.what == IMPORT:
        to_import(chosen.row.id)
    if chosen.what in DIALOGS:
        open_about(DIALOGS[chosen.what], chosen.row)
    else:
        to_referral(chosen.row.id, "return" if chosen.what == REJECT else "")


@cache
def choices() -> QueueChoices:
    """What the filters offer, read once a run and only when it is shown."""
    with reading() as work:
        return queue.choices(work)


@st.fragment(key=PICKED)
def picked() -> None:
    """What was picked to merge; a tick on a row draws only this anew."""
    ids = merge_picked()
    if ids:
        to_merge(ids)


@st.fragment(key=ACTS)
def acts(rows: Sequence[QueueRow]) -> None:
    """What answers a click on a row, without drawing the rows again."""
    chosen = chosen_row(rows)
    if chosen:
        do(chosen)
    open_dialog(rows)


@st.fragment(key=LIST)
def waiting() -> None:
    """The list itself: filters and rows are drawn anew without the rest of the page."""
    wanted, now = wanted_filter(), clock()
    with reading() as work:
        page = queue.queue(work, wanted)
    queue_views(page.counts, wanted)
    queue_filters(choices, wanted, now.today)
    picked()
    queue_rows(page, now)
    why_empty = empty_words(wanted, page)
    if why_empty:
        st.info(why_empty, icon=":material/inbox:")
    queue_pages(page)
    acts(page.rows)


st.title("Referral queue", anchor=False)
after_decision()
waiting()
