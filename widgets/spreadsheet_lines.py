"""The lines of a spreadsheet with what becomes of each: counts, a page of them, one decision a line."""

from uuid import UUID

import streamlit as st

from domain.spreadsheet.batches import LinesPage, LineView
from domain.spreadsheet.fates import SHORTEST_REASON, WHY_ANOTHER, Counts, Decision, Fate, Found
from widgets.words import safe

EXPLAINED = {
    Fate.NEW: "Loading makes a client of each of these lines.",
    Fate.SAME_ON_FILE: "These children are on file already. Their files stay exactly as they are: nothing is added, "
    "nothing is written over.",
    Fate.SAME_EARLIER: "These lines are about a child of an earlier line. One client is made, of the earlier line.",
    Fate.TO_DECIDE: "Somebody who is likely the same child was found for each of these lines. Say what each one is.",
    Fate.REFUSED: "These lines cannot be loaded as they are. Get them as a file, mend them there, and load that file.",
    Fate.LEFT_OUT: "You left these lines out. They are in the file of lines to mend.",
    Fate.UNCHECKED: "These lines were not checked yet.",
}
AFTERWARDS = {
    Fate.NEW: "Each of these lines became a client.",
    Fate.SAME_ON_FILE: "These children were on file before. Nothing was added to their files.",
    Fate.SAME_EARLIER: "These lines are about a child of an earlier line. One client was made, of the earlier line.",
    Fate.REFUSED: "These lines could not be loaded. Get them as a file, mend them there, and load that file.",
    Fate.LEFT_OUT: "These lines were left out. They are in the file of lines to mend.",
}
"""The same once the file is loaded."""
ORDER = (Fate.TO_DECIDE, Fate.NEW, Fate.SAME_ON_FILE, Fate.SAME_EARLIER, Fate.REFUSED, Fate.LEFT_OUT, Fate.UNCHECKED)

Said = tuple[int, Decision | None, str]
"""A line, what was decided about it, and why."""


def fate_choice(batch_id: UUID, counts: Counts, asked: int) -> Fate:
    """The fates that lines have, with their counts; the one to look at."""
    shown = [fate for fate in ORDER if counts[fate] or (fate is Fate.TO_DECIDE and asked)]
    chosen = st.segmented_control(
        "Lines to look at",
        shown or [Fate.NEW],
        default=(shown or [Fate.NEW])[0],
        required=True,
        format_func=lambda fate: f"{fate.label} ({counts[fate]:,})",
        key=f"fate-{batch_id}",
    )
    return chosen or (shown or [Fate.NEW])[0]


def lines_page(batch_id: UUID, fate: Fate, page: LinesPage, *, open_: bool) -> tuple[Said | None, UUID | None]:
    """Draw some lines; what was decided about one, and the client to open."""
    st.caption(EXPLAINED[fate] if open_ else AFTERWARDS.get(fate, EXPLAINED[fate]))
    if not page.lines:
        st.markdown("No line is left here.")
    said: Said | None = None
    client: UUID | None = None
    for line in page.lines:
        with st.container(border=True, key=f"line-{line.line}"):
            if line.client_id is not None:
                client = _made(line) or client
                continue
            _head(line)
            _other(line)
            if open_ and line.found is not None and line.found.decidable:
                said = _decision(batch_id, line) or said
    if page.pages > 1:
        st.pagination(page.pages, key=page_key(batch_id, fate))
    return said, client


def page_key(batch_id: UUID, fate: Fate) -> str:
    """The key under which the page of a fate's lines is turned."""
    return f"lines-{batch_id}-{fate.value}"


def page_turned(batch_id: UUID, fate: Fate) -> int:
    """The page that was turned to."""
    return int(st.session_state.get(page_key(batch_id, fate)) or 1)


def _head(line: LineView) -> None:
    facts = " · ".join(f"{safe(label)}: {safe(words)}" for label, words in line.facts)
    st.markdown(
        f"**Line {line.line:,} · {safe(line.child or 'Name not known')}**" + (f"  \n:small[{facts}]" if facts else "")
    )
    if line.problem:
        st.markdown(f":material/block: {safe(line.problem)}")


def _made(line: LineView) -> UUID | None:
    """A line that became a client, in one row with the way to the file."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Line {line.line:,} · {line.client_number} · {safe(line.child)}**", width="stretch")
        return line.client_id if st.button(f"Open {line.client_number}", key=f"made-{line.line}") else None


def _other(line: LineView) -> None:
    if line.other is None:
        return
    verdict = f"  \n{safe(line.other.verdict)}" if line.other.verdict else ""
    st.markdown(f"**{safe(line.other.words)}**{verdict}")
    if line.other.reasons:
        st.markdown(f":small[{' '.join(safe(reason) for reason in line.other.reasons)}]")
    if line.reason:
        st.markdown(f":small[Why another child: {safe(line.reason)}]")


def _decision(batch_id: UUID, line: LineView) -> Said | None:
    if line.found is Found.NEW:
        return _in_or_out(line)
    options = {Decision.SAME: _same(line), Decision.NEW: "Another child: a new client", Decision.LEAVE_OUT: "Leave out"}
    if line.found is Found.RESTRICTED:
        del options[Decision.SAME]
    stands = line.decision or (None if line.found and line.found.asks else Decision.SAME)
    chosen = st.radio(
        f"Line {line.line:,} is",
        list(options),
        index=list(options).index(stands) if stands in options else None,
        format_func=options.__getitem__,
        key=f"said-{batch_id}-{line.line}",
        horizontal=True,
        label_visibility="collapsed",
    )
    if chosen is Decision.NEW:
        return _new_with_reason(batch_id, line)
    if chosen is None or chosen is stands:
        return None
    return line.line, None if chosen is Decision.SAME and not (line.found and line.found.asks) else chosen, ""


def _in_or_out(line: LineView) -> Said | None:
    if line.decision is Decision.LEAVE_OUT:
        return (line.line, None, "") if st.button("Load it after all", key=f"in-{line.line}") else None
    return (line.line, Decision.LEAVE_OUT, "") if st.button("Leave out", key=f"out-{line.line}") else None


def _same(line: LineView) -> str:
    if line.found in (Found.EARLIER, Found.LIKE_EARLIER):
        return f"Same as {line.other.words.split(':')[0].lower()}" if line.other else "Same as an earlier line"
    return f"Same as {line.other.words.split(' ')[0]}" if line.other and line.other.client_id else "Same as on file"


def _new_with_reason(batch_id: UUID, line: LineView) -> Said | None:
    reason = st.text_input(
        "Why is this another child?",
        value=line.reason,
        key=f"why-{batch_id}-{line.line}",
        placeholder="For example: a cousin of the same name, born a year later",
        help="Needed because somebody who is likely the same child was shown, as at every import.",
        width=520,
    )
    if len(reason.strip()) < SHORTEST_REASON:
        st.caption(WHY_ANOTHER)
        return None
    if line.decision is Decision.NEW and reason.strip() == line.reason:
        return None
    return line.line, Decision.NEW, reason.strip()
