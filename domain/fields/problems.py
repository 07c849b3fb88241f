"""What is wrong with a set of answers, in plain sentences: what cannot be, what is missing, what looks unlikely."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.fields.answers import row_is_blank, rows_of
from domain.fields.catalogue import CATALOGUE, GROUPS, Catalogue, is_blank, is_half_typed, is_tick, of_group, shown
from domain.fields.kinds import Field, Group, ReferralType, Required, Row
from domain.fields.reading import CannotRead, read
from domain.fields.unlikely import contradictions
from domain.fields.verdicts import Problem, Weight


def problems(
    kind: ReferralType,
    answers: Mapping[str, Any],
    today: date,
    *,
    complete: bool = True,
    catalogue: Catalogue = CATALOGUE,
) -> list[Problem]:
    """All that stands against sending these answers, in form order; `complete=False` leaves out what is missing.

    REFUSE stops the referral: an answer that cannot be kept, a fact that cannot be, or one of the few questions
    without which nothing is sent (product.md, rule 17). ASK never stops it: an unlikely fact, or a question that we
    would like answered now and can ask later. Files are not offered yet, so the report in words is always needed.
    """
    asked = catalogue.referral(kind)
    answers = {"referral_type": str(kind)} | dict(answers)
    found = [*_unreadable(asked, answers), *_strangers(asked, answers)]
    if complete:
        found += _missing(asked, answers)
    unreadable = {(problem.field, problem.row) for problem in found}
    if answers["referral_type"] != kind:
        found.append(_another_type())
    found += [each for each in contradictions(answers, today) if (each.field, each.row) not in unreadable]
    places = {field.name: place for place, field in enumerate(asked)}
    return sorted(found, key=lambda problem: places.get(problem.field, len(places)))


def _unreadable(asked: tuple[Field, ...], answers: Mapping[str, Any]) -> Iterator[Problem]:
    for field in asked:
        if field.group is None:
            yield from _unread(field, None, answers.get(field.name))
    for group in GROUPS.values():
        yield from _unreadable_rows(group, of_group(group.name, asked), answers.get(group.name))


def _unreadable_rows(group: Group, asked: tuple[Field, ...], rows: Any) -> Iterator[Problem]:
    if is_blank(rows) or not asked:
        return
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        yield Problem(
            group.name,
            None,
            f"“{group.title}” could not be read. Please give these answers again.",
            f"No se pudo leer «{group.title_es}». Por favor, responda de nuevo.",
        )
        return
    if sum(not row_is_blank(row) for row in rows) > group.at_most:
        yield Problem(
            group.name,
            None,
            f"“{group.title}” has room for {group.at_most} people. Put the others in the report in words.",
            f"En «{group.title_es}» caben {group.at_most} personas. Mencione a las demás en el relato.",
        )
    for row_id, row in rows_of({group.name: rows}, group.name).items():
        for field in asked:
            yield from _unread(field, row_id, row.get(field.name))


def _unread(field: Field, row: str | None, value: Any) -> Iterator[Problem]:
    try:
        read(field, value["typed"] if is_half_typed(value) else value)
    except CannotRead as refused:
        yield Problem(field.name, row, *_at(field, refused))


def _at(field: Field, refused: CannotRead) -> tuple[str, str]:
    return f"“{field.label}”: {refused.message}", f"«{field.label_es}»: {refused.message_es}"


def _strangers(asked: tuple[Field, ...], answers: Mapping[str, Any]) -> Iterator[Problem]:
    """Answers to questions that this type of referral does not ask."""
    alone = {field.name for field in asked if field.group is None}
    for name in answers:
        if name not in alone and name not in GROUPS and not is_blank(answers[name]):
            yield _stranger(name, None)
    for group in GROUPS:
        known = {"row", *(field.name for field in of_group(group, asked))}
        for row_id, row in rows_of(answers, group).items():
            for name in row:
                if name not in known and not is_blank(row[name]):
                    yield _stranger(name, row_id)


def _stranger(name: str, row: str | None) -> Problem:
    field = CATALOGUE.by_name.get(name)
    label, label_es = (field.label, field.label_es) if field else (name, name)
    return Problem(
        name,
        row,
        f"“{label}” is not asked in this type of referral. Take the answer out.",
        f"«{label_es}» no se pregunta en este tipo de remisión. Quite la respuesta.",
    )


def _another_type() -> Problem:
    return Problem(
        "referral_type",
        None,
        "The type of this referral does not fit its form. Start a referral of the other type.",
        "El tipo de esta remisión no corresponde a su formulario. Inicie una remisión del otro tipo.",
    )


def _missing(asked: tuple[Field, ...], answers: Mapping[str, Any]) -> Iterator[Problem]:
    for field in asked:
        if field.group is None:
            yield from _unanswered(field, asked, answers, answers, None)
    for name, group in GROUPS.items():
        rows: list[tuple[str | None, Row]] = list(rows_of(answers, name).items())
        for row_id, row in rows or [(None, {})] * group.drawn:
            for field in of_group(name, asked):
                yield from _unanswered(field, asked, answers, row, row_id)


def _unanswered(
    field: Field, asked: tuple[Field, ...], answers: Mapping[str, Any], row: Row, row_id: str | None
) -> Iterator[Problem]:
    if not is_blank(row.get(field.name)) or not shown(field, answers, row):
        return
    if field.required is Required.YES:
        yield Problem(field.name, row_id, *_answer_this(field))
    elif field.required is Required.ONE_OF:
        yield from _none_of(field, asked, row, row_id)
    elif field.required in (Required.IF_SHOWN, Required.IF_KNOWN) and (row_id is not None or not field.group):
        yield Problem(field.name, row_id, *_may_be_asked_later(field), Weight.ASK)


def _none_of(field: Field, asked: tuple[Field, ...], row: Row, row_id: str | None) -> Iterator[Problem]:
    """One sentence for all of them, at the first; a tick beside one of them does not answer the others."""
    choices = [each for each in asked if each.name in field.one_of]
    answered = [each for each in choices if not is_blank(row.get(each.name)) and not is_tick(row.get(each.name))]
    if answered or field is not _first_unticked(choices, row):
        return
    if len(choices) == 1:
        yield Problem(field.name, row_id, *_answer_this(field))
        return
    yield Problem(
        field.name,
        row_id,
        "Answer " + ", or else ".join(f"“{each.label}”" for each in choices) + ".",
        "Responda " + ", o si no ".join(f"«{each.label_es}»" for each in choices) + ".",
    )


def _first_unticked(choices: list[Field], row: Row) -> Field | None:
    return next((each for each in choices if not is_tick(row.get(each.name))), None)


def _answer_this(field: Field) -> tuple[str, str]:
    verb, verb_es = ("Choose an answer", "Elija una respuesta") if field.choices else ("Type it", "Escríbala")
    tick, tick_es = (", or tick “Not known”", ", o marque «No se sabe»") if field.ticks else ("", "")
    return (
        f"“{field.label}” has no answer yet. {verb}{tick}.",
        f"«{field.label_es}» aún no tiene respuesta. {verb_es}{tick_es}.",
    )


def _may_be_asked_later(field: Field) -> tuple[str, str]:
    return (
        f"“{field.label}” has no answer. You can send without it; we may ask you later.",
        f"«{field.label_es}» no tiene respuesta. Puede enviar la remisión así; quizás se lo preguntemos después.",
    )
