"""What is printed: the receipt of a referral, with number, date and the child's initials and no more (rule 15)."""

import streamlit as st

from domain.referrals import Receipt
from widgets.language import language, said
from widgets.plain_text import described
from widgets.words import clock

_ON_PAPER = """<style>
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stAlert"], [data-testid="stCaptionContainer"],
  .stButton, .stButtonGroup, #desk-print { display: none !important; }
}
</style>"""


def printable_receipt(receipt: Receipt) -> None:
    """The receipt as a list, on the screen and on paper."""
    st.html(_ON_PAPER)
    st.header(f"{said('Receipt', 'Recibo')} {receipt.number}", anchor=False)
    described(
        (
            (said("Referral number", "Número de remisión"), receipt.number),
            (
                said("Sent on", "Enviada el"),
                clock(language()).stamp(receipt.at),
            ),
            (said("Round", "Vuelta"), str(receipt.round)),
            (said("Child's initials", "Iniciales"), receipt.initials),
            (said("Received by", "Recibida por"), receipt.center),
            (
                said("What happens next", "Qué sigue"),
                said(
                    "The center looks at it and answers under My referrals. You may add information at any time.",
                    "El centro la revisa y responde en Mis remisiones. Usted puede agregar información cuando quiera.",
                ),
            ),
        )
    )


_PLAIN_BUTTON = (
    "font: inherit; font-size: .875rem; padding: .4rem .9rem; border-radius: .5rem; "
    "border: 1px solid currentColor; background: none; color: inherit; cursor: pointer"
)


def print_button() -> None:
    """Print the receipt."""
    button_that_prints(said("Print the receipt", "Imprimir el recibo"))


def print_page(word: str) -> None:
    """A button of our own words that prints the page without menus and buttons."""
    st.html(_ON_PAPER)
    button_that_prints(word)


def button_that_prints(word: str) -> None:
    """The browser prints, nothing leaves the machine; what stays off the paper is the page's business."""
    # Only our own words stand in this piece of page; the script is a file of ours.
    st.html(
        f'<button type="button" id="desk-print" style="{_PLAIN_BUTTON}">{word}</button>'
        '<script src="/assets/print.js"></script>',
        unsafe_allow_javascript=True,
    )
