"""Who on file a child may be: a verdict in words, what speaks against, and both values side by side, field by field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from typing import Literal
from uuid import UUID

import streamlit as st

from actions.center import imports
from domain import fields
from domain.clients import RESTRICTED, Looked, PossibleClient, PossibleClients, PossibleReferral, SaidApart
from domain.covering import covered
from domain.matching import Compared, Grade, Level, Reason
from widgets.at_work import opening
from widgets.file_cards import doubled_files
from widgets.record_view import record_view
from widgets.ways import to_merge_clients
from widgets.words import Clock, safe, visible

LABELS = {
    Compared.GIVEN: "First name",
    Compared.MIDDLE: "Middle name",
    Compared.SURNAME: "Last name",
    Compared.SUFFIX: "Suffix",
    Compared.DOB: "Date of birth",
    Compared.SEX: "Sex",
    Compared.ADDRESS: "Address",
    Compared.ZIP: "ZIP code",
    Compared.CITY: "City",
    Compared.PHONE: "Phone",
    Compared.CAREGIVER: "Caregiver",
    Compared.NUMBER: "Agency's number of the child",
    Compared.EMAIL: "Email",
    Compared.SCHOOL: "School",
    Compared.INCIDENT: "Case number",
    Compared.HOUSEHOLD: "Others in the home",
}
WOULD_SETTLE = (Compared.GIVEN, Compared.DOB, Compared.MIDDLE, Compared.CAREGIVER, Compared.PHONE, Compared.ADDRESS)
"""What to ask for, where one side has no answer: the most telling first."""


@dataclass(frozen=True)
class Chosen:
    """A client, or a referral, that the person wants to go on with, or of whom they say something."""

    kind: Literal["client", "referral", "not_same", "take_back"]
    id: UUID


def search_words(key: str, start: Looked) -> Looked | None:
    """The words of the search, filled in from the record and editable; None while nobody typed over them."""
    with st.expander("Change what is searched for", icon=":material/edit:"):
        with st.container(horizontal=True):
            first = _word(key, "first_name", "First name", start.first_name)
            middle = _word(key, "middle_name", "Middle name", start.middle_name)
            last = _word(key, "last_name", "Last name", start.last_name)
        with st.container(horizontal=True):
            born = _word(key, "dob", "Date of birth (2016-03-27, or the year)", start.dob)
            phone = _word(key, "phone", "Phones, with commas between them", start.phone)
            caregiver = _word(key, "caregiver", "Caregivers, with commas between them", start.caregiver)
            number = _word(key, "number", "CPS or state number of the child", start.number)
        st.caption("The search runs again when you leave a box. An empty box is not compared.")
    typed = Looked(first, middle, last, born, start.sex, phone, caregiver, number)
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


def reason_table(reasons: Sequence[Reason], asked: str, below: str = "") -> None:
    """Every field that was compared: how it compares in words, how much it says, and both values; a line below."""
    rows = "".join(_row(reason) for reason in reasons)
    note = f"<p class='desk-below'>{escape(below)}</p>" if below else ""
    st.html(
        f"{_STYLE}<table class='desk-reasons'><thead><tr><th scope='col'>What was compared</th>"
        f"<th scope='col'>{escape(asked)}</th><th scope='col'>On file</th></tr></thead><tbody>{rows}</tbody></table>"
        f"{note}"
    )


def _word(key: str, name: str, label: str, start: str) -> str:
    return st.text_input(label, value=start, key=f"search-{name}-{key}", autocomplete="off", width=260).strip()


def _cards(
    candidates: Sequence[PossibleClient], clock: Clock, asked: str, choose: str, *, apart: bool
) -> Chosen | None:
    chosen: Chosen | None = None
    for one in candidates:
        with st.container(border=True, key=f"candidate-{one.number}"):
            chosen = _card(one, clock, asked, choose, apart=apart) or chosen
    return chosen


def _card(one: PossibleClient, clock: Clock, asked: str, choose: str, *, apart: bool) -> Chosen | None:
    st.subheader(one.verdict.rstrip(".").partition(":")[0], anchor=False)
    # One element for all that is said: each one more of a candidate costs the server and the browser alike.
    st.markdown("\n\n".join(_said_of(one, clock)))
    with st.expander(f"Field by field: {one.number}", expanded=one.strong):
        reason_table(one.reasons, asked, _silent(one.reasons))
    _file(one, clock)
    if not choose:
        return None
    with st.container(horizontal=True):
        if st.button(f"{choose} {one.number}", key=f"choose-{one.client_id}", type="primary"):
            return Chosen("client", one.client_id)
        if apart and st.button(f"Not the same child as {one.number}", key=f"apart-{one.client_id}"):
            return Chosen("not_same", one.client_id)
    return None


def _said_of(one: PossibleClient, clock: Clock) -> Iterator[str]:
    """The lines of a card: who it is, what the verdict rests on, what speaks against, and what would settle it."""
    rest = one.verdict.rstrip(".").partition(":")[2].strip()
    yield f"**{one.number} · {safe(one.child)}**{_born(one)} · {_files(one)}, {_changed(one, clock)}"
    if rest:
        yield safe(rest[0].upper() + rest[1:] + ".")
    if one.by_ended_file:
        yield ":gray-badge[:material/merge: Found by what a file says that was merged into this one]"
    if one.household:
        yield ":orange-badge[:material/group: Maybe another child of the same home]"
    if against := [safe(reason.words) for reason in one.reasons if reason.bits < -0.5]:
        yield "**Speaks against:** " + " ".join(against)
    if one.settles:
        yield f"**What would settle it:** {one.settles}"


def _silent(reasons: Sequence[Reason]) -> str:
    compared = {each.field for each in reasons}
    silent = [LABELS[field].lower() for field in WOULD_SETTLE if field not in compared]
    return f"Not compared, because one side has no answer: {', '.join(silent)}." if silent else ""


def _said_apart(apart: Sequence[SaidApart], clock: Clock) -> Chosen | None:
    """Those who look like the child and of whom somebody said that they are not: told, and never hidden."""
    chosen: Chosen | None = None
    for said in apart:
        one = said.possible
        with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"said-apart-{one.number}"):
            st.markdown(
                f":material/group_off: **{one.number} · {safe(one.child)}**{_born(one)} was said not to be the same "
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


def _born(one: PossibleClient) -> str:
    said = fields.say(fields.FIELD["child_dob"], one.dob)
    return f" · born {said}" if said else ""


def _files(one: PossibleClient) -> str:
    if not one.cases:
        return "no case yet"
    cases = f"{one.cases} case{'' if one.cases == 1 else 's'}"
    return f"{cases}, {one.open_cases} open" if one.open_cases else cases


def _changed(one: PossibleClient, clock: Clock) -> str:
    return f"file changed {clock.ago(one.changed_at)}"


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


# One row of the table


_STYLE = """<style>
.desk-reasons { width: 100%; border-collapse: collapse; font-size: .95rem; table-layout: fixed; }
.desk-reasons th, .desk-reasons td { text-align: left; vertical-align: top; padding: .35rem .5rem .35rem 0;
  border-top: 1px solid rgba(128, 128, 128, .35); overflow-wrap: anywhere; }
