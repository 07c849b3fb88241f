"""Statistics: what a supervisor acts on, each number with its meaning and the way to its rows."""

import streamlit as st

from actions.center import statistics
from domain.statistics import Part, Wanted
from widgets.at_work import at_work, reading
from widgets.figures import section_part
from widgets.figures_filter import (
    filter_words,
    numbers_filter,
    scope_words,
    setup_form,
    wanted_numbers,
)
from widgets.figures_lists import gap_list, record_list, rows_named, score_card_part, sentences
from widgets.figures_paper import paper_part


def beside(wanted: Wanted) -> None:
    """What stands beside a part: the week in sentences, an agency's score card, records with missing answers."""
    if wanted.part is Part.NOW and st.toggle("Last week in sentences, without a name", key="show_week"):
        with reading() as work:
            sentences(statistics.weekly_summary(work))
    if wanted.part is Part.QUALITY and wanted.agency_id:
        with reading() as work:
            card = statistics.score_card(work, wanted)
        score_card_part(card, wanted, page.choice)
    if wanted.part is Part.INTAKE:
        code, row = rows_named()
        if code:
            with reading() as work:
                record_list(statistics.records(work, wanted, code, row), row)
        if st.toggle("List the records whose missing answers count as Unknown", key="show_gaps"):
            with reading() as work:
                gap_list(statistics.gaps(work, wanted))
        if st.toggle("Change how the center counts", key="show_setup"):
            change_setup(wanted)


def change_setup(wanted: Wanted) -> None:
    """How the center counts, and which row of the report each choice counts in."""
    with reading() as work:
        known = statistics.part(work, wanted).setup
    chosen = setup_form(known)
    if chosen:
        with at_work("Saved. The page counts by it from now on.") as work:
            statistics.save_setup(work, chosen)
        st.rerun()


wanted = wanted_numbers()
st.title("Statistics", anchor=False)
with reading() as work:
    offer = statistics.offer(work)
    page, person = statistics.part(work, wanted), work.actor

numbers_filter(wanted, offer.agencies, offer.counties)
scope_words(wanted.part, page.choice.period, page.before, page.setup)
paper_part(person, f"{page.choice.period.label}, {filter_words(wanted, offer.agencies)}")
for section in page.sections:
    section_part(section, page.choice, links=True)
beside(wanted)
