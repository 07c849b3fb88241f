"""The parts of the audit trail's screen: what is asked, the entries found, the check of the chain, the export."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import streamlit as st

from actions.center import audit_trail
from actions.center.audit_trail import Chain, Found, Wanted
from domain.events import EVENTS
from widgets.at_work import at_work, reading
from widgets.export_link import export_button
from widgets.prove_again import proved
from widgets.words import clock, safe

KINDS = {"client_batch": "list of clients"}
"""Where the trail's word for a kind of record is not what people say."""
RESULTS = {"": "Any", "ok": "Done", "refused": "Refused", "failed": "Failed"}


def question(people: dict[UUID, str]) -> Wanted:
    """What the reader asks for."""
    with st.container(horizontal=True):
        person = st.selectbox("Who", list(people), index=None, format_func=people.__getitem__, placeholder="Anybody")
        events = st.multiselect("What", list(EVENTS), format_func=EVENTS.__getitem__, placeholder="Anything")
        result = st.selectbox("Result", list(RESULTS), format_func=RESULTS.__getitem__)
        days = st.number_input("In the last days", min_value=1, max_value=3660, value=30)
    typed = st.text_input("Record", placeholder="R-26-0041, a client's number or a user name").strip()
    since = datetime.combine(datetime.now(UTC).date() - timedelta(days=int(days)), time(), UTC)
    return Wanted(person=person, record=_record(typed), events=tuple(events), result=result or "", since=since)


def entries_table(found: Found) -> None:
    """One page of entries as a table that a screen reader reads."""
    st.text(f"{found.count} entries; the newest {len(found.entries)} are shown.")
    now = clock()
    st.table(
        [
            {
                "No.": str(entry.number),
                "When": now.stamp(entry.at),
                "Who": safe(entry.person),
                "What": entry.in_words,
                "Record": safe(f"{KINDS.get(entry.object_type, entry.object_type)} {entry.called}".strip()),
                "Result": RESULTS.get(entry.result, entry.result),
                "Note": safe(" ".join(part for part in (entry.reason, entry.fields, str(entry.count or "")) if part)),
            }
            for entry in found.entries
        ]
    )


def chain_part() -> None:
    """Check that no entry was changed, removed or forged."""
    if not st.button("Check that the trail is whole"):
        return
    with at_work() as work:
        checked = audit_trail.check(work)
    if checked.chain is Chain.WHOLE:
        st.success(f"All {checked.newest} entries are as they were written.")
    elif checked.chain is Chain.BROKEN:
        st.error(f"Entry {checked.broken_at} is not as it was written. Tell whoever runs this desk at once.")
    else:
        st.error("The newest entries are missing. Tell whoever runs this desk at once.")


def export_part(wanted: Wanted) -> None:
    """The entries asked for as a file."""
    with st.expander("Export these entries"):
        if not proved("To export the trail, type your password first."):
            return
        export_button("Export as CSV", "audit-trail.csv", "text/csv", lambda work: audit_trail.export(work, wanted))


def _record(typed: str) -> UUID | None:
    if not typed:
        return None
    with reading() as work:
        return audit_trail.record_called(work, typed)
