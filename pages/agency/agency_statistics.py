"""Our numbers: how an agency's own referrals arrive, for its lead."""

import streamlit as st

from actions.agency import statistics
from widgets.at_work import reading
from widgets.figures_filter import period_filter, wanted_numbers
from widgets.figures_own import own_days, own_sheet
from widgets.figures_paper import paper_part
from widgets.language import language_switch, said
from widgets.words import safe

wanted = wanted_numbers()
st.title(said("Our numbers", "Nuestras cifras"), anchor=False)
language_switch()
with reading() as work:
    own, person = statistics.own_numbers(work, wanted), work.actor

period_filter(wanted)
st.header(safe(f"{own.agency}, {own_days(own.period)}"), anchor=False)
paper_part(person, own_days(own.period))
for sheet in own.sheets:
    own_sheet(sheet)
