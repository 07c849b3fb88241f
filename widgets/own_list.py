"""An agency's own referrals as lines: where each stands, what happens next, and the one thing to press."""

from uuid import UUID

import streamlit as st

from actions.agency import referrals
from domain import fields
from domain.referrals import AgencyWord, OwnDraft, OwnReferral
from widgets.at_work import opening
from widgets.language import language, said
from widgets.own_draft import SENT, WRITE
from widgets.plain_text import plain
from widgets.words import clock, safe

NO_NAME = "Name not known"
"""What actions say for a child without a name."""

_SIGNS = {
    AgencyWord.DRAFT: ("edit_note", "gray"),
    AgencyWord.SENT: ("send", "blue"),
    AgencyWord.RETURNED: ("flag", "orange"),
    AgencyWord.ACCEPTED: ("check_circle", "green"),
    AgencyWord.NOT_ACCEPTED: ("cancel", "gray"),
    AgencyWord.RECEIVED: ("inbox", "blue"),
    AgencyWord.CLOSED: ("archive", "gray"),
}


def word_badge(word: AgencyWord) -> None:
    """Where it stands: icon, word and colour together."""
    icon, colour = _SIGNS[word]
    st.badge(word.label(language()), icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]


def own_name(line: OwnReferral) -> str:
    """The child's name, or that it is not known, in the reader's language."""
    return said("Name not known", "No se sabe el nombre") if line.child == NO_NAME else line.child


def own_line(line: OwnReferral, maker: str = "") -> None:
    """One referral: its number and word, the child, what happens next, and the button that leads on.

    `maker` says who wrote it, where a lead sees the referrals of several people.
    """
    times = clock(language())
    kind = fields.say(fields.FIELD["referral_type"], line.type, language())
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"line-{line.id.hex}"):
        with st.container(gap="xxsmall", width="stretch"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{line.number or kind}**", width="content")
                word_badge(line.word)
                if line.unanswered:
                    st.badge(_questions(line.unanswered), icon=":material/forum:", color="orange")
            plain(own_name(line))
            st.caption(line.word.next(language()))
            if line.ends_at:
                st.markdown(f":material/schedule: **{_ends(times.day(times.local_day(line.ends_at)))}**")
            by = f" · {safe(maker)}" if maker else ""
            st.caption(f"{times.ago(line.changed_at)}{by}", help=times.exact(line.changed_at))
        _way_on(line)


def drafts_to_finish(begun: tuple[OwnReferral, ...]) -> None:
    """Drafts that were begun and not sent."""
    if not begun:
        return
    st.header(said("Begun and not sent", "Empezadas y sin enviar"), anchor="drafts", divider="gray")
    for line in begun:
        own_line(line)


def sent_before_warning(draft: OwnDraft) -> None:
    """Say it when the own agency already sent what looks like the same child; other agencies' are never searched."""
    with opening() as work:
        found = referrals.sent_before(work, draft.id)
    if not found:
        return
    with st.container(border=True):
        st.markdown(
            ":material/content_copy: **"
            + said(
                "Your agency already sent what looks like the same child.",
                "Su agencia ya envió una remisión que parece ser del mismo niño o de la misma niña.",
            )
            + "**"
        )
        st.caption(
            said(
                "If it is the same matter, add information there instead. If something new happened, send this one.",
                "Si es el mismo asunto, agregue información allí. Si ocurrió algo nuevo, envíe esta.",
            )
        )
        for named in found:
            plain(named.child)
            _open_button(named.id, said(f"Open {named.number}", f"Abrir {named.number}"))


def _ends(day: str) -> str:
    return said(
        f"Not touched for long: from {day} on it may be deleted for good, unless you go on with it.",
        f"Sin cambios desde hace tiempo: desde el {day} puede borrarse para siempre, a menos que usted la continúe.",
    )


def _way_on(line: OwnReferral) -> None:
    if line.word is AgencyWord.DRAFT:
        label = said("Continue this draft", "Continuar este borrador")
        if st.button(label, key=f"continue-{line.id.hex}", icon=":material/edit:"):
            st.switch_page(WRITE, query_params={"r": str(line.id)})
    elif line.word is AgencyWord.RETURNED:
        label = said(f"Correct {line.number}", f"Corregir {line.number}")
        if st.button(label, key=f"correct-{line.id.hex}", icon=":material/edit:", type="primary"):
            st.switch_page(WRITE, query_params={"r": str(line.id)})
        _open_button(line.id, said(f"Open {line.number}", f"Abrir {line.number}"))
    else:
        _open_button(line.id, said(f"Open {line.number}", f"Abrir {line.number}"))


def _open_button(referral: UUID, label: str) -> None:
    if st.button(label, key=f"open-{referral.hex}", icon=":material/description:"):
        st.switch_page(SENT, query_params={"r": str(referral)})


def _questions(count: int) -> str:
    if count == 1:
        return said("1 question for you", "1 pregunta para usted")
    return said(f"{count} questions for you", f"{count} preguntas para usted")
