"""A merge being decided, of referrals or of two files: the choices, the result beside them, the reason and the button.

What was chosen and typed is kept as it is done, for this person alone, so that a reload or a new sign-in loses none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any
from uuid import UUID

import streamlit as st

from actions import unsent
from actions.work import Work
from domain.client_merges import ClientFile
from domain.merging import Beside, MergedFrom
from widgets.at_work import at_work, reading
from widgets.memory import memory
from widgets.merge_picker import merge_picker
from widgets.words import clock

MERGE = "merge"
"""The name under which a begun merge is kept, with the first of its records."""


@dataclass(frozen=True)
class Begun:
    """A merge as this person left it. Choices hold only for the versions that they were made on; the reason stays."""

    why: str = ""
    choices: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """What to merge: each record with the version that was seen, the choices, the reason and a one-use key."""

    versions: dict[UUID, int]
    choices: dict[str, Any]
    reason: str
    key: str


def merge_choice(
    view: Beside, records: Sequence[MergedFrom | ClientFile], *, button: str, told: str, kept_where: str
) -> Decision | None:
    """Draw what is to be decided; the decision once the button was pressed. `told` says what the button does."""
    key = "merge-" + "-".join(f"{record.number}.{record.version}" for record in records)
    begun = _begun(key, records)
    choices = merge_picker(view.proposal.sources, key, clock(), begun.choices)
    st.divider()
    offered = "" if view.needs_own_words else view.verdict
    reason = st.text_area(
        "Why are they the same child?",
        value=begun.why or offered,
        help=kept_where,
        key="merge-reason-" + "-".join(record.number for record in records),
        height=90,
    )
    _keep(key, records, Begun("" if reason == offered else reason, choices))
    st.caption(told)
    if not st.button(button, type="primary", icon=":material/merge:", key=f"{key}-do"):
        return None
    one_use = memory().one_use_keys.setdefault(key, token_hex(16))
    return Decision({record.id: record.version for record in records}, choices, reason, one_use)


def forget_choice(work: Work, records: Sequence[MergedFrom | ClientFile]) -> None:
    """The merge was made: what was kept of it goes, in the same piece of work."""
    unsent.forget(work, records[0].id, MERGE)


def _begun(key: str, records: Sequence[MergedFrom | ClientFile]) -> Begun:
    """What was kept of this merge when this tab first drew it."""
    drawn = memory().merges_begun
    if key not in drawn:
        with reading() as work:
            found = unsent.kept(work, records[0].id, MERGE)
        typed = found.typed if found and found.typed.get("with") == _with(records) else {}
        same = typed.get("key") == [key]
        drawn[key] = Begun(typed.get("why", ""), _as_chosen(typed.get("choices", {})) if same else {})
        memory().merges_kept[key] = drawn[key]
    begun: Begun = drawn[key]
    return begun


def _keep(key: str, records: Sequence[MergedFrom | ClientFile], now: Begun) -> None:
    if memory().merges_kept.get(key) == now:
        return
    typed = {"with": _with(records), "key": [key], "why": now.why, "choices": now.choices}
    with at_work() as work:
        unsent.keep(work, records[0].id, MERGE, typed if now.why or now.choices else {})
    memory().merges_kept[key] = now


def _with(records: Sequence[MergedFrom | ClientFile]) -> list[str]:
    return [str(record.id) for record in records]


def _as_chosen(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Choices as the picker gives them: several entries are a tuple, which a document keeps as a list."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
