"""The box that one question is answered in, for every kind of question; saved when it is left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from domain import fields
from domain.fields import Answers, CannotRead, Field, Kind, Problem, Required
from domain.referrals import Mark
from widgets.language import said
from widgets.plain_text import plain, spot

Keep: TypeAlias = Callable[[Field, str | None, Any], None]
"""Saves one answer: the question, the row of its person or None, and the value (None clears it)."""

FEW, SEVERAL = 3, 7
"""Up to a few choices stand in one line, several one under the other, more in a list to search."""


@dataclass(frozen=True)
class Form:
    """What a form is drawn from: one record's questions and answers, and how an answer is saved."""

    record: UUID
    asked: tuple[Field, ...]
    answers: Answers
    keep: Keep
    take_out: Callable[[str, str], None]
    """Takes a person (group, row) out."""
    today: date
    language: str
    marks: tuple[Mark, ...] = ()
    problems: tuple[Problem, ...] = ()
    lookups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    later: str = ""
    """What is said beside "Add more details"; empty for an agency, whom the center may ask later."""
    notices: Mapping[str, str] = field(default_factory=dict)
    """What is said at once beside an answer, by the name of its question."""

    def title_of(self, section: str) -> str:
        """The title of a section in the language of the form."""
        found = next(each for each in fields.SECTIONS if each.name == section)
        return found.title_es if self.language == "es" else found.title


@dataclass(frozen=True)
class Box:
    """One question at one place of a form."""

    form: Form
    field: Field
    row: str | None
    value: Any

    @property
    def name(self) -> str:
        """The name of its place on the page, and the start of its widgets' keys."""
        return f"{self.form.record.hex}-{self.row or 'child'}-{self.field.name}"

    @property
    def label(self) -> str:
        # No Markdown: Streamlit takes the label as the accessible name, and a screen reader would read the stars.
        return self.field.label_in(self.form.language)

    @property
    def raw(self) -> Any:
        """What was typed: the answer, or what could not be read as one; a tick is nothing typed."""
        if fields.is_tick(self.value):
            return None
        if fields.is_half_typed(self.value):
            return self.value["typed"]
        return self.value

    def key(self, part: str = "") -> str:
        """The key of one of its widgets.

        Another language is another widget: Streamlit's browser side answers with the words of a choice, and
        would send the old language's word for the new one's.
        """
        return f"{self.name}-{part}-{self.form.language}"

    def seeded(self, part: str, start: Any) -> str:
        """The key of a widget that begins with `start` where nothing was typed in this tab yet."""
        key = self.key(part)
        if key not in st.session_state:
            st.session_state[key] = start
        return key

    def typed(self, part: str) -> Any:
        """What stands in one of its widgets now."""
        return st.session_state.get(self.key(part))


def answer_box(form: Form, question: Field, row: str | None = None) -> None:
    """Draw one question with its marks, its answer, its tick and what is wrong with it."""
    answers = _row(form, question, row) if question.group else form.answers
    box = Box(form, question, row, answers.get(question.name))
    with st.container(gap="xsmall"):
        spot(box.name)
        _marks_here(box)
        if question.name in FROM_THE_ACCOUNT or question.required is Required.FROM_AGENCY:
            _told(box)
            return
        _problems_here(box)
        _BOXES[question.kind](box)
        hint = question.help_in(form.language)
        if hint:
            st.caption(hint)
        if question.name in form.notices:
            st.warning(form.notices[question.name], icon=":material/call:")


FROM_THE_ACCOUNT = frozenset({"agency_id"})
"""Not typed by anybody: the account says it."""


def _row(form: Form, question: Field, row: str | None) -> Mapping[str, Any]:
    people = form.answers.get(question.group or "")
    people = people if isinstance(people, list) else []
    return next((each for each in people if each.get("row") == row), {})


def _marks_here(box: Box) -> None:
    for mark in box.form.marks:
        if mark.field == box.field.name and (mark.row or None) == box.row:
            with st.container(border=True):
                st.markdown(
                    f":material/flag: **{said('The center asks you to correct this', 'El centro pide corregir esto')}**"
                )
                plain(mark.comment)


def _problems_here(box: Box) -> None:
    for problem in box.form.problems:
        if problem.field == box.field.name and problem.row in (box.row, None):
            refused = problem.weight is fields.Weight.REFUSE
            sign = ":red[:material/error:]" if refused else ":material/help:"
            st.markdown(f"{sign} **{problem.message_in(box.form.language)}**")


def _told(box: Box) -> None:
    st.markdown(f"**{box.label}**")
    plain(fields.say(box.field, box.value, box.form.language) or "–")


def _tick(box: Box) -> None:
    for tick in box.field.ticks:
        key = box.seeded(tick.value, fields.is_tick(box.value) and box.value["tick"] == tick)
        st.checkbox(
            fields.say_tick(tick, box.form.language),
            key=key,
            on_change=_ticked,
            args=(box, tick.value),
        )


