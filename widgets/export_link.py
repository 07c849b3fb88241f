"""A file to fetch: built when asked for, and fetched once by this session through the door's own route."""

from collections.abc import Callable

import streamlit as st

from actions import exports
from actions.work import Work
from widgets.at_work import at_work
from widgets.memory import memory


def export_button(label: str, name: str, kind: str, build: Callable[[Work], bytes]) -> None:
    """A button that builds a file with an action, and then the link to fetch it within a minute, once.

    `build` is called with the present person's work and records the export itself.
    """
    if st.button(label, key=f"export_{name}"):
        with at_work() as work:
            memory().export_links[name] = exports.offer(work, name, kind, build(work))
    link = memory().export_links.pop(name, "")
    if link:
        st.link_button(f"Fetch {name} (within a minute, once)", link)
