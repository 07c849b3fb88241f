"""Lists beside the numbers: records with missing answers, and the week in sentences."""

from collections.abc import Iterable, Sequence

import streamlit as st

from actions.center import statistics
from actions.center.statistics import Gap, ScoreCard
from domain.number_rows import LONGEST_KEY
from domain.statistics import INTAKE_GROUPS, MEDIA, Choice, Wanted
from widgets.export_link import export_button
from widgets.figures import ROWS, row_link, sheet_part
from widgets.ways import CLIENT
from widgets.words import safe


def gap_list(gaps: Sequence[Gap]) -> None:
    """Each record that counts as Unknown somewhere, one click from its file; no name stands here."""
    if not gaps:
        st.markdown("No answer is missing in this period.")
    for place, gap in enumerate(gaps, start=1):
        missing = f"; missing: {gap.missing}" if gap.missing else ""
        label = f"{place}. Counted on {gap.on:%b} {gap.on.day}, {gap.on.year}{missing}"
        st.page_link(CLIENT, label=label, query_params={"c": str(gap.client_id)})


def rows_named() -> tuple[str, str]:
    """The intake count whose records the address asks for, and the row of its table; empty for none."""
    code, _, row = st.query_params.get(ROWS, "").partition("~")
    return (code, row[:LONGEST_KEY]) if code in INTAKE_GROUPS else ("", "")


def record_list(records: Sequence[Gap], row: str) -> None:
    """The records behind one intake count, each one click from its file; no name stands here."""
    st.subheader(f"Records behind: {safe(row)}" if row else "Records behind the count", anchor=False)
    st.markdown(f"{len(records)} records that you may open, at most {statistics.MOST_LISTED}.")
    gap_list(records)


def sentences(lines: Iterable[str]) -> None:
    """Sentences as a list."""
    st.markdown("\n".join(f"- {line}" for line in lines))


def score_card_part(card: ScoreCard, wanted: Wanted, choice: Choice) -> None:
    """One agency's score card, and the file to send to it."""
    st.header(f"Score card of {safe(card.agency)}", anchor=False)
    for sheet in card.sheets:
        sheet_part(sheet, row_link(choice))
    export_button(
        "Make the score card to send",
        "score-card.xlsx",
        MEDIA,
        lambda work: statistics.export_score_card(work, wanted),
    )
