"""Totals to share: the same tables with small numbers hidden, to print or to take away as a file."""

import streamlit as st

from actions.center import statistics
from domain.statistics import MEDIA
from widgets.at_work import reading
from widgets.export_link import export_button
from widgets.figures import section_part
from widgets.figures_filter import filter_words, numbers_filter, scope_words, wanted_numbers
from widgets.figures_paper import paper_part

wanted = wanted_numbers()
st.title("Totals to share", anchor=False)
with reading() as work:
    offer = statistics.offer(work)
    page, person = statistics.safe_part(work, wanted), work.actor

numbers_filter(wanted, offer.agencies, offer.counties)
st.markdown(
    f"Numbers below {page.setup.least} are hidden, and others from which they could be worked out. "
    "Print this page, or take all parts as a file."
)
export_button("Make the Excel file", "totals.xlsx", MEDIA, lambda work: statistics.export(work, wanted))
scope_words(wanted.part, page.choice.period, page.before, page.setup)
paper_part(person, f"{page.choice.period.label}, {filter_words(wanted, offer.agencies)}")
for section in page.sections:
    section_part(section, page.choice, links=False)
