"""Health: how the site is doing, one light and one next step for each thing."""

import streamlit as st

from actions import health
from widgets.at_work import reading
from widgets.health_lines import health_lines

st.title("Health")
with reading() as work:
    found = health.report(work)
health_lines(found)
