"""Many rows at once, handed to the driver as they are kept: no mapper, no statement for each."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, repeat
from operator import is_, itemgetter
from os import urandom
from time import time_ns
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Dialect, LargeBinary, Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from db.model import Base

Each = TypeVar("Each")

COPIED_FROM = 100
"""Rows from which PostgreSQL takes them as one stream."""


def new_ids(many: int) -> list[UUID]:
    """Ids by RFC 9562, version 7: by time, then by chance, so that the index of a great many grows at its end."""
    start = (time_ns() // 1_000_000) << 80 | 7 << 76 | 2 << 62
    drawn = urandom(10 * many)
    chances = (int.from_bytes(drawn[place : place + 10], "big") for place in range(0, 10 * many, 10))
    return [UUID(int=each) for each in sorted(start | chance >> 68 << 64 | chance & _LAST_62 for chance in chances)]


_LAST_62 = (1 << 62) - 1


def write_rows(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Write rows of one table, all with the same columns, as they are.

    By the plain table: the mapper would write a row with a version counter one by one.
    """
    if not rows:
        return
    plain = table.metadata.tables[table.__tablename__]
    dialect = session.get_bind().dialect
    if dialect.name == "postgresql" and len(rows) < COPIED_FROM:
        session.execute(insert(plain), rows)
        return
    columns = {
        column.name: _kept(list(map(itemgetter(column.name), rows)), column.type.dialect_impl(dialect), dialect)
        for column in plain.columns
        if column.name in rows[0]
    }
    write_columns(session, table, columns)


def write_columns(session: Session, table: type[Base], columns: dict[str, Iterable[Any]]) -> None:
    """Write rows given column by column, in the order of the table, each value as the driver takes it."""
    plain = table.metadata.tables[table.__tablename__]
    connection = session.connection()
    rows = list(zip(*columns.values(), strict=True))
    if rows and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_insert_sqlite(plain, tuple(columns), connection.dialect), rows)
    elif len(rows) >= COPIED_FROM:
        _stream(connection, plain.name, list(columns), rows)
    elif rows:
        session.execute(insert(plain), [dict(zip(columns, row, strict=True)) for row in rows])


@lru_cache
def _insert_sqlite(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    return str(insert(table).compile(dialect=dialect, column_keys=names))


def _stream(connection: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    from psycopg import sql

    places = sql.SQL(", ").join(map(sql.Identifier, names))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), places)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)


def batched(each: Iterable[Each], most: int) -> Iterator[list[Each]]:
    """So many at a time; the last may be fewer."""
    rest = iter(each)
    while some := list(islice(rest, most)):
        yield some


def _kept(values: list[Any], kind: TypeEngine[Any], dialect: Dialect) -> Iterable[Any]:
    keep = kind.bind_processor(dialect)
    if keep is None or isinstance(kind, LargeBinary):
        return values
    if all(map(is_, values, repeat(values[0]))):
        return repeat(keep(values[0]), len(values))
    return map(keep, values)
