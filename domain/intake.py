"""What an import writes: what goes to the profile and the case, which differences to settle, what is missing."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from domain import fields
from domain.fields import Answers, Field, Kept, Kind, MatchRole, MergeRule, ReferralType
from domain.matching.folding import fold

NEW_ROW = UUID("5f0c4b0e-52f0-4b7e-9d53-0a7f3a1c9d11")
"""Names the rows that come from a referral, so that composing the same file twice gives the same ids."""

KEPT_AS_WRITTEN = frozenset({"narrative"})
"""Never typed over by staff (product.md rule 15): what was reported stands frozen in the case."""

ONLY_IF_DIFFERENT = frozenset({"child_gender"})
"""Asked only where it differs from another answer, so that a blank misses nothing."""
OF_THE_FIRST = frozenset({"referral_type", "agency_id", "agency_type"})
"""A case keeps these from the referral that opened it; each referral's own stand with what it presented."""


class Side(StrEnum):
    """Whose answer stands."""

    FILE = "file"
    REFERRAL = "referral"
    BOTH = "both"


_NAMES_IN = {kept: frozenset(one.group or one.name for one in fields.FIELDS if one.kept is kept) for kept in Kept}
"""Names of answers and groups by where an import keeps them."""


@dataclass(frozen=True)
class ToSettle:
    """One answer that differs between the file and the referral; `preset` is None where a person must choose."""

    key: str
    field: str
    who: str
    """The person of a group that it is about; empty for the child's own answers."""
    ours: Any
    theirs: Any
    both: Any = None
    """The two joined, where that makes sense."""
    preset: Side | None = None
    why: str = ""


@dataclass(frozen=True)
class Comparison:
    """A file beside a referral: what to settle, what the referral adds, what is joined, the file with the additions."""

    to_settle: tuple[ToSettle, ...]
    filled: tuple[str, ...]
    """Names of fields and groups that the referral fills or adds to."""
    document: Answers
    """The file with blanks filled and lists joined; what is to be settled still reads as in the file."""

    def unsettled(self, settled: Mapping[str, Side]) -> tuple[ToSettle, ...]:
        """Those differences that still wait for a choice."""
        return tuple(each for each in self.to_settle if (settled.get(each.key) or each.preset) is None)


@dataclass(frozen=True)
class Missing:
    """A field that a report counts and that has no answer yet."""

    field: str
    row: str | None
    label: str


