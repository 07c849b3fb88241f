"""Legal holds on screen: the list with its forms, and the notice on a record that is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import streamlit as st

from actions.center.agencies import AgencyLine
from domain.retention import HeldScope, HoldLine
from widgets.words import Clock, safe


@dataclass(frozen=True)
class NewHold:
    """What was typed to place a hold."""

    scope: HeldScope
    reason: str
    number: str = ""
    agency_id: UUID | None = None
    since: date | None = None
    until: date | None = None


def hold_notice(covering: Sequence[HoldLine], clock: Clock) -> None:
    """On a record's page: every hold that covers it, and why."""
    for hold in covering:
        st.info(f"Legal hold: nothing of this record is purged. {_placed(hold, clock)}", icon=":material/gavel:")
        st.text(f"Reason: {hold.reason}")


def holds_list(standing: Sequence[HoldLine], clock: Clock, *, may_lift: bool) -> tuple[UUID, str] | None:
    """Every hold that stands, each with the form that lifts it; the hold and the reason once one is sent."""
    chosen: tuple[UUID, str] | None = None
    if not standing:
        st.text("No legal hold stands.")
    for hold in standing:
        with st.container(border=True):
            st.markdown(f"**{_what(hold)}**{_days(hold, clock)}. {_placed(hold, clock)}")
            st.text(f"Reason: {hold.reason}")
            if hold.lift_asked_at:
                asked = f"{safe(hold.lift_asked_by)} asked to lift it {clock.ago(hold.lift_asked_at)}"
                st.markdown(f":orange-badge[Waits] {asked}; somebody else has to agree.")
                st.text(f"Reason: {hold.lift_reason}")
            if may_lift:
                chosen = _lift_form(hold) or chosen
    return chosen


def place_form(agencies: Sequence[AgencyLine]) -> NewHold | None:
    """Place a hold; what was typed once it is sent."""
    scope = st.selectbox("What is held", list(HeldScope), format_func=lambda one: one.label)
    if scope is None:
        return None
    with st.form(f"hold_{scope}"):
        number, agency, since, until = "", None, None, None
        if scope in (HeldScope.REFERRAL, HeldScope.CLIENT):
            example = "R-26-0041" if scope is HeldScope.REFERRAL else "C-26-0007"
            number = st.text_input("Number", placeholder=example)
        if scope is HeldScope.AGENCY:
            agency = st.selectbox("Agency", list(agencies), index=None, format_func=lambda one: one.name)
        if scope in (HeldScope.AGENCY, HeldScope.EVERYTHING):
            since = st.date_input("Begun on or after (empty: from the beginning)", value=None, format="MM/DD/YYYY")
            until = st.date_input("Begun on or before (empty: with all to come)", value=None, format="MM/DD/YYYY")
        reason = st.text_area("Why: the court, the case and who asked for it")
        sent = st.form_submit_button("Place the hold")
    return NewHold(scope, reason, number, agency.id if agency else None, since, until) if sent else None


def _lift_form(hold: HoldLine) -> tuple[UUID, str] | None:
    with st.expander("Lift this hold"), st.form(f"lift_{hold.id}"):
        reason = st.text_input("Why it is lifted, and who decided it")
        sent = st.form_submit_button("Lift the hold")
    return (hold.id, reason) if sent else None


def _what(hold: HoldLine) -> str:
    if hold.scope is HeldScope.EVERYTHING:
        return "Everything"
    return f"{hold.scope.value.capitalize()} {safe(hold.on)}"


def _days(hold: HoldLine, clock: Clock) -> str:
    since = f" begun on or after {clock.day(hold.since)}" if hold.since else ""
    until = f" begun on or before {clock.day(hold.until)}" if hold.until else ""
    return f",{since}{' and' if since and until else ''}{until}" if since or until else ""


def _placed(hold: HoldLine, clock: Clock) -> str:
    return f"Placed by {safe(hold.placed_by)}, {clock.stamp(hold.placed_at)}."
