"""A form drawn from the catalogue: the short path first, all else behind "Add more details"."""

from collections.abc import Iterable
from secrets import token_hex

import streamlit as st

from domain import fields
from domain.fields import Field, Group, Problem, Section, Weight
from widgets.answer_box import Form, answer_box
from widgets.language import said
from widgets.memory import memory
from widgets.plain_text import linked

# Labels stand out from hints by weight; written as Markdown they would be read out with their stars.
_LABELS = """<style>
[data-testid="stWidgetLabel"] p { font-weight: 600; }
[data-testid="stCheckbox"] [data-testid="stWidgetLabel"] p { font-weight: 400; }
</style>"""


# A link is cut off at the edge of a phone; these are whole sentences.
_WHOLE_SENTENCES = """<style>
[data-testid="stPageLink"] a, [data-testid="stPageLink"] a * { white-space: normal; overflow: visible; height: auto; }
</style>"""


def record_form(form: Form, short: tuple[Field, ...]) -> None:
    """Draw the short path, then the questions that can wait; each answer is saved when it is left."""
    st.html(_LABELS)
    for section in fields.SECTIONS:
        questions = fields.of_section(section.name, short)
        if questions:
            st.header(form.title_of(section.name), anchor=section.name, divider="gray")
            _draw_short(form, questions)
    later = tuple(question for question in form.asked if question not in short and question.name != "referral_type")
    _more_details(form, later)


def form_section(form: Form, section: str) -> None:
    """Draw all questions of one section."""
    st.html(_LABELS)
    questions = fields.of_section(section, form.asked)
    _draw(form, tuple(each for each in questions if each.name != "referral_type"), drawn=frozenset())


def problem_summary(form: Form) -> None:
    """What stands against sending, at the top of the page, each sentence leading to its field."""
    for weight in (Weight.REFUSE, Weight.ASK):
        found = [problem for problem in form.problems if problem.weight is weight]
        if found:
            with st.container(border=True):
                _headline(weight)
                linked(_links(form, found))


def problems_elsewhere(form: Form, page: str, record: str) -> None:
    """The same sentences on a page without fields, each a link to the section of its field."""
    st.html(_WHOLE_SENTENCES)
    for weight in (Weight.REFUSE, Weight.ASK):
        found = [problem for problem in form.problems if problem.weight is weight]
        if not found:
            continue
        with st.container(border=True, gap="xsmall"):
            _headline(weight)
            for problem in found:
                question = fields.FIELD.get(problem.field)
                section = question.section if question else "about"
                st.page_link(
                    page,
                    label=problem.message_in(form.language),
                    icon=":material/edit:",
                    query_params={"r": record, "section": section, "checked": "yes"},
                )


def mark_places(form: Form) -> list[tuple[str, str]]:
    """Each field that the center marked: its place on the page and its label."""
    return [
        (f"{form.record.hex}-{mark.row or 'child'}-{mark.field}", fields.FIELD[mark.field].label_in(form.language))
        for mark in form.marks
        if mark.field in fields.FIELD
    ]


def _headline(weight: Weight) -> None:
    if weight is Weight.REFUSE:
        st.error(said("There is a problem", "Hay un problema"), icon=":material/error:")
        return
    words = said("Please look at this. It stops nothing.", "Por favor, revise esto. No impide enviar la remisión.")
    st.markdown(f":material/help: **{words}**")


def _links(form: Form, problems: Iterable[Problem]) -> list[tuple[str, str]]:
    return [
        (f"{form.record.hex}-{_row_of(form, problem) or 'child'}-{problem.field}", problem.message_in(form.language))
        for problem in problems
    ]


def _row_of(form: Form, problem: Problem) -> str | None:
    question = fields.FIELD.get(problem.field)
    if question is None or question.group is None:
        return None
    return problem.row or _rows(form, fields.GROUPS[question.group])[0]


def _more_details(form: Form, later: tuple[Field, ...]) -> None:
    marked = {mark.field for mark in form.marks}
    key = form.record.hex
    if not marked.intersection(question.name for question in later) and key not in memory().more_details:
        st.button(
            said("Add more details", "Agregar más detalles"),
            icon=":material/add:",
            key=f"{key}-more",
            on_click=memory().more_details.add,
            args=(key,),
        )
        st.caption(
            form.later
            or said(
                "Everything else can wait. The center may ask you for it later.",
                "Todo lo demás puede esperar. Quizás el centro se lo pida después.",
            )
        )
        return
    st.header(said("More details", "Más detalles"), anchor="more", divider="gray")
    for section in fields.SECTIONS:
        questions = fields.of_section(section.name, later)
        if any(_is_asked(form, question) for question in questions):
            _folded_section(form, section, questions, open_now=bool(marked & {each.name for each in questions}))


