"""What each column of a spreadsheet is: one choice a column, and the few questions that follow from it."""

from dataclasses import replace
from uuid import UUID

import streamlit as st

from domain import fields
from domain.spreadsheet.batches import MappingView
from domain.spreadsheet.columns import LEFT_OUT, Choices, Column, letter_of, targets
from domain.spreadsheet.dates import DayOrder
from domain.spreadsheet.names import NameOrder, SplitName
from domain.spreadsheet.values import MOST_MEANINGS
from widgets.words import safe

NOT_LOADED = "Not loaded"
DAY_WORDS = {DayOrder.MONTH_FIRST: "The month (March 4)", DayOrder.DAY_FIRST: "The day (3 April)"}
NAME_WORDS = {
    NameOrder.FIRST_NAME_FIRST: "First name first: Maria Garcia Lopez",
    NameOrder.LAST_NAME_FIRST: "Last name first: Garcia Lopez Maria",
}

PARTS = {"First": "first", "Middle": "middle", "Last": "last", "Suffix": "suffix", "Other name": "other"}
"""The parts of a name, by what they are called over the proposal."""


def column_choices(batch_id: UUID, view: MappingView) -> Choices:
    """Draw every column with its first answers; what was chosen."""
    codes = [_column(batch_id, column, view.choices.columns[column.place]) for column in view.columns]
    return replace(view.choices, columns=tuple(codes))


def first_line_choice(batch_id: UUID, choices: Choices, header: tuple[str, ...]) -> Choices:
    """Whether the line taken for the names of the columns is a child."""
    named = ", ".join(cell for cell in header if cell)[:120]
    ticked = st.checkbox(
        "The first line is already a child, not the names of the columns",
        value=choices.first_is_child,
        key=f"first-line-{batch_id}",
        help="Tick this only if the list has no line with names such as Last name or Date of birth.",
    )
    st.caption(f"Taken for the names of the columns: {safe(named)}")
    return replace(choices, first_is_child=ticked)


def questions(batch_id: UUID, view: MappingView, choices: Choices) -> Choices:
    """The questions that the chosen columns raise: what comes first in a date or a name, what a word means."""
    days, names = dict(choices.days), dict(choices.names)
    meanings = {column: dict(said) for column, said in choices.meanings.items()}
    st.subheader("What the list leaves open", anchor=False)
    for column in view.columns:
        target = targets().get(choices.columns[column.place])
        place = str(column.place)
        if target is None:
            continue
        if target.is_date:
            _ask_days(batch_id, column, days)
        elif target.field is None:
            names[place] = _ask_names(batch_id, column, names.get(place, NameOrder.FIRST_NAME_FIRST))
        elif column.place in view.words:
            said = _ask_meanings(batch_id, column, target.field, view.words[column.place], meanings.get(place, {}))
            meanings[place] = said
    return replace(choices, days=days, names=names, meanings=meanings)


def names_shown(names: tuple[tuple[str, SplitName], ...]) -> None:
    """How whole names would be split, to be looked over before anything is checked."""
    if not names:
        return
    st.markdown("**How the names are split**")
    # A part that no name has would only push the others off a small screen.
    titles = [title for title, part in PARTS.items() if any(getattr(parts, part) for _, parts in names)]
    rows = [["In the file", *titles], ["---"] * (len(titles) + 1)]
    rows += [[_cell(name), *(_cell(getattr(parts, PARTS[title])) for title in titles)] for name, parts in names]
    st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
    unsure = "Some of these can be split in two ways. " if any(parts.unsure for _, parts in names) else ""
    st.caption(f"{unsure}A name that is split wrongly is best written in the file as “LAST NAME, FIRST NAME”.")


def _column(batch_id: UUID, column: Column, chosen: str) -> str:
    codes = [LEFT_OUT, *targets()]
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"column-{column.place}"):
        answers = " · ".join(safe(sample) for sample in column.samples) or "empty"
        st.markdown(f"**{safe(column.name)}**  \n:small[{answers}]", width="stretch")
        return (
            st.selectbox(
                f"What is in column {letter_of(column.place)}?",
                codes,
                index=codes.index(chosen) if chosen in codes else 0,
                format_func=lambda code: targets()[code].label if code else NOT_LOADED,
                key=f"column-{batch_id}-{column.place}",
                label_visibility="collapsed",
                width=300,
            )
            or LEFT_OUT
        )


def _ask_days(batch_id: UUID, column: Column, days: dict[str, DayOrder]) -> None:
    found, place = column.days, str(column.place)
    if found.order is not None:
        days[place] = found.order
        first = "month" if found.order is DayOrder.MONTH_FIRST else "day"
        st.caption(f"{safe(column.name)}: the {first} comes first, because the list says {safe(found.example)}.")
        return
    if not found.ambiguous:
        return
    if found.both:
        st.warning(
            f"{safe(column.name)} holds dates of both kinds: some can only begin with the month, some only with the "
            "day. Look at the list again before you choose.",
            icon=":material/warning:",
        )
    st.markdown(f"**{safe(column.name)}**")
    said = st.radio(
        f"What comes first in {found.example}?",
        list(DAY_WORDS),
        index=list(DAY_WORDS).index(days[place]) if place in days else None,
        format_func=DAY_WORDS.__getitem__,
        key=f"days-{batch_id}-{column.place}",
        horizontal=True,
        help=f"Asked once for the whole column: {found.ambiguous:,} dates in it could mean two days.",
    )
    if said is not None:
        days[place] = said


def _ask_names(batch_id: UUID, column: Column, order: NameOrder) -> NameOrder:
    st.markdown(f"**{safe(column.name)}**")
    return (
        st.radio(
            f"How are names without a comma written in column {letter_of(column.place)}?",
            list(NAME_WORDS),
            index=list(NAME_WORDS).index(order),
            format_func=NAME_WORDS.__getitem__,
            key=f"names-{batch_id}-{column.place}",
        )
        or order
    )


def _ask_meanings(
    batch_id: UUID, column: Column, field: fields.Field, words: dict[str, str], said: dict[str, str]
) -> dict[str, str]:
    if len(words) > MOST_MEANINGS:
        st.warning(
            f"{safe(column.name)} holds more than {MOST_MEANINGS} different words that are none of our choices for "
            f"{safe(field.label)}. Perhaps the column is something else, or is better not loaded.",
            icon=":material/warning:",
        )
        return said
    labels = {choice.code: choice.label for choice in field.choices}
    meant = dict(said)
    with st.container(border=True):
        st.markdown(f"**{safe(column.name)}:** what do these words mean among our choices for {safe(field.label)}?")
        for number, (folded, word) in enumerate(words.items(), start=1):
            codes = ["", *labels]
            st.markdown(f"“{safe(word)}”")
            chosen = st.selectbox(
                f"Meaning of word {number} in column {letter_of(column.place)}",
                codes,
                index=codes.index(meant[folded]) if meant.get(folded) in codes else 0,
                format_func=lambda code: labels.get(code, "Leave this answer out"),
                key=f"meaning-{batch_id}-{column.place}-{folded}",
                label_visibility="collapsed",
                width=420,
            )
            meant[folded] = chosen or ""
    return meant


def _cell(text: str) -> str:
    return safe(text).replace("\n", " ") or " "
