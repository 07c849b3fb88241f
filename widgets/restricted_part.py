"""Restrict a record to named people, and tell supervisors what was opened in an emergency."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from actions.center import audit_trail, restricted
from domain.people import Actor
from domain.permissions import Permission, may
from widgets.at_work import at_work, reading
from widgets.words import clock


def restricted_part(kind: str, record_id: UUID) -> None:
    """Who may see this referral or client; `kind` is "referral" or "client". Draw it on the record's page."""
    with st.expander("Who may see this record"):
        with reading() as work:
            now = restricted.restriction(work, kind, record_id)
            looks = audit_trail.who_looked(work, record_id)
        st.text("Restricted to the people named here." if now.restricted else "Open to all of the center.")
        with st.form(f"restrict_{record_id}"):
            people = st.multiselect(
                "Named people", list(now.possible), default=list(now.named), format_func=now.possible.__getitem__
            )
            reason = st.text_input("Reason")
            restrict = st.form_submit_button("Restrict to these people")
            lift = now.restricted and st.form_submit_button("Open to all of the center")
    _who_looked(looks)
    if restrict:
        with at_work("Only the named people see this record now.") as work:
            restricted.restrict(work, kind, record_id, people, reason)
        st.rerun()
    if lift:
        with at_work("All of the center sees this record again.") as work:
            restricted.lift(work, kind, record_id, reason)
        st.rerun()


def _who_looked(looks: Sequence[audit_trail.Look]) -> None:
    with st.expander("Who looked at this record"):
        now = clock()
        for look in looks:
            st.text(f"{look.person}: {look.times} times, last {now.stamp(look.last)}")


def emergency_notice(person: Actor) -> None:
    """Tell supervisors which restricted records were opened in an emergency within the last week."""
    if not may(person, Permission.SEE_EMERGENCIES):
        return
    with reading() as work:
        told = restricted.emergencies(work)
    if told.over:
        with at_work() as work:
            restricted.close_what_is_over(work)
    if told.opened:
        now = clock()
        with st.sidebar.expander(f"Opened in an emergency: {len(told.opened)}", icon=":material/emergency:"):
            for one in told.opened:
                st.text(f"{one.person} opened {one.kind} {one.number}, {now.stamp(one.at)}")


def emergency_form() -> tuple[str, str] | None:
    """Number and reason of an emergency opening."""
    with st.form("emergency"):
        number = st.text_input("Number of the referral or client", placeholder="R-26-0041")
        reason = st.text_area("Why it cannot wait for somebody who is named on it")
        sent = st.form_submit_button("Open for 60 minutes", type="primary")
    return (number, reason) if sent else None
