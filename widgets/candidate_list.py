"""Who on file a child may be: a verdict in words, what speaks against, and both values side by side, field by field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import streamlit as st

from actions.center import imports
from domain import fields
from domain.clients import RESTRICTED, Looked, PossibleClient, PossibleClients, PossibleReferral, SaidApart
from domain.covering import covered
from domain.matching import Grade
from widgets.at_work import opening
from widgets.candidate_words import born, field_by_field, said_of
from widgets.file_cards import doubled_files
from widgets.record_view import record_view
from widgets.ways import to_merge_clients
from widgets.words import Clock, safe


@dataclass(frozen=True)
class Chosen:
    """A client, or a referral, that the person wants to go on with, or of whom they say something."""

    kind: Literal["client", "referral", "not_same", "take_back"]
    id: UUID


def search_words(key: str, start: Looked) -> Looked | None:
    """The words of the search, filled in from the record and editable; None while nobody typed over them.

    The boxes are drawn from the first time on that somebody unfolds them: seven boxes that few need would be a tenth of
    what the whole page costs. Folded up again they stay, and what was typed into them goes on being searched for.
    """
    folded = st.expander(
        "Change what is searched for", icon=":material/edit:", key=f"search-words-{key}", on_change="rerun"
    )
    if not folded.open and _box(key, "first_name") not in st.session_state:
        return None
    with folded:
        with st.container(horizontal=True):
            first = _word(key, "first_name", "First name", start.first_name)
            middle = _word(key, "middle_name", "Middle name", start.middle_name)
            last = _word(key, "last_name", "Last name", start.last_name)
            born_on = _word(key, "dob", "Date of birth (2016-03-27, or the year)", start.dob)
            phone = _word(key, "phone", "Phones, with commas between them", start.phone)
            caregiver = _word(key, "caregiver", "Caregivers, with commas between them", start.caregiver)
            number = _word(key, "number", "CPS or state number of the child", start.number)
        st.caption("The search runs again when you leave a box. An empty box is not compared.")
    typed = Looked(first, middle, last, born_on, start.sex, phone, caregiver, number)
    return None if typed == start else typed


def candidate_list(
    found: PossibleClients, clock: Clock, asked: str, *, choose: str = "", apart: bool = False
) -> Chosen | None:
    """Draw the candidates, best first; what was chosen. `asked` names the column of the record that is looked for.

    `apart`: whether it may be said of a candidate that it is another child.
    """
    if found.restricted:
        st.warning(RESTRICTED, icon=":material/lock:")
    told = f"{found.looked_through:,} client{'' if found.looked_through == 1 else 's'} on file"
    if not found.found:
        nobody = "Nobody else" if found.apart else "Nobody"
        st.info(
            f"{nobody} like this child among {told}: names, birth date, address, phones and caregivers were compared, "
            "also spelled otherwise.",
            icon=":material/person_search:",
        )
    else:
        st.caption(f"Looked through {told}. The likeliest stands first.")
    two = doubled_files(found.found)
    if two:
        to_merge_clients(two)
    near = [one for one in found.found if one.grade is not Grade.POSSIBLE][:6] or list(found.found[:1])
    rest = [one for one in found.found if one not in near]
    chosen = _cards(near, clock, asked, choose, apart=apart)
    if rest:
        with st.expander(f"{len(rest)} more who are less like the child"):
            chosen = _cards(rest, clock, asked, choose, apart=apart) or chosen
    chosen = _said_apart(found.apart, clock) or chosen
    return _referrals(found.referrals) or chosen


def _word(key: str, name: str, label: str, start: str) -> str:
    return st.text_input(label, value=start, key=_box(key, name), autocomplete="off", width=260).strip()


def _box(key: str, name: str) -> str:
    return f"search-{name}-{key}"


def _cards(
    candidates: Sequence[PossibleClient], clock: Clock, asked: str, choose: str, *, apart: bool
) -> Chosen | None:
    chosen: Chosen | None = None
    for one in candidates:
        with st.container(border=True, key=f"candidate-{one.number}"):
            chosen = _card(one, clock, asked, choose, apart=apart) or chosen
    return chosen


def _card(one: PossibleClient, clock: Clock, asked: str, choose: str, *, apart: bool) -> Chosen | None:
    # Two elements for all that is said: each one more of a candidate costs the server and the browser alike.
    st.html(said_of(one, clock))
    st.html(field_by_field(one, asked))
    _file(one, clock)
    if not choose:
        return None
    with st.container(horizontal=True):
        if st.button(f"{choose} {one.number}", key=f"choose-{one.client_id}", type="primary"):
            return Chosen("client", one.client_id)
        if apart and st.button(f"Not the same child as {one.number}", key=f"apart-{one.client_id}"):
            return Chosen("not_same", one.client_id)
    return None


def _said_apart(apart: Sequence[SaidApart], clock: Clock) -> Chosen | None:
    """Those who look like the child and of whom somebody said that they are not: told, and never hidden."""
    chosen: Chosen | None = None
    for said in apart:
        one = said.possible
        with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"said-apart-{one.number}"):
            st.markdown(
                f":material/group_off: **{one.number} · {safe(one.child)}**{born(one)} was said not to be the same "
                f"child by {safe(said.by)}, {clock.stamp(said.at)}: {safe(said.reason)}",
                width="stretch",
            )
            if st.button(f"Take back: {one.number}", icon=":material/undo:", key=f"take-back-{said.decision_id}"):
                chosen = Chosen("take_back", said.decision_id)
    return chosen


def _file(one: PossibleClient, clock: Clock) -> None:
    folded = st.expander(f"Look into the file {one.number}", key=f"file-{one.client_id}", on_change="rerun")
    if folded.open:
        with folded:
            with opening() as work:
                answers = imports.look_into(work, one.client_id)
            record_view(fields.ReferralType.COMBINED, covered(answers), clock.today)


def _referrals(others: Sequence[PossibleReferral]) -> Chosen | None:
    chosen: Chosen | None = None
    if others:
        st.markdown("**Other referrals that may be about this child**")
    for other in others:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            words = f"**{other.number}** · {safe(other.child)} · {safe(other.agency)} · {other.status.label.lower()}"
            st.markdown(f"{words}  \n:small[{safe(other.verdict)}]", width="stretch")
            if st.button(f"Open {other.number}", key=f"other-{other.id}"):
                chosen = Chosen("referral", other.id)
    return chosen
