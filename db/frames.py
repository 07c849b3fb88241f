"""Rows of a statement as a typed pandas table: quickly, in little memory, and never a row as an object."""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, Boolean, ColumnElement, CompoundSelect, Select, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

Rows: TypeAlias = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
Places: TypeAlias = Mapping[str, int]
"""The small number of each referral by its key."""

AT_ONCE = 20_000
"""Rows that are held as objects at a time."""
NUMBERED = frozenset({"referral", "source", "result"})
"""Columns that hold a referral's key; with `places` they become small numbers."""


class Key(FunctionElement[str]):
    """An id as the database writes it: sparing the driver an object for each."""

    inherit_cache = True
    type = String()


@compiles(Key)
def _key(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS VARCHAR)"


@compiles(Key, "sqlite")
def _sqlite_key(element: Any, compiler: Any, **kw: Any) -> str:
    # The sign keeps SQLite from walking a whole table in the order of an index by this id only to group by it.
    return f"+{compiler.process(element.clauses, **kw)}"


class Moment(FunctionElement[int]):
    """A moment in UTC as numpy reads it: as the text that SQLite keeps, else as whole microseconds since 1970."""

    inherit_cache = True
    type = BigInteger()


@compiles(Moment)
def _moment(element: Any, compiler: Any, **kw: Any) -> str:
    # A double holds microseconds until the year 2255; an exact numeric costs four times as much.
    seconds = f"date_part('epoch', {compiler.process(element.clauses, **kw)})"
    return f"CAST(round({seconds} * 1000000) AS BIGINT)"


@compiles(Moment, "sqlite")
def _sqlite_moment(element: Any, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses, **kw))


def table(session: Session, statement: Rows, places: Places | None = None) -> pd.DataFrame:
    """The rows of a statement; columns of `Moment` become moments in UTC, texts texts, all else numbers.

    With `places`, keys of referrals become numbers, and rows of referrals without a place are left out.
    """
    columns = list(statement.selected_columns)
    read = [_reader(column, places) for column in columns]
    found = session.connection().execute(statement, execution_options={"yield_per": AT_ONCE})
    parts = [
        [one(values) for one, values in zip(read, zip(*part, strict=True), strict=True)] for part in found.partitions()
    ]
    parts = parts or [[one(()) for one in read]]
    whole = {str(column.key): _joined(pieces) for column, pieces in zip(columns, zip(*parts, strict=True), strict=True)}
    return _placed(pd.DataFrame(whole)) if places is not None else pd.DataFrame(whole)


def places_of(keys: "pd.Series[Any]") -> Places:
    """The place of each key, to read other tables with."""
    return dict(zip(keys.tolist(), range(len(keys)), strict=True))


def plain_id(key: str) -> str:
    """A key as both databases' keys are said elsewhere: 32 digits without a dash."""
    return key.replace("-", "")


def _reader(column: ColumnElement[Any], places: Places | None) -> Callable[[Sequence[Any]], "pd.Series[Any]"]:
    if places is not None and str(column.key) in NUMBERED:
        return lambda values: pd.Series(np.fromiter(map(places.get, values, repeat(-1)), np.int32, len(values)))
    if str(column.key).endswith("_at") or isinstance(column, Moment) or isinstance(column.type, BigInteger):
        return _moments
    if isinstance(column.type, Boolean):
        return lambda values: pd.Series(np.array(values, dtype=bool))
    if isinstance(column.type, String):
        return lambda values: pd.Series(values, dtype="str")
    return lambda values: pd.Series(np.array(values, dtype="int64"))


def _moments(values: Sequence[Any]) -> "pd.Series[Any]":
    return pd.Series(pd.DatetimeIndex(np.array(values, dtype="datetime64[us]")).tz_localize("UTC"))


def _joined(pieces: Sequence["pd.Series[Any]"]) -> "pd.Series[Any]":
    return pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    kept = np.logical_and.reduce([table[name].to_numpy() >= 0 for name in NUMBERED if name in table])
    return table if kept.all() else table[kept].reset_index(drop=True)
