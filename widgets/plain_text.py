"""What people typed, shown exactly as typed: never read as Markdown, HTML or a link."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from widgets.words import visible

_SAID = "white-space: pre-wrap; overflow-wrap: anywhere; margin: 0"
_FIRST_PAIR = "display: flex; flex-wrap: wrap; gap: 0 1.25rem; padding: .4rem 0"
_PAIR = f"{_FIRST_PAIR}; border-top: 1px solid rgba(128, 128, 128, .3)"
_ASKED = "flex: 1 1 12rem; font-weight: 600"
_ANSWERED = f"flex: 3 1 18rem; {_SAID}"


def plain(text: str) -> None:
    """A text as it was typed, line breaks and all."""
    st.html(f'<p style="{_SAID}">{_safe(text)}</p>')


def described(pairs: Iterable[tuple[str, str]]) -> None:
    """A list of what was asked and what was answered."""
    rows = "".join(
        f'<div style="{_PAIR if number else _FIRST_PAIR}"><dt style="{_ASKED}">{_safe(asked)}</dt>'
        f'<dd style="{_ANSWERED}">{_safe(answered)}</dd></div>'
        for number, (asked, answered) in enumerate(pairs)
    )
    if rows:
        st.html(f'<dl style="margin: 0; padding: 0">{rows}</dl>')


def spot(name: str) -> None:
    """A place on the page that a link `#name` leads to."""
    st.html(f'<div id="{escape(name)}" style="scroll-margin-top: 5rem"></div>')


def linked(links: Iterable[tuple[str, str]]) -> None:
    """Sentences that each lead to a place on the page: (name of the place, sentence)."""
    items = "".join(
        f'<li><a href="#{escape(name)}" style="color: inherit">{_safe(sentence)}</a></li>' for name, sentence in links
    )
    st.html(f'<ul style="margin: 0 0 .5rem 1.2rem">{items}</ul>')


def _safe(text: str) -> str:
    # <bdi> keeps a right-to-left mark inside the text from turning the rest of the page around.
    shown = escape(visible(text.encode("utf-8", "replace").decode("utf-8")))
    return f"<bdi>{shown}</bdi>" if text else ""
