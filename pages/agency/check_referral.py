"""Check the answers, section by section, and send the referral."""

import streamlit as st

from actions.agency import referrals
from domain import fields
from domain.fields import Weight
from widgets.at_work import at_work
from widgets.language import help_for_forms, language, language_switch, said
from widgets.own_draft import RECEIPT, WRITE, form_of, open_draft, problems_of, saved_at
from widgets.own_list import sent_before_warning
from widgets.record_form import problems_elsewhere
from widgets.record_view import record_view
from widgets.urgent_calls import call_now, call_the_hotline, is_urgent, not_reported, whom_reached

center = help_for_forms()
draft = open_draft()
problems = problems_of(draft, center)
stopped = any(problem.weight is Weight.REFUSE for problem in problems)
form = form_of(draft, center, problems)
kind = fields.ReferralType(draft.type)
here = {"r": str(draft.id)}


def change(section: str) -> None:
    st.page_link(
        WRITE,
        label=f"{said('Change', 'Cambiar')}: {form.title_of(section)}",
        icon=":material/edit:",
        query_params={**here, "section": section, "checked": "yes"},
    )


st.title(said("Check your answers", "Revise sus respuestas"))
language_switch()
st.caption(f"{fields.say(fields.FIELD['referral_type'], draft.type, language())} · {saved_at(draft, center)}")
with st.container(width=820):
    problems_elsewhere(form, WRITE, str(draft.id))
    sent_before_warning(draft)
    st.header(said("Your answers", "Sus respuestas"), anchor="answers", divider="gray")
    record_view(kind, fields.to_send(kind, draft.answers), form.today, language(), under_title=change)
    st.divider()
    reached = ""
    if is_urgent(draft.answers):
        st.warning(call_now(center), icon=":material/call:")
        reached = whom_reached("whom_reached")
    if not_reported(draft.answers):
        st.warning(call_the_hotline(center), icon=":material/call:")
    st.caption(
        said(
            f"{center.center} reads this on its working days. This form is not watched around the clock.",
            f"{center.center} lee esto en sus días laborables. Este formulario no se vigila las 24 horas.",
        )
    )
    with st.container(horizontal=True):
        send = st.button(said("Send referral", "Enviar la remisión"), type="primary", key="send_referral")
        back = st.button(said("Back to the form", "Volver al formulario"), key="back_to_form")
    if send and stopped:
        st.error(
            said(
                "Nothing was sent. Answer what stands at the top of this page first.",
                "No se envió nada. Responda primero lo que está al comienzo de esta página.",
            ),
            icon=":material/error:",
        )

if back:
    st.switch_page(WRITE, query_params={**here, "checked": "yes"})
if send and not stopped:
    with at_work(said("Referral sent.", "Remisión enviada.")) as work:
        referrals.submit(work, draft.id, draft.version, reached)
    st.switch_page(RECEIPT, query_params=here)
