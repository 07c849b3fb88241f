"""Choosing between what referrals said: only what differs unless asked, each value with its source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import streamlit as st

from domain import fields, merging
from domain.fields import Kind
from domain.merging import BOTH, Compared, Option, Pairing, Proposal, Source, Way
from domain.merging.people import APART, name_of
from widgets.plain_text import described
from widgets.record_view import record_view
from widgets.words import Clock, safe

_LONG = 120
"""Letters of an answer that still read well beside a button; longer ones are shown on their own."""
_ALIKE = 0.6
"""How much of two answers must be the same before it helps to mark the letters that are not."""
_SPELT = frozenset(
    {Kind.NAME, Kind.TEXT_SHORT, Kind.IDENTIFIER, Kind.PHONE, Kind.EMAIL, Kind.ZIP, Kind.DATE, Kind.DATE_MEMORABLE}
)
_ASKED_OF_SENDERS = frozenset({"hotline_report_made", "hotline_report_date"})


@dataclass(frozen=True)
class _Desk:
    """What every box of the picker needs: the key of this merge, the center's clock, and what was chosen before."""

    key: str
    clock: Clock
    sources: Sequence[Source]
    before: Mapping[str, Any]

    def first_of(self, question: str, offered: Sequence[str], preset: str) -> int:
        """Where a box stands at first: at what was chosen before a reload, else at what is proposed."""
        before = self.before.get(question)
        return offered.index(before if before in offered else preset)


def merge_picker(sources: Sequence[Source], key: str, clock: Clock, before: Mapping[str, Any]) -> dict[str, Any]:
    """Draw the choices and the result; gives what was chosen otherwise than proposed.

    `key` names this merge of these versions, so that a changed referral never inherits a choice; `before` is what
    the same person chose of the same versions.
    """
    desk = _Desk(key, clock, sources, before)
    choices: dict[str, Any] = {}
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.header("What differs", anchor=False)
        everything = st.toggle("Show also what only one said, and what is the same", key=f"{key}-everything")
        proposal = _with_people(desk, choices)
        if not proposal.differing:
            st.info("They say the same everywhere. Nothing has to be chosen.", icon=":material/done_all:")
        _questions(desk, proposal, choices, everything=everything)
    with right:
        st.header("The result", anchor=False)
        with st.container(border=True):
            record_view(proposal.kind, merging.result(proposal, choices), clock.today)
    return choices


def _with_people(desk: _Desk, choices: dict[str, Any]) -> Proposal:
    """The proposal once it is settled who is who: each answer can change who is left to choose from."""
    proposal = merging.propose(desk.sources)
    if not proposal.pairings:
        return proposal
    st.subheader("Who is who", anchor=False)
    st.caption("People who are listed more than once stand once in the result. Nobody is left out.")
    done: set[str] = set()
    while pairing := next((each for each in proposal.pairings if each.key not in done), None):
        done.add(pairing.key)
        chosen = _pairing(desk, pairing)
        if chosen != pairing.preset:
            choices[pairing.key] = chosen
            proposal = merging.propose(desk.sources, choices)
    return proposal


def _pairing(desk: _Desk, pairing: Pairing) -> str:
    who = name_of(pairing.group, pairing.member.row)
    group = fields.GROUPS[pairing.group].one.lower()
    options = [*(code for code, _name in pairing.options), APART]
    names = {code: f"{name}, {group} in {_source_of(desk, code).name}" for code, name in pairing.options}
    names[APART] = "Another person"
    chosen = st.radio(
        _label_above(f"{who}, {group} in {_source_of(desk, pairing.member.code).name}, is"),
        options,
        index=desk.first_of(pairing.key, options, pairing.preset),
        format_func=lambda code: safe(names[code]),
        key=f"{desk.key}-{pairing.key}-{'-'.join(options)}",
        label_visibility="collapsed",
    )
    st.caption(f"Proposed because: {pairing.why}.")
    return str(chosen)


def _label_above(label: str) -> str:
    """Draw a label above its box, and give it as it is for those who hear it: Streamlit speaks a label's Markdown."""
    st.markdown(f"**{safe(label)}**")
    return label


def _source_of(desk: _Desk, code: str) -> Source:
    """The source that lists this person: the code of a person begins with its position."""
    return desk.sources[int(code.split(":")[0])]


def _questions(desk: _Desk, proposal: Proposal, choices: dict[str, Any], *, everything: bool) -> None:
    """Section by section; a person's questions under their name."""
    for section in fields.SECTIONS:
        here = [question for question in proposal.questions if question.field.section == section.name]
        shown = [question for question in here if everything or question.way.differs]
        if not shown:
            continue
        st.subheader(section.title, anchor=False)
        for person, questions in _by_person(proposal, shown):
            if person:
                st.markdown(f"**{safe(person)}**")
            _drawn(desk, questions, choices, everything=everything)


