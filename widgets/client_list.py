"""Clients in a list, and those who only sound like what was typed."""

from uuid import UUID

import streamlit as st

from domain import fields
from domain.clients import RESTRICTED, ClientLine, ClientList, PossibleClient
from widgets.file_cards import doubled_files
from widgets.ways import to_merge_clients
from widgets.words import Clock, safe


def client_list(
    listed: ClientList, clock: Clock, text: str, *, verb: str = "Open", but: UUID | None = None
) -> UUID | None:
    """Draw the clients found, then those who are like them, without `but`; the one to open, or whatever `verb` says."""
    if listed.restricted:
        st.warning(RESTRICTED, icon=":material/lock:")
    st.caption(_counted(listed, text))
    two = doubled_files(listed.twice) if but is None else ()
    if two:
        to_merge_clients(two)
    chosen: UUID | None = None
    for line in listed.lines:
        if line.id != but:
            chosen = _row(line, clock, verb) or chosen
    alike = [one for one in listed.alike if one.client_id != but]
    if alike:
        st.markdown("**Also like what you typed**")
    for one in alike:
        chosen = _alike(one, verb) or chosen
    return chosen


def _counted(listed: ClientList, text: str) -> str:
    how_many = f"{listed.total:,} client{'' if listed.total == 1 else 's'}"
    if not text.strip():
        return f"{how_many} on file, last changed first." if listed.total else "No client is on file yet."
    if not listed.total and not listed.alike:
        return "Nobody on file fits these words. Try fewer letters, the birth date or a number."
    return f"{how_many} with these words." if listed.total else "Nobody has exactly these words."


def _row(line: ClientLine, clock: Clock, verb: str) -> UUID | None:
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"client-{line.number}"):
        facts = [_born(line.dob), _sex(line.sex), _open(line.open_cases), f"changed {clock.ago(line.changed_at)}"]
        st.markdown(
            f"**{line.number} · {safe(line.child)}**  \n:small[{' · '.join(fact for fact in facts if fact)}]",
            width="stretch",
        )
        return line.id if st.button(f"{verb} {line.number}", key=f"open-{line.id}") else None


def _alike(one: PossibleClient, verb: str) -> UUID | None:
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"client-{one.number}"):
        facts = [_born(one.dob), _open(one.open_cases), safe(one.verdict)]
        st.markdown(
            f"**{one.number} · {safe(one.child)}**  \n:small[{' · '.join(fact for fact in facts if fact)}]",
            width="stretch",
        )
        return one.client_id if st.button(f"{verb} {one.number}", key=f"open-{one.client_id}") else None


def _born(dob: str) -> str:
    said = fields.say(fields.FIELD["child_dob"], dob)
    return f"born {said}" if said else ""


def _sex(code: str) -> str:
    return fields.say(fields.FIELD["child_sex"], code).lower() if code in ("F", "M") else ""


def _open(count: int) -> str:
    return f"{count} open case{'' if count == 1 else 's'}" if count else "no open case"


def page_shown() -> int:
    """The page of the list that was turned to; the first one before anybody turned."""
    return int(st.session_state.get(_PAGE) or 1)


def page_choice(count: int) -> None:
    """The pages of the list."""
    st.pagination(count, key=_PAGE)


_PAGE = "clients-page"
