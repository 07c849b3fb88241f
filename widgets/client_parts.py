"""The parts of a client's page: the file, the cases with what was presented, the referrals, every earlier answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import streamlit as st

from domain import fields
from domain.client_merges import FileMerge
from domain.clients import CaseView, ClientView, Presented, SentReferral, WrittenVersion
from domain.covering import covered
from domain.fields import Answers
from domain.referrals import WrittenRound
from widgets.plain_text import described, plain
from widgets.record_view import record_view
from widgets.words import Clock, safe, visible

ALL = fields.ReferralType.COMBINED


@dataclass(frozen=True)
class Deed:
    """What the person wants to do with the file, a case or a referral."""

    what: Literal[
        "edit_file", "note", "edit_case", "close_case", "reopen_case", "open_referral", "undo_import", "undo_files"
    ]
    id: UUID
    number: str
    version: int = 0


@dataclass(frozen=True)
class _Line:
    """One line of the history: what happened, by whom and when, and what it said."""

    title: str
    by: str
    at: datetime
    said: Iterable[tuple[str, str]]


def file_tab(view: ClientView, clock: Clock) -> Deed | None:
    """Who the child is."""
    wanted = st.button("Edit the file", icon=":material/edit:", key="edit-file", disabled=view.read_only)
    if view.versions:
        last = view.versions[-1]
        st.caption(f"{last.cause.label} by {safe(last.by)}, {clock.stamp(last.at)}.")
    record_view(ALL, covered(view.answers), clock.today)
    return Deed("edit_file", view.id, view.number, view.version) if wanted else None


def cases_tab(view: ClientView, clock: Clock) -> Deed | None:
    """Every case with its answers and what was presented."""
    if not view.cases:
        st.markdown("There is no case yet.")
    deed: Deed | None = None
    for case in view.cases:
        with st.container(border=True, key=f"case-{case.number}"):
            deed = _case(case, clock, read_only=view.read_only) or deed
    return deed


def referrals_tab(view: ClientView, clock: Clock) -> Deed | None:
    """Every referral as it was written, round by round."""
    if not view.referrals:
        st.markdown("No referral is part of this file.")
    deed: Deed | None = None
    for sent in view.referrals:
        with st.container(border=True, key=f"sent-{sent.named.number}"):
            deed = _referral(sent, clock) or deed
    return deed


def history_tab(view: ClientView, clock: Clock) -> None:
    """What each version changed and why a merge was undone, newest first: no earlier answer is lost."""
    written = [_undone(merge, clock) for merge in view.merges if merge.undone_at is not None]
    written += _changes("File", view.versions)
    for case in view.cases:
        written += _changes(f"Case {case.number}", case.versions)
    for one in sorted(written, key=lambda each: each.at, reverse=True):
        st.markdown(f"##### {one.title}", anchors=False)
        st.caption(f"{safe(one.by)}, {clock.stamp(one.at)}")
        described(one.said)


def notes_tab(view: ClientView, clock: Clock) -> Deed | None:
    """The center's own notes."""
    wanted = st.button("Add a note", icon=":material/note_add:", key="add-note", disabled=view.read_only)
    if not view.notes:
        st.markdown("No note was written yet.")
    for note in view.notes[::-1]:
        with st.container(border=True):
            where = f", in the file {note.number}" if note.number else ""
            st.caption(
                f"Note by {safe(note.by)}, {clock.stamp(note.at)}{where}. Only the center sees it; a court may read it."
            )
            plain(note.text)
    return Deed("note", view.id, view.number, view.version) if wanted else None


def _case(case: CaseView, clock: Clock, *, read_only: bool) -> Deed | None:
    state = f":gray-badge[Closed {clock.stamp(case.closed_at)}]" if case.closed_at else ":green-badge[Open]"
    st.markdown(f"#### Case {case.number} {state}", anchors=False)
    of_file = f", in the file {case.opened_in}" if case.opened_in else ""
    st.caption(f"Opened {clock.stamp(case.opened_at)} by {safe(case.opened_by)}{of_file}")
    if case.another_child_because:
        st.text(f"Added as another child although a match looked strong. Reason: {visible(case.another_child_because)}")
    deed = None if read_only else _case_buttons(case)
    _folded(f"case-answers-{case.id}", f"Case {case.number} as it stands", case.answers, clock)
    for number, presented in enumerate(case.presented):
        _folded(f"presented-{case.id}-{number}", _presented_title(presented, clock), presented.answers, clock)
    return deed


