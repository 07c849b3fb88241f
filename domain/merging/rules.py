"""The merge rules: which answer is proposed when sources differ, and the reason in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain import fields
from domain.fields import Field, Kind, MergeRule
from domain.matching.folding import fold
from domain.merging.sources import Said, Source, agencies, listed, said, sameness
from domain.refusals import Refused

BOTH = "both"
NOT_THIS_ANSWER = "One of the chosen answers is no longer offered. Reload the page and choose again."


class Way(StrEnum):
    """How the sources stand to one another at a question."""

    SAME = "same"
    FILLED = "filled"
    PICKED = "picked"
    KEPT_BOTH = "kept_both"
    JOINED = "joined"

    @property
    def differs(self) -> bool:
        """Whether a person should look at it: the sources said different things."""
        return self in (Way.PICKED, Way.KEPT_BOTH, Way.JOINED)


@dataclass(frozen=True)
class Option:
    """Something the result can say; `code` is how a choice names it."""

    code: str
    value: Any
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Compared:
    """One question: who said what, what the result says unless somebody chooses otherwise, and why.

    For JOINED the options are the entries of the list and `preset` is those that are kept; otherwise `preset` is the
    code of one option. `row` is the person of the result that the question is about.
    """

    key: str
    field: Field
    row: str | None
    way: Way
    options: tuple[Option, ...]
    preset: str | tuple[str, ...]
    why: str

    def value(self, choice: Any = None) -> Any:
        """The answer of the result. Refuses a choice that was not offered."""
        chosen = self.preset if choice is None else choice
        if self.way is Way.JOINED:
            return self._entries(chosen)
        for option in self.options:
            if option.code == chosen:
                return option.value
        raise Refused(NOT_THIS_ANSWER)

    def _entries(self, chosen: Any) -> list[Any]:
        if not isinstance(chosen, list | tuple) or not {option.code for option in self.options} >= set(
            map(str, chosen)
        ):
            raise Refused(NOT_THIS_ANSWER)
        return [option.value for option in self.options if option.code in chosen]


@dataclass(frozen=True)
class _Case:
    """A question with several real answers, to be decided by its rule."""

    field: Field
    answers: list[Said]
    sources: Sequence[Source]

    @property
    def of_all(self) -> str:
        return "of the two" if len(self.answers) == 2 else "of all"


def compared(
    field: Field, values: Sequence[Any], sources: Sequence[Source], *, key: str, row: str | None = None
) -> Compared | None:
    """What the sources answered (in their order, None for a blank) and what is proposed; None where all are blank."""
    if field.merge is MergeRule.UNION and not all(fields.is_blank(value) or fields.is_tick(value) for value in values):
        return _joined(field, values, sources, key, row)
    answers = said(field, values)
    if not answers:
        return None
    way, chosen, why, extra = _decided(field, answers, sources)
    options = (*extra, *(Option(str(place), each.value, each.sources) for place, each in enumerate(answers)))
    return Compared(key, field, row, way, options, chosen, why)


def _decided(field: Field, answers: list[Said], sources: Sequence[Source]) -> tuple[Way, str, str, tuple[Option, ...]]:
    """The way, the preset option, the reason, and the option that holds all answers where there is one."""
    if len(answers) == 1:
        silent = len(answers[0].sources) < len(sources)
        why = f"only {agencies(sources, answers[0].sources)} answered" if silent else "the same everywhere"
        return (Way.FILLED if silent else Way.SAME), "0", why, ()
    real = [each for each in answers if not fields.is_tick(each.value)]
    if len(real) == 1:
        return Way.FILLED, str(answers.index(real[0])), f"only {agencies(sources, real[0].sources)} knew", ()
    case = _Case(field, real or answers, sources)
    if _keeps_both(field) and (together := _together(case)) is not None:
        return Way.KEPT_BOTH, BOTH, "both are kept, each with its source", (together,)
    pick, why = _RULES.get(field.merge, _newest)(case)
    return Way.PICKED, str(answers.index(pick)), why, ()


def _keeps_both(field: Field) -> bool:
    """A person's phones and mail addresses are joined too: a number is never lost because another one is newer."""
    of_person = field.merge is MergeRule.MATCH_PERSON and field.kind in (Kind.PHONE, Kind.EMAIL)
    return field.merge is MergeRule.KEEP_BOTH or of_person


