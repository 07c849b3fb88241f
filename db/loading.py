"""Many clients in one transaction: the same columns, facts and keys as one gets, written table by table."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from db import facts, search_keys
from db.rows import batched, write_rows
from db.tables.clients import Client, ClientVersion
from db.tables.referrals import Fact
from domain import fields
from domain.fields import Answers
from domain.matching import RecordKind, person_from

AT_ONCE = 5_000


def load_clients(
    session: Session, numbered: Iterable[tuple[str, str]], *, cause: str, by: UUID, by_name: str, at: datetime
) -> list[UUID]:
    """Write files, given as number and canonical answers, with their first version, and give their ids in order.

    The caller records it.
    """
    written: list[UUID] = []
    pending = search_keys.Pending()
    for part in batched(numbered, AT_ONCE):
        some = [(uuid4(), number, text, fields.parsed(text)) for number, text in part]
        write_rows(session, Client, [_client(client_id, number, said, by, at) for client_id, number, _, said in some])
        write_rows(
            session, ClientVersion, [_version(client_id, text, cause, by_name, at) for client_id, _, text, _ in some]
        )
        rows = [row for client_id, _, _, said in some for row in facts.rows("client", client_id, said)]
        write_rows(session, Fact, rows)
        people = [(client_id, person_from(said)) for client_id, _, _, said in some]
        search_keys.write_new(session, RecordKind.CLIENT, people, pending)
        written += [client_id for client_id, *_ in some]
    pending.write(session)
    return written


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


def _version(client_id: UUID, text: str, cause: str, by_name: str, at: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "client_id": client_id,
        "version": 1,
        "answers": text,
        "cause": cause,
        "referral_id": None,
        "made_by_name": by_name,
        "made_at": at,
    }
