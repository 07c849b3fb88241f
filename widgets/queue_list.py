"""The queue on the screen: status views, filters, one lean line a referral, pages, and why it is empty."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import streamlit as st

from domain import fields
from domain.lifecycle import Origin, Status
from domain.queue_filters import (
    OFFERED,
    NamedFilter,
    Sort,
    View,
    from_address,
    named_label,
    narrows,
    to_address,
    view_of,
)
from domain.queue_filters import VIEWS as ALL_VIEWS
from domain.referrals import QueueChoices, QueueFilter, QueuePage, QueueRow, Urgency
from widgets.memory import memory
from widgets.queue_memory import QueueMemory
from widgets.queue_rows import queue_rows_element
from widgets.words import Clock, one_line, safe

TYPES = {"client": "Client", "le": "Law enforcement", "cps": "CPS", "combined": "LE and CPS"}
URGENCY_COLORS = {Urgency.EMERGENCY: "red", Urgency.URGENT: "orange"}
PERIODS = {"": "Any time", "0": "Today", "6": "Last 7 days", "29": "Last 30 days", "89": "Last 90 days"}
BETWEEN = "between"

LIST, ACTS, PICKED = "queue-list", "queue-acts", "queue-picked"
"""The page's fragments: the list, what answers a click on a row, and what was picked to merge."""

VIEW, IMPORT, REJECT, DELETE = "View", "Import", "Reject: return to agency", "Delete"
RESTORE, REOPEN, MERGE = "Restore", "Reopen", "Merge with another"


@dataclass(frozen=True)
class Chosen:
    """What was chosen on a row: one of the words of its menu."""

    row: QueueRow
    what: str


def wanted_filter() -> QueueFilter:
    """What this tab wants to see: from its memory, or from the address it was opened with. The address follows."""
    tab = memory().queue
    address = st.query_params.to_dict()
    came_back = not address and _key(tab, "view") not in st.session_state
    if tab.address is None or (address != tab.address and not came_back):
        tab.wanted = from_address(address, tab.wanted.text)
        tab.drawn += 1
    _write_address(tab)
    return tab.wanted


def queue_views(counts: dict[str, int], wanted: QueueFilter) -> None:
    """The status views as a row of segments, each with its true count."""
    labels = {view.code: f"{view.label} ({counts.get(view.code, 0)})" for view in ALL_VIEWS}
    # The theme's own colour for a chosen segment is too faint on a dark ground.
    labels[view_of(wanted).code] = f":blue[**{labels[view_of(wanted).code]}**]"
    tab = memory().queue
    key = _key(tab, "view")
    st.segmented_control(
        "Show referrals that are",
        list(labels),
        default=view_of(wanted).code,
        required=True,
        format_func=labels.__getitem__,
        key=key,
        on_change=_chosen,
        args=("view", key),
        label_visibility="collapsed",
    )


