"""Print a referral: first the reason, then the referral as it may stand on paper."""

from uuid import UUID

import streamlit as st

from actions.center import printing, referrals
from widgets.at_work import at_work, opening
from widgets.paper import not_for_paper, paper
from widgets.ways import PRINT, id_in_address, to_queue, to_referral
from widgets.words import clock


def ask(referral_id: UUID) -> None:
    """Ask why; a print without a reason is none."""
    with opening() as work:
        view = referrals.read(work, referral_id)
    not_for_paper()
    st.title(f"Print {view.number}", anchor=False)
    st.markdown(
        "The print holds all answers but who first made the report. Phones that must not be called, a confidential "
        "address and the names of other children are covered. A print can end in court, or in the wrong hands."
    )
    reason = st.text_area("Why is it printed? For whom, and what for?", key="print-reason", height=100, width=640)
    with st.container(horizontal=True):
        ready = st.button("Prepare the print", type="primary", icon=":material/print:", key="print-ready")
        leave = st.button(f"Back to {view.number}", icon=":material/arrow_back:", key="print-leave")
    if leave:
        to_referral(referral_id)
    if ready:
        with at_work() as work:
            printout_id = printing.print_referral(work, referral_id, reason or "")
        st.switch_page(PRINT, query_params={"p": str(printout_id)})


def ready_for(printout_id: UUID) -> None:
    """The referral as it goes on paper."""
    with opening() as work:
        view = printing.printed(work, printout_id)
    if st.button(f"Back to {view.number}", icon=":material/arrow_back:", type="tertiary", key="print-leave"):
        to_referral(view.id)
    with st.container(width=820):
        paper(view, clock())


printout, asked = id_in_address("p"), id_in_address()
if printout is not None:
    ready_for(printout)
elif asked is not None:
    ask(asked)
else:
    to_queue()
