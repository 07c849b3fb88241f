"""Settling what differs between a file and a referral: one answer at a time, each with where it was said."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import streamlit as st

from domain import fields
from domain.clients import IntakeView
from domain.intake import Side, ToSettle
from widgets.plain_text import described
from widgets.words import safe, visible

_LONG = 90
"""Letters that still read well beside a button; longer answers are shown above it."""


def settle_differences(view: IntakeView, key: str) -> dict[str, Side]:
    """Draw a choice for each difference; gives every choice made so far, proposals left out."""
    settled = dict(view.choices.settled)
    for section in fields.SECTIONS:
        here = [each for each in view.to_settle if fields.FIELD[each.field].section == section.name]
        if here:
            st.markdown(f"**{section.title}**")
        for each in here:
            side = _choice(each, settled.get(each.key), view, key)
            if side is not None and side != each.preset:
                settled[each.key] = side
            else:
                settled.pop(each.key, None)
    return settled


def joined_words(view: IntakeView) -> str:
    """What needs no choice, in one sentence; empty when the referral adds nothing."""
    # A new case takes everything from the referral: only what joins something is worth a word.
    names = [_label(name) for name in (*view.file.filled, *(view.occurrence.filled if view.case else ()))]
    if not names:
        return ""
    return f"Added without asking, because nothing was on file there or both lists can stand: {'; '.join(names)}."


def _choice(each: ToSettle, chosen: Side | None, view: IntakeView, key: str) -> Side | None:
    texts = {side: text for side, text in _texts(each).items() if text}
    options = list(texts)
    now = chosen or each.preset
    label = fields.FIELD[each.field].label
    shown = _marked(texts)
    if max(map(len, texts.values())) > _LONG:
        described((_source(side, view), text) for side, text in texts.items())
        shown = {side: _source(side, view) for side in options}
    picked = st.radio(
        f"{safe(each.who)}: {label}" if each.who else label,
        options,
        index=options.index(now) if now in options else None,
        format_func=lambda side: shown[side],
        captions=[_source(side, view) for side in options],
        key=f"settle-{each.key}-{key}",
    )
    if each.why:
        st.caption(each.why)
    return Side(picked) if picked is not None else None


def _texts(each: ToSettle) -> dict[Side, str]:
    field = fields.FIELD[each.field]
    values = {Side.FILE: each.ours, Side.REFERRAL: each.theirs, Side.BOTH: each.both}
    return {side: fields.say(field, value) for side, value in values.items()}


def _marked(texts: dict[Side, str]) -> dict[Side, str]:
    """The answers with the letters that differ in bold: two spellings look alike at a glance."""
    shown = {side: safe(text) for side, text in texts.items()}
    if Side.FILE in texts and Side.REFERRAL in texts:
        ours, theirs = visible(texts[Side.FILE]), visible(texts[Side.REFERRAL])
        pieces = SequenceMatcher(None, ours, theirs, autojunk=False)
        if pieces.ratio() > 0.6:
            codes = pieces.get_opcodes()
            shown[Side.FILE] = "".join(_piece(ours[a:b], what) for what, a, b, _, _ in codes)
            shown[Side.REFERRAL] = "".join(_piece(theirs[a:b], what) for what, _, _, a, b in codes)
    return shown


def _piece(text: str, what: str) -> str:
    start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if not text.strip():
        return text
    return f"{start}{safe(text)}{end}" if what == "equal" else f"{start}**{safe(text)}**{end}"


def _source(side: Side, view: IntakeView) -> str:
    return {
        Side.FILE: f"As in the file {view.client_number}",
        Side.REFERRAL: f"As in the referral {view.number}",
        Side.BOTH: "Keep both",
    }[side]


def _label(name: str) -> str:
    return fields.GROUPS[name].title if name in fields.GROUPS else fields.FIELD[name].label


def unsettled_words(waiting: Sequence[ToSettle]) -> str:
    """How many choices are still open, in words; empty when none is."""
    if not waiting:
        return ""
    labels = ", ".join(dict.fromkeys(fields.FIELD[each.field].label for each in waiting))
    return f"{len(waiting)} still to choose: {labels}."
