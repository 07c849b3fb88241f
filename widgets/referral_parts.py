"""The parts of a referral's page: the answers with who said what when, the timeline, the rounds, the talk."""

from collections.abc import Iterator

import streamlit as st

from domain import fields
from domain.covering import covered
from domain.history import Change, changes, label_of, said_in, timeline
from domain.lifecycle import Step
from domain.referrals import ReferralView, Taken, WrittenRound
from widgets.plain_text import described, plain
from widgets.record_view import record_view
from widgets.words import Clock, safe

KINDS = {"round": "Round", "correction": "Correction by staff", "merge": "Result of the merge"}


def answers(view: ReferralView, clock: Clock) -> None:
    """All answers in the order of the form; above them who gave them, below each section what came later."""
    if view.rounds:
        first = view.rounds[0]
        st.caption(f"As sent by {safe(first.by)}, {clock.stamp(first.at)}. Later answers say so under their section.")
    later = _said_later(view, clock)
    kind = fields.ReferralType(view.type)
    record_view(kind, covered(view.answers), clock.today, under_title=lambda section: _later_lines(later, section))
    for added in view.additions:
        with st.container(border=True):
            source = f" to {added.number}" if added.number and added.number != view.number else ""
            st.markdown(f"**Added{source} by {safe(added.by)}, {clock.stamp(added.at)}**")
            plain(added.text)


def history(view: ReferralView, clock: Clock) -> None:
    """The timeline, newest first."""
    described(
        (
            f"{clock.stamp(line.at)} ({clock.ago(line.at)})\n{line.by}",
            f"{line.words}\n{line.detail}" if line.detail else line.words,
        )
        for line in timeline(view)
    )


def talk(view: ReferralView, clock: Clock) -> None:
    """Questions to the agency with their answers, then the center's own notes."""
    if not view.questions and not view.notes:
        st.markdown("No question was asked and no note was written yet.")
    for asked in view.questions:
        with st.container(border=True):
            about = f" about {asked.number}" if asked.number != view.number else ""
            st.caption(f"Asked{about} by {safe(asked.asked_by)}, {clock.stamp(asked.asked_at)}")
            plain(asked.text)
            if asked.answered_at:
                st.caption(f"Answered by {safe(asked.answered_by)}, {clock.stamp(asked.answered_at)}")
                plain(asked.answer)
            else:
                st.markdown(":orange-badge[Not answered yet]")
    for note in view.notes:
        with st.container(border=True):
            st.caption(
                f"Note by {safe(note.by)}, {clock.stamp(note.at)}. Only the center sees it; a court may read it."
            )
            plain(note.text)


def rounds(view: ReferralView, clock: Clock) -> None:
    """What each round and correction changed, newest first, and every document as it was written."""
    changed = changes(view.rounds)
    if not changed:
        st.markdown("There is one round only: nothing was changed since it was sent.")
    for change in changed:
        st.markdown(f"##### {_title(change.written)}", anchors=False)
        st.caption(f"{safe(change.written.by)}, {clock.stamp(change.written.at)}")
        returned = _return_before(view, change.written)
        described(_changed_lines(change, view))
        _marks_left(returned, change)
    for written in view.rounds[::-1]:
        folded = st.expander(
            f"{_title(written)} as it was written, {clock.stamp(written.at)}",
            key=f"written-{written.id}",
            on_change="rerun",
        )
        if folded.open:
            with folded:
                record_view(fields.ReferralType(view.type), covered(written.answers), clock.today)


def _title(written: WrittenRound) -> str:
    return f"Round {written.round}" if written.kind == "round" else KINDS.get(written.kind, written.kind)


def _said_later(view: ReferralView, clock: Clock) -> dict[str, list[str]]:
    """Lines for each section: which answers were not given in the first document, by whom and when."""
    found: dict[str, dict[WrittenRound, list[str]]] = {}
    first = view.rounds[0] if view.rounds else None
    for (name, _row), written in said_in(view.rounds).items():
        field = fields.FIELD.get(name)
        if field is not None and written is not first:
            found.setdefault(field.section, {}).setdefault(written, []).append(field.label)
    return {
        section: [
            f"{_title(written)}, {safe(written.by)}, {clock.stamp(written.at)}: {', '.join(dict.fromkeys(labels))}"
            for written, labels in by_document.items()
        ]
        for section, by_document in found.items()
    }


def _later_lines(later: dict[str, list[str]], section: str) -> None:
    for line in later.get(section, []):
        st.caption(f":material/history: {line}")


def _changed_lines(change: Change, view: ReferralView) -> Iterator[tuple[str, str]]:
    for difference in change.differences:
        field = fields.FIELD.get(difference.field)
        before, after = (
            (fields.say(field, difference.before), fields.say(field, difference.after))
            if field
            else (str(difference.before), str(difference.after))
        )
        yield _place(difference, view), f"Before: {before or '(blank)'}\nNow: {after or '(blank)'}"


def _place(difference: fields.Difference, view: ReferralView) -> str:
    field = fields.FIELD.get(difference.field)
    if difference.row is None or field is None or field.group is None:
        return label_of(difference.field)
    group = fields.GROUPS[field.group]
    known = list(dict.fromkeys(row for written in view.rounds for row in fields.rows_of(written.answers, field.group)))
    number = known.index(difference.row) + 1 if difference.row in known else len(known)
    return f"{group.one} {number}: {field.label}"


def _return_before(view: ReferralView, written: WrittenRound) -> Taken | None:
    """The return that a round answers."""
    if written.kind != "round":
        return None
    return next((one for one in view.steps[::-1] if one.step is Step.REJECT and one.round == written.round - 1), None)


def _marks_left(returned: Taken | None, change: Change) -> None:
    """Marked questions that the new round did not change: staff look at these first."""
    if returned is None:
        return
    touched = {(one.field, one.row or "") for one in change.differences}
    left = [mark for mark in returned.marks if (mark.field, mark.row) not in touched]
    if left:
        st.markdown(f":orange-badge[Marked but not changed] {', '.join(label_of(mark.field) for mark in left)}")
    elif returned.marks:
        st.markdown(":green-badge[Every marked question was changed]")
