"""Through the door and out again: the browser asks the door's own routes for its cookie, then loads the page anew."""

from html import escape
from typing import Never

import streamlit as st

from widgets.translated import in_words


def begin_session(ticket: str) -> Never:
    """Let the browser change its ticket for a session, and come back to the address it asked for."""
    _go(f'data-to="/session/start" data-ticket="{escape(ticket)}"')


def end_session() -> Never:
    """Let the browser forget its cookie, and go to the start."""
    _go('data-to="/session/end" data-then="/"')


def come_back_here() -> None:
    """Let this tab remember the address at which the provider's button is pressed: the provider leads to the start."""
    st.html('<script src="/assets/back.js"></script>', unsafe_allow_javascript=True)


def _go(what: str) -> Never:
    # Only our own constants and a random ticket stand in this piece of page; the script is a file of ours.
    st.html(f'<div id="desk-go" {what}></div><script src="/assets/go.js"></script>', unsafe_allow_javascript=True)
    st.caption(in_words("One moment …"))
    st.stop()