@dataclass(frozen=True)
class IntakeChoices:
    """A half-done import of one person: what they chose and typed so far."""

    decided: bool = False
    client_id: UUID | None = None
    """The client to import to; None with `decided`: add a new client."""
    client_version: int = 0
    override_reason: str = ""
    case_id: UUID | None = None
    """The open case to add to; None: open a new case."""
    case_version: int = 0
    settled: Mapping[str, Side] = field(default_factory=dict)
    edited: Answers = field(default_factory=dict)
    """Answers typed on the intake screen, by name; None takes an answer out."""

    def to_text(self) -> str:
        """The choices as JSON text."""
        return json.dumps(asdict(self), default=str, sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "IntakeChoices":
        """The choices that `to_text` wrote."""
        values = json.loads(text)
        values["settled"] = {key: Side(side) for key, side in values["settled"].items()}
        for name in ("client_id", "case_id"):
            values[name] = UUID(values[name]) if values[name] else None
        return cls(**values)

    def for_client(self, client_id: UUID | None, version: int) -> "IntakeChoices":
        """The same half-done import with this client chosen; what was settled with another is dropped."""
        same = self.decided and client_id == self.client_id
        kept = replace(self, decided=True, client_id=client_id, client_version=version)
        return kept if same else replace(kept, case_id=None, case_version=0, settled={}, override_reason="")


@dataclass(frozen=True)
class WalkInChoices:
    """A half-typed client who came without a referral."""

    answers: Answers = field(default_factory=dict)
    override_reason: str = ""

    def to_text(self) -> str:
        """The choices as JSON text."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "WalkInChoices":
        """The choices that `to_text` wrote."""
        return cls(**json.loads(text))


def to_profile(answers: Mapping[str, Any]) -> Answers:
    """What of a referral describes the child over all cases."""
    return fields.without_blanks(part_of(answers, Kept.PROFILE))


def to_case(answers: Mapping[str, Any]) -> Answers:
    """What of a referral describes this occurrence."""
    return fields.without_blanks(part_of(answers, Kept.CASE))


def part_of(answers: Mapping[str, Any], kept: Kept) -> Answers:
    """Those answers that an import keeps there, as they stand."""
    return {name: value for name, value in answers.items() if name in _NAMES_IN[kept]}


def presented(answers: Mapping[str, Any]) -> Answers:
    """What was known when the referral came: everything about child and case, to be frozen."""
    return fields.without_blanks({**to_profile(answers), **to_case(answers)})


def compare(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], *, file_day: date | None = None, sent_day: date | None = None
) -> Comparison:
    """Put a referral's part beside a file's: fill blanks, join lists, list what differs. Nothing is overwritten."""
    document = fields.without_blanks(ours)
    newer = file_day is None or sent_day is None or sent_day >= file_day
    to_settle: list[ToSettle] = []
    filled: list[str] = []
    for one in fields.FIELDS:
        if one.group is None and one.name in theirs:
            _meet(one, "", "", document, theirs, to_settle, filled, newer=newer)
    for group in fields.GROUPS:
        _meet_people(group, document, theirs, to_settle, filled, newer=newer)
    return Comparison(tuple(to_settle), tuple(dict.fromkeys(filled)), document)


def settle(comparison: Comparison, settled: Mapping[str, Side]) -> Answers:
    """The file as it reads after the choices; what was not chosen reads as preset, or else as in the file."""
    document = fields.parsed(fields.canonical(comparison.document))
    for each in comparison.to_settle:
        side = settled.get(each.key) or each.preset or Side.FILE
        value = {Side.FILE: each.ours, Side.REFERRAL: each.theirs, Side.BOTH: each.both}[side]
        group, _, rest = each.key.partition("/")
        place = document if not rest else _row(document, group, rest.partition("/")[0])
        place[each.field] = value
    return document


def edit(document: Mapping[str, Any], edited: Mapping[str, Any], kept: Kept) -> Answers:
    """The document with what was typed on the intake screen; answers that belong elsewhere are left out."""
    mine = _NAMES_IN[kept] - KEPT_AS_WRITTEN
    return fields.without_blanks({**document, **{name: value for name, value in edited.items() if name in mine}})


def missing(document: Mapping[str, Any], *kept: Kept) -> tuple[Missing, ...]:
    """Fields kept there that feed reports, are asked, and have no answer; "Not known" is an answer."""
    found: list[Missing] = []
    for one in fields.FIELDS:
        if not one.report or one.kept not in kept or one.name in ONLY_IF_DIFFERENT:
            continue
        for row_id, row in _places(one, document):
            if fields.shown(one, document, row) and fields.is_blank((row or document).get(one.name)):
                found.append(Missing(one.name, row_id, one.label))
    return tuple(found)


def missing_without_referral(document: Mapping[str, Any]) -> tuple[Missing, ...]:
    """The same of a client who came without a referral: there is no agency to be missing."""
    return tuple(one for one in missing(document, Kept.PROFILE, Kept.CASE) if one.field not in OF_THE_FIRST)


def wrong(document: Mapping[str, Any], today: date) -> tuple[fields.Problem, ...]:
    """What cannot be kept: answers that are not among our terms, and facts that cannot be."""
    said = {name: value for name, value in document.items() if name != "referral_type"}
    found = fields.problems(ReferralType.COMBINED, said, today, complete=False)
    return tuple(problem for problem in found if problem.weight is fields.Weight.REFUSE)


def first_wrong(document: Mapping[str, Any], today: date) -> str:
    """The first sentence that `wrong` has about answers to known questions, for one of thousands of lines."""
    refused = (each for each in fields.contradictions(document, today) if each.weight is fields.Weight.REFUSE)
    return first_unreadable(document) or next((each.message for each in refused), "")


def first_unreadable(document: Mapping[str, Any]) -> str:
    """The first sentence about an answer that its question cannot take; empty when all can."""
    for name, value in document.items():
        rows = value if name in fields.GROUPS and isinstance(value, list) else [{name: value}]
        for row in rows:
            for each, said in row.items():
                wrong = "" if each == "row" else _unread(each, said)
                if wrong:
                    return wrong
    return ""


def _unread(name: str, said: Any) -> str:
    return _text_unread(name, said) if isinstance(said, str) else _value_unread(name, said)


@lru_cache(maxsize=16384)
def _text_unread(name: str, said: str) -> str:
    # Names, places and choices come back again and again in a long list.
    return _value_unread(name, said)


def _value_unread(name: str, said: Any) -> str:
    try:
        fields.read(fields.FIELD[name], said)
    except fields.CannotRead as refused:
        return f"“{fields.FIELD[name].label}”: {refused.message}"
    return ""


def nameless(document: Mapping[str, Any]) -> bool:
    """Whether neither name was given nor ticked as not known: such a file could never be found again."""
    return all(fields.is_blank(document.get(name)) for name in ("child_first_name", "child_last_name"))


# One answer beside another


def _meet(
    one: Field,
    key: str,
    who: str,
    ours: Answers,
    theirs: Mapping[str, Any],
    to_settle: list[ToSettle],
    filled: list[str],
    *,
    newer: bool,
) -> None:
    mine, said = ours.get(one.name), theirs.get(one.name)
    kept = one.name in OF_THE_FIRST or fields.is_tick(said)
    if fields.is_blank(said) or _same(one, mine, said) or (kept and not fields.is_blank(mine)):
        return
    if fields.is_blank(mine) or fields.is_tick(mine):
        ours[one.name] = said
        filled.append(one.group or one.name)
        return
    joined = _joined(one, mine, said)
    if one.merge is MergeRule.UNION and joined is not None:
        ours[one.name] = joined
        filled.append(one.group or one.name)
        return
    preset, why = _preset(one, mine, said, joined, newer=newer)
    to_settle.append(ToSettle(key or one.name, one.name, who, mine, said, joined, preset, why))


def _same(one: Field, mine: Any, said: Any) -> bool:
    if one.kind in (Kind.TEXT_LONG, Kind.TEXT_SHORT) and isinstance(mine, str) and isinstance(said, str):
        return mine.split() == said.split() or said.strip() in mine
    if one.kind is Kind.PHONE:
        return _digits(mine) == _digits(said)
    if isinstance(mine, list) and isinstance(said, list):
        return {_plain(each) for each in said} <= {_plain(each) for each in mine}
    return _plain(mine) == _plain(said)


def _joined(one: Field, mine: Any, said: Any) -> Any:
    if isinstance(mine, list) and isinstance(said, list):
        known = {_digits(each) if one.kind is Kind.PHONE else _plain(each) for each in mine}
        more = [each for each in said if (_digits(each) if one.kind is Kind.PHONE else _plain(each)) not in known]
        return [*mine, *more]
    if one.merge is MergeRule.KEEP_BOTH and isinstance(mine, str) and isinstance(said, str):
        if one.kind is Kind.TEXT_LONG:
            return f"{mine}\n\n{said}"
        if one.kind is Kind.TEXT_SHORT:
            return f"{mine}; {said}"
    return None


def _preset(one: Field, mine: Any, said: Any, joined: Any, *, newer: bool) -> tuple[Side | None, str]:
    if one.matching in (MatchRole.STRONG, MatchRole.BLOCKING) and one.group is None:
        return None, "Choose: this tells one child from another."
    if one.kind is Kind.NAME:
        return None, "Choose: this is somebody's name."
    if one.merge is MergeRule.MOST_PROTECTIVE:
        careful = _more_protective(one.name, mine, said)
        return careful, "The more protective answer is proposed."
    if joined is not None:
        return Side.BOTH, "Both are kept unless you choose one."
    if newer:
        return Side.REFERRAL, "The referral is newer than the file."
    return Side.FILE, "The file was changed after the referral was sent."


_PROTECTIVE = {
    "address_confidential": ("yes", "unknown", "no"),
    "custody_case_open": ("yes", "unknown", "no"),
    "cg_alleged_offender": ("yes", "unknown", "no"),
    "cg_phone_safe": ("no", "unknown", "call_only", "yes"),
    "child_phone_safe": ("no", "unknown", "yes"),
    "cg_knows": ("no", "unknown", "yes"),
    "ao_access": ("yes", "unknown", "no"),
    "ao_knows": ("no", "unknown", "yes"),
    "prior_interview": ("yes", "unknown", "no"),
}
"""The most careful answer first."""


def _more_protective(name: str, mine: Any, said: Any) -> Side:
    order = _PROTECTIVE.get(name, ())
    places = [order.index(value) if value in order else len(order) for value in (mine, said)]
    return Side.REFERRAL if places[1] < places[0] else Side.FILE


# People of a group


_NAMES = {
    "caregivers": ("cg_first_name", "cg_last_name"),
    "household": ("hh_name",),
    "offenders": ("ao_name",),
}
_RELATION = {"caregivers": "cg_relationship", "household": "hh_role", "offenders": "ao_relationship"}


def _meet_people(
    group: str,
    document: Answers,
    theirs: Mapping[str, Any],
    to_settle: list[ToSettle],
    filled: list[str],
    *,
    newer: bool,
) -> None:
    people = fields.rows_of(theirs, group)
    if not people:
        return
    on_file = fields.rows_of(document, group)
    rows = [dict(row) | {"row": row_id} for row_id, row in on_file.items()]
    free = list(rows)
    for row_id, said in people.items():
        known = _person_among(group, free, said)
        if known is None:
            rows.append(dict(said) | {"row": _fresh_row(row_id, {str(row["row"]) for row in rows})})
            filled.append(group)
            continue
        free.remove(known)
        who = person_named(group, known)
        for one in fields.of_group(group):
            key = f"{group}/{known['row']}/{one.name}"
            _meet(one, key, who, known, said, to_settle, filled, newer=newer)
    document[group] = rows


def person_named(group: str, row: Mapping[str, Any]) -> str:
    """Whom a row of a group is about: "Caregiver Rosa Vega"."""
    name = " ".join(str(row[part]) for part in _NAMES[group] if isinstance(row.get(part), str))
    return f"{fields.GROUPS[group].one} {name}".strip()


def _person_among(group: str, rows: list[Answers], said: Mapping[str, Any]) -> Answers | None:
    name = _folded_name(group, said)
    for row in rows:
        if _folded_name(group, row) == name and (name or _alone(group, rows)):
            return row
    relation = said.get(_RELATION[group])
    for row in rows:
        first = _folded_name(group, row).split()[:1]
        if name and first == name.split()[:1] and relation and row.get(_RELATION[group]) == relation:
            return row
    return None


def _alone(group: str, rows: list[Answers]) -> bool:
    return sum(not _folded_name(group, row) for row in rows) == 1


def _folded_name(group: str, row: Mapping[str, Any]) -> str:
    return fold(" ".join(str(row[part]) for part in _NAMES[group] if isinstance(row.get(part), str)))


def _fresh_row(row_id: str, taken: set[str]) -> str:
    fresh = row_id
    while fresh in taken or fresh.startswith("#"):
        fresh = uuid5(NEW_ROW, fresh + "+").hex[:8]
    return fresh


def _row(document: Answers, group: str, row_id: str) -> Answers:
    return next(row for row in document[group] if str(row.get("row")) == row_id)


def _places(one: Field, document: Mapping[str, Any]) -> Iterator[tuple[str | None, Mapping[str, Any] | None]]:
    if one.group is None:
        yield None, None
        return
    yield from fields.rows_of(document, one.group).items()


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return " ".join(text.casefold().split())


def _digits(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(sorted(_digits(each) for each in value))
    digits: str = "".join(letter for letter in str(value) if letter.isdigit())
    return digits[-10:] or _plain(value)
