"""Files of clients: the steps on the way in, the list of files, what a checked or a loaded one comes to."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from domain.spreadsheet.batches import BatchLine, BatchView
from domain.spreadsheet.fates import BatchStatus, Counts
from widgets.words import Clock, safe

STEPS = ("Choose the file", "Say what the columns are", "Look at every line", "Load")
STANDS = {
    BatchStatus.READ: "waits for its columns",
    BatchStatus.CHECKING: "is being checked",
    BatchStatus.CHECKED: "waits to be loaded",
    BatchStatus.LOADED: "loaded",
    BatchStatus.UNDONE: "taken back",
    BatchStatus.DROPPED: "thrown away",
}


def file_steps(now: int) -> None:
    """The four steps, with the one that is on."""
    # With the backslash: a line that begins with a number would become a list.
    steps = [f"{place}\\. {step}" for place, step in enumerate(STEPS, 1)]
    st.markdown(" › ".join(f"**{step}**" if place == now else step for place, step in enumerate(steps, 1)))


def file_list(files: Sequence[BatchLine], clock: Clock) -> UUID | None:
    """The files that are on their way in or were loaded; the one to open."""
    st.header("Files so far", anchor=False, divider="gray")
    if not files:
        st.caption("No file was chosen yet. Yours appear here with what became of them, and can be taken back here.")
    chosen: UUID | None = None
    for file in files:
        with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"file-{file.id}"):
            st.markdown(f"**{safe(file.file_name)}**  \n:small[{_told(file, clock)}]", width="stretch")
            # Two files may be called the same: the time tells their buttons apart for a screen reader.
            label = f"Open {safe(file.file_name)}, {clock.stamp(file.at)}"
            if st.button("Open", key=f"open-{file.id}", help=label):
                chosen = file.id
    return chosen


def summary(view: BatchView) -> str:
    """What loading would do, in one sentence, and the ways on; the one that was pressed."""
    counts = view.counts
    st.subheader(_sentence(counts), anchor=False)
    st.caption(_rest(counts))
    pressed = ""
    with st.container(horizontal=True):
        label = f"Load {counts.new:,} new client{'' if counts.new == 1 else 's'}"
        if st.button(
            label,
            type="primary",
            icon=":material/upload:",
            key="load",
            disabled=not counts.new or bool(counts.to_decide),
            help="All of them at once, or none. The whole file can be taken back while nobody has worked on a client.",
        ):
            pressed = "load"
        if st.button("Change the columns", icon=":material/view_column:", key="columns"):
            pressed = "columns"
        if st.button("Check again", icon=":material/refresh:", key="check-again"):
            pressed = "check"
        if counts.to_decide and st.button("Leave out what waits", icon=":material/playlist_remove:", key="leave-out"):
            pressed = "leave_out"
    if counts.to_decide:
        st.info(
            f"{_lines(counts.to_decide)} for your decision before anything can be loaded.",
            icon=":material/front_hand:",
        )
    return pressed


def loaded_summary(view: BatchView, clock: Clock) -> str | None:
    """What was loaded; a reason once the file is to be taken back."""
    file = view.line
    if file.status is BatchStatus.UNDONE:
        when = clock.stamp(file.undone_at) if file.undone_at else ""
        its_clients = "Its client is" if file.loaded == 1 else f"Its {file.loaded:,} clients are"
        st.warning(
            f"Taken back by {safe(file.undone_by)}, {when}. {its_clients} in no list and no search. "
            f"Reason: {safe(file.undo_reason)}",
            icon=":material/undo:",
        )
        return None
    when = clock.stamp(file.loaded_at) if file.loaded_at else ""
    first_to_last = file.first_number if file.loaded == 1 else f"{file.first_number} to {file.last_number}"
    st.success(
        f"{file.loaded:,} new client{'' if file.loaded == 1 else 's'} loaded by {safe(file.loaded_by)}, {when}: "
        f"{first_to_last}.",
        icon=":material/check_circle:",
    )
    # With a key it stays open under a refusal that appears above it.
    with st.expander("Take this file back", icon=":material/undo:", key=f"take-back-{file.id}", on_change="rerun"):
        st.markdown(
            "All clients of this file leave the lists and the search together. This goes as long as nobody has "
            "worked on any of them."
        )
        reason = st.text_input("Why is the file taken back?", key=f"undo-{file.id}", width=520)
        if st.button("Take it back" if file.loaded == 1 else f"Take back all {file.loaded:,}", key="undo"):
            return reason
    return None


def lines_said(count: int) -> str:
    """ "1 line" or "5,000 lines"."""
    return "1 line" if count == 1 else f"{count:,} lines"


def _told(file: BatchLine, clock: Clock) -> str:
    told = f"{lines_said(file.rows)} · {STANDS[file.status]}"
    if file.status is BatchStatus.LOADED:
        told = f"{file.loaded:,} of {lines_said(file.rows)} loaded"
    if file.status is BatchStatus.UNDONE:
        told = f"{file.loaded:,} client{'' if file.loaded == 1 else 's'} taken back"
    return f"{told} · {safe(file.by)}, {clock.stamp(file.loaded_at or file.at)}"


def _sentence(counts: Counts) -> str:
    if not counts.new:
        return "No new client would be loaded."
    return f"{counts.new:,} new client{'' if counts.new == 1 else 's'} would be loaded."


def _rest(counts: Counts) -> str:
    same = counts.same_on_file + counts.same_earlier
    parts = ["1 line was checked" if counts.all == 1 else f"{counts.all:,} lines were checked"]
    if same:
        told = "1 is about a child who is" if same == 1 else f"{same:,} are about children who are"
        parts.append(f"{told} there already, and nothing changes")
    parts += [f"{counts.refused:,} cannot be loaded"] if counts.refused else []
    parts += [f"{counts.left_out:,} {'is' if counts.left_out == 1 else 'are'} left out"] if counts.left_out else []
    return "; ".join(parts) + ". Nothing is on file yet."


def _lines(count: int) -> str:
    return "1 line waits" if count == 1 else f"{count:,} lines wait"