def _newest(case: _Case) -> tuple[Said, str]:
    """The fuller spelling of one name, a known answer before an unknown one, what most say, or the newest."""
    if case.field.kind is Kind.NAME and len({fold(str(each.value)) for each in case.answers}) == 1:
        return max(case.answers, key=lambda each: _fullness(str(each.value))), "the same name, written more fully"
    opening = [each for each in case.answers if _opens_answers(case, each)]
    if len(opening) == 1:
        return opening[0], "more was told about this answer"
    known = [each for each in case.answers if not _is_unknown(each.value)]
    if len(known) == 1:
        return known[0], "“Not known” gives way to an answer"
    most = max(len(each.sources) for each in known or case.answers)
    leading = [each for each in known or case.answers if len(each.sources) == most]
    if len(leading) == 1:
        return leading[0], f"{most} of {len(case.sources)} say so"
    return max(leading, key=lambda each: _moment(case, each)), "the newest"


def _opens_answers(case: _Case, each: Said) -> bool:
    """Whether a question was answered that is only asked after this answer, as the report's number after "yes"."""
    return any(
        isinstance(field.shown_when, fields.Given)
        and field.shown_when.field == case.field.name
        and each.value in field.shown_when.codes
        and any(not fields.is_blank(source.answers.get(field.name)) for source in case.sources)
        for field in fields.FIELDS
        if field.group is None
    )


def _one_holds(case: _Case) -> tuple[Said, str]:
    """KEEP_BOTH where a question holds one answer only: the other stays readable with its source."""
    pick, why = _newest(case)
    return pick, f"{why}; this question holds one answer, the other stays with its source"


def _most_urgent(case: _Case) -> tuple[Said, str]:
    return min(case.answers, key=lambda each: _place(case.field, each.value)), f"the most urgent {case.of_all}"


def _yes_wins(case: _Case) -> tuple[Said, str]:
    pick = min(case.answers, key=lambda each: _place(case.field, each.value))
    return pick, "yes wins" if pick.value == "yes" else "“Not known” gives way to an answer"


_CAREFUL = {
    "child_phone_safe": ("no",),
    "cg_phone_safe": ("no", "call_only"),
    "cg_knows": ("no",),
    "ao_knows": ("no",),
}
"""The answers that ask for most care, where that is not "yes"."""


def _most_protective(case: _Case) -> tuple[Said, str]:
    careful = _CAREFUL.get(case.field.name, ("yes",))

    def care(each: Said) -> tuple[int, int]:
        place = careful.index(each.value) if each.value in careful else len(careful)
        return place, _place(case.field, each.value)

    pick = min(case.answers, key=care)
    return pick, f"the most protective {case.of_all}" if pick.value in careful else "“Not known” gives way to an answer"


def _earliest(case: _Case) -> tuple[Said, str]:
    """The earlier day; of two that can be the same day, the one that is said more exactly."""
    spans = [(fields.first_day(each.value), fields.last_day(each.value), each) for each in case.answers]
    dated = [(first, last, each) for first, last, each in spans if first and last]
    if not dated:
        return _newest(case)
    exact = min(dated, key=lambda span: span[1] - span[0])
    if all(first <= exact[0] and exact[1] <= last for first, last, _each in dated):
        return exact[2], "the same date, said more exactly"
    return min(dated, key=lambda span: (span[0], span[1]))[2], f"the earliest {case.of_all}"


_RULES: dict[MergeRule, Callable[[_Case], tuple[Said, str]]] = {
    MergeRule.MOST_URGENT: _most_urgent,
    MergeRule.YES_WINS: _yes_wins,
    MergeRule.MOST_PROTECTIVE: _most_protective,
    MergeRule.EARLIEST: _earliest,
    MergeRule.KEEP_BOTH: _one_holds,
}


def _together(case: _Case) -> Option | None:
    """All answers as one, where the kind can hold them and nothing is cut off."""
    joiner = _JOINERS.get(case.field.kind)
    texts = [each.value for each in case.answers]
    if joiner is None or (case.field.kind is not Kind.PERSON_CONTACT and not all(isinstance(t, str) for t in texts)):
        return None
    try:
        value = fields.read(case.field, joiner(case))
    except fields.CannotRead:
        return None
    return Option(BOTH, value, tuple(sorted(place for each in case.answers for place in each.sources)))


def _paragraphs(case: _Case) -> str:
    return "\n\n".join(
        str(each.value) if _is_attributed(case, each) else f"From {listed(_names(case, each))}:\n{each.value}"
        for each in case.answers
    )


