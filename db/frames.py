"""Rows of a statement as a typed pandas table, handed over by the database column by column and not row by row.

Most of the time of a large read goes into making an object of each value of each row. So the database joins each
column into one text: ids and moments have a fixed width and are cut by it, all else repeats much and is read once for
each different word.
"""

from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Boolean, ColumnElement, CompoundSelect, Date, Enum, Integer, Select, String, Uuid, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.functions import FunctionElement

from db.model import UtcDateTime

Rows: TypeAlias = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
Pieces: TypeAlias = tuple[Rows, ...]
"""Statements of the same columns, each row in one of them: SQLite takes twice as long for their union."""
Places: TypeAlias = pa.Array
"""The ids of referrals; the place of each is its small number."""

NUMBERED = frozenset({"referral", "source", "result"})
"""Columns that hold a referral's id; with `places` they become small numbers."""
BETWEEN = "\x1e"
"""What stands between two words; `typed` leaves it out of what people typed."""
NO_ID, DIGITS = "0" * 32, 32
NEVER, NEVER_ON_SQLITE = "8000000000000000", "0001-01-01 00:00:00.000000"
POSTGRES_BEGAN = np.datetime64("2000-01-01", "us")


class Digits(FunctionElement[str]):
    """An id as 32 digits."""

    inherit_cache = True
    type = String()


class Instant(FunctionElement[str]):
    """A moment as the database holds it: SQLite as a text, PostgreSQL as microseconds, said in 16 digits."""

    inherit_cache = True
    type = String()


class Said(FunctionElement[str]):
    """A value as a word; SQLite takes it for one by itself."""

    inherit_cache = True
    type = String()


class Unsorted(FunctionElement[Any]):
    """A column that no index of SQLite gives in order: without it, whole tables are walked only to group by an id."""

    inherit_cache = True


def _written(element: type[FunctionElement[Any]], sql: str, *dialects: str) -> None:
    """Write an element in these dialects, or in every other: {} stands for what it holds."""

    @compiles(element, *dialects)
    def write(found: Any, compiler: Any, **kw: Any) -> str:
        return sql.format(compiler.process(found.clauses, **kw))


_written(Digits, f"coalesce(encode(uuid_send({{}}), 'hex'), '{NO_ID}')")
_written(Digits, f"coalesce({{}}, '{NO_ID}')", "sqlite")
_written(Instant, f"coalesce(encode(timestamptz_send({{}}), 'hex'), '{NEVER}')")
_written(Instant, f"coalesce({{}}, '{NEVER_ON_SQLITE}')", "sqlite")
_written(Said, "CAST({} AS VARCHAR)")
_written(Said, "({})", "sqlite")
_written(Unsorted, "{}")
_written(Unsorted, "+{}", "sqlite")


def typed(column: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[str]:
    """What people typed, without the sign that stands between two words here."""
    return func.replace(column, BETWEEN, "", type_=String())


def table(session: Session, statement: Rows | Pieces, places: Places | None = None) -> pd.DataFrame:
    """The rows of a statement, in no order: ids as 32 digits (empty for none), moments in UTC, the rest by its type.

    With `places`, ids of referrals become numbers, and rows of referrals without a place are left out. Words must not
    be missing, but dates may.
    """
    statements = statement if isinstance(statement, tuple) else (statement,)
    pieces = [_piece(session, one, places) for one in statements]
    found = pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)
    return found if places is None else _placed(found)


def places_of(ids: "pd.Series[str]") -> Places:
    """The places of referrals, to read other tables with."""
    return pc.cast(pc.cast(pa.array(ids), pa.binary()), pa.binary(DIGITS))


def _piece(session: Session, statement: Rows, places: Places | None) -> pd.DataFrame:
    columns = list(statement.subquery().columns)
    count, *texts = session.execute(select(func.count(), *(_in_one(column) for column in columns))).one()
    parts = {
        str(column.key): _read(text or "", column, count, places) for column, text in zip(columns, texts, strict=True)
    }
    return pd.DataFrame(parts, copy=False)


def _in_one(column: ColumnElement[Any]) -> ColumnElement[str]:
    if isinstance(column.type, Uuid):
        return func.aggregate_strings(Digits(column), "")
    if isinstance(column.type, UtcDateTime):
        return func.aggregate_strings(Instant(column), "")
    word = Said(column)
    return func.aggregate_strings(func.coalesce(word, "") if isinstance(column.type, Date) else word, BETWEEN)


def _read(text: str, column: ColumnElement[Any], count: int, places: Places | None) -> Any:
    if isinstance(column.type, UtcDateTime):
        return _moments(text, count)
    if isinstance(column.type, Uuid):
        ids = _cut(text, DIGITS, count)
        return _numbers(ids, places) if places is not None and column.key in NUMBERED else _ids(ids)
    words = _words(text, count)
    return pd.Series(_values(words.dictionary.to_pylist(), column)).array.take(words.indices.to_numpy())


def _cut(text: str, width: int, count: int) -> pa.Array:
    if len(text) != width * count:
        raise ValueError("not all of one width")
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), count, [None, pa.py_buffer(text.encode("ascii"))])


def _numbers(ids: pa.Array, places: Places) -> "np.ndarray[Any, Any]":
    found: np.ndarray[Any, Any] = pc.index_in(ids, value_set=places).fill_null(-1).to_numpy(zero_copy_only=False)
    return found


def _ids(ids: pa.Array) -> Any:
    said = pc.cast(pc.cast(ids, pa.binary()), pa.string())
    return pd.array(pc.if_else(pc.equal(said, NO_ID), "", said), dtype="str")


def _moments(text: str, count: int) -> pd.DatetimeIndex:
    if count and len(text) == len(NEVER) * count:
        counted = np.frombuffer(bytes.fromhex(text), dtype=">i8").astype("int64")
        moments = POSTGRES_BEGAN + counted.astype("timedelta64[us]")
        moments[counted == np.iinfo("int64").min] = np.datetime64("NaT")
    else:
        moments = np.frombuffer(text.encode("ascii"), dtype=f"S{len(NEVER_ON_SQLITE)}").astype("datetime64[us]")
        moments[moments == np.datetime64(NEVER_ON_SQLITE)] = np.datetime64("NaT")
    return pd.DatetimeIndex(moments).tz_localize("UTC")


def _words(text: str, count: int) -> pa.DictionaryArray:
    words = (
        pc.split_pattern(pa.array([text], pa.large_string()), BETWEEN).flatten() if count else pa.array([], pa.string())
    )
    if len(words) != count:
        raise ValueError("a word is missing")
    return words.dictionary_encode()


def _values(words: list[str], column: ColumnElement[Any]) -> Any:
    if isinstance(column.type, Boolean):
        return np.array([word in ("1", "true") for word in words], dtype=bool)
    if isinstance(column.type, Integer):
        return np.array([int(word) for word in words], dtype="int64")
    if isinstance(column.type, Enum):
        return pd.Categorical(words, categories=column.type.enums)
    return pd.array([word or None for word in words] if isinstance(column.type, Date) else words, dtype="str")


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    kept = np.logical_and.reduce([table[name].to_numpy() >= 0 for name in NUMBERED if name in table])
    return table if kept.all() else table[kept].reset_index(drop=True)
