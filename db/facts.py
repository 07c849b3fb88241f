"""The facts beside a document: typed columns and coded rows, written in the transaction of the document."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from db.rows import new_ids
from db.tables.clients import Client
from db.tables.referrals import Fact, Referral
from domain import fields
from domain.matching.folding import fold
from domain.referrals import Urgency

_LISTS_OF_WORDS = (
    "child_other_names",
    *(field.name for field in fields.FIELDS if field.matching is fields.MatchRole.INCIDENT),
)
CODED = {fields.Kind.CHOICE, fields.Kind.CHOICE_SEARCH, fields.Kind.MULTI}
ONLY_WHETHER = {"courtesy_for", "safety_plan"}
"""Texts of which the numbers need only whether they were answered."""
_FACTS = Fact.metadata.tables[Fact.__tablename__]


def write_referral(session: Session, referral: Referral, answers: dict[str, Any]) -> None:
    """Set the columns that the queue reads and replace the referral's fact rows."""
    write_columns(referral, answers)
    _write_facts(session, "referral", referral.id, answers)


def write_columns(referral: Referral, answers: dict[str, Any]) -> None:
    """Set the columns that the queue filters, sorts and searches by."""
    said = _text(answers, "urgency")
    referral.urgency_rank = Urgency(said).rank if said in Urgency.__members__.values() else 9
    referral.within_120_hours = _text(answers, "last_contact_120h") == "yes"
    referral.county = _text(answers, "address_county")[:200]
    referral.child_first_name = _text(answers, "child_first_name")
    referral.child_last_name = _text(answers, "child_last_name")
    referral.child_dob = _text(answers, "child_dob")
    referral.search_text = searchable(referral.number or "", answers)
    if referral.hotline_on is None and not referral.hotline_number:
        referral.hotline_open = _text(answers, "hotline_report_made") == "no"


def write_client(session: Session, client: Client, answers: dict[str, Any]) -> None:
    """Set the columns that lists and search read and replace the client's fact rows."""
    for name, value in client_columns(client.number, answers).items():
        setattr(client, name, value)
    _write_facts(session, "client", client.id, answers)


def client_columns(number: str, answers: dict[str, Any]) -> dict[str, str]:
    """The columns of a client that lists and search read."""
    return {
        "first_name": _text(answers, "child_first_name"),
        "middle_name": _text(answers, "child_middle_name"),
        "last_name": _text(answers, "child_last_name"),
        "dob": _text(answers, "child_dob"),
        "sex": _text(answers, "child_sex"),
        "search_text": searchable(number, answers),
    }


def write_case(session: Session, case_id: UUID, answers: dict[str, Any]) -> None:
    """Replace the fact rows of a case."""
    _write_facts(session, "case", case_id, answers)


def searchable(number: str, answers: dict[str, Any]) -> str:
    """The folded words a text filter looks in: number, the child's names, agency and case numbers."""
    words = [number]
    for name in ("child_first_name", "child_middle_name", "child_last_name"):
        words.append(_text(answers, name))
    for name in _LISTS_OF_WORDS:
        value = answers.get(name)
        words.extend(value if isinstance(value, list) else [])
    return " ".join(fold(str(word)) for word in words if word)


def _write_facts(session: Session, kind: str, record_id: UUID, answers: dict[str, Any]) -> None:
    session.execute(delete(Fact).where(Fact.record_id == record_id))
    # By the plain table: twenty rows as one statement, in a third of the time that the mapper takes for them.
    if found := rows(kind, record_id, answers):
        session.execute(insert(_FACTS), found)


def rows(kind: str, record_id: UUID, answers: dict[str, Any]) -> list[dict[str, Any]]:
    """The fact rows of a document, to be written as they are."""
    return rows_of_many(kind, [(record_id, answers)])


def rows_of_many(kind: str, documents: Iterable[tuple[UUID, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The fact rows of many documents."""
    found = [(record_id, *each) for record_id, answers in documents for each in coded(answers)]
    return [
        {
            "id": fact_id,
            "record_kind": kind,
            "record_id": record_id,
            "field": name,
            "ordinal": ordinal,
            "code": code,
            "on": on,
        }
        for fact_id, (record_id, name, ordinal, code, on) in zip(new_ids(len(found)), found, strict=True)
    ]


def coded(answers: dict[str, Any]) -> Iterator[tuple[str, int, str, date | None]]:
    """The codes and dates of a document: field, place in its group, code, date."""
    for name, value in answers.items():
        if name in fields.GROUPS:
            for ordinal, row in enumerate(value if isinstance(value, list) else []):
                for asked, said in row.items():
                    if asked in fields.FIELD and (asked in _COUNTED or type(said) is not str):
                        yield from ((asked, ordinal, code, on) for code, on in _codes(fields.FIELD[asked], said))
        elif name in fields.FIELD and (name in _COUNTED or type(value) is not str):
            yield from ((name, 0, code, on) for code, on in _codes(fields.FIELD[name], value))


_COUNTED = ONLY_WHETHER | {
    field.name
    for field in fields.FIELDS
    if field.kind in CODED
    or field.kind in (fields.Kind.INTEGER, fields.Kind.DATE, fields.Kind.DATE_MEMORABLE, fields.Kind.DATE_OR_AGE)
}
"""Fields of which even a plain text counts; of the others, only a tick."""


def _codes(field: fields.Field, value: Any) -> list[tuple[str, date | None]]:
    if value is None:
        return []
    if isinstance(value, dict) and "tick" in value:
        return [(str(value["tick"]), None)]
    if field.name in ONLY_WHETHER:
        return [("answered", None)]
    if field.kind in CODED:
        return [(str(code)[:80], None) for code in (value if isinstance(value, list) else [value])]
    if field.kind is fields.Kind.INTEGER:
        return [(str(value)[:80], None)]
    if field.kind in (fields.Kind.DATE, fields.Kind.DATE_MEMORABLE):
        return [("", _day(value))]
    if field.kind is fields.Kind.DATE_OR_AGE and isinstance(value, dict):
        return [(str(value.get("age", "")), _day(value.get("date")))]
    return []


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _text(answers: dict[str, Any], name: str) -> str:
    value = answers.get(name)
    return value[:500] if isinstance(value, str) else ""