def _one_line(case: _Case) -> str:
    lines = []
    for each in case.answers:
        text = str(each.value).strip()
        who = [", ".join(part for part in (source.agency, source.number) if part) for source in _who(case, each)]
        lines.append(text if _is_attributed(case, each) else f"{text} ({'; '.join(who)})")
    return "; ".join(lines)


def _is_attributed(case: _Case, each: Said) -> bool:
    """The result of an earlier merge names its sources already."""
    return all(source.of_merge for source in _who(case, each))


def _who(case: _Case, each: Said) -> list[Source]:
    return [case.sources[place] for place in each.sources]


def _names(case: _Case, each: Said) -> list[str]:
    return [source.name for source in _who(case, each)]


def _bare(case: _Case) -> str:
    return "; ".join(str(each.value).strip() for each in case.answers)


def _addresses(case: _Case) -> str:
    """Without blanks between them, as mail programs take several addresses."""
    return ",".join(str(each.value).strip() for each in case.answers)


def _contacts(case: _Case) -> dict[str, str]:
    people = [each.value if isinstance(each.value, dict) else {"name": str(each.value)} for each in case.answers]
    return {
        part: "; ".join(dict.fromkeys(str(person[part]) for person in people if not fields.is_blank(person.get(part))))
        for part in ("name", "phone", "email")
        if any(not fields.is_blank(person.get(part)) for person in people)
    }


_JOINERS: dict[Kind, Callable[[_Case], Any]] = {
    Kind.TEXT_LONG: _paragraphs,
    Kind.TEXT_SHORT: _one_line,
    Kind.LOOKUP: _bare,
    Kind.PHONE: _bare,
    Kind.EMAIL: _addresses,
    Kind.PERSON_CONTACT: _contacts,
}

_NOTHING_NAMED = frozenset({"none_known", "unknown", "UNK", "DECL"})
"""Choices that say nothing beside one that names something."""


def _joined(
    field: Field, values: Sequence[Any], sources: Sequence[Source], key: str, row: str | None
) -> Compared | None:
    entries = _entries(field, values)
    answered = [place for place, value in enumerate(values) if not fields.is_blank(value) and not fields.is_tick(value)]
    options = tuple(Option(code, value, places) for code, value, places in entries)
    kept = tuple(option.code for option in options if option.code not in _NOTHING_NAMED)
    preset = kept or tuple(option.code for option in options)
    if all(set(option.sources) >= set(answered) for option in options):
        silent = len(answered) < len(sources)
        why = f"only {agencies(sources, answered)} answered" if silent else "the same everywhere"
        whole = Option("0", [option.value for option in options], tuple(answered))
        return Compared(key, field, row, Way.FILLED if silent else Way.SAME, (whole,), "0", why)
    gives_way = len(preset) < len(options)
    why = "joined; what is not known gives way to what was named" if gives_way else "joined: nothing is lost"
    return Compared(key, field, row, Way.JOINED, options, preset, why)


def _entries(field: Field, values: Sequence[Any]) -> list[tuple[str, Any, tuple[int, ...]]]:
    """Each entry once, in the order of the choices, or as they were first said."""
    found: dict[str, tuple[Any, tuple[int, ...]]] = {}
    for place, value in enumerate(values):
        if fields.is_blank(value) or fields.is_tick(value):
            continue
        for entry in value if isinstance(value, list) else [value]:
            if not fields.is_blank(entry):
                first, places = found.get(sameness(field, entry), (entry, ()))
                found[sameness(field, entry)] = (first, places if place in places else (*places, place))
    entries = [(str(value), value, places) for value, places in found.values()]
    return sorted(entries, key=lambda entry: _place(field, entry[1])) if field.choices else entries


def _place(field: Field, value: Any) -> int:
    """Where a choice stands in its list; what is not known, or not in the list, stands last."""
    codes = [choice.code for choice in field.choices]
    return codes.index(value) if value in codes and not _is_unknown(value) else len(codes) + _is_unknown(value)


def _is_unknown(value: Any) -> bool:
    return fields.is_tick(value) or (isinstance(value, str) and value in ("unknown", "UNK"))


def _moment(case: _Case, each: Said) -> tuple[Any, int]:
    return max((case.sources[place].at, place) for place in each.sources)


def _fullness(name: str) -> tuple[bool, int, int]:
    """Mixed case before capitals only, then letters with accents, then length."""
    return (name != name.upper() and name != name.lower(), sum(not letter.isascii() for letter in name), len(name))
