"""The address without a name: leads to the first screen of one's menu."""

import streamlit as st

from widgets.memory import memory

st.switch_page(memory().first_screen)
