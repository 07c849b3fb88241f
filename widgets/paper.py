"""A referral as it goes on paper: what it is, who printed it, when and why, and the answers as rule 15 covers them."""

import streamlit as st

from domain import fields
from domain.paper import Paper
from widgets.plain_text import described
from widgets.printed import print_page
from widgets.queue_list import TYPES
from widgets.record_view import record_view
from widgets.words import Clock

_EVERY_SHEET = """<style>
@media print {
  @page { margin: 18mm 16mm; @bottom-center { content: "Confidential, sheet " counter(page); font: 9pt sans-serif; } }
  [data-testid="stHeading"], dl > div { break-inside: avoid; }
}
</style>"""

_NOT_ON_PAPER = """<style>
@media print {
  [data-testid="stMain"] * { visibility: hidden; }
  [data-testid="stMain"]::before {
    content: "Confidential. A full print needs a reason: choose Print in the menu of the referral.";
  }
}
</style>"""


def paper(view: Paper, clock: Clock) -> None:
    """Draw the print, on the screen and for the printer."""
    print_page("Print")
    st.html(_EVERY_SHEET)
    st.title(f"Confidential: referral {view.number}", anchor=False)
    came = clock.stamp(view.first_submitted_at) if view.first_submitted_at else ""
    described(
        (
            ("Center", view.center),
            ("Printed by", f"{view.by}, {clock.stamp(view.at)}"),
            ("Why it was printed", view.reason),
            ("Referral", f"{TYPES.get(view.type, view.type)}, {view.status.lower()}"),
            ("From", view.agency),
            ("First received", came),
        )
    )
    record_view(fields.ReferralType(view.type), view.answers, clock.today)
    st.markdown(
        "Who first made the report is left out. Covered phones and addresses, and the names of other children, "
        "are with the team."
    )


def not_for_paper() -> None:
    """Keep a screen off the paper that somebody prints past the question for a reason."""
    st.html(_NOT_ON_PAPER)
