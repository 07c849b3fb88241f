"""What the retention page shows of what is due: counts in words, a purge that is asked for, returns nobody answered."""

import streamlit as st

from domain.retention import LEAST_DAYS, MOST_DAYS, ItemKind, Line, Periods, Request, Unanswered
from widgets.words import Clock, safe

MOST_SHOWN = 200
NEVER = (
    "Imported, merged, closed and waiting referrals are never purged. A purge takes every word about the child and "
    "leaves the number, the days and the history, so that the statistics stay the same."
)


def due_part(lines: tuple[Line, ...], clock: Clock) -> None:
    """Every kind with how many are due, the oldest, and what a legal hold keeps back; numbers, never a name."""
    for line in lines:
        st.markdown(f"**{line.kind.label}**: {_counted(line, clock)}")
    numbers = [number for line in lines for number in line.numbers]
    held = [number for line in lines for number in line.held_numbers]
    if numbers or held:
        with st.expander("Which referrals"):
            if numbers:
                st.text("Due: " + _listed(numbers))
            if held:
                st.text("Kept by a legal hold: " + _listed(held))
    st.caption(NEVER)


def request_form(lines: tuple[Line, ...]) -> str | None:
    """Ask for a purge of what is due; the reason once it is sent."""
    count = sum(line.due for line in lines)
    if not count:
        return None
    with st.form("purge"):
        st.text("Somebody else, a supervisor or another administrator, has to agree before anything is purged.")
        st.text("The reason stays on the certificate for ever: leave children's names out of it.")
        reason = st.text_area("Why this is purged now")
        sent = st.form_submit_button(f"Ask to purge {count} {'record' if count == 1 else 'records'}", type="primary")
    return reason if sent else None


def waiting_part(request: Request, clock: Clock, *, may_agree: bool) -> str:
    """The purge that waits; "agree" or "withdraw" once a button is pressed."""
    chosen = ""
    with st.container(border=True):
        st.markdown(f"**{safe(request.by)}** asked for a purge {clock.ago(request.at)}: {_counts(request.counts)}.")
        st.text(f"Reason: {request.reason}")
        if request.numbers:
            with st.expander("Which referrals"):
                st.text(_listed(list(request.numbers)))
        ready = not request.mine or (request.may_from is not None and request.may_from <= clock.at)
        if request.mine and request.may_from is None:
            st.text("Somebody else has to agree: a supervisor or another administrator.")
        elif not ready and request.may_from is not None:
            st.text(f"Nobody else could agree, so you can carry it out after {clock.stamp(request.may_from)}.")
        if may_agree:
            with st.container(horizontal=True):
                if ready and st.button("Agree and purge", type="primary"):
                    chosen = "agree"
                if st.button("Withdraw the request" if request.mine else "Do not purge"):
                    chosen = "withdraw"
    return chosen


def unanswered_part(found: tuple[Unanswered, ...], clock: Clock) -> str | None:
    """Returns that nobody answered, with the form that closes them; the comment once it is sent."""
    if not found:
        st.text("None.")
        return None
    st.text("Closing loses nothing: they stay searchable, and each can be reopened.")
    for one in found:
        urgent = ":red-badge[Urgent] " if one.urgent else ""
        kept = f", not closed: {one.kept_back}" if one.kept_back else ""
        st.markdown(f"{urgent}**{one.number}**, {safe(one.agency)}, returned {clock.ago(one.returned_at)}{kept}")
    count = sum(not one.kept_back for one in found)
    if not count:
        return None
    with st.form("unanswered"):
        comment = st.text_area("What was tried to reach the agencies, and who decided")
        sent = st.form_submit_button(f"Close {count} {'return' if count == 1 else 'returns'}")
    return comment if sent else None


def periods_form(decided: Periods) -> Periods | None:
    """After how many days what is due; what was decided once it is sent."""
    with st.form("periods"):
        bin_days = st.number_input("Days in the bin", LEAST_DAYS, MOST_DAYS, decided.bin)
        draft_days = st.number_input("Days for drafts nobody goes on with", LEAST_DAYS, MOST_DAYS, decided.drafts)
        unanswered = st.number_input("Days for returns nobody answers", LEAST_DAYS, MOST_DAYS, decided.unanswered)
        sent = st.form_submit_button("Save these periods")
    return Periods(int(bin_days), int(draft_days), int(unanswered)) if sent else None


def _counted(line: Line, clock: Clock) -> str:
    due = f"{line.due} due, the oldest left alone for {clock.age(line.oldest)}" if line.oldest else "nothing is due"
    return f"{due}; {line.held} kept by a legal hold" if line.held else due


def _counts(counts: dict[ItemKind, int]) -> str:
    return ", ".join(f"{count} of {kind.label.lower()}" for kind, count in counts.items())


def _listed(numbers: list[str]) -> str:
    more = len(numbers) - MOST_SHOWN
    return ", ".join(sorted(numbers)[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")
