"""Settling what differs between a file and a referral: one answer at a time, each with where it was said."""

from collections.abc import Sequence

import streamlit as st

from domain import fields
from domain.clients import IntakeView
from domain.intake import Side, ToSettle
from widgets.plain_text import described
from widgets.words import safe

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
    names = [_label(name) for name in (*view.file.filled, *view.occurrence.filled)]
    if not names:
        return ""
    return f"Added without asking, because the file was blank there or both lists can stand: {', '.join(names)}."


def _choice(each: ToSettle, chosen: Side | None, view: IntakeView, key: str) -> Side | None:
    texts = {side: text for side, text in _texts(each).items() if text}
    options = list(texts)
    now = chosen or each.preset
    label = fields.FIELD[each.field].label
    if max(map(len, texts.values())) > _LONG:
        described((_source(side, view), text) for side, text in texts.items())
        texts = {side: _source(side, view) for side in options}
    picked = st.radio(
        f"{safe(each.who)}: {label}" if each.who else label,
        options,
        index=options.index(now) if now in options else None,
        format_func=lambda side: safe(texts[side]),
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
