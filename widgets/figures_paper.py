"""Numbers on paper: who made it, when and of which days; no menus, no buttons, no filter; nothing cut in two."""

import streamlit as st

from actions.desk import desk
from domain.people import Actor
from widgets.language import language, said
from widgets.memory import memory
from widgets.printed import button_that_prints
from widgets.words import clock, safe

_ON_PAPER = """<style>
.st-key-numbers_head { display: none; }
[data-testid="stPageLink-NavLink"] * { white-space: normal !important; overflow: visible !important; }
@media print {
  .st-key-numbers_head { display: block; font-size: .85rem; border-bottom: 1px solid #888; margin-bottom: .5rem; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stAlert"], [data-testid="stToolbar"],
  [data-testid="stElementToolbar"], .stButton, .stButtonGroup, .stSelectbox, .stDateInput, .stPageLink,
  .stLinkButton, .stCheckbox, .stForm, .st-key-numbers_print { display: none !important; }
  .stApp, .stAppViewContainer, .stMain { position: static !important; overflow: visible !important;
    height: auto !important; background: #fff !important; color: #000 !important; }
  .stMainBlockContainer { padding: 0 !important; max-width: none !important; }
  .stMain h1, .stMain h2, .stMain h3, .stMain p, .stMain td, .stMain th, .stMain label, .stMain [data-testid] {
    color: #000 !important; }
  h2, h3 { break-after: avoid; }
  tr, [data-testid="stMetric"], [data-testid="stVegaLiteChart"] { break-inside: avoid; }
  a { color: inherit !important; text-decoration: none !important; }
}
</style>"""


def paper_part(person: Actor, about: str) -> None:
    """The head of the print, and the button for it; long tables are printed in full when all are open."""
    now = clock(language())
    by = said("Printed by", "Impreso por")
    nameless = said("Totals only: no names.", "Solo totales: sin nombres.")
    st.html(_ON_PAPER)
    with st.container(key="numbers_head"):
        center, who = safe(desk().center), safe(person.name)
        st.markdown(f"{center}. {safe(about)}. {by} {who}, {now.stamp(now.at)}. {nameless}")
    with st.container(horizontal=True, vertical_alignment="center", key="numbers_print"):
        words = said("Open every table", "Abrir todas las tablas")
        memory().all_tables_open = st.toggle(words, value=memory().all_tables_open, key="all_tables")
        button_that_prints(said("Print this page", "Imprimir esta página"))
