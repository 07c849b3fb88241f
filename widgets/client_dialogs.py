"""The dialogs of a client's page: edit one part of file or case, write a note, take an import back."""

from typing import Any
from uuid import UUID, uuid5

import streamlit as st

from actions.center import client_merges, clients, imports
from actions.work import Work
from domain import fields
from domain.client_merges import FileMerge
from domain.clients import CaseView, ClientView
from domain.fields import Answers, Kept
from widgets.client_parts import Deed
from widgets.dialog import Subject, as_seen, begin, box, buttons, close_dialog, decide, open_about
from widgets.file_form import asked_in_files, file_form
from widgets.memory import memory
from widgets.record_form import form_section


def open_deed(deed: Deed) -> None:
    """Open the dialog of a deed that needs one."""
    open_about(deed.what, deed)


def client_dialog(view: ClientView) -> None:
    """Draw the one dialog that is open about this client, a case of theirs or a referral, if any."""
    tab = memory().queue
    if tab.dialog == "edit_file" and tab.about == view.id:
        _edit(view, view.answers, Kept.PROFILE, f"Edit the file {view.number}")
    if tab.dialog == "note" and tab.about == view.id:
        _note(view)
    for case in view.cases:
        if tab.dialog == "edit_case" and tab.about == case.id:
            _edit(case, case.answers, Kept.CASE, f"Edit case {case.number}")
    for sent in view.referrals:
        if tab.dialog == "undo_import" and tab.about == sent.named.id:
            _undo(Deed("undo_import", sent.named.id, sent.named.number, sent.version))
    for merge in view.standing:
        if tab.dialog == "undo_files" and tab.about == merge.ended_id:
            _undo_files(merge)


def _edit(subject: ClientView | CaseView, answers: Answers, kept: Kept, title: str) -> None:
    @st.dialog(title, width="medium", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(subject)
        version = as_seen(subject)
        st.markdown("The earlier answers stay in the history. What was reported in words is never edited: add a note.")
        asked = asked_in_files((kept,))
        sections = {one.name: one.title for one in fields.SECTIONS if fields.of_section(one.name, asked)}
        section = st.selectbox(
            "Which part?",
            list(sections),
            index=None,
            format_func=sections.__getitem__,
            placeholder="Choose a part of the file",
            key=box(subject, "section"),
        )
        typed = {**answers, **memory().queue.correction}
        # Another opening of the dialog starts with fresh boxes.
        record = uuid5(subject.id, memory().queue.key)
        if section:
            form_section(file_form(record, typed, memory().queue.correction.update, kept=(kept,)), section)
        if buttons(subject, "Save the changes"):
            changes = dict(memory().queue.correction)
            decide(lambda work: _save(work, subject, version, changes), "The changes were saved.")

    drawn()


def _save(work: Work, subject: ClientView | CaseView, version: int, changes: dict[str, Any]) -> None:
    if isinstance(subject, CaseView):
        clients.change_case(work, subject.id, version, changes)
    else:
        clients.change(work, subject.id, version, changes)


def _note(view: ClientView) -> None:
    @st.dialog(f"Add a note to {view.number}", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(view)
        st.markdown("Only the center sees it. A court may read it.")
        text = st.text_area("Note", key=box(view, "comment"), height=140)
        if buttons(view, "Add the note"):
            decide(lambda work: clients.add_note(work, view.id, text or ""), "The note was added.")

    drawn()


def _undo(referral: Subject) -> None:
    referral_id: UUID = referral.id

    @st.dialog(f"Undo the import of {referral.number}", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(referral)
        version = as_seen(referral)
        st.markdown(
            "The referral waits in the queue again. A client or case that the import made is withdrawn; a file that "
            "it changed gets its earlier answers back. This works while nobody has worked on the client since."
        )
        reason = st.text_area("Why is it undone?", key=box(referral, "comment"), height=120)
        if buttons(referral, "Undo the import"):
            decide(lambda work: imports.undo_import(work, referral_id, version, reason or ""), "The import was undone.")

    drawn()


def _undo_files(merge: FileMerge) -> None:
    subject = Deed("undo_files", merge.ended_id, merge.ended)

    @st.dialog(f"Undo the merge of {merge.ended} into {merge.kept}", on_dismiss=close_dialog)
    def drawn() -> None:
        begin(subject)
        st.markdown(
            "Both files are again exactly what they were before the merge. The history keeps that there was one."
        )
        reason = st.text_area("Why are they separated again?", key=box(subject, "comment"), height=100)
        if buttons(subject, "Undo the merge"):

            def undo(work: Work) -> None:
                client_merges.undo_merge(work, merge.ended_id, reason or "")

            decide(undo, f"The merge was undone: {merge.kept} and {merge.ended} are two files again.")

    drawn()
