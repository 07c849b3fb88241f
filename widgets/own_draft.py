"""An agency's own draft at hand: opened from the address, drawn as a form, saved answer by answer."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import streamlit as st

from actions.agency import referrals
from actions.form_help import FormHelp
from domain import fields
from domain.fields import Field, Problem, ReferralType
from domain.lifecycle import Status
from domain.referrals import Named, OwnDraft, OwnReferralView
from widgets.answer_box import Form
from widgets.at_work import at_work, opening
from widgets.language import language, said
from widgets.urgent_calls import notices
from widgets.words import safe

MY_REFERRALS = "agency/my_referrals.py"
NEW_REFERRAL = "agency/new_referral.py"
WRITE = "agency/write_referral.py"
CHECK = "agency/check_referral.py"
RECEIPT = "agency/receipt.py"
SENT = "agency/sent_referral.py"


def referral_in_address() -> UUID:
    """The referral that the address names; without one the person is sent to their list."""
    named = st.query_params.get("r", "")
    try:
        return UUID(named)
    except ValueError:
        st.switch_page(MY_REFERRALS)


def open_draft() -> OwnDraft:
    """The draft that the address names."""
    with opening() as work:
        return referrals.read_draft(work, referral_in_address())


def form_of(draft: OwnDraft, center: FormHelp, problems: tuple[Problem, ...] = ()) -> Form:
    """The draft as a form."""
    return Form(
        record=draft.id,
        asked=fields.referral(ReferralType(draft.type)),
        answers=draft.answers,
        keep=lambda question, row, value: _keep(draft.id, question, row, value),
        take_out=lambda group, row: _take_out(draft.id, group, row),
        today=center.day(datetime.now(UTC)),
        language=language(),
        marks=draft.marks,
        problems=problems,
        lookups={"agencies_le": center.police, "agencies_cps": center.protection},
        notices=notices(draft.answers, center),
    )


def problems_of(draft: OwnDraft, center: FormHelp) -> tuple[Problem, ...]:
    """What stands against sending the draft."""
    return tuple(fields.problems(ReferralType(draft.type), draft.answers, center.day(datetime.now(UTC))))


def wrong_so_far(draft: OwnDraft, center: FormHelp) -> tuple[Problem, ...]:
    """What is wrong with the answers that were given; what is missing or half typed is not scolded yet."""
    today = center.day(datetime.now(UTC))
    found = fields.problems(ReferralType(draft.type), draft.answers, today, complete=False)
    return tuple(problem for problem in found if not _still_typed(draft.answers, problem))


def saved_at(draft: OwnDraft, center: FormHelp) -> str:
    """ "Saved 10:42 AM": every answer is in the database."""
    clock = center.clock(draft.saved_at)
    return said(f"Saved {clock}", f"Guardado a las {clock}")


def danger_line() -> None:
    """The first line of every form."""
    st.info(
        said(
            "If a child is in danger now, call 911. This form does not replace a mandated report.",
            "Si un niño o una niña está en peligro ahora, llame al 911. "
            "Este formulario no reemplaza el reporte que exige la ley.",
        ),
        icon=":material/emergency:",
    )


def discard_button() -> bool:
    """Whether the person wants the draft thrown away; asked twice, since nothing brings it back."""
    with st.expander(said("Discard this draft", "Descartar este borrador"), icon=":material/delete:"):
        st.write(
            said(
                "Everything typed in this draft goes. Nothing was sent to the center.",
                "Se borra todo lo escrito en este borrador. No se envió nada al centro.",
            )
        )
        return st.button(said("Discard the draft", "Descartar el borrador"), key="discard_draft")


def children_to_start(view: OwnReferralView) -> str:
    """Children of the home who should be seen too, each with a button; the row of the one to start a referral for."""
    chosen = ""
    for row, person in fields.rows_of(view.answers, "household").items():
        if person.get("hh_needs_service") != "yes" or row in view.started:
            continue
        name = fields.say(fields.FIELD["hh_name"], person.get("hh_name"), language())
        who = name or said("A child in the home", "Un niño o una niña del hogar")
        with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"listed-{row}"):
            st.markdown(
                f":material/group_add: **{safe(who)}**: "
                + said("you wrote that this child should be seen too.", "usted indicó que también hay que atenderle."),
                width="stretch",
            )
            if st.button(
                said(f"Start the referral for {who}", f"Iniciar la remisión de {who}"),
                key=f"start-{row}",
                type="primary",
            ):
                chosen = row
    return chosen


def children_of_incident(group: Sequence[Named]) -> None:
    """The other children of the incident, in one line."""
    if not group:
        return
    words = {Status.DRAFT: said("draft", "borrador"), Status.REJECTED: said("returned to you", "devuelta a usted")}
    others = [
        " ".join(
            part
            for part in (one.number, safe(one.child), f"({words.get(one.status, said('sent', 'enviada'))})")
            if part
        )
        for one in group
    ]
    st.caption(f":material/group: {said('Same incident', 'Mismo incidente')}: {' · '.join(others)}")


def _still_typed(answers: fields.Answers, problem: Problem) -> bool:
    question = fields.FIELD.get(problem.field)
    if question is None:
        return False
    people = fields.rows_of(answers, question.group) if question.group else {}
    value = people.get(problem.row or "", {}).get(problem.field) if question.group else answers.get(problem.field)
    return fields.is_half_typed(value) and _lacks_a_part(value["typed"])


def _lacks_a_part(typed: Any) -> bool:
    if not isinstance(typed, Mapping):
        return False
    parts = {"month", "day", "year"}
    if set(typed) <= parts:
        return any(fields.is_blank(typed.get(part)) for part in parts)
    return any(_lacks_a_part(each) for each in typed.values() if not fields.is_blank(each))


def _keep(draft: UUID, question: Field, row: str | None, value: Any) -> None:
    # The draft is read again here: what another tab or a quicker click saved meanwhile must not be lost.
    with at_work() as work:
        answers = referrals.read_draft(work, draft).answers
        referrals.save_answers(work, draft, fields.changed(answers, question, row, value))


def _take_out(draft: UUID, group: str, row: str) -> None:
    with at_work() as work:
        answers = referrals.read_draft(work, draft).answers
        referrals.save_answers(work, draft, fields.without_person(answers, group, row))
