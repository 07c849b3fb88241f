"""English or Spanish: which one this person reads, and the switch."""

import streamlit as st

from actions.form_help import LANGUAGES, FormHelp, choose_language, form_help
from domain.people import Actor
from widgets.at_work import at_work, reading
from widgets.memory import memory

ASKED = "lang"
"""The name under which an address asks for a language."""


def language() -> str:
    """ "en" or "es"."""
    return memory().language or "en"


def said(english: str, spanish: str) -> str:
    """The words in the language of this person."""
    return spanish if language() == "es" else english


def help_for_forms() -> FormHelp:
    """Whom to call and what to choose from; the person's language is taken from the account at first."""
    with reading() as work:
        found = form_help(work)
    if not memory().language:
        memory().language = found.language
        if found.language != "en":
            # What stands around the page was drawn before anybody knew the language.
            st.rerun()
    return found


def language_at_the_door() -> None:
    """Before anybody is known: the language of the address, else of the browser, and a way to the other one."""
    asked, browsers = st.query_params.get(ASKED, ""), (st.context.locale or "").partition("-")[0]
    memory().language = next((one for one in (asked, browsers) if one in LANGUAGES), "en")
    other = "en" if memory().language == "es" else "es"
    if st.button(LANGUAGES[other], type="tertiary", icon=":material/translate:", key="other_language"):
        st.query_params[ASKED] = other
        st.rerun()


def learn_language(person: Actor) -> None:
    """What somebody of an agency reads: as chosen at the door, else as the account says. The center reads English."""
    if memory().language or person.agency_id is None:
        return
    chosen = st.query_params.get(ASKED, "")
    with at_work() as work:
        if chosen in LANGUAGES:
            choose_language(work, chosen)
        memory().language = form_help(work).language
    if chosen:
        del st.query_params[ASKED]


def language_switch() -> None:
    """Let the person choose; the choice is kept with the account and holds on every screen of an agency."""
    key = "language"
    # Set at every run: another page's switch has the same key, and its state ends with that page.
    st.session_state[key] = language()
    st.segmented_control(
        "Language · Idioma",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key=key,
        required=True,
        on_change=_choose,
        label_visibility="collapsed",
    )


def _choose() -> None:
    chosen = st.session_state.get("language") or "en"
    memory().language = chosen
    with at_work() as work:
        choose_language(work, chosen)