def _case_buttons(case: CaseView) -> Deed | None:
    deed: Deed | None = None
    with st.container(horizontal=True):
        if case.closed_at is None and st.button(f"Edit case {case.number}", key=f"edit-{case.id}"):
            deed = Deed("edit_case", case.id, case.number, case.version)
        if case.closed_at is None and st.button(f"Close case {case.number}", key=f"close-{case.id}"):
            deed = Deed("close_case", case.id, case.number, case.version)
        if case.closed_at is not None and st.button(f"Reopen case {case.number}", key=f"reopen-{case.id}"):
            deed = Deed("reopen_case", case.id, case.number, case.version)
    return deed


def _presented_title(presented: Presented, clock: Clock) -> str:
    agencies = f", {safe(' and '.join(presented.agencies))}" if presented.agencies else ""
    source = presented.referral_number or "Without a referral"
    taken_back = " (taken back with its import)" if presented.withdrawn else ""
    return f"Presented: {source}{agencies}, frozen {clock.stamp(presented.at)}{taken_back}"


def _referral(sent: SentReferral, clock: Clock) -> Deed | None:
    named = sent.named
    st.markdown(
        f"#### {named.number} :gray-badge[{named.status.label}]"
        + (" :violet-badge[Part of a merge]" if sent.came_by_merge else ""),
        anchors=False,
    )
    facts = [safe(named.agency)] if named.agency else []
    if sent.imported_at:
        facts.append(f"imported by {safe(sent.imported_by)}, {clock.stamp(sent.imported_at)}")
    st.caption(" · ".join(facts))
    deed: Deed | None = None
    with st.container(horizontal=True):
        if st.button(f"Open {named.number}", key=f"referral-{named.id}"):
            deed = Deed("open_referral", named.id, named.number)
        if sent.may_undo and st.button(f"Undo the import of {named.number}", key=f"undo-{named.id}"):
            deed = Deed("undo_import", named.id, named.number, sent.version)
    for written in sent.rounds[::-1]:
        _folded(f"round-{written.id}", _round_title(written, clock), written.answers, clock)
    return deed


def _round_title(written: WrittenRound, clock: Clock) -> str:
    kind = {"correction": "Correction by staff", "merge": "Result of the merge"}.get(written.kind)
    return f"{kind or f'Round {written.round}'} as it was written, {clock.stamp(written.at)}"


def _folded(key: str, title: str, answers: Answers, clock: Clock) -> None:
    folded = st.expander(title, key=key, on_change="rerun")
    if folded.open:
        with folded:
            record_view(ALL, covered(answers), clock.today)


def _changes(title: str, versions: Iterable[WrittenVersion]) -> Iterator[_Line]:
    before: Answers = {}
    for one in versions:
        source = f", {one.referral_number}" if one.referral_number else ""
        yield _Line(f"{title}: {one.cause.label}{source}", one.by, one.at, _differences(before, one.answers))
        before = one.answers


def _undone(merge: FileMerge, clock: Clock) -> _Line:
    said = (
        ("Why they were merged", f"{merge.reason}\n({merge.by}, {clock.stamp(merge.at)})"),
        ("Why they were separated again", merge.undone_reason),
    )
    title = f"Merge undone: {merge.ended} and {merge.kept} are two files again"
    return _Line(title, merge.undone_by, merge.undone_at or merge.at, said)


def _differences(before: Answers, after: Answers) -> Iterator[tuple[str, str]]:
    old, new = covered(before), covered(after)
    for difference in fields.differences(old, new):
        asked = fields.FIELD.get(difference.field)
        if asked is None:
            continue
        was, now = fields.say(asked, difference.before), fields.say(asked, difference.after)
        who = fields.GROUPS[asked.group].one + ": " if asked.group else ""
        yield f"{who}{asked.label}", f"{was or '(blank)'} → {now or '(blank)'}" if before else now
