"""The desk now: how much waits, how long, and what must be seen to first."""

import streamlit as st

from actions.center import statistics
from widgets.at_work import reading
from widgets.figures import section_part
from widgets.figures_filter import choice_of_today

st.title("The desk now", anchor=False)
with reading() as work:
    desk = statistics.desk(work)
section_part(desk, choice_of_today(), links=True)
