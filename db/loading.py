"""Many clients in one transaction: the same columns, facts and keys as one gets, written table by table."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from db import facts, search_keys
from db.model import Base
from db.tables.clients import Client, ClientVersion
from db.tables.referrals import Fact
from domain import fields
from domain.fields import Answers
from domain.matching import RecordKind, person_from

AT_ONCE = 5_000


def load_clients(
    session: Session, numbered: list[tuple[str, str]], *, cause: str, by: UUID, by_name: str, at: datetime
) -> list[UUID]:
    """Write files, given as number and canonical answers, with their first version, and give their ids in order.

    The caller records it.
    """
    written: list[UUID] = []
    for start in range(0, len(numbered), AT_ONCE):
        some = [(uuid4(), number, text, fields.parsed(text)) for number, text in numbered[start : start + AT_ONCE]]
        write_rows(session, Client, [_client(client_id, number, said, by, at) for client_id, number, _, said in some])
        write_rows(
            session, ClientVersion, [_version(client_id, text, cause, by_name, at) for client_id, _, text, _ in some]
        )
        rows = [row for client_id, _, _, said in some for row in facts.rows("client", client_id, said)]
        write_rows(session, Fact, rows)
        people = [(client_id, person_from(said)) for client_id, _, _, said in some]
        search_keys.write_many(session, RecordKind.CLIENT, people)
        written += [client_id for client_id, *_ in some]
    return written


def write_rows(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Write rows of one table, all with the same columns, as they are.

    By the plain table: the mapper would write a row with a version counter one by one.
    """
    if not rows:
        return
    plain = table.metadata.tables[table.__tablename__]
    if session.get_bind().dialect.name == "sqlite":
        _write_plainly(session, plain, rows)
    else:
        session.execute(insert(plain), rows)


def _write_plainly(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Hand the rows to the driver as they are kept: half the time of preparing each as a statement of its own."""
    dialect = session.get_bind().dialect
    columns = list(rows[0])
    kept = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns]
    statement = str(insert(table).compile(dialect=dialect, column_keys=columns))
    order = [column.name for column in table.columns if column.name in rows[0]]
    prepare = [(name, kept[columns.index(name)]) for name in order]
    values = [tuple(keep(row[name]) if keep else row[name] for name, keep in prepare) for row in rows]
    session.connection().exec_driver_sql(statement, values)


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