def _ticked(box: Box, tick: str) -> None:
    """A tick stands instead of the answer: what was typed beside it goes."""
    if not box.typed(tick):
        box.form.keep(box.field, box.row, None)
        return
    for part in _PARTS.get(box.field.kind, ("text",)):
        key = box.key(part)
        if key in st.session_state:
            st.session_state[key] = None if part.endswith("month") else ""
    box.form.keep(box.field, box.row, {"tick": tick})


def _left(box: Box, collect: Callable[[Box], Any]) -> None:
    """Save what was typed; what cannot be read as an answer is kept as typed, and the form will say so."""
    typed = collect(box)
    for tick in box.field.ticks:
        if not fields.is_blank(typed):
            st.session_state[box.key(tick.value)] = False
    try:
        value = fields.read(box.field, typed)
    except CannotRead:
        value = {"typed": typed}
    box.form.keep(box.field, box.row, value)


def _text(box: Box) -> None:
    with _line():
        st.text_input(
            box.label,
            key=box.seeded("text", _as_text(box.raw)),
            autocomplete="off",
            on_change=_left,
            args=(box, _one_text),
            width=_WIDTHS.get(box.field.kind, "stretch"),
        )
        _tick(box)


def _line() -> DeltaGenerator:
    """Boxes and their tick stand beside each other where the screen is wide enough."""
    return st.container(horizontal=True, vertical_alignment="bottom")


_WIDTHS = {
    Kind.NAME: 460,
    Kind.IDENTIFIER: 460,
    Kind.EMAIL: 460,
    Kind.PHONE: 300,
    Kind.ZIP: 160,
    Kind.INTEGER: 320,
}
"""Pixels: a box as wide as what belongs into it."""


def _long_text(box: Box) -> None:
    st.text_area(
        box.label,
        key=box.seeded("text", _as_text(box.raw)),
        height=180,
        on_change=_left,
        args=(box, _one_text),
    )


def _one_text(box: Box) -> Any:
    return box.typed("text")


def _as_text(raw: Any) -> str:
    if isinstance(raw, list):
        return ", ".join(str(each) for each in raw)
    return "" if raw is None else str(raw)


def _choice(box: Box) -> None:
    codes = [choice.code for choice in box.field.choices]
    key = box.seeded("choice", box.raw if box.raw in codes else None)
    words = {choice.code: fields.say(box.field, choice.code, box.form.language) for choice in box.field.choices}
    if len(codes) > SEVERAL:
        st.selectbox(
            box.label,
            codes,
            format_func=words.__getitem__,
            index=None,
            key=key,
            placeholder=said("Choose", "Elija"),
            on_change=_left,
            args=(box, _one_choice),
        )
        return
    st.radio(
        box.label,
        codes,
        format_func=words.__getitem__,
        index=None,
        key=key,
        horizontal=len(codes) <= FEW,
        on_change=_left,
        args=(box, _one_choice),
    )


def _one_choice(box: Box) -> Any:
    return box.typed("choice")


def _multi(box: Box) -> None:
    codes = [choice.code for choice in box.field.choices]
    chosen = box.raw if isinstance(box.raw, list) else []
    words = {choice.code: fields.say(box.field, [choice.code], box.form.language) for choice in box.field.choices}
    st.pills(
        box.label,
        codes,
        selection_mode="multi",
        format_func=words.__getitem__,
        key=box.seeded("choices", [code for code in chosen if code in codes]),
        on_change=_left,
        args=(box, _several),
    )


def _several(box: Box) -> Any:
    return box.typed("choices") or []


def _lookup(box: Box) -> None:
    """Choose from what is there, or type another."""
    if not box.field.many:
        _text(box)
        return
    there = list(box.form.lookups.get(box.field.lookup or "", ()))
    chosen = [each for each in box.raw if isinstance(each, str)] if isinstance(box.raw, list) else []
    st.multiselect(
        box.label,
        list(dict.fromkeys((*there, *chosen))),
        key=box.seeded("choices", chosen),
        accept_new_options=True,
        select_all=False,
        placeholder=said("Choose, or type another", "Elija o escriba otra"),
        on_change=_left,
        args=(box, _several),
    )


def _checkbox(box: Box) -> None:
    st.checkbox(box.label, key=box.seeded("yes", box.raw == "yes"), on_change=_left, args=(box, _yes))


def _yes(box: Box) -> Any:
    return "yes" if box.typed("yes") else None


def _date(box: Box) -> None:
    _day_boxes(box, "", box.label, box.raw, _one_day)


def _one_day(box: Box) -> Any:
    return _day_typed(box, "")


def _range(box: Box) -> None:
    ends = box.raw if isinstance(box.raw, Mapping) else {"from": box.raw}
    _day_boxes(box, "from-", f"{box.label} {said('From', 'Desde')}", ends.get("from"), _both_days)
    _day_boxes(
        box,
        "to-",
        said("Until (leave empty for one day or month)", "Hasta (vacío si fue un solo día o mes)"),
        ends.get("to"),
        _both_days,
    )


