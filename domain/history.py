"""What happened to a referral, read from its history: the timeline, what changed in a round, who said what when."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain import fields
from domain.lifecycle import CloseOutcome, DeleteReason, ReturnReason, Step
from domain.referrals import ReferralView, Taken, WrittenRound

Place = tuple[str, str]
"""A field's name and the id of its row in a group, "" for the child's own answers."""


@dataclass(frozen=True)
class Happened:
    """One line of the timeline; `detail` is what somebody typed."""

    at: datetime
    by: str
    words: str
    detail: str = ""
    kind: str = "step"


@dataclass(frozen=True)
class Change:
    """What one written document changed against the one before it."""

    written: WrittenRound
    before: WrittenRound
    differences: tuple[fields.Difference, ...]


def timeline(view: ReferralView) -> tuple[Happened, ...]:
    """Everything that happened, newest first: steps, corrections, questions, answers, additions, notes."""
    lines = [*_steps(view), *_corrections(view), *_questions(view), *_remarks(view)]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def changes(rounds: tuple[WrittenRound, ...]) -> tuple[Change, ...]:
    """What each document changed against the one before it, newest first; the first one changed nothing."""
    pairs = itertools.pairwise(rounds)
    return tuple(
        Change(after, before, tuple(fields.differences(before.answers, after.answers))) for before, after in pairs
    )[::-1]


def said_in(rounds: tuple[WrittenRound, ...]) -> dict[Place, WrittenRound]:
    """The document that first gave each answer as it stands now: who said it, and when."""
    found: dict[Place, WrittenRound] = {}
    before: fields.Answers = {}
    for written in rounds:
        for difference in fields.differences(before, written.answers):
            found[difference.field, difference.row or ""] = written
        before = written.answers
    return found


def reason_label(step: Step, code: str) -> str:
    """The words of a coded reason; the code itself where the list has changed since."""
    known: dict[Step, type[ReturnReason] | type[CloseOutcome] | type[DeleteReason]] = {
        Step.REJECT: ReturnReason,
        Step.CLOSE: CloseOutcome,
        Step.WITHDRAW: CloseOutcome,
        Step.DELETE: DeleteReason,
    }
    reasons = known.get(step)
    return reasons(code).label if reasons is not None and code in list(reasons) else code


def _steps(view: ReferralView) -> Iterator[Happened]:
    for taken in view.steps:
        yield Happened(taken.at, taken.by, _step_words(taken), taken.comment)


def _step_words(taken: Taken) -> str:
    words = taken.step.done.capitalize()
    if taken.step is Step.RESUBMIT:
        words = f"{words} (round {taken.round})"
    reason = reason_label(taken.step, taken.reason)
    marked = len(taken.marks)
    questions = f", {marked} question{'s' if marked != 1 else ''} marked" if marked else ""
    return f"{words}: {reason}{questions}" if reason else f"{words}{questions}"


def _corrections(view: ReferralView) -> Iterator[Happened]:
    for change in changes(view.rounds):
        if change.written.kind == "correction":
            labels = dict.fromkeys(label_of(difference.field) for difference in change.differences)
            yield Happened(
                change.written.at, change.written.by, f"Corrected by staff: {', '.join(labels)}", kind="correction"
            )


def _questions(view: ReferralView) -> Iterator[Happened]:
    for asked in view.questions:
        yield Happened(asked.asked_at, asked.asked_by, "Asked the agency", asked.text, "question")
        if asked.answered_at is not None:
            yield Happened(asked.answered_at, asked.answered_by, "Answered", asked.answer, "answer")


def _remarks(view: ReferralView) -> Iterator[Happened]:
    for added in view.additions:
        yield Happened(added.at, added.by, "Added information", added.text, "addition")
    for note in view.notes:
        yield Happened(note.at, note.by, "Note", note.text, "note")
    for printed in view.prints:
        yield Happened(printed.at, printed.by, "Printed in full", printed.text, "print")


def label_of(name: str) -> str:
    """The label of a field; a name that the catalogue no longer has stays as it is."""
    field = fields.FIELD.get(name)
    return field.label if field else name
