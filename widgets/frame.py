"""What stands around every screen: whose desk it is, who you are, the way out, the warning before the time is up."""

from datetime import timedelta

import streamlit as st

from actions import accounts
from actions.desk import Desk
from actions.work import looking
from domain.door_rules import WARNED_BEFORE
from domain.people import Actor
from domain.refusals import Refused
from widgets.at_work import at_work, present_session
from widgets.doorway import end_session
from widgets.language import learn_language
from widgets.memory import forget_everything, memory
from widgets.translated import in_words

LOOKED_AT_EVERY = timedelta(seconds=20)


def present_person() -> Actor | None:
    """Who the present person is; None for a stranger and for whoever's session is over.

    A tab that belonged to somebody else, or to an ended session, is emptied first.
    """
    session = present_session()
    person = _person() if session else None
    owner = session if person else None
    if memory().session_id not in (None, owner):
        forget_everything()
    memory().session_id = owner
    if person:
        learn_language(person)
    return person


def manners() -> None:
    """What every screen brings along, in one element.

    What is chosen among several, or on a scale, reads well in both themes, where the theme's own tint is too faint in
    the dark; the queue's eight views stand in one line at 1280 px; a page begins near its top; a number's card is as
    wide as a phone; and a script of ours hears what stands in a text box also when Escape closes its dialog or the page
    is left.
    """
    st.html(
        """<style>
[data-testid="stButtonGroup"] button p, [data-testid="stSlider"] p { color: light-dark(#1c2526, #eef3f3); }
[data-testid="stButtonGroup"] button { padding-inline: 0.65rem; }
[role="tab"][aria-selected="true"] p { color: light-dark(#0b6b73, #6cc5cd); }
[data-testid="stMainBlockContainer"] { padding-top: 4rem; }
[data-testid="stMainBlockContainer"] h1 { padding: 0.5rem 0; }
@media (max-width: 640px) {
  [data-testid="stLayoutWrapper"]:has(> * > * > [data-testid="stMetric"]),
  [data-testid="stVerticalBlock"]:has(> * > [data-testid="stMetric"]) { width: 100%; flex: 1 1 100%; }
}
</style><script src="/assets/keep.js"></script>""",
        unsafe_allow_javascript=True,
    )


def demo_banner(desk: Desk) -> None:
    """Said on every screen of a demo, the sign-in page included."""
    if desk.demo:
        st.warning(in_words("Demo: do not enter real children."), icon=":material/science:")


def sidebar(person: Actor, desk: Desk) -> None:
    """Who you are and the way out, under the menu."""
    with st.sidebar:
        st.text(desk.center)
        st.text(person.name)
        out = st.button(in_words("Sign out"), icon=":material/logout:", key="sign_out")
    if out:
        with at_work() as work:
            accounts.sign_out(work)
        forget_everything()
        end_session()


@st.fragment(run_every=LOOKED_AT_EVERY)
def idle_warning() -> None:
    """Say two minutes ahead that the person will be signed out; looking does not count as use."""
    session = present_session()
    left = accounts.time_left(session) if session else WARNED_BEFORE
    if left < WARNED_BEFORE:
        seconds = max(int(left.total_seconds()), 0)
        st.warning(in_words(f"You will be signed out in {seconds} seconds. Drafts are kept."))
        st.button(in_words("Stay signed in"), key="stay")


def _person() -> Actor | None:
    session = present_session()
    assert session
    try:
        with looking(session) as work:
            return work.actor
    except Refused:
        return None
