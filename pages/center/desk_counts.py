"""The desk now: how much waits, how long, and what must be seen to first."""

import streamlit as st

from actions.center import statistics
from widgets.at_work import reading
from widgets.figures import section_part
from widgets.figures_filter import choice_of_today
from widgets.figures_paper import paper_part

st.title("The desk now", anchor=False)
with reading() as work:
    desk, person = statistics.desk(work), work.actor
paper_part(person, "The desk now")
section_part(desk, choice_of_today(), links=True)