.desk-reasons thead th { border-top: 0; font-weight: 600; }
.desk-reasons th:first-child { width: 40%; }
.desk-reasons tbody th { font-weight: 600; }
.desk-reasons .how { display: inline-block; font-weight: 400; margin-right: .75rem; }
.desk-reasons .what { display: block; }
.desk-reasons u { text-decoration-thickness: 2px; text-underline-offset: 2px; font-weight: 700; }
.desk-below { margin: .5rem 0 0; font-size: .875rem; opacity: .8; }
</style>"""


def _row(reason: Reason) -> str:
    ours, theirs = _beside(reason)
    strength, bar = _strength(reason.bits)
    return (
        f"<tr><th scope='row'><span class='what'>{escape(LABELS[reason.field])}</span> "
        f"<span class='how'>{escape(reason.level.value)}</span> "
        f"<span class='how'><span aria-hidden='true'>{bar} </span>{strength}</span></th>"
        f"<td>{ours}</td><td>{theirs}</td></tr>"
    )


def _strength(bits: float) -> tuple[str, str]:
    """How much a field says, in words and as a bar that needs no colour: more blocks, more weight."""
    size = abs(bits)
    blocks = 0 if size < 0.5 else 1 if size < 2 else 2 if size < 5 else 3 if size < 9 else 4
    if blocks == 0:
        return "says little", "▱▱▱▱"
    side = "for" if bits > 0 else "against"
    how = {1: "slightly ", 2: "", 3: "strongly ", 4: "very strongly "}[blocks]
    return f"{how}{side}", "▰" * blocks + "▱" * (4 - blocks)


def _beside(reason: Reason) -> tuple[str, str]:
    ours, theirs = visible(reason.ours), visible(reason.theirs)
    if reason.level in (Level.SAME, Level.DIFFERENT) or len(ours) + len(theirs) > 120:
        return _said(ours), _said(theirs)
    left, right = [], []
    for what, a, b, c, d in SequenceMatcher(None, ours.casefold(), theirs.casefold(), autojunk=False).get_opcodes():
        same = what == "equal"
        left.append(escape(ours[a:b]) if same else f"<u>{escape(ours[a:b])}</u>")
        right.append(escape(theirs[c:d]) if same else f"<u>{escape(theirs[c:d])}</u>")
    return _said_html("".join(left)), _said_html("".join(right))


def _said(text: str) -> str:
    return _said_html(escape(text))


def _said_html(text: str) -> str:
    return f"<bdi>{text}</bdi>" if text else "–"
