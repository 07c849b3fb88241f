"""A box on a page for words of one's own: kept when it is left, and there again after a reload or a new sign-in."""

from uuid import UUID

import streamlit as st

from actions import unsent
from widgets.at_work import at_work, reading


def kept_text(label: str, record_id: UUID, name: str) -> str:
    """Draw the box; what stands in it. Whoever sends it calls actions.unsent.forget in the same piece of work."""
    key = f"{name}-{record_id.hex}"
    if key not in st.session_state:
        with reading() as work:
            found = unsent.kept(work, record_id, name)
        st.session_state[key] = found.typed.get("text", "") if found else ""
    return st.text_area(label, key=key, on_change=_keep, args=(record_id, name, key)) or ""


def _keep(record_id: UUID, name: str, key: str) -> None:
    text = st.session_state.get(key)
    with at_work() as work:
        unsent.keep(work, record_id, name, {"text": text} if text else {})
