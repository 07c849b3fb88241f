"""What somebody sees at the address of a screen that their role does not have."""

import streamlit as st

from widgets.translated import in_words

st.title(in_words("Not your screen"))
st.text(in_words("Your role does not have this screen. Choose another one from the menu, or ask your administrator."))
