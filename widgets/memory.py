"""What one browser tab remembers between reruns: one dataclass, one accessor, no loose keys."""

from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import streamlit as st

from widgets.queue_memory import QueueMemory

KEY = "memory"


@dataclass
class Memory:
    """A tab's memory. Records are never kept here, only ids, versions and what to say next."""

    session_id: UUID | None = None
    """Whose memory this is: another session's is thrown away."""
    news: list[str] = field(default_factory=list)
    """Sentences to show once, as toasts."""
    refusal: str = ""
    """The sentence to show once, at the page's one place for refusals."""
    half_open: str = ""
    """The token that carries a half-open sign-in on."""
    half_open_kind: str = ""
    ticket: str = ""
    """A sign-in to be redeemed once the person has kept their recovery codes."""
    outside_tried: bool = False
    """Whether this tab has already asked what the identity provider's proof is worth."""
    outside_refusal: str = ""
    recovery_codes: list[str] = field(default_factory=list)
    """Shown once, then forgotten."""
    handed_code: str = ""
    """A one-time code that an administrator is about to hand over; shown once."""
    made: int = 0
    """How many users and agencies were made in this tab: the next form is a fresh one."""
    first_screen: str = ""
    """The file of the first screen in this person's menu."""
    language: str = ""
    """"en" or "es", once chosen or read from the account."""
    more_details: set[str] = field(default_factory=set)
    """Drafts whose further questions stand open."""
    added_people: dict[str, list[str]] = field(default_factory=dict)
    """Rows of a group that were opened and have no answer yet, by draft and group."""
    queue: QueueMemory = field(default_factory=QueueMemory)
    """Where this person is in the queue, and what they just decided."""
    export_links: dict[str, str] = field(default_factory=dict)
    """Files just built, by name; each link works once."""
    all_tables_open: bool = False
    """Whether the long tables of the numbers stand open, to be read or printed in full."""
    spreadsheets_chosen: int = 0
    """How many spreadsheets were chosen: each gets a box of its own, so that none is kept in one."""
    columns_again: UUID | None = None
    """The spreadsheet whose columns are to be chosen anew."""
    merges_begun: dict[str, Any] = field(default_factory=dict)
    """What was kept of a begun merge when this tab first drew it, by the merge's key."""
    merges_kept: dict[str, Any] = field(default_factory=dict)
    """What is kept of it by now."""
    one_use_keys: dict[str, str] = field(default_factory=dict)
    """A key per drawn form, so that a second click is the same act."""


def memory() -> Memory:
    """This tab's memory."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Memory()
    return cast(Memory, st.session_state[KEY])


def forget_everything() -> Memory:
    """Empty this tab: typed text, chosen rows and memory of whoever was here before."""
    state: dict[Any, Any] = cast(dict[Any, Any], st.session_state)
    for key in list(state):
        del state[key]
    return memory()
