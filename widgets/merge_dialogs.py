"""The dialogs of a merge: undo it, or say that two referrals are not the same child."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

import streamlit as st

from actions.center import doubles, merges
from actions.work import Work
from domain.client_merges import ClientFile
from domain.clients import IntakeView, PossibleClient
from domain.lifecycle import Status, Step
from domain.matching import RecordKind
from domain.merging import MergedFrom
from domain.referrals import Decided
from widgets.dialog import begin, box, buttons, close_dialog, decide
from widgets.memory import memory

UNDO, NOT_SAME = "undo_merge", "not_same_child"


@dataclass(frozen=True)
class Result:
    """The result of a merge, as a dialog needs it."""

    id: UUID
    number: str
    version: int


def undo_dialog(result: Result) -> None:
    """Draw the dialog that undoes this merge, if it is open."""
    tab = memory().queue
    if tab.dialog != UNDO or tab.about != result.id:
        return

    @st.dialog(f"Undo the merge {result.number}", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(result)
        st.markdown(
            "Every referral it was made of is again exactly what it was, and waits in the queue. "
            f"What was corrected or noted on {result.number} stays with {result.number}, in the bin."
        )
        reason = st.text_area("Why are they separated again?", key=box(result, "reason"), height=100)
        if buttons(result, "Undo the merge"):

            def undo(work: Work) -> Decided:
                merges.undo_merge(work, result.id, result.version, reason)
                return Decided(result.id, result.number, result.version, Status.DELETED, Step.DISSOLVE)

            decide(undo, "The merge was undone.")

    drawn()


@dataclass(frozen=True)
class Record:
    """A referral or a client, of whom it is said that it is about another child than another one."""

    kind: RecordKind
    id: UUID
    number: str
    version: int


def not_same_dialog(sources: Sequence[MergedFrom]) -> None:
    """Draw the dialog that says that two of these referrals are not the same child, if it is open."""
    _not_same([Record(RecordKind.REFERRAL, one.id, one.number, one.version) for one in sources])


def not_same_clients_dialog(files: Sequence[ClientFile]) -> None:
    """Draw the dialog that says that two files are not the same child, if it is open."""
    _not_same([Record(RecordKind.CLIENT, one.id, one.number, one.version) for one in files])


def not_this_client_dialog(view: IntakeView, found: Sequence[PossibleClient]) -> None:
    """Draw the dialog that says that a referral is not about a client who looks like its child, if it is open."""
    for one in found:
        if one.client_id == memory().queue.about:
            client = Record(RecordKind.CLIENT, one.client_id, one.number, one.version)
            _not_same([client, Record(RecordKind.REFERRAL, view.referral_id, view.number, view.version)])


def _not_same(records: Sequence[Record]) -> None:
    tab = memory().queue
    subject = next((record for record in records if record.id == tab.about), None)
    if tab.dialog != NOT_SAME or subject is None:
        return

    @st.dialog("Not the same child", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(subject)
        st.markdown("The two are no longer proposed as one child. It is kept with your reason and can be taken back.")
        first, second = _pair(records, box(subject, "pair"))
        reason = st.text_area(
            f"How do you know that {first.number} and {second.number} are two children?",
            key=box(subject, "reason"),
            height=100,
        )
        if buttons(subject, "Not the same child"):

            def remember(work: Work) -> None:
                doubles.not_same_child(work, (first.kind, first.id), (second.kind, second.id), reason)

            decide(remember, f"Kept: {first.number} and {second.number} are not the same child.")

    drawn()


def _pair(records: Sequence[Record], key: str) -> tuple[Record, Record]:
    pairs = list(combinations(records, 2))
    if len(pairs) == 1:
        return pairs[0]
    return st.radio("Which two?", pairs, format_func=lambda pair: f"{pair[0].number} and {pair[1].number}", key=key)
