"""What somebody sees at the address of a screen that their role does not have."""

import streamlit as st

st.title("Not your screen")
st.text("Your role does not have this screen. Choose another one from the menu, or ask your administrator.")
