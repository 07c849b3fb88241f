"""Load clients from a spreadsheet: choose the file, say what its columns are, look at every line, load, take back."""

from uuid import UUID

import streamlit as st

from actions import unsent
from actions.center import client_batches, client_loading, client_spreadsheets
from domain.refusals import Refused
from domain.spreadsheet.batches import BatchView
from domain.spreadsheet.columns import Choices
from domain.spreadsheet.fates import BatchStatus
from widgets.at_work import at_work, reading, refused_here
from widgets.memory import memory
from widgets.spreadsheet_columns import column_choices, first_line_choice, names_shown, questions
from widgets.spreadsheet_files import file_list, file_steps, lines_said, loaded_summary, summary
from widgets.spreadsheet_lines import fate_choice, lines_page, page_turned
from widgets.spreadsheet_upload import chosen_file, my_hands
from widgets.ways import CLIENTS, LOAD_CLIENTS, id_in_address, to_client, to_file
from widgets.words import clock, safe

COLUMNS = "columns"
"""Under which the half-done choice of columns is kept."""


def choose_a_file() -> UUID | None:
    """The first step, and the files that were chosen before; the one to go on with."""
    file_steps(1)
    st.markdown(
        "Choose the list of the clients you have now. Nothing is on file before you have looked at every line and "
        "pressed **Load**; and a whole file can be taken back."
    )
    opened: UUID | None = None
    chosen = chosen_file()
    if chosen:
        try:
            with st.spinner("Reading the file …", show_time=True):
                opened = client_spreadsheets.begin(my_hands(), *chosen)
        except Refused as refusal:
            refused_here(refusal)
    with reading() as work:
        files = client_batches.files(work)
    return file_list(files, clock()) or opened


def say_the_columns(view: BatchView) -> None:
    """The second step."""
    batch = view.line.id
    file_steps(2)
    if view.loaded_before:
        st.warning(view.loaded_before, icon=":material/content_copy:")
    with reading() as work:
        kept = unsent.kept(work, batch, COLUMNS)
        start = Choices.from_text(kept.typed["choices"]) if kept else None
        found = client_spreadsheets.mapping(work, batch, start)
    if found.remembered and start is None:
        st.info(f"The columns are set as {found.remembered} set them for a list with the same names of columns.")
    st.caption("Set each column to what it holds. A column that is not loaded stays in your file only.")
    choices = column_choices(batch, found)
    choices = first_line_choice(batch, choices, view.about.header)
    if choices != found.choices:
        with reading() as work:
            found = client_spreadsheets.mapping(work, batch, choices)
    answered = questions(batch, found, found.choices)
    names_shown(found.names)
    if start is None or answered != start:
        with at_work() as work:
            unsent.keep(work, batch, COLUMNS, {"choices": answered.to_text()})
    if st.button("Check every line", type="primary", icon=":material/fact_check:", key="check"):
        with at_work() as work:
            client_spreadsheets.choose(work, batch, answered)
        memory().columns_again = None
        st.rerun()


def check_every_line(view: BatchView) -> None:
    """The third step begins: a bar, and the search for every line."""
    file_steps(3)
    total = view.counts.all
    bar = st.progress(view.checked / max(total, 1), text="Searching the clients on file for every line …")
    st.caption("You may leave this page: the check goes on where it stood when you come back. Nothing is loaded by it.")
    for _ in range(2 * len(view.about.header) + 40):
        # The columns of the step before would stay on the screen, greyed, until the whole check is done.
        st.empty()

    def told(done: int, of: int) -> None:
        bar.progress(done / max(of, 1), text=f"Line {done:,} of {of:,}")

    try:
        client_spreadsheets.check(my_hands(), view.line.id, told)
    except Refused as refusal:
        # Drawing the page anew would begin the check anew, and be refused again.
        st.error(safe(refusal.message), icon=":material/block:")
        st.button("Go on with the check", key="go-on")
        return
    st.rerun()


