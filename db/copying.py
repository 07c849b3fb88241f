"""All rows of a database: counted and hashed, and carried over to another one."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Result, Table, bindparam, insert, inspect, select, text, update

import db.tables  # noqa: F401
from db import migrations
from db.migrations import Schema
from db.model import Base
from domain.refusals import Refused

ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Content:
    """What a table holds: how many rows, and a hash that does not depend on their order or their database."""

    rows: int
    sha256: str


def contents(connection: Connection) -> dict[str, Content]:
    """Every table's content, as this transaction sees it."""
    return {table.name: _content(connection, table) for table in Base.metadata.sorted_tables}


def counts(connection: Connection) -> dict[str, int]:
    """How many rows every table has; also of a database that an earlier version of the app wrote."""
    quote = connection.dialect.identifier_preparer.quote
    return {
        name: connection.execute(text(f"SELECT count(*) FROM {quote(name)}")).scalar_one()
        for name in sorted(inspect(connection).get_table_names())
        if name != "alembic_version"
    }


def move(source: Engine, target: Engine) -> dict[str, Content]:
    """Carry every row over to an empty database and compare; nothing arrives unless all of it did.

    Refuses a target that holds anything, and a source whose schema is not the present one.
    """
    if migrations.schema(source) is not Schema.CURRENT:
        raise Refused("The database to move is not up to date. Run `manage.py migrate` first.")
    if migrations.schema(target) is not Schema.EMPTY:
        raise Refused("The database to move to is not empty. Nothing was changed; name an empty one.")
    migrations.upgrade(target)
    with source.connect().execution_options(**_reading(source)) as reader, target.begin() as writer:
        for table in Base.metadata.sorted_tables:
            _carry(reader, writer, table)
        sent, arrived = contents(reader), contents(writer)
        if sent != arrived:
            different = ", ".join(name for name in sent if sent[name] != arrived[name])
            raise RuntimeError(f"the moved rows are not the same in: {different}")
    return arrived


def _reading(engine: Engine) -> dict[str, Any]:
    return {"reading": True} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}


def _content(connection: Connection, table: Table) -> Content:
    total, rows = 0, 0
    for row in _rows(connection, table):
        rows += 1
        line = json.dumps(list(row), default=str, sort_keys=True, ensure_ascii=True)
        total += int.from_bytes(hashlib.sha256(line.encode()).digest())
    return Content(rows, f"{total % (1 << 256):064x}")


def _carry(reader: Connection, writer: Connection, table: Table) -> None:
    own = _pointing_at_itself(table)
    for rows in _rows(reader, table).partitions(ROWS_AT_ONCE):
        writer.execute(insert(table), [dict(row._mapping) | dict.fromkeys(own) for row in rows])
    for name in own:
        _point(reader, writer, table, name)


def _point(reader: Connection, writer: Connection, table: Table, name: str) -> None:
    """Fill a column that points at rows of the same table, now that all of them are there."""
    (key,) = table.primary_key.columns
    pointing = select(key.label("this"), table.c[name].label("that")).where(table.c[name].is_not(None))
    change = update(table).where(key == bindparam("this")).values({name: bindparam("that")})
    for rows in reader.execute(pointing).partitions(ROWS_AT_ONCE):
        writer.execute(change, [dict(row._mapping) for row in rows])


def _pointing_at_itself(table: Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.column.table is table]


def _rows(connection: Connection, table: Table) -> Result[Any]:
    return connection.execute(select(table).execution_options(yield_per=ROWS_AT_ONCE))
