"""Many clients in one transaction: the same columns, facts and keys as one gets, written table by table."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from db import facts, search_keys
from db.tables.clients import Client, ClientVersion
from db.tables.referrals import Fact
from domain import fields
from domain.fields import Answers
from domain.matching import RecordKind, person_from

AT_ONCE = 5_000


def load_clients(
    session: Session, numbered: list[tuple[str, Answers]], *, cause: str, by: UUID, by_name: str, at: datetime
) -> None:
    """Write files with their first version; the caller records it and gives the numbers."""
    for start in range(0, len(numbered), AT_ONCE):
        some = [(uuid4(), number, answers) for number, answers in numbered[start : start + AT_ONCE]]
        session.execute(insert(Client), [_client(*one, by, at) for one in some])
        session.execute(insert(ClientVersion), [_version(*one, cause, by_name, at) for one in some])
        rows = [row for client_id, _number, answers in some for row in _facts(client_id, answers)]
        if rows:
            session.execute(insert(Fact), rows)
        people = [(client_id, person_from(answers)) for client_id, _number, answers in some]
        search_keys.write_many(session, RecordKind.CLIENT, people)


def _client(client_id: UUID, number: str, answers: Answers, by: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": client_id,
        "number": number,
        "version": 1,
        "withdrawn": False,
        "restricted": False,
        "made_at": at,
        "made_by": by,
        "changed_at": at,
        **facts.client_columns(number, answers),
    }


def _version(client_id: UUID, _number: str, answers: Answers, cause: str, by_name: str, at: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "client_id": client_id,
        "version": 1,
        "answers": fields.canonical(answers),
        "cause": cause,
        "referral_id": None,
        "made_by_name": by_name,
        "made_at": at,
    }


def _facts(client_id: UUID, answers: Answers) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid4(),
            "record_kind": "client",
            "record_id": client_id,
            "field": name,
            "ordinal": ordinal,
            "code": code,
            "on": on,
        }
        for name, ordinal, code, on in facts.coded(answers)
    ]
