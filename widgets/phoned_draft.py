"""A phoned-in referral in work: drawn as the agencies' own form, saved answer by answer."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import streamlit as st

from actions.center import referrals
from actions.form_help import FormHelp
from domain import fields
from domain.fields import Field, Problem, ReferralType
from domain.referrals import OwnDraft
from widgets.answer_box import Form
from widgets.at_work import at_work, opening
from widgets.plain_text import plain
from widgets.queue_list import TYPES
from widgets.typed_answers import change, without_person
from widgets.urgent_calls import notices
from widgets.words import Clock


def open_phoned(referral_id: UUID) -> OwnDraft:
    """The phoned-in draft that the address names."""
    with opening() as work:
        return referrals.read_phoned(work, referral_id)


def form_of(draft: OwnDraft, center: FormHelp, clock: Clock, problems: tuple[Problem, ...] = ()) -> Form:
    """The draft as a form; staff may change who is sending it, because the account does not say it."""
    return Form(
        record=draft.id,
        asked=fields.referral(ReferralType(draft.type)),
        answers=draft.answers,
        keep=lambda field, row, value: _keep(draft.id, field, row, value),
        take_out=lambda group, row: _take_out(draft.id, group, row),
        today=clock.today,
        language="en",
        later="Everything else can wait. Write down what the caller knows; the agency can be asked for the rest.",
        marks=draft.marks,
        problems=problems,
        lookups={"agencies_le": center.police, "agencies_cps": center.protection},
        notices=notices(draft.answers, center),
    )


def problems_of(draft: OwnDraft, clock: Clock) -> tuple[Problem, ...]:
    """What stands against sending the draft."""
    return tuple(fields.problems(ReferralType(draft.type), draft.answers, clock.today))


def call_taken(agencies: tuple[tuple[UUID, str], ...], clock: Clock) -> tuple[ReferralType, UUID, str, datetime] | None:
    """Ask who phoned, for which agency, when; the answers once the person starts the referral."""
    names = dict(agencies)
    agency = st.selectbox(
        "Agency",
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="Choose the agency that called",
        key="phone-agency",
    )
    caller = st.text_input("Who called?", key="phone-caller", autocomplete="off")
    local = clock.at.astimezone(clock.zone).replace(second=0, microsecond=0, tzinfo=None)
    with st.container(horizontal=True):
        on = st.date_input("Day of the call", value=local.date(), format="MM/DD/YYYY", key="phone-day", width=200)
        at = st.time_input("Time of the call", value=local.time(), format="12h", key="phone-time", step=60, width=200)
    kind = st.radio("Type of referral", list(TYPES), format_func=TYPES.__getitem__, index=None, key="phone-kind")
    if not st.button("Start the referral", type="primary", key="phone-start"):
        return None
    if agency is None or kind is None or not isinstance(on, date) or at is None:
        st.error("Choose the agency, the time of the call and the type of referral first.", icon=":material/error:")
        return None
    return ReferralType(kind), agency, caller or "", datetime.combine(on, at, clock.zone)


def begun(drafts: tuple[OwnDraft, ...], clock: Clock) -> UUID | None:
    """Phoned-in referrals that this person began and did not send; the one to go on with."""
    chosen: UUID | None = None
    if drafts:
        st.header("Begun and not sent", anchor=False)
    for draft in drafts:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            with st.container():
                plain(child_in(draft))
                st.caption(f"{TYPES.get(draft.type, draft.type)}, saved {clock.stamp(draft.saved_at)}")
            if st.button("Go on", key=f"phone-{draft.id}"):
                chosen = draft.id
    return chosen


def child_in(draft: OwnDraft) -> str:
    """The child's name as typed so far."""
    names = (draft.answers.get("child_first_name"), draft.answers.get("child_last_name"))
    return " ".join(name for name in names if isinstance(name, str)) or "Name not known yet"


def _keep(draft_id: UUID, field: Field, row: str | None, value: Any) -> None:
    with at_work() as work:
        answers = referrals.read_phoned(work, draft_id).answers
        referrals.save_phoned(work, draft_id, change(answers, field, row, value))


def _take_out(draft_id: UUID, group: str, row: str) -> None:
    with at_work() as work:
        answers = referrals.read_phoned(work, draft_id).answers
        referrals.save_phoned(work, draft_id, without_person(answers, group, row))