def queue_filters(choices: Callable[[], QueueChoices], wanted: QueueFilter, today: date) -> None:
    """Search, order, and behind one button everything else that narrows the queue; what is set is said in words.

    `choices` is only read when it is needed: a closed popover draws nothing.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _search(wanted)
        _order(wanted)
        more = st.popover("Filters", icon=":material/filter_list:", key="queue-filters", on_change="rerun")
    if more.open:
        with more:
            _more_filters(choices(), wanted, today)
    if narrows(wanted):
        _said_filters(choices(), wanted)


def queue_rows(page: QueuePage, clock: Clock) -> None:
    """Draw the rows. A click on one of them draws none of them again: it runs the fragment that answers it."""
    by_id = {str(row.id): row for row in page.rows}
    queue_rows_element(
        [_drawn(row, clock) for row in page.rows],
        chosen=lambda told: _choose(by_id, told),
        picked=lambda told: _pick(by_id, told),
    )


def chosen_row(rows: Sequence[QueueRow]) -> Chosen | None:
    """What was just chosen on one of the rows, told once."""
    tab = memory().queue
    chosen, tab.chosen = tab.chosen, None
    if chosen is None:
        return None
    return next((Chosen(row, chosen[0]) for row in rows if row.id == chosen[1]), None)


def queue_pages(page: QueuePage) -> None:
    """The pages of the list, when there are more than one."""
    if page.pages > 1:
        tab = memory().queue
        key = _key(tab, f"page-{page.pages}")
        st.pagination(page.pages, default=page.page, key=key, on_change=_turned, args=(key,))


def merge_picked() -> tuple[UUID, ...]:
    """Offer to merge what was picked, over all pages; the ids once the person wants it."""
    picked = memory().queue.picked
    if not picked:
        return ()
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"**Picked to merge:** {', '.join(picked.values())}", width="stretch")
        enough = len(picked) > 1
        wanted = st.button(
            f"Merge {len(picked)} referrals" if enough else "Merge: pick one more",
            icon=":material/merge:",
            type="primary",
            disabled=not enough,
            key="queue-merge",
        )
        st.button("Clear picks", key="queue-unpick", on_click=_unpick)
    return tuple(picked) if wanted else ()


def empty_words(wanted: QueueFilter, page: QueuePage) -> str:
    """Why nothing is shown and what to do; empty while there are rows."""
    if page.rows:
        return ""
    view: View = view_of(wanted)
    if narrows(wanted):
        return f"No referral under “{view.label}” fits these filters. Clear the filters to see all of them."
    return view.empty


def badges(row: QueueRow) -> list[tuple[str, str]]:
    """What must be seen before anything is opened: words, and the colour that goes with them."""
    found = []
    if row.urgency in URGENCY_COLORS:
        found.append((row.urgency.label, URGENCY_COLORS[row.urgency]))
    if row.within_120_hours:
        found.append(("Within 120 hours", "red"))
    found += [(f"May be the same as {number}", "violet") for number in row.same_as_referrals[:3]]
    if row.known_client:
        found.append(("May be a known client", "blue"))
    if row.hotline_open:
        found.append(("Hotline report not settled", "orange"))
    if row.late:
        found.append(("Withdrawal asked" if row.withdrawal_asked else "Added since the merge", "orange"))
    if row.unanswered:
        found.append(("Question unanswered" if row.unanswered == 1 else f"{row.unanswered} questions", "gray"))
    if row.round > 1:
        found.append((f"Round {row.round}", "gray"))
    if row.restricted:
        found.append(("Restricted", "gray"))
    if row.assignee:
        found.append((f"With {one_line(row.assignee)}", "green"))
    return found


def menu_of(row: QueueRow) -> list[str]:
    """What can be done with a row from the list."""
    by_status = {
        Status.SUBMITTED: [VIEW, IMPORT, REJECT, MERGE, DELETE],
        Status.REJECTED: [VIEW, DELETE],
        Status.CLOSED: [VIEW, REOPEN],
        Status.DELETED: [VIEW, RESTORE],
    }
    options = by_status.get(row.status, [VIEW])
    return [option for option in options if option != REJECT or row.origin is not Origin.MERGE]


def _drawn(row: QueueRow, clock: Clock) -> dict[str, Any]:
    """One referral in a few words: the child, how long it waits, who sent it, what must be seen, what can be done."""
    picking = bool(memory().queue.picked) and row.status is Status.SUBMITTED
    return {
        "id": str(row.id),
        "number": row.number,
        "child": one_line(row.child),
        "waits": _waits(row, clock),
        "facts": [fact for fact in _facts(row) if fact],
        "badges": badges(row),
        "acts": menu_of(row),
        "picked": row.id in memory().queue.picked if picking else None,
    }


def _facts(row: QueueRow) -> list[str]:
    born = fields.say(fields.FIELD["child_dob"], row.dob)
    kind = TYPES.get(row.type, row.type)
    return [f"born {born}" if born else "", kind, one_line(row.agency), one_line(row.county)]


def _waits(row: QueueRow, clock: Clock) -> list[tuple[str, str]]:
    """How long it waits or when it came, in parts: words and how heavy they are drawn."""
    if row.status is Status.SUBMITTED and row.waiting_since:
        since = clock.stamp(row.waiting_since)
        return [("waiting", ""), (clock.age(row.waiting_since), "strong"), (f"since {since}", "small")]
    if not row.first_submitted_at:
        return []
    came = row.first_submitted_at
    return [(f"came {clock.ago(came)}", ""), (f"on {clock.stamp(came)}", "small")]


def _search(wanted: QueueFilter) -> None:
    key = _key(memory().queue, "text")
    st.text_input(
        "Search",
        value=wanted.text,
        type="search",
        placeholder="Name, R-26-0041, case number",
        key=key,
        on_change=_chosen,
        args=("text", key),
        autocomplete="off",
        width=320,
    )


def _order(wanted: QueueFilter) -> None:
    """A menu and no list to type in: the rows' menus have its parts loaded already."""
    key = _key(memory().queue, "sort")
    labels = {sort.label: sort for sort in Sort}
    st.menu_button(
        f"Order: {Sort(wanted.sort).label.lower()}", list(labels), key=key, on_click=_ordered, args=(key, labels)
    )


