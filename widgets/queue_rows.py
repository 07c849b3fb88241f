"""The rows of the queue as one element: sixty messages a page of the list become one, and a click draws none anew."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

HERE = Path(__file__).resolve().parent
NAME = "desk.queue_rows"
KEY = "queue-rows"

_one_at_a_time = Lock()


def queue_rows_element(
    rows: Sequence[dict[str, Any]], chosen: Callable[[object], None], picked: Callable[[object], None]
) -> None:
    """Draw the rows; what is clicked on one of them is told as the browser sent it, and must be believed by nobody.

    A row holds `id`, `number`, `child`, `waits` (pairs of words and how heavy they are drawn), `facts` (words, one
    after another), `badges` (pairs of words and a colour), `acts` (the words of its menu) and `picked` (None where it
    cannot be picked).
    """
    _known_here()
    _element()(
        key=KEY,
        data={"rows": list(rows)},
        on_chosen_change=lambda: chosen(_told("chosen")),
        on_picked_change=lambda: picked(_told("picked")),
    )


def _known_here() -> None:
    """Make the element's files known to the server that runs this script, the first time that it is drawn there.

    Its script and style are files: the content policy lets no script run that was sent inline. Streamlit looks for
    such files in installed packages only, and the desk is run from its folder: the folder is named by hand.
    """
    manager = get_bidi_component_manager()
    with _one_at_a_time:
        if manager.get_component_asset_root(NAME) is None:
            package, element = NAME.split(".")
            manager.register_from_manifest(ComponentManifest(package, "1", [ComponentConfig(element, "assets")]), HERE)


@cache
def _element() -> ComponentRenderer:
    return st.components.v2.component(NAME, js="queue_rows.js", css="queue_rows.css", isolate_styles=False)


def _told(event: str) -> object:
    said = st.session_state.get(KEY)
    return said.get(event) if isinstance(said, dict) else None
