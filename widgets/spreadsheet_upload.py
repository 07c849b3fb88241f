"""Choosing a spreadsheet: its bytes are taken once, and the copy that Streamlit holds is removed at once."""

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from actions import hands
from actions.hands import Hands
from actions.work import SIGN_IN_AGAIN
from domain.refusals import Refused
from widgets.at_work import present_address, present_session
from widgets.memory import memory


def my_hands() -> Hands:
    """The hands of the present person, for work of several transactions."""
    session = present_session()
    if session is None:
        raise Refused(SIGN_IN_AGAIN)
    return hands.of_session(session, present_address())


def chosen_file() -> tuple[str, bytes] | None:
    """The file that was just chosen: its name and bytes, given once."""
    uploaded = st.file_uploader(
        "The list of your clients",
        # The ending only helps to find the file; what it is, is told by what it holds.
        type=["xlsx", "csv", "txt", "tsv"],
        key=f"spreadsheet-{memory().spreadsheets_chosen}",
        width=620,
    )
    st.caption("An Excel workbook (.xlsx) or a CSV file of at most 20,000 lines.")
    if uploaded is None:
        return None
    name, content = uploaded.name, uploaded.getvalue()
    _forget(uploaded.file_id)
    # Another key draws an empty box next time.
    memory().spreadsheets_chosen += 1
    return name, content


def _forget(file_id: str) -> None:
    context = get_script_run_ctx()
    # Its protocol names only the end of a session, which is hours away.
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file_id)
