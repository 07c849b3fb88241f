"""The certificate of a purge, to be shown and printed: how many, which numbers, who, when. Never a name."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import streamlit as st

from domain.retention import Certificate
from widgets.plain_text import described
from widgets.printed import print_page
from widgets.words import Clock


def certificates_list(done: Sequence[Certificate], clock: Clock) -> UUID | None:
    """Every purge that was carried out; the one whose certificate is to be opened."""
    chosen: UUID | None = None
    if not done:
        st.text("Nothing was purged yet.")
    for paper in done:
        count = sum(paper.purged.values())
        words = f"{paper.number}: {count} {'record' if count == 1 else 'records'}, {clock.stamp(paper.done_at)}"
        if st.button(words, key=f"certificate-{paper.id}", type="tertiary", icon=":material/description:"):
            chosen = paper.id
    return chosen


def printable_certificate(paper: Certificate, center: str, clock: Clock) -> None:
    """The certificate as a list, on the screen and on paper."""
    st.header(f"Certificate {paper.number}", anchor=False)
    described(_lines(paper, center, clock))
    print_page("Print the certificate")


def _lines(paper: Certificate, center: str, clock: Clock) -> Iterator[tuple[str, str]]:
    yield "Center", center
    yield "Purged on", clock.stamp(paper.done_at)
    yield "What", ", ".join(f"{kind.label}: {count}" for kind, count in paper.purged.items()) or "Nothing"
    if paper.numbers:
        yield "Referrals", ", ".join(paper.numbers)
    if paper.ids:
        yield "Without a number, by id", ", ".join(str(one) for one in paper.ids)
    if paper.held or paper.changed:
        yield "Kept after all", f"{paper.held} by a legal hold, {paper.changed} restored or changed meanwhile"
    yield "Asked for by", f"{paper.requested_by}, {clock.stamp(paper.requested_at)}"
    yield "Agreed to by", paper.approved_by
    yield "Reason", paper.reason
    yield "Rule", f"{paper.rules.bin} days in the bin, {paper.rules.drafts} days for drafts"
    written = (
        clock.stamp(paper.rewritten_at) if paper.rewritten_at else "Not yet; the desk tries again every five minutes"
    )
    yield "Files of the database written anew", written
    yield "Backups", f"The desk's own backups from before are gone by {clock.stamp(paper.backups_until)}."
    yield "What is left", "Numbers, days and steps, for the statistics and the audit trail. No word about a child."
