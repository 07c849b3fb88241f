"""A populated database of each landed schema, as rows that both databases can take, and how it is written down.

    python -m tests.populated

writes `tests/populated/STEP.json.gz` for today's schema, filled by the product's own actions. Run it once when a
migration lands, never again for the same step.
"""

import gzip
import json
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, MetaData, insert, select, text

from db.model import Base

FOLDER = Path(__file__).parent
TAGS = {UUID: "uuid", datetime: "at", date: "on", bytes: "bytes"}


def written_down(connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of a database of today's schema, each value tagged with what it is."""
    return {
        table.name: [
            {name: _tagged(value) for name, value in row._mapping.items()} for row in connection.execute(select(table))
        ]
        for table in Base.metadata.sorted_tables
    }


def load(engine: Engine, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Put written-down rows into a database of the schema that they were written with."""
    plain = engine.dialect.name == "sqlite"
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        if plain:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if not plain:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            for name, found in rows.items():
                if found:
                    values = [{column: _value(value, plain) for column, value in row.items()} for row in found]
                    connection.execute(insert(tables.tables[name]), values)
        connection.invalidate()


def kept() -> list[Path]:
    """The written-down databases, oldest first."""
    return sorted(FOLDER.glob("*.json.gz"))


def read(path: Path) -> dict[str, list[dict[str, Any]]]:
    return json.loads(gzip.decompress(path.read_bytes()))


def keep(rows: dict[str, list[dict[str, Any]]], step: str) -> Path:
    path = FOLDER / f"{step}.json.gz"
    path.write_bytes(gzip.compress(json.dumps(rows, indent=0, sort_keys=True).encode(), mtime=0))
    return path


def _tagged(value: Any) -> Any:
    tag = TAGS.get(type(value))
    if tag is None:
        return value
    return {tag: value.hex() if isinstance(value, bytes) else str(value)}


def _value(value: Any, plain: bool) -> Any:
    """A value as the driver of this database takes it where only the reflected column types are known."""
    if not (isinstance(value, dict) and len(value) == 1 and next(iter(value)) in TAGS.values()):
        return value
    ((tag, said),) = value.items()
    if tag == "uuid":
        return UUID(said).hex if plain else UUID(said)
    if tag == "at":
        moment = datetime.fromisoformat(said)
        return moment.astimezone(UTC).replace(tzinfo=None) if plain else moment
    return bytes.fromhex(said) if tag == "bytes" else date.fromisoformat(said)


def scratch() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="desk-populated-")
