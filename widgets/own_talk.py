"""What an agency and the center say to each other about a sent referral: questions, additions, withdrawal."""

import streamlit as st

from actions import unsent
from actions.agency import referrals
from domain.referrals import OwnReferralView
from widgets.at_work import at_work
from widgets.kept_text import kept_text
from widgets.language import language, said
from widgets.plain_text import plain
from widgets.words import clock, safe


def questions(view: OwnReferralView, center: str) -> None:
    """The center's questions, open ones with a box for the answer."""
    if not view.questions:
        return
    times = clock(language())
    st.header(said("Questions from the center", "Preguntas del centro"), anchor="questions", divider="gray")
    for asked in view.questions:
        with st.container(border=True):
            st.caption(f":material/forum: {safe(center)}, {times.stamp(asked.asked_at)}")
            plain(asked.text)
            if asked.answered_at is not None:
                st.caption(f":material/reply: {said('Your answer', 'Su respuesta')}, {times.stamp(asked.answered_at)}")
                plain(asked.answer)
                continue
            text = kept_text(said("Your answer", "Su respuesta"), asked.id, "answer")
            if st.button(said("Send the answer", "Enviar la respuesta"), key=f"send-{asked.id.hex}", type="primary"):
                with at_work(said("Answer sent.", "Respuesta enviada.")) as work:
                    referrals.answer(work, asked.id, text)
                    unsent.forget(work, asked.id, "answer")
                st.rerun()


def additions(view: OwnReferralView) -> None:
    """What was added after sending, and a box to add more."""
    times = clock(language())
    if view.additions:
        st.header(said("Added later", "Agregado después"), anchor="added", divider="gray")
    for added in view.additions:
        st.caption(times.stamp(added.at))
        plain(added.text)
    if view.may_add:
        _box_to_add(view)


def _box_to_add(view: OwnReferralView) -> None:
    name = f"add-{len(view.additions)}"
    with st.expander(said("Add information", "Agregar información"), icon=":material/add_notes:"):
        asked = said("What did you learn since you sent it?", "¿Qué supo después de enviarla?")
        text = kept_text(asked, view.line.id, name)
        if st.button(said("Add it", "Agregarla"), key=f"{name}-now"):
            with at_work(said("Added.", "Agregado.")) as work:
                referrals.add_information(work, view.line.id, text)
                unsent.forget(work, view.line.id, name)
            st.rerun()


def withdrawal(view: OwnReferralView) -> None:
    """Take the referral back, with a reason."""
    number = view.line.number
    with st.expander(said(f"Withdraw {number}", f"Retirar {number}"), icon=":material/undo:"):
        st.write(
            said(
                "The center stops working on it. It stays on file as withdrawn by you.",
                "El centro deja de trabajar en ella. Queda archivada como retirada por usted.",
            )
        )
        reason = kept_text(said("Why do you withdraw it?", "¿Por qué la retira?"), view.line.id, "withdraw")
        if st.button(said(f"Withdraw {number} now", f"Retirar {number} ahora"), key="withdraw"):
            with at_work(said(f"{number} was withdrawn.", f"{number} fue retirada.")) as work:
                referrals.withdraw(work, view.line.id, view.line.version, reason)
                unsent.forget(work, view.line.id, "withdraw")
            st.rerun()
