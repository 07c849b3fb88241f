"""Rows of a statement as a typed pandas table, handed over by the database column by column and not row by row.

Most of the time of a large read goes into making an object of each value of each row. So the database joins each
column into one text: ids and moments have a fixed width and are cut by it, all else repeats much and is read once for
each different word. A column of words stays what it is here: the different words, and for each row which one.
"""

from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Boolean, ColumnElement, Date, Integer, Select, String, Uuid, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.functions import FunctionElement

from db.model import UtcDateTime

Rows: TypeAlias = Select[*tuple[Any, ...]]
Places: TypeAlias = pa.Array
"""Ids, each in its place, which is its small number."""

BETWEEN = "\x1e"
"""What stands between two words; `typed` leaves it out of what people typed."""
NO_ID, DIGITS = "0" * 32, 32
FEW = 8
"""So many times as many are many."""
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


class Unindexed(FunctionElement[Any]):
    """A column by which SQLite looks nothing up, where another one, or walking through the table, finds rows sooner."""

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
_written(Unindexed, "{}")
_written(Unindexed, "+{}", "sqlite")


def typed(column: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[str]:
    """What people typed, without the sign that stands between two words here."""
    return func.replace(column, BETWEEN, "", type_=String())


def numbered_table(
    session: Session, statement: Rows, numbered: Collection[str] = ()
) -> tuple[pd.DataFrame, dict[str, Places]]:
    """The rows of a statement, in no order: words and ids (32 digits, empty for none) as categories in alphabetical
    order, moments in UTC, the rest by its type; the named columns of ids numbered as they come, with their places.

    Words must not be missing, but dates may.
    """
    piece = _piece(session, statement, numbered)
    different = {name: piece[name].dictionary_encode() for name in numbered}
    piece |= {name: one.indices.to_numpy() for name, one in different.items()}
    return pd.DataFrame(piece, copy=False), {name: one.dictionary for name, one in different.items()}


def numbers_among(ids: Places, places: Places) -> "np.ndarray[Any, np.dtype[np.int32]]":
    """The small number that each of the ids has among the places; -1 where it has none."""
    if len(ids) * FEW >= len(places):
        return _index_in(ids, places)
    # A table of the few, each once, is made sooner than one of the many.
    different = ids.dictionary_encode()
    found = _index_in(places, different.dictionary)
    numbers, at = np.full(len(different.dictionary), -1, dtype="int32"), np.flatnonzero(found >= 0)
    numbers[found[at]] = at
    theirs: np.ndarray[Any, np.dtype[np.int32]] = numbers[different.indices.to_numpy()]
    return theirs


def joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables of the same columns as one; words that are not the same in all of them become the words of any."""
    filled = [one for one in tables if len(one)] or tables[:1]
    if len(filled) == 1:
        return filled[0]
    alike = [one.copy(deep=False) for one in filled]
    for name in (name for name in alike[0] if isinstance(alike[0][name].dtype, pd.CategoricalDtype)):
        words = sorted(set().union(*(one[name].cat.categories for one in alike)))
        for one in alike:
            one[name] = one[name].cat.set_categories(words)
    return pd.concat(alike, ignore_index=True)


def ids_of(places: Places) -> "np.ndarray[Any, Any]":
    """The ids at all places, 32 digits each."""
    digits = places.buffers()[1]
    return np.frombuffer(digits or b"", f"S{DIGITS}", count=len(places), offset=places.offset * DIGITS)


def _index_in(ids: Places, places: Places) -> "np.ndarray[Any, np.dtype[np.int32]]":
    found: np.ndarray[Any, np.dtype[np.int32]]
    found = pc.index_in(ids, value_set=places).fill_null(-1).to_numpy(zero_copy_only=False)
    return found


def _piece(session: Session, statement: Rows, numbered: Collection[str]) -> dict[str, Any]:
    columns = list(statement.subquery().columns)
    count, *texts = session.execute(select(func.count(), *(_in_one(column) for column in columns))).one()
    return {
        str(column.key): _read(text or "", column, count, as_it_is=column.key in numbered)
        for column, text in zip(columns, texts, strict=True)
    }


def _in_one(column: ColumnElement[Any]) -> ColumnElement[str]:
    if isinstance(column.type, Uuid):
        return func.aggregate_strings(Digits(column), "")
    if isinstance(column.type, UtcDateTime):
        return func.aggregate_strings(Instant(column), "")
    word = Said(column)
    return func.aggregate_strings(func.coalesce(word, "") if isinstance(column.type, Date) else word, BETWEEN)


def _read(text: str, column: ColumnElement[Any], count: int, *, as_it_is: bool) -> Any:
    if isinstance(column.type, UtcDateTime):
        return _moments(text, count)
    if isinstance(column.type, Uuid):
        ids = _cut(text, DIGITS, count)
        return ids if as_it_is else _ids(ids)
    words = _words(text, count)
    return _values(words.dictionary.to_pylist(), words.indices.to_numpy(), column)


def _cut(text: str, width: int, count: int) -> pa.Array:
    if len(text) != width * count:
        raise ValueError("not all of one width")
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), count, [None, pa.py_buffer(text.encode("ascii"))])


def _ids(ids: pa.Array) -> pd.Categorical:
    different = ids.dictionary_encode()
    said = ["" if one == NO_ID.encode() else one.decode() for one in different.dictionary.to_pylist()]
    return _categories(said, different.indices.to_numpy())


def _categories(words: list[str], which: "np.ndarray[Any, Any]") -> pd.Categorical:
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.argsort(order)
    return pd.Categorical.from_codes(rank[which], pd.Index([words[place] for place in order], dtype="str"))


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


def _values(words: list[str], which: "np.ndarray[Any, Any]", column: ColumnElement[Any]) -> Any:
    if isinstance(column.type, Boolean):
        return np.array([word in ("1", "true") for word in words], dtype=bool)[which]
    if isinstance(column.type, Integer):
        return np.array([int(word) for word in words], dtype="int64")[which]
    if isinstance(column.type, Date):
        return np.array([word or "NaT" for word in words], dtype="datetime64[s]")[which]
    return _categories(words, which)
