"""Start a referral, or go on with one that was begun."""

import streamlit as st

from actions.agency import referrals
from domain import fields
from widgets.at_work import at_work, reading
from widgets.language import help_for_forms, language, language_switch, said
from widgets.own_draft import WRITE, danger_line
from widgets.own_list import drafts_to_finish

help_for_forms()
st.title(said("New referral", "Nueva remisión"))
language_switch()
danger_line()

with reading() as work:
    begun = referrals.begun(work)

question = fields.FIELD["referral_type"]
with st.container(width=720):
    chosen = st.radio(
        question.label_in(language()),
        [choice.code for choice in question.choices],
        format_func=lambda code: fields.say(question, code, language()),
        index=None,
        key=f"kind_of_referral_{language()}",
    )
    st.caption(question.help_in(language()))
    st.caption(
        said(
            "Fourteen short questions at most. Every answer is saved as you go; you can stop and come back.",
            "Catorce preguntas cortas como máximo. Cada respuesta se guarda al momento; puede parar y volver.",
        )
    )
    begin = st.button(said("Start", "Empezar"), type="primary", key="start_referral")
    if begin and chosen is None:
        st.error(said("Choose what kind of referral it is.", "Elija qué tipo de remisión es."), icon=":material/error:")
    drafts_to_finish(begun)

if begin and chosen is not None:
    with at_work() as work:
        draft = referrals.start(work, fields.ReferralType(chosen))
    st.switch_page(WRITE, query_params={"r": str(draft.id)})
