"""What a browser says over Streamlit's WebSocket, and which of it the desk has business with."""

from dataclasses import dataclass
from typing import Any

from google.protobuf.message import DecodeError

FOR_EVERYBODY = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
FOR_PEOPLE = FOR_EVERYBODY | {"file_urls_request", "backend_operation_request"}
"""clear_cache would empty everybody's cache; set_run_on_save, load_git_info and the debug frames serve nobody here."""
OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})
LARGEST_FROM_STRANGERS = 64 * 1024


@dataclass(frozen=True)
class Frame:
    """One frame as far as the guard needs it."""

    kind: str
    operation: str
    automatic: bool
    query: str
    page: str

    def welcome(self, *, signed_in: bool) -> bool:
        """Whether this visitor has any business to send it."""
        if self.kind == "backend_operation_request" and self.operation not in OPERATIONS:
            return False
        return self.kind in (FOR_PEOPLE if signed_in else FOR_EVERYBODY)


class Frames:
    """Reads and writes frames; the door hands in Streamlit's message class, which web does not import."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def read(self, sent: bytes) -> Frame | None:
        """The frame, or None for what is none."""
        message = self.message()
        try:
            message.ParseFromString(sent)
        except DecodeError:
            return None
        rerun = message.rerun_script
        return Frame(
            kind=message.WhichOneof("type") or "",
            operation=message.backend_operation_request.WhichOneof("payload") or "",
            automatic=bool(rerun.is_auto_rerun),
            query=rerun.query_string,
            page=rerun.page_script_hash,
        )

    def bare_rerun(self, query: str, page: str) -> bytes:
        """A frame that only asks for the page again: no widget, no fragment, no click."""
        message = self.message()
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = page
        written: bytes = message.SerializeToString()
        return written