def look_at_every_line(view: BatchView) -> None:
    """The third and fourth step: what becomes of every line, decisions, loading."""
    batch = view.line.id
    file_steps(3)
    if view.loaded_before:
        st.warning(view.loaded_before, icon=":material/content_copy:")
    pressed = summary(view)
    show_lines(view)
    if pressed == "load":
        try:
            with st.spinner("Loading the clients …", show_time=True):
                loaded = client_loading.load(my_hands(), batch)
            memory().news.append(
                "1 client was loaded." if loaded.count == 1 else f"{loaded.count:,} clients were loaded."
            )
        except Refused as refusal:
            refused_here(refusal)
        st.rerun()
    if pressed == "columns":
        memory().columns_again = batch
        st.rerun()
    if pressed == "check":
        with at_work() as work:
            client_spreadsheets.check_again(work, batch)
        st.rerun()
    if pressed == "leave_out":
        with at_work("The undecided lines are left out, with the lines that repeat them.") as work:
            client_batches.leave_out_undecided(work, batch)
        st.rerun()


def show_lines(view: BatchView) -> None:
    """The lines of one fate, and the decision about one of them."""
    batch, open_ = view.line.id, view.line.status.open
    fate = fate_choice(batch, view.counts, view.asked if open_ else 0)
    with reading() as work:
        page = client_batches.lines(work, batch, fate, page_turned(batch, fate))
    said, client = lines_page(batch, fate, page, open_=open_)
    if client:
        to_client(client)
    if said:
        with at_work() as work:
            client_batches.decide(work, batch, *said)
        st.rerun()


def show_a_loaded_file(view: BatchView) -> None:
    """The last step: what was loaded, and taking it back."""
    file_steps(4)
    reason = loaded_summary(view, clock())
    show_lines(view)
    if reason is not None:
        with at_work("The file was taken back: its clients are no longer on file.") as work:
            client_loading.undo(work, view.line.id, reason)
        st.rerun()


def mending(view: BatchView) -> None:
    """The lines that were not loaded, as a file."""
    waiting = view.counts.refused + view.counts.left_out + view.counts.to_decide
    if not waiting:
        return
    what = "line" if waiting == 1 else lines_said(waiting)
    if st.button(f"Get the {what} to mend (CSV)", icon=":material/download:", key="mend"):
        with at_work() as work:
            memory().export_links["lines-to-mend.csv"] = client_batches.offer_mending_file(work, view.line.id)
    link = memory().export_links.pop("lines-to-mend.csv", "")
    if link:
        st.link_button("Fetch lines-to-mend.csv (within a minute, once)", link)


batch_id = id_in_address("b")
if st.button("All files" if batch_id else "All clients", icon=":material/arrow_back:", type="tertiary", key="back"):
    st.switch_page(LOAD_CLIENTS if batch_id else CLIENTS)
st.title("Load clients from a spreadsheet", anchor=False)
if batch_id is None:
    opened = choose_a_file()
    if opened:
        to_file(opened)
else:
    with reading() as work:
        view = client_batches.read(work, batch_id)
    st.caption(f"{safe(view.line.file_name)} · {lines_said(view.line.rows)} · {safe(view.about.told)}")
    again = memory().columns_again == view.line.id
    if view.line.status is BatchStatus.READ or (view.line.status.open and again):
        say_the_columns(view)
    elif view.line.status is BatchStatus.CHECKING:
        check_every_line(view)
    elif view.line.status is BatchStatus.CHECKED:
        look_at_every_line(view)
    else:
        show_a_loaded_file(view)
    mending(view)
    if view.line.status.open and st.button("Throw this file away", icon=":material/delete:", key="drop"):
        with at_work("The file was thrown away. Nothing of it was loaded.") as work:
            client_batches.drop(work, view.line.id)
        st.switch_page(LOAD_CLIENTS)
