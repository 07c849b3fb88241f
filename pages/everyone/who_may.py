"""Who may do what: the very table that the desk decides by."""

import streamlit as st

from widgets.permission_table import permission_table

st.title("Who may do what")
st.text("Rights belong to roles, and a person may hold several. Nobody has a right that is not in this table.")
permission_table()
