"""Rule 13: a form never sends an emergency into an empty office."""

from typing import Any

import streamlit as st

from actions.form_help import FormHelp
from domain.fields import Answers
from domain.phone_numbers import callable_number
from widgets.language import said


def is_urgent(answers: Answers) -> bool:
    """Whether somebody at the center must be reached by phone now."""
    return answers.get("urgency") == "emergency" or answers.get("last_contact_120h") == "yes"


def not_reported(answers: Answers) -> bool:
    """Whether a report to the hotline is still to be made."""
    return answers.get("hotline_report_made") == "no"


def notices(answers: Answers, center: FormHelp) -> dict[str, str]:
    """What is said beside the answers that cannot wait, by the name of the question."""
    told: dict[str, str] = {}
    if answers.get("urgency") == "emergency":
        told["urgency"] = call_now(center)
    if answers.get("last_contact_120h") == "yes":
        told["last_contact_120h"] = call_now(center)
    if not_reported(answers):
        told["hotline_report_made"] = call_the_hotline(center)
    return told


def call_now(center: FormHelp) -> str:
    """The sentence with the center's on-call number."""
    if not center.on_call_phone:
        return said(
            "Call the center now. Do not wait for an answer to this form.",
            "Llame al centro ahora. No espere la respuesta a este formulario.",
        )
    number = callable_number(center.on_call_phone)
    return said(
        f"Call the center now: **{number}**. Do not wait for an answer to this form.",
        f"Llame al centro ahora: **{number}**. No espere la respuesta a este formulario.",
    )


def call_the_hotline(center: FormHelp) -> str:
    """The sentence with the number of the state's hotline."""
    number = callable_number(center.hotline_phone)
    return said(
        f"Call the state child abuse hotline: **{number or 'see your state’s number'}**. "
        "Sending this form does not replace a report.",
        f"Llame a la línea estatal de abuso infantil: **{number or 'vea el número de su estado'}**. "
        "Enviar este formulario no reemplaza el reporte.",
    )


def whom_reached(key: str) -> str:
    """Ask whom the person reached at the center; an empty answer stops nothing."""
    typed: Any = st.text_input(
        said("Whom did you reach at the center, and when?", "¿Con quién habló en el centro y cuándo?"),
        key=key,
        autocomplete="off",
    )
    st.caption(
        said(
            "Leave it empty if nobody answered, and keep calling after you send this.",
            "Déjelo vacío si nadie contestó, y siga llamando después de enviar esto.",
        )
    )
    return str(typed or "")
