"""Two files of clients side by side: who they are about, what hangs on each, and which one goes on."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from domain import fields
from domain.client_merges import ClientFile, Doubled, Doubles, FileMerge, FilesBeside
from domain.clients import RESTRICTED, PossibleClient
from widgets.ways import to_client
from widgets.words import Clock, safe


def file_cards(view: FilesBeside, clock: Clock) -> None:
    """One card a file, with a way to read it whole."""
    opened: UUID | None = None
    for column, file in zip(st.columns(2), view.files, strict=True):
        with column, st.container(border=True, key=f"file-card-{file.number}"):
            st.markdown(f"**{file.number}** · **{safe(file.child)}**{born(file.dob)}")
            what = "Goes on: it was made first." if file is view.kept else f"Stays readable behind {view.kept.number}."
            st.markdown(what)
            st.caption(f"{_holds(file)}. Written by {safe(file.by)}, {clock.stamp(file.at)}.")
            if file.restricted:
                st.markdown(":gray-badge[Restricted]")
            if st.button(f"Open {file.number}", key=f"file-open-{file.number}"):
                opened = file.id
    for words in view.half_done:
        st.info(safe(words), icon=":material/hourglass_top:")
    if opened is not None:
        to_client(opened)


def doubles_list(doubles: Doubles) -> UUID | None:
    """Draw who else on file may be the child, best first; the file to compare with, once that was chosen."""
    if doubles.restricted:
        st.warning(RESTRICTED, icon=":material/lock:")
    if not doubles.found:
        st.info(f"No other file looks like the child of {doubles.number}.", icon=":material/person_search:")
    chosen: UUID | None = None
    for each in doubles.found:
        chosen = _doubled(doubles.number, each) or chosen
    return chosen


def doubled_files(found: Sequence[PossibleClient]) -> tuple[UUID, ...]:
    """Say which of the clients found look like one child, twice on file; the two to compare, once that was chosen."""
    groups: dict[int, list[PossibleClient]] = {}
    for one in found:
        if one.group is not None:
            groups.setdefault(one.group, []).append(one)
    chosen: tuple[UUID, ...] = ()
    for alike in groups.values():
        first, second, *_more = alike
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"twice-{first.number}"):
            numbers = " and ".join(one.number for one in alike)
            st.markdown(f":material/content_copy: **{numbers} look like one child**, twice on file.", width="stretch")
            if st.button(f"Compare {first.number} and {second.number}", key=f"compare-{first.number}-{second.number}"):
                chosen = first.client_id, second.client_id
    return chosen


def merges_told(merges: Sequence[FileMerge], clock: Clock) -> None:
    """In one line each: what was merged into what, by whom, when and why."""
    for merge in merges:
        st.caption(
            f"{merge.ended} was merged into {merge.kept} by {safe(merge.by)}, {clock.stamp(merge.at)}. "
            f"Reason: {safe(merge.reason)}"
        )


def born(dob: str) -> str:
    """ " · born Mar 27, 2016"; empty where it is not known."""
    said = fields.say(fields.FIELD["child_dob"], dob)
    return f" · born {said}" if said else ""


def _doubled(number: str, one: Doubled) -> UUID | None:
    with st.container(border=True, key=f"doubled-{one.number}"):
        st.markdown(f"**{one.number}** · **{safe(one.child)}**{born(one.dob)} · {_counted(one.cases, 'case')}")
        st.markdown(safe(one.verdict))
        with st.expander(f"Why {one.number}: field by field"):
            for words in one.reasons:
                st.markdown(f"* {safe(words)}")
        if st.button(f"Compare {number} and {one.number}", key=f"doubled-compare-{one.number}"):
            return one.id
    return None


def _holds(file: ClientFile) -> str:
    parts = [
        _counted(file.cases, "case") + (f", {file.open_cases} open" if file.open_cases else ""),
        _counted(file.referrals, "referral"),
        _counted(file.notes, "note"),
    ]
    return " · ".join(parts)


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"