def _folded_section(form: Form, section: Section, questions: tuple[Field, ...], *, open_now: bool) -> None:
    answered = sum(_is_answered(form, question) for question in questions)
    with st.container(gap="xsmall"):
        # The title never changes: under another one Streamlit would take it for another section and fold it,
        # with the box that somebody is just typing in.
        folded = st.expander(
            form.title_of(section.name),
            expanded=open_now,
            key=f"{form.record.hex}-section-{section.name}",
            on_change="rerun",
        )
        if answered:
            st.caption(said(f"{answered} answered", f"{answered} con respuesta"))
    # Only an open section draws its questions: 80 closed ones would make each save slow.
    if folded.open:
        with folded:
            _draw(form, questions, drawn=frozenset(question.name for question in form.asked if question.short))


def _is_asked(form: Form, question: Field) -> bool:
    """Whether the form asks it now; of the people in a group it is enough that one of them, or a new one, is asked."""
    if question.group is None:
        return fields.shown(question, form.answers)
    people = [*fields.rows_of(form.answers, question.group).values(), {}]
    return any(fields.shown(question, form.answers, person) for person in people)


def _is_answered(form: Form, question: Field) -> bool:
    if question.group is None:
        return not fields.is_blank(form.answers.get(question.name))
    rows = fields.rows_of(form.answers, question.group).values()
    return any(not fields.is_blank(row.get(question.name)) for row in rows)


def _draw_short(form: Form, questions: tuple[Field, ...]) -> None:
    """Of a group only the first person is asked about; the others wait with the rest of the group."""
    for question in questions:
        if question.group is None:
            if fields.shown(question, form.answers):
                answer_box(form, question)
        else:
            answer_box(form, question, _rows(form, fields.GROUPS[question.group])[0])


def _draw(form: Form, questions: tuple[Field, ...], *, drawn: frozenset[str]) -> None:
    """Draw questions and whole groups; what the short path has drawn of the first person is not drawn twice."""
    for question in questions:
        if question.group is None and fields.shown(question, form.answers):
            answer_box(form, question)
    for name in dict.fromkeys(question.group for question in questions if question.group):
        _draw_people(form, fields.GROUPS[name], drawn)


def _draw_people(form: Form, group: Group, drawn: frozenset[str]) -> None:
    rows = _rows(form, group)
    people = fields.rows_of(form.answers, group.name)
    questions = fields.of_group(group.name, form.asked)
    for number, row in enumerate(rows, start=1):
        person = people.get(row, {})
        asked = [question for question in questions if fields.shown(question, form.answers, person)]
        with st.container(border=True):
            title = fields.row_title(group, person, number, form.today, form.language)
            st.subheader(title, anchor=False)
            for question in asked:
                if not (number == 1 and question.name in drawn):
                    answer_box(form, question, row)
            if len(rows) > group.drawn:
                _take_out_button(form, group, row, title)
    if len(rows) < group.at_most:
        _add_button(form, group)


def _take_out_button(form: Form, group: Group, row: str, title: str) -> None:
    st.button(
        said(f"Take out {title}", f"Quitar {title}"),
        icon=":material/delete:",
        key=f"{form.record.hex}-{row}-out",
        on_click=_take_out,
        args=(form, group.name, row),
    )


def _add_button(form: Form, group: Group) -> None:
    one = group.one_es if form.language == "es" else group.one
    st.button(
        said(f"Add: {one}", f"Agregar: {one}"),
        icon=":material/person_add:",
        key=f"{form.record.hex}-{group.name}-add",
        on_click=_open_row,
        args=(form, group.name),
    )


def _open_row(form: Form, group: str) -> None:
    memory().added_people.setdefault(_place(form, group), []).append(token_hex(4))


def _take_out(form: Form, group: str, row: str) -> None:
    opened = memory().added_people.get(_place(form, group), [])
    if row in opened:
        opened.remove(row)
    form.take_out(group, row)


def _rows(form: Form, group: Group) -> list[str]:
    """Rows with answers, rows that were opened in this tab, and the one that every form draws."""
    people = form.answers.get(group.name)
    kept = [str(person.get("row")) for person in people] if isinstance(people, list) else []
    opened = memory().added_people.get(_place(form, group.name), [])
    rows = list(dict.fromkeys((*kept, *opened)))
    if len(rows) < group.drawn:
        _open_row(form, group.name)
        return _rows(form, group)
    return rows


def _place(form: Form, group: str) -> str:
    return f"{form.record.hex}-{group}"
