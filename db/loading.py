"""Many clients in one transaction: the same columns, facts and keys as one gets, written table by table."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from db import facts, search_keys
from db.rows import batched, new_ids, write_rows
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
    with _nothing_collected():
        return _loaded(session, numbered, cause=cause, by=by, by_name=by_name, at=at)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Python would look through all rows for cycles again and again: a sixth of the time, and there are none."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _loaded(
    session: Session, numbered: Iterable[tuple[str, str]], *, cause: str, by: UUID, by_name: str, at: datetime
) -> list[UUID]:
    written: list[UUID] = []
    pending = search_keys.Pending()
    for part in batched(numbered, AT_ONCE):
        ids = new_ids(len(part))
        some = [(id_, number, text, fields.parsed(text)) for id_, (number, text) in zip(ids, part, strict=True)]
        write_rows(session, Client, [_client(client_id, number, said, by, at) for client_id, number, _, said in some])
        versions = [
            _version(version_id, client_id, text, cause, by_name, at)
            for version_id, (client_id, _, text, _) in zip(new_ids(len(some)), some, strict=True)
        ]
        write_rows(session, ClientVersion, versions)
        write_rows(session, Fact, facts.rows_of_many("client", [(client_id, said) for client_id, _, _, said in some]))
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


def _version(version_id: UUID, client_id: UUID, text: str, cause: str, by_name: str, at: datetime) -> dict[str, Any]:
    return {
        "id": version_id,
        "client_id": client_id,
        "version": 1,
        "answers": text,
        "cause": cause,
        "referral_id": None,
        "made_by_name": by_name,
        "made_at": at,
    }