def _more_filters(choices: QueueChoices, wanted: QueueFilter, today: date) -> None:
    agencies = {"": "Every agency"} | {str(agency): name for agency, name in choices.agencies}
    people = {"": "Anybody"} | {str(person): name for person, name in choices.colleagues}
    _select("Agency", "agency_id", agencies, str(wanted.agency_id or ""), UUID)
    _select("Type", "type", {"": "Every type"} | TYPES, wanted.type)
    _select("County", "county", {"": "Every county"} | {one: one for one in choices.counties}, wanted.county)
    urgencies = {urgency.value: urgency.label for urgency in Urgency}
    _select("Urgency", "urgency", {"": "Any urgency"} | urgencies, wanted.urgency)
    _period(wanted, today)
    _select("Assigned to", "assignee_id", people, str(wanted.assignee_id or ""), UUID)
    offered = dict.fromkeys([*(name.value for name in NamedFilter), *OFFERED, *filter(None, [wanted.named])])
    named = {name: named_label(name) for name in offered}
    _select("Only those", "named", {"": "All of them"} | named, wanted.named)


def _period(wanted: QueueFilter, today: date) -> None:
    """First received in a usual period, or between two days."""
    key = _key(memory().queue, "period")
    usual = {code: (today - timedelta(days=int(code))) if code else None for code in PERIODS}
    now = next((code for code, since in usual.items() if since == wanted.since and not wanted.until), BETWEEN)
    options = [*PERIODS, BETWEEN]
    st.selectbox(
        "First received",
        options,
        index=options.index(now),
        format_func=lambda code: PERIODS.get(code, "Between two days"),
        key=key,
        on_change=_period_chosen,
        args=(key, usual),
    )
    if st.session_state.get(key, now) == BETWEEN:
        _day("From", "since", wanted.since)
        _day("Until", "until", wanted.until)


def _day(label: str, name: str, value: date | None) -> None:
    key = _key(memory().queue, name)
    st.date_input(label, value=value, format="MM/DD/YYYY", key=key, on_change=_chosen, args=(name, key))


def _select(
    label: str,
    name: str,
    options: dict[str, str],
    value: str,
    read: Callable[[str], Any] = str,
) -> None:
    key = _key(memory().queue, name)
    codes = list(options)
    st.selectbox(
        label,
        codes,
        index=codes.index(value) if value in options else 0,
        format_func=lambda code: options.get(code, code),
        key=key,
        on_change=_chosen,
        args=(name, key, read),
    )