def _both_days(box: Box) -> Any:
    return {"from": _day_typed(box, "from-"), "to": _day_typed(box, "to-")}


def _date_or_age(box: Box) -> None:
    value = box.raw if isinstance(box.raw, Mapping) else {}
    _day_boxes(box, "", box.label, value.get("date"), _day_or_age)
    st.text_input(
        said("Or the age in years", "O la edad en años"),
        key=box.seeded("age", _as_text(value.get("age"))),
        autocomplete="off",
        on_change=_left,
        args=(box, _day_or_age),
        width=160,
    )


def _day_or_age(box: Box) -> Any:
    return {"date": _day_typed(box, ""), "age": box.typed("age")}


def _day_boxes(box: Box, part: str, label: str, kept: Any, collect: Callable[[Box], Any]) -> None:
    """Month chosen, day and year typed: no calendar, which would speak English only and start in this year."""
    year, month, day = _parts_of(kept)
    names = fields.MONTHS_ES if box.form.language == "es" else fields.MONTHS
    leaving: dict[str, Any] = {"on_change": _left, "args": (box, collect)}
    with _line():
        st.selectbox(
            f"{label.rstrip('?:')}: {said('month', 'mes')}",
            [str(number) for number in range(1, 13)],
            format_func=lambda number: names[int(number) - 1],
            index=None,
            key=box.seeded(f"{part}month", month if month in _MONTH_NUMBERS else None),
            placeholder=said("Month", "Mes"),
            width=250,
            **leaving,
        )
        for piece, word, typed, width in (
            ("day", said("Day", "Día"), day, 90),
            ("year", said("Year", "Año"), year, 110),
        ):
            key = box.seeded(f"{part}{piece}", typed)
            st.text_input(word, key=key, autocomplete="off", width=width, **leaving)
        if part != "to-":
            _tick(box)


_MONTH_NUMBERS = frozenset(str(number) for number in range(1, 13))


def _parts_of(kept: Any) -> tuple[str, str, str]:
    """Year, month and day of an answer, or of what was typed and could not be read."""
    if isinstance(kept, Mapping):
        return tuple(_as_text(kept.get(part)) for part in ("year", "month", "day"))  # type: ignore[return-value]
    if not isinstance(kept, str):
        return "", "", ""
    parts = [*kept.split("-"), "", ""]
    return parts[0], parts[1].lstrip("0"), parts[2].lstrip("0")


def _day_typed(box: Box, part: str) -> dict[str, str]:
    return {piece: _as_text(box.typed(f"{part}{piece}")) for piece in ("month", "day", "year")}


def _contact(box: Box) -> None:
    value = box.raw if isinstance(box.raw, Mapping) else {}
    words = {"name": said("name", "nombre"), "phone": said("phone", "teléfono"), "email": said("email", "correo")}
    with _line():
        for part, word in words.items():
            st.text_input(
                f"{box.label}: {word}",
                key=box.seeded(part, _as_text(value.get(part))),
                autocomplete="off",
                on_change=_left,
                args=(box, _whole_contact),
                width=230,
            )
        _tick(box)


def _whole_contact(box: Box) -> Any:
    return {part: box.typed(part) for part in ("name", "phone", "email")}


def _files(box: Box) -> None:
    st.markdown(f"**{box.label}**")


_DAY_PARTS = ("month", "day", "year")

_PARTS: dict[Kind, tuple[str, ...]] = {
    Kind.DATE: _DAY_PARTS,
    Kind.DATE_MEMORABLE: _DAY_PARTS,
    Kind.DATE_PARTIAL: _DAY_PARTS,
    Kind.DATE_PARTIAL_RANGE: tuple(f"{end}-{part}" for end in ("from", "to") for part in _DAY_PARTS),
    Kind.DATE_OR_AGE: (*_DAY_PARTS, "age"),
    Kind.PERSON_CONTACT: ("name", "phone", "email"),
}
"""The widgets of the kinds that have more than one."""

_BOXES: dict[Kind, Callable[[Box], None]] = {
    Kind.TEXT_SHORT: _text,
    Kind.TEXT_LONG: _long_text,
    Kind.NAME: _text,
    Kind.IDENTIFIER: _text,
    Kind.EMAIL: _text,
    Kind.PHONE: _text,
    Kind.ZIP: _text,
    Kind.LOOKUP: _lookup,
    Kind.CHOICE: _choice,
    Kind.CHOICE_SEARCH: _choice,
    Kind.MULTI: _multi,
    Kind.INTEGER: _text,
    Kind.CHECKBOX: _checkbox,
    Kind.DATE: _date,
    Kind.DATE_MEMORABLE: _date,
    Kind.DATE_PARTIAL: _date,
    Kind.DATE_PARTIAL_RANGE: _range,
    Kind.DATE_OR_AGE: _date_or_age,
    Kind.PERSON_CONTACT: _contact,
    Kind.FILES: _files,
}
