"""The pages that a person may turn to, put together once for each kind of person and copied for each run."""

from collections.abc import Callable
from copy import copy
from threading import Lock

from streamlit.navigation.page import StreamlitPage

_kept: dict[object, tuple[StreamlitPage, ...]] = {}
_one_at_a_time = Lock()


def pages_like(kind: object, made: Callable[[], list[StreamlitPage]]) -> list[StreamlitPage]:
    """The pages for this kind of person, of which every run gets its own: Streamlit notes in a page that it was run.

    `kind` is all that the pages depend on, and nothing of a person. Making thirty pages asks the disk three hundred
    times whether their files are there.
    """
    with _one_at_a_time:
        if kind not in _kept:
            _kept[kind] = tuple(made())
        return [copy(page) for page in _kept[kind]]
