"""The head of a referral's page: who it is about, where it stands, what it needs, and what can be done with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from domain import fields
from domain.lifecycle import Origin, Status
from domain.referrals import LooksLike, Named, ReferralView, Urgency
from widgets.queue_list import TYPES, URGENCY_COLORS
from widgets.words import Clock, safe

STATUS_COLORS = {
    Status.SUBMITTED: "blue",
    Status.REJECTED: "orange",
    Status.IMPORTED: "green",
    Status.MERGED: "violet",
    Status.CLOSED: "gray",
    Status.DELETED: "gray",
}


@dataclass(frozen=True)
class Deed:
    """Something that can be done with a referral: a code for the page and the words on the button."""

    code: str
    label: str
    icon: str


ASK = Deed("ask", "Ask the agency", "forum")
IMPORT = Deed("import", "Import", "person_search")
RETURN = Deed("return", "Reject: return to agency", "undo")
TAKE = Deed("take", "Assign to me", "person_add")
GIVE_BACK = Deed("give_back", "Give back", "person_remove")
NOTE = Deed("note", "Add a note", "sticky_note_2")
CORRECT = Deed("correct", "Correct answers", "edit")
LINK = Deed("link", "Link to another referral", "link")
PRINT = Deed("print", "Print", "print")
CLOSE = Deed("close", "Close", "block")
DELETE = Deed("delete", "Delete", "delete")
REOPEN = Deed("reopen", "Reopen", "undo")
RESTORE = Deed("restore", "Restore", "undo")
DECISIONS = {
    Status.SUBMITTED: (IMPORT, RETURN, ASK),
    Status.CLOSED: (REOPEN,),
    Status.DELETED: (RESTORE,),
    Status.MERGED: (ASK,),
    Status.IMPORTED: (ASK,),
}


def head(view: ReferralView, clock: Clock) -> None:
    """Number, child, status and the facts that a decision needs first."""
    st.title(view.number, anchor=False)
    st.header(safe(view.child), anchor=False)
    st.markdown(" ".join(_badges(view)))
    st.markdown(" · ".join(_facts(view, clock)))


def decisions(view: ReferralView) -> tuple[Deed, ...]:
    """What is offered first. For an urgent child Ask comes before all else: a return must never delay a child."""
    offered = DECISIONS.get(view.status, ())
    if view.origin is Origin.MERGE:
        offered = tuple(deed for deed in offered if deed not in (RETURN, ASK))
    if is_urgent(view) and ASK in offered:
        return (ASK, *(deed for deed in offered if deed != ASK))
    return offered


def further(view: ReferralView, me: str) -> tuple[Deed, ...]:
    """What stands in the menu beside the decisions."""
    assigned = GIVE_BACK if view.assignee == me else TAKE
    if view.status is Status.SUBMITTED:
        return (assigned, NOTE, CORRECT, LINK, PRINT, CLOSE, DELETE)
    if view.status is Status.REJECTED:
        return (NOTE, LINK, PRINT, CLOSE, DELETE)
    return (NOTE, LINK, PRINT)


def deeds(view: ReferralView, me: str) -> str:
    """Draw the decisions and the menu; the code of what was chosen, or ""."""
    chosen = ""
    with st.container(horizontal=True, key="deeds"):
        for place, deed in enumerate(decisions(view)):
            kind: Literal["primary", "secondary"] = "primary" if place == 0 else "secondary"
            if st.button(deed.label, icon=f":material/{deed.icon}:", type=kind, key=f"do-{deed.code}"):
                chosen = deed.code
        more = {deed.label: deed for deed in further(view, me)}
        option = st.menu_button(f"More for {view.number}", list(more), key="do-more")
    return more[option].code if option else chosen


def is_urgent(view: ReferralView) -> bool:
    """Whether the child cannot wait."""
    return view.urgency in (Urgency.EMERGENCY, Urgency.URGENT) or view.within_120_hours


def hotline_task(view: ReferralView, clock: Clock) -> bool:
    """The open task of rule 13, or how it was settled; whether it is to be settled now."""
    task = view.hotline
    if task.open:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(
                ":orange-badge[Task] **The hotline report was not made.** "
                "Settle it before this referral is returned, closed or imported.",
                width="stretch",
            )
            return st.button("Settle the hotline report", key="do-hotline")
    if task.on:
        number = f", number {safe(task.number)}" if task.number else ""
        st.markdown(f":material/check: Hotline report made {clock.day(task.on)} by {safe(task.by)}{number}.")
    return False


def look_alikes(view: ReferralView) -> LooksLike | None:
    """Who this child may be; the one that the person wants to compare."""
    chosen: LooksLike | None = None
    for like in view.looks_like:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(_like_words(like), width="stretch")
            label = f"Compare with {like.number}" if like.kind == "referral" else "Import and compare"
            if view.status is Status.SUBMITTED and st.button(label, key=f"like-{like.id}"):
                chosen = like
    return chosen


def links(view: ReferralView, proposed: tuple[Named, ...]) -> tuple[str, Named] | None:
    """Result, sources, children of the same incident, and proposals to link; what was chosen with whom."""
    chosen: tuple[str, Named] | None = None
    for words, label, what, other in _linked(view, proposed):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(words, width="stretch")
            if st.button(f"{label} {other.number}", key=f"{what}-{other.id}"):
                chosen = what, other
    return chosen


def children_to_link(view: ReferralView) -> str:
    """Children of the household who should be seen too; the row of the one to start a referral for."""
    for row, person in fields.rows_of(view.answers, "household").items():
        if person.get("hh_needs_service") != "yes" or row in view.started:
            continue
        name = fields.say(fields.FIELD["hh_name"], person.get("hh_name")) or "A child in the home"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{safe(name)}** lives in the home and should be seen too.", width="stretch")
            if st.button("Start a linked referral", key=f"child-{row}"):
                return row
    return ""


def _badges(view: ReferralView) -> Iterator[str]:
    yield f":{STATUS_COLORS.get(view.status, 'gray')}-badge[{view.status.label}]"
    if view.urgency in URGENCY_COLORS:
        yield f":{URGENCY_COLORS[view.urgency]}-badge[{view.urgency.label}]"
    if view.within_120_hours:
        yield ":red-badge[Within 120 hours]"
    if view.restricted:
        yield ":gray-badge[Restricted]"
    open_questions = sum(asked.answered_at is None for asked in view.questions)
    if open_questions:
        yield f":gray-badge[{open_questions} unanswered question{'s' if open_questions > 1 else ''}]"


def _facts(view: ReferralView, clock: Clock) -> Iterator[str]:
    kind = TYPES.get(view.type, view.type)
    yield (
        f"{kind} referral from {safe(view.agency)}" if view.agency else f"{kind} referral, {view.origin.label.lower()}"
    )
    if view.caller:
        yield f"phoned in by {safe(view.caller.name)}, {clock.stamp(view.caller.at)}"
    if view.first_submitted_at:
        yield f"first received {clock.stamp(view.first_submitted_at)}"
    if view.status is Status.SUBMITTED and view.waiting_since:
        yield f"waiting **{clock.age(view.waiting_since)}**"
    if view.round > 1:
        yield f"round {view.round}"
    if view.reached:
        yield f"sender reached: {safe(view.reached)}"
    if view.assignee:
        yield f"assigned to {safe(view.assignee)}"
    elif view.status is Status.SUBMITTED:
        yield "nobody has taken it"


def _like_words(like: LooksLike) -> str:
    grade = {"very_likely": "very likely", "likely": "likely"}.get(like.grade, "possible")
    if like.kind == "referral":
        return f":violet-badge[May be the same as {like.number}] {grade}"
    return f":blue-badge[May be a known client] {like.number}, {grade}"


def _linked(view: ReferralView, proposed: tuple[Named, ...]) -> Iterator[tuple[str, str, str, Named]]:
    if view.merged_into:
        yield f"Merged into **{view.merged_into.number}**.", "Open", "open", view.merged_into
        yield "What was chosen, and undoing it:", "The merge into", "merge", view.merged_into
    if view.sources:
        result = Named(view.id, view.number, view.child, view.agency, view.status)
        yield "What was chosen, and undoing it:", "The merge into", "merge", result
    for source in view.sources:
        words = f"Made from **{source.number}**, {safe(source.agency)}. Ask its agency there."
        yield words, "Open", "open", source
    for sibling in view.siblings:
        words = f"Same incident: **{sibling.number}**, {safe(sibling.child)}, {sibling.status.label.lower()}."
        yield words, "Open", "open", sibling
    for other in proposed:
        words = f"**{other.number}**, {safe(other.child)}, gives the same case or report number."
        yield words, "Same incident: link", "link", other
