"""Lists beside the numbers: records with missing answers, and the week in sentences."""

from collections.abc import Iterable, Sequence

import streamlit as st

from actions.center import statistics
from actions.center.statistics import Gap, ScoreCard
from domain.statistics import MEDIA, Wanted
from widgets.export_link import export_button
from widgets.figures import sheet_part
from widgets.ways import CLIENT
from widgets.words import safe


def gap_list(gaps: Sequence[Gap]) -> None:
    """Each record that counts as Unknown somewhere, one click from its file; no name stands here."""
    if not gaps:
        st.markdown("No answer is missing in this period.")
    for place, gap in enumerate(gaps, start=1):
        label = f"{place}. Counted on {gap.on:%b} {gap.on.day}, {gap.on.year}; missing: {gap.missing}"
        st.page_link(CLIENT, label=label, query_params={"c": str(gap.client_id)})


def sentences(lines: Iterable[str]) -> None:
    """Sentences as a list."""
    st.markdown("\n".join(f"- {line}" for line in lines))


def score_card_part(card: ScoreCard, wanted: Wanted) -> None:
    """One agency's score card, and the file to send to it."""
    st.header(f"Score card of {safe(card.agency)}", anchor=False)
    for sheet in card.sheets:
        sheet_part(sheet)
    export_button(
        "Make the score card to send",
        "score-card.xlsx",
        MEDIA,
        lambda work: statistics.export_score_card(work, wanted),
    )
