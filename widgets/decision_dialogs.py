"""The dialogs of the queue and the referral page: each says what will happen, and its button is the verb."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

import streamlit as st

from actions.center import referrals
from domain.lifecycle import CloseOutcome, DeleteReason, Status
from domain.referrals import ReferralView
from widgets.dialog import Subject, as_seen, begin, box, buttons, close_dialog, decide, refuse
from widgets.memory import memory

COMMENT_HEIGHT = 120
Reason = TypeVar("Reason", DeleteReason, CloseOutcome)


def open_dialog(subjects: Sequence[Subject]) -> None:
    """Draw the short dialog that is open about one of these referrals, if one is."""
    tab = memory().queue
    if tab.dialog not in SHORT_DIALOGS:
        return
    subject = next((one for one in subjects if one.id == tab.about), None)
    if subject is not None:
        SHORT_DIALOGS[tab.dialog](subject)
        return
    if tab.refused:
        st.error(tab.refused, icon=":material/block:")
    close_dialog()


def settle_dialog(view: ReferralView) -> None:
    """Close a dialog that the referral's status no longer allows; the page shows what was typed in it."""
    tab = memory().queue
    if tab.about != view.id or view.status in ALLOWED.get(tab.dialog, ANY):
        return
    memory().refusal = tab.refused
    close_dialog()


def _delete(subject: Subject) -> None:
    @st.dialog(f"Delete {subject.number}", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(subject, reason=DeleteReason)
        version = as_seen(subject)
        st.markdown("Only tests, mistakes and exact doubles are deleted. It goes to the bin and can be restored.")
        reason = _one_of("Why is it deleted?", list(DeleteReason), subject)
        comment = st.text_area("Comment (not required)", key=box(subject, "comment"), height=COMMENT_HEIGHT)
        if buttons(subject, f"Delete {subject.number}"):
            if reason is None:
                refuse("Choose why it is deleted.")
            decide(lambda work: referrals.delete(work, subject.id, version, reason, comment))

    drawn()


def _close(subject: Subject) -> None:
    @st.dialog(f"Close {subject.number}", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(subject, reason=CloseOutcome)
        version = as_seen(subject)
        st.markdown("A real child who is not accepted here. It stays searchable and can be reopened.")
        outcome = _one_of("Outcome", list(CloseOutcome), subject)
        comment = st.text_area("What was done, and who was told?", key=box(subject, "comment"), height=COMMENT_HEIGHT)
        if buttons(subject, f"Close {subject.number}"):
            if outcome is None:
                refuse("Choose the outcome.")
            decide(lambda work: referrals.close(work, subject.id, version, outcome, comment))

    drawn()


def _reopen(subject: Subject) -> None:
    @st.dialog(f"Reopen {subject.number}", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(subject)
        version = as_seen(subject)
        st.markdown("It goes back to where it was before it was closed.")
        comment = st.text_area("Comment (not required)", key=box(subject, "comment"), height=COMMENT_HEIGHT)
        if buttons(subject, f"Reopen {subject.number}"):
            decide(lambda work: referrals.reopen(work, subject.id, version, comment))

    drawn()


def _restore(subject: Subject) -> None:
    @st.dialog(f"Restore {subject.number}", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(subject)
        version = as_seen(subject)
        st.markdown("It comes out of the bin, back to where it was before it was deleted.")
        if buttons(subject, f"Restore {subject.number}"):
            decide(lambda work: referrals.restore(work, subject.id, version))

    drawn()


def _ask(subject: Subject) -> None:
    @st.dialog(f"Ask the agency about {subject.number}", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(subject)
        st.markdown("The referral stays in the queue. The agency sees your question at once and answers it here.")
        text = st.text_area("Your question", key=box(subject, "comment"), height=COMMENT_HEIGHT)
        if buttons(subject, "Ask the agency"):
            key = memory().queue.key
            decide(lambda work: referrals.ask(work, subject.id, text, key), "The question was sent to the agency.")

    drawn()


def _note(subject: Subject) -> None:
    @st.dialog(f"Add a note to {subject.number}", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(subject)
        st.markdown("Only the center's people see notes. A court may read them.")
        text = st.text_area("Note", key=box(subject, "comment"), height=COMMENT_HEIGHT)
        if buttons(subject, "Add the note"):
            key = memory().queue.key
            decide(lambda work: referrals.add_note(work, subject.id, text, key), "The note was added.")

    drawn()


def _hotline(subject: Subject) -> None:
    @st.dialog(f"Hotline report of {subject.number}", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(subject, on=date.fromisoformat)
        st.markdown("Settle it once the report was made. Until then this referral cannot be decided.")
        on = st.date_input("Reported on", value=None, format="MM/DD/YYYY", key=box(subject, "on"))
        number = st.text_input("Report number", key=box(subject, "number"), autocomplete="off")
        by = st.text_input("Who made the report?", key=box(subject, "by"), autocomplete="off")
        if buttons(subject, "Settle the hotline report"):
            if on is None:
                refuse("Give the day of the report.")
            decide(
                lambda work: referrals.settle_hotline(work, subject.id, on, number, by),
                "The hotline report is settled.",
            )

    drawn()


def _link(subject: Subject) -> None:
    @st.dialog(f"Link {subject.number} to another referral", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(subject)
        st.markdown("Linked referrals tell of the same incident. Each child keeps a referral and a status of its own.")
        number = st.text_input("Number of the other referral", placeholder="R-26-0041", key=box(subject, "number"))
        if buttons(subject, "Link them"):
            decide(lambda work: referrals.link_to_number(work, subject.id, number), "The referrals are linked.")

    drawn()


def _one_of(label: str, reasons: list[Reason], subject: Subject) -> Reason | None:
    return st.radio(label, reasons, index=None, format_func=lambda one: one.label, key=box(subject, "reason"))


SHORT_DIALOGS: dict[str, Callable[[Subject], None]] = {
    "delete": _delete,
    "close": _close,
    "reopen": _reopen,
    "restore": _restore,
    "ask": _ask,
    "note": _note,
    "hotline": _hotline,
    "link": _link,
}

ALLOWED: dict[str, frozenset[Status]] = {
    "delete": frozenset({Status.SUBMITTED, Status.REJECTED}),
    "close": frozenset({Status.SUBMITTED, Status.REJECTED}),
    "reopen": frozenset({Status.CLOSED}),
    "restore": frozenset({Status.DELETED}),
    "ask": frozenset({Status.SUBMITTED, Status.MERGED, Status.IMPORTED}),
    "return": frozenset({Status.SUBMITTED}),
    "correct": frozenset({Status.SUBMITTED}),
    "merge": frozenset({Status.SUBMITTED}),
}
"""In which status each dialog makes sense; one that is not named is never in the way."""
ANY = frozenset(Status)

DIALOGS = {
    "merge": "merge",
    "return": "return to the agency",
    "correct": "correction",
    "ask": "question to the agency",
    "note": "note",
    "close": "close",
    "reopen": "reopen",
    "delete": "delete",
    "restore": "restore",
    "hotline": "hotline report",
    "link": "link to another referral",
    "undo_merge": "undo of the merge",
    "undo_import": "undo of the import",
    "not_same_child": "not the same child",
}
"""What each dialog about a referral is for, in words."""