def _drawn(desk: _Desk, questions: Sequence[Compared], choices: dict[str, Any], *, everything: bool) -> None:
    asked = [question for question in questions if _is_asked(question)]
    for question in questions:
        if question in asked:
            chosen = _entries(desk, question) if question.way is Way.JOINED else _one_of(desk, question)
            if chosen != question.preset:
                choices[question.key] = chosen
    settled = [question for question in questions if question not in asked]
    if settled and not everything:
        st.markdown("All of them stay on the result, with their names, phones and mail addresses.")
    elif settled:
        described((each.field.label, f"{fields.say(each.field, each.value())}\n({each.why})") for each in settled)


def _is_asked(question: Compared) -> bool:
    """Who sent what is not chosen between: both agencies stay on the result."""
    of_sender = question.field.section == "sender" and question.field.name not in _ASKED_OF_SENDERS
    return question.way.differs and not of_sender


def _by_person(proposal: Proposal, questions: Sequence[Compared]) -> Iterator[tuple[str, list[Compared]]]:
    groups: dict[tuple[str, str], list[Compared]] = {}
    for question in questions:
        groups.setdefault((question.field.group or "", question.row or ""), []).append(question)
    names = {
        (group, person.row_id): name_of(group, person.members[0].row)
        for group, persons in proposal.people.items()
        for person in persons
    }
    for key, found in groups.items():
        yield names.get(key, ""), found


def _one_of(desk: _Desk, question: Compared) -> str:
    """One of several answers, or all of them where the question can hold both."""
    texts = {option.code: fields.say(question.field, option.value) for option in question.options}
    long = question.field.kind is Kind.TEXT_LONG or max(map(len, texts.values())) > _LONG
    if long:
        said = [option for option in question.options if option.code != BOTH]
        described((_who(desk, option), texts[option.code]) for option in said)
    chosen = st.radio(
        _label_above(question.field.label),
        list(texts),
        index=desk.first_of(question.key, list(texts), str(question.preset)),
        format_func=lambda code: _label(desk, question, code, texts, long=long),
        captions=None if long else [_caption(desk, option) for option in question.options],
        key=f"{desk.key}-{question.key}",
        label_visibility="collapsed",
    )
    st.caption(f"Proposed because: {question.why}.")
    return str(chosen)


def _label(desk: _Desk, question: Compared, code: str, texts: dict[str, str], *, long: bool) -> str:
    option = next(each for each in question.options if each.code == code)
    if code == BOTH:
        return "Both, each with its source" if long else f"Both: {safe(texts[code])}"
    if long:
        return f"Only {safe(_who(desk, option))}"
    others = [text for other, text in texts.items() if other not in (code, BOTH)]
    if question.field.kind in _SPELT and len(others) == 1:
        return marked(texts[code], others[0])
    return safe(texts[code])


def _entries(desk: _Desk, question: Compared) -> tuple[str, ...]:
    """The entries of a joined list, all kept unless one is taken out."""
    options = {option.code: option for option in question.options}
    chosen = st.multiselect(
        _label_above(question.field.label),
        list(options),
        default=[code for code in desk.before.get(question.key, question.preset) if code in options],
        format_func=lambda code: f"{_entry(question, options[code])} ({_agencies(desk, options[code])})",
        key=f"{desk.key}-{question.key}",
        label_visibility="collapsed",
        placeholder="Nothing is kept",
        select_all=False,
    )
    st.caption(f"Proposed because: {question.why}.")
    return tuple(code for code in options if code in chosen)


def _entry(question: Compared, option: Option) -> str:
    whole = [option.value] if question.field.choices or question.field.many else option.value
    return fields.say(question.field, whole)


def _who(desk: _Desk, option: Option) -> str:
    return " and ".join(desk.sources[place].name for place in option.sources)


def _agencies(desk: _Desk, option: Option) -> str:
    """Whose answer it is: the agency, or the number of a file, which has none."""
    return " and ".join(dict.fromkeys(source.agency or source.number for source in _sources(desk, option)))


def _caption(desk: _Desk, option: Option) -> str:
    """Who said it and when."""
    if option.code == BOTH:
        return "Nothing is lost"
    said = [f"{safe(source.name)}, {desk.clock.stamp(source.at)}" for source in _sources(desk, option)]
    return " · ".join(said)


def _sources(desk: _Desk, option: Option) -> list[Source]:
    return [desk.sources[place] for place in option.sources]


def marked(text: str, other: str) -> str:
    """The text as Markdown with the letters marked that the other one does not have."""
    if not text or not other or max(len(text), len(other)) > _LONG:
        return safe(text)
    spelt = SequenceMatcher(None, text, other, autojunk=False)
    if spelt.ratio() < _ALIKE:
        return safe(text)
    parts = []
    for tag, start, end, _from, _to in spelt.get_opcodes():
        piece = text[start:end]
        if piece.strip() and tag != "equal":
            parts.append(f":orange-background[**{_held(piece)}**]")
        elif piece:
            parts.append(_held(piece))
    return "".join(parts)


def _held(piece: str) -> str:
    """A piece of a text, safe, with its blanks at both ends kept."""
    before = " " if piece[:1].isspace() else ""
    after = " " if piece[-1:].isspace() and piece.strip() else ""
    return f"{before}{safe(piece)}{after}"
