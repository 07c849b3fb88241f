"""Import a referral: is the child on file, is a case open, which answer is right, which of our terms fits."""

from dataclasses import replace
from uuid import UUID

import streamlit as st

from actions.center import doubles, imports
from domain import fields
from domain.clients import IntakeView, PossibleClients, looked_for
from domain.covering import covered
from domain.intake import IntakeChoices
from domain.matching import person_from
from widgets.at_work import at_work, opening, reading
from widgets.candidate_list import candidate_list, search_words
from widgets.memory import memory
from widgets.merge_dialogs import NOT_SAME, not_this_client_dialog
from widgets.plain_text import described
from widgets.settle_differences import joined_words, settle_differences, unsettled_words
from widgets.ways import INTAKE, id_in_address, to_queue, to_referral
from widgets.words import clock, safe

referral_id, now = id_in_address(), clock()
if referral_id is None:
    to_queue()


def keep(choices: IntakeChoices) -> None:
    """Keep a choice with this person's half-done import and draw the page as it is now."""
    with at_work() as work:
        imports.keep_intake(work, referral, choices)
    st.rerun()


def search(view: IntakeView) -> PossibleClients:
    """Search the clients on file; it runs by itself and again with every word that is typed over it."""
    # A phone that must not be called is compared, but not shown.
    looked = search_words(view.number, looked_for(person_from(covered(view.answers))))
    with opening() as work:
        return imports.candidates(work, referral, looked)


def still_strong(view: IntakeView, found: PossibleClients) -> bool:
    """Whether a strong match was shown of whom nobody has said since that it is another child."""
    if not found.apart:
        return view.strong
    with reading() as work:
        return imports.intake_of(work, referral).strong


def choose_client(view: IntakeView) -> None:
    """The first question: a client on file, or a new one with a reason where somebody looks like the child."""
    found = search(view)
    chosen = candidate_list(found, now, f"Referral {view.number}", choose="Import to", apart=True)
    if chosen and chosen.kind == "referral":
        to_referral(chosen.id)
    if chosen and chosen.kind == "take_back":
        with at_work("Taken back: the two are compared and proposed again.") as work:
            doubles.take_back_not_same(work, chosen.id)
        st.rerun()
    if chosen and chosen.kind == "not_same":
        memory().queue.open(NOT_SAME, chosen.id, view.version)
    not_this_client_dialog(view, found.found)
    if chosen and chosen.kind == "client":
        version = next(one.version for one in found.found if one.client_id == chosen.id)
        keep(view.choices.for_client(chosen.id, version))
    with st.container(border=True):
        st.subheader("None of these is the child" if found.found else "A new client", anchor=False)
        # What a narrower search no longer shows was shown before, and still needs its reason.
        strong = found.strong or still_strong(view, found)
        reason = view.choices.override_reason
        if strong:
            reason = st.text_area(
                "Why is this another child?",
                value=reason,
                key=f"override-{view.number}",
                help="Asked because a client who looks like the child was shown. Kept with the import, and counted.",
            )
        if st.button("Add new client", key="add-new", icon=":material/person_add:", disabled=strong and not reason):
            keep(replace(view.choices.for_client(None, 0), override_reason=reason))
        if strong and not reason:
            st.caption("Write the reason first, then leave the box.")


def chosen_client(view: IntakeView) -> None:
    """What was answered to the first question, and the way back to it."""
    whom = f"Import to **{view.client_number} · {safe(view.client_child)}**" if view.client_number else "Add new client"
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f":material/check_circle: {whom}", width="stretch")
        back = st.button("Choose again", key="choose-again")
    if view.client_ended:
        st.warning(f"{safe(view.client_ended)} Choose again.", icon=":material/merge:")
    if view.choices.override_reason and not view.client_number:
        described([("Why this is another child", view.choices.override_reason)])
    if back:
        keep(replace(view.choices, decided=False))


def choose_case(view: IntakeView) -> None:
    """The second question: a new case, or one that is open."""
    cases = {case.id: case for case in view.open_cases}
    if not cases:
        st.markdown("This client has no open case: the referral opens a new one.")
        return
    words = {
        case.id: f"Add to case {case.number}, opened {now.stamp(case.opened_at)}"
        + (f": {case.concerns}" if case.concerns else "")
        for case in view.open_cases
    }
    options: list[UUID | None] = [None, *cases]
    now_chosen = view.case.id if view.case else None
    picked = st.radio(
        "This referral",
        options,
        index=options.index(now_chosen),
        format_func=lambda case: safe(words[case]) if case else "Opens a new case: another occurrence",
        key=f"case-{view.number}-{view.client_number}",
        label_visibility="collapsed",
    )
    if picked != now_chosen:
        keep(replace(view.choices, case_id=picked, case_version=cases[picked].version if picked else 0))


def settle(view: IntakeView) -> None:
    """The third question: which of two answers is right."""
    if not view.to_settle:
        st.markdown("File and referral say the same wherever both say something.")
    settled = settle_differences(view, f"{view.number}-{view.client_number}-{view.case.number if view.case else ''}")
    added = joined_words(view)
    if added:
        st.caption(added)
    st.caption("Nothing is lost: the client's earlier answers stay in the history of the file.")
    if settled != view.choices.settled:
        keep(replace(view.choices, settled=settled))


def our_terms(view: IntakeView) -> None:
    """The fourth question: answers that are not among ours."""
    if not view.wrong:
        st.markdown("Every answer fits the center's own terms.")
        return
    st.markdown("These answers do not fit ours. Pick or type the right one on the next screen.")
    for problem in view.wrong:
        st.markdown(f"* {safe(problem.message)}")


def go_on(view: IntakeView) -> None:
    """On to the intake screen, with file and case as they were seen here."""
    waiting = unsettled_words(view.unsettled)
    if waiting:
        st.warning(waiting, icon=":material/rule:")
    if st.button("Continue to intake", type="primary", key="to-intake", disabled=bool(waiting)):
        version = view.case.version if view.case else 0
        with at_work() as work:
            imports.keep_intake(
                work, referral, replace(view.choices, client_version=view.client_version, case_version=version)
            )
        st.switch_page(INTAKE, query_params={"r": str(referral)})


referral = referral_id
with reading() as work:
    view = imports.intake_of(work, referral)
if st.button(f"Back to {view.number}", icon=":material/arrow_back:", type="tertiary", key="back"):
    to_referral(referral)
st.title(f"Import {view.number}", anchor=False)
born = fields.say(fields.FIELD["child_dob"], view.answers.get("child_dob"))
st.markdown(f"**{safe(view.child)}**" + (f" · born {born}" if born else ""))
if view.hotline_open:
    st.warning(
        "The hotline report is not settled. Settle it on the referral's page before you save.",
        icon=":material/call:",
    )
with st.container(width=980):
    st.header("1. Is this child already a client?", anchor=False, divider="gray")
    if not view.choices.decided:
        choose_client(view)
    else:
        chosen_client(view)
        st.header("2. Is a case already open?", anchor=False, divider="gray")
        if view.client_number:
            choose_case(view)
        else:
            st.markdown("A new client gets a first case.")
        st.header("3. Which answer is right?", anchor=False, divider="gray")
        if view.client_number:
            settle(view)
        else:
            st.markdown("Nothing is on file yet: the referral's answers are taken.")
        st.header("4. Which of our terms fits?", anchor=False, divider="gray")
        our_terms(view)
        st.divider()
        go_on(view)