def _said_filters(choices: QueueChoices, wanted: QueueFilter) -> None:
    agencies, people = dict(choices.agencies), dict(choices.colleagues)
    said = [
        f"“{wanted.text}”" if wanted.text else "",
        agencies.get(wanted.agency_id, "an agency that is gone") if wanted.agency_id else "",
        TYPES.get(wanted.type, ""),
        wanted.county,
        Urgency(wanted.urgency).label if wanted.urgency else "",
        f"since {wanted.since:%b %d, %Y}" if wanted.since else "",
        f"until {wanted.until:%b %d, %Y}" if wanted.until else "",
        f"with {people.get(wanted.assignee_id, 'a colleague who left')}" if wanted.assignee_id else "",
        named_label(wanted.named),
    ]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Filtered by** {safe(', '.join(one for one in said if one))}")
        st.button("Clear filters", icon=":material/close:", key="queue-clear", on_click=_clear)


def _chosen(name: str, key: str, read: Callable[[str], Any] = str) -> None:
    """A filter was changed: back to the first page."""
    tab = memory().queue
    typed = st.session_state[key]
    empty: Any = None if read is UUID or name in ("since", "until") else ""
    value: Any = typed if isinstance(typed, date) else read(typed) if typed else empty
    changed: dict[str, Any] = {name: value, "page": 1}
    _set(tab, replace(tab.wanted, **changed))


def _ordered(key: str, labels: dict[str, Sort]) -> None:
    tab = memory().queue
    _set(tab, replace(tab.wanted, sort=labels[st.session_state[key]], page=1))


def _period_chosen(key: str, usual: dict[str, date | None]) -> None:
    tab = memory().queue
    code = st.session_state[key]
    if code in usual:
        _set(tab, replace(tab.wanted, since=usual[code], until=None, page=1))


def _turned(key: str) -> None:
    tab = memory().queue
    _set(tab, replace(tab.wanted, page=int(st.session_state[key])))


def _clear() -> None:
    tab = memory().queue
    _set(tab, QueueFilter(view=tab.wanted.view, sort=tab.wanted.sort))
    tab.drawn += 1


def _set(tab: QueueMemory, wanted: QueueFilter) -> None:
    if wanted.page == 1 and tab.wanted.page != 1:
        # The pages are drawn anew, or they would go on showing the page that was open under the old filter.
        tab.drawn += 1
    tab.wanted = wanted


def _write_address(tab: QueueMemory) -> None:
    address = to_address(tab.wanted)
    if st.query_params.to_dict() != address:
        st.query_params.from_dict(address)
    tab.address = address


def _choose(by_id: dict[str, QueueRow], told: object) -> None:
    """A row was opened or something chosen from its menu."""
    row, what = _told_of(by_id, told)
    if row is None or what not in menu_of(row):
        return
    if what == MERGE:
        memory().queue.picked[row.id] = row.number
        st.rerun(LIST)
    memory().queue.chosen = what, row.id
    st.rerun(ACTS)


def _pick(by_id: dict[str, QueueRow], told: object) -> None:
    """A row was ticked to be merged, or its tick was taken away."""
    row, ticked = _told_of(by_id, told)
    if row is None or row.status is not Status.SUBMITTED:
        return
    if ticked is True:
        memory().queue.picked[row.id] = row.number
    else:
        memory().queue.picked.pop(row.id, None)
    st.rerun(PICKED)


def _told_of(by_id: dict[str, QueueRow], told: object) -> tuple[QueueRow | None, Any]:
    """The row that a browser speaks of and what it says of it; no row where it speaks of none of this page."""
    if not isinstance(told, list) or len(told) != 2 or not isinstance(told[0], str):
        return None, None
    return by_id.get(told[0]), told[1]


def _unpick() -> None:
    tab = memory().queue
    tab.picked.clear()
    st.rerun(LIST)


def _key(tab: QueueMemory, name: str) -> str:
    return f"queue-{name}-{tab.drawn}"
