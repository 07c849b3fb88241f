"""The rows that the numbers are counted from, kept in the process's memory and brought up to date before each count.

Reading them takes ten times as long as counting them. So each table is read whole once; afterwards only the rows of
those records are read again that the audit trail names since. That is enough because every change of a record leaves an
entry that names it, in the transaction of the change (`actions/work.py`), and because entries are numbered in the order
of their commits. What is no change of single records (a load, a purge, a restored backup) has everything read anew.

What is kept is the same for everybody: totals count restricted records too. No name and no narrative is among it.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy.orm import Session

from db import audit
from db import statistics as statements
from db.frames import DIGITS, Places, Rows, ids_of, joined, numbered_table, numbers_among
from db.statistics import ALL, VIEWED, Some
from domain.statistics import Flags

AT_MOST = 20_000
"""Entries of the trail after which everything is read anew."""
FEW_RECORDS = 2_000
"""Changed records, after more of which everything is read anew: a statement names each of them."""
ANEW = frozenset(
    {
        "center.demo_made",
        "client.load_undone",
        "client.loaded",
        "data.moved",
        "migration.finished",
        "purge.done",
        "restore.done",
    }
)
"""Events that change more records than they name."""
ONLY_LOOKED = frozenset({"client.searched", "client.viewed", "referral.printed", "authz.denied", "input.rejected"})
"""Frequent events that name a record and change nothing of it."""
FORGETS = {"client.merged": "imports", "client.merge_undone": "imports"}
"""Events by which a table changes in rows that are not of the records they name."""
KINDS = ("referral", "client", "case")


@dataclass(frozen=True)
class Table:
    """How a table is read: its statement, the kind of record that each column of ids names, and the columns by whose
    records its rows are read again. A record that `numbers` names gets its small number from this table."""

    rows: Callable[[Some], Rows]
    records: Mapping[str, str]
    by: tuple[str, ...]
    numbers: str = ""


def _of_referrals(rows: Callable[[Some], Rows]) -> Table:
    return Table(rows, {"referral": "referral"}, ("referral",))


TABLES: dict[str, Table] = {
    "referrals": Table(statements.referrals, {"referral": "referral"}, ("referral",), numbers="referral"),
    "changes": _of_referrals(statements.changes),
    "merges": Table(statements.merges, {"source": "referral", "result": "referral"}, ("source", "result")),
    "imports": _of_referrals(statements.imports),
    "views": _of_referrals(statements.views),
    "questions": _of_referrals(statements.questions),
    "marks": _of_referrals(statements.marks),
    "facts": _of_referrals(statements.facts),
    "answered": _of_referrals(statements.answered),
    "safety": _of_referrals(statements.safety),
    "clients": Table(statements.clients, {"client": "client", "whole": "client"}, ("client",), numbers="client"),
    "cases": Table(statements.cases, {"case": "case", "client": "client"}, ("case",), numbers="case"),
    "openings": Table(statements.openings, {"case": "case", "referral": "referral"}, ("case", "referral")),
    "client_facts": Table(statements.client_facts, {"client": "client"}, ("client",)),
    "case_facts": Table(statements.case_facts, {"case": "case"}, ("case",)),
}
NUMBERED_BY = {table.numbers: name for name, table in TABLES.items() if table.numbers}


@dataclass(frozen=True)
class AsOf:
    """The tables as of one entry of the audit trail; nobody changes them.

    Each is as its statement in `db/statistics.py` says, with small numbers instead of ids; row i of `referrals`,
    `clients` and `cases` is number i. changes: in the order of referral and ordinal. answered: referral, count.
    """

    seq: int
    mac: str
    places: Mapping[str, Places] = field(default_factory=lambda: dict.fromkeys(KINDS, pa.array([], pa.binary(DIGITS))))
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def order_of_cases(self) -> "np.ndarray[Any, Any]":
        """The numbers of all cases, in the order of their ids."""
        return np.argsort(ids_of(self.places["case"]), kind="stable")


class CountedRows:
    """What one store's numbers are counted from."""

    def __init__(self) -> None:
        self._kept: AsOf | None = None
        self._lock = threading.Lock()

    def up_to_date(self, session: Session, names: Iterable[str]) -> AsOf:
        """These tables (and perhaps others) as this transaction sees them, or as they are since."""
        wanted = _with_their_numbers(names)
        if _changed_here(session):
            # It sees what nobody else does yet, and the trail does not name.
            return _with_tables(session, AsOf(*audit.last(session)), wanted)
        with self._lock:
            going_on = _since(session, self._kept) if self._kept else None
            if self._kept and going_on is None and audit.last(session)[0] < self._kept.seq:
                # Somebody who began later was quicker; or the trail is another one, which a new look tells.
                with session.info["store"].reading() as later:
                    return self._keep(later, _since(later, self._kept), wanted)
            return self._keep(session, going_on, wanted)

    def _keep(self, session: Session, found: AsOf | None, wanted: Sequence[str]) -> AsOf:
        self._kept = _with_tables(session, found or AsOf(*audit.last(session)), wanted)
        return self._kept


_of_stores: WeakKeyDictionary[Any, CountedRows] = WeakKeyDictionary()


def counted_rows(session: Session) -> CountedRows:
    """Those of the session's store."""
    return _of_stores.setdefault(session.info["store"], CountedRows())


def _with_their_numbers(names: Iterable[str]) -> list[str]:
    """The tables that give the numbers first, and all that are needed of them."""
    asked = set(names)
    asked |= {NUMBERED_BY[kind] for name in asked for kind in TABLES[name].records.values()}
    return [name for name in TABLES if name in asked and TABLES[name].numbers] + [
        name for name in TABLES if name in asked and not TABLES[name].numbers
    ]


def _changed_here(session: Session) -> bool:
    waiting = (*session.new, *session.dirty, *session.deleted)
    return bool(session.info.get("changed")) or any(row.audited for row in waiting)


def _with_tables(session: Session, kept: AsOf, names: Sequence[str]) -> AsOf:
    places, tables = dict(kept.places), dict(kept.tables)
    for name in names:
        if name not in tables:
            tables[name] = _read(session, name, places)
    return kept if tables.keys() == kept.tables.keys() else AsOf(kept.seq, kept.mac, places, tables)


@dataclass
class _Said:
    """What the trail says since: records that were changed, and who opened a referral."""

    changed: dict[str, set[UUID]] = field(default_factory=lambda: {kind: set() for kind in KINDS})
    opened: list[Any] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)


def _since(session: Session, kept: AsOf) -> AsOf | None:
    """The same as of the newest entry; None where everything must be read anew."""
    entries = session.execute(statements.trail_from(kept.seq).limit(AT_MOST + 1)).all()
    if not entries or entries[0].mac != kept.mac or len(entries) > AT_MOST:
        return None
    said = _said(entries[1:])
    if said is None or sum(map(len, said.changed.values())) > FEW_RECORDS:
        return None
    return _followed(session, kept, said, entries[-1])


def _said(entries: Sequence[Any]) -> _Said | None:
    said = _Said()
    for entry in entries:
        if entry.event in ANEW:
            return None
        if entry.event == VIEWED:
            said.opened.append(entry)
        elif entry.object_type in said.changed and entry.event not in ONLY_LOOKED:
            if entry.object_id is None:
                return None
            said.changed[entry.object_type].add(entry.object_id)
            said.forgotten |= {FORGETS[entry.event]} if entry.event in FORGETS else set()
    return said


def _followed(session: Session, kept: AsOf, said: _Said, newest: Any) -> AsOf | None:
    places = dict(kept.places)
    tables = {name: table for name, table in kept.tables.items() if name not in said.forgotten}
    changed = {kind: _among(said.changed[kind], places[kind]) for kind in KINDS}
    for name in _with_their_numbers(tables):
        table = TABLES[name]
        if not any(said.changed[kind] for kind in table.records.values()):
            continue
        some = Some(said.changed["referral"], said.changed["client"], said.changed["case"])
        fresh = _read(session, name, places, some, changed)
        if kind := table.numbers:
            found = fresh[table.by[0]].to_numpy()
            if not np.isin(changed[kind].numbers, found).all():
                return None
            # What came along with a record that is named counts as named: a case with its client.
            said.changed[kind] |= {UUID(one.decode()) for one in ids_of(places[kind])[found]}
            changed[kind] = _among(said.changed[kind], places[kind])
        tables[name] = _replaced(name, tables[name], fresh, changed)
    if "views" in tables and said.opened:
        new = [entry for entry in said.opened if entry.object_id not in said.changed["referral"]]
        tables["views"] = joined([tables["views"], _views(new, places)])
    return AsOf(newest.seq, newest.mac, places, tables)


@dataclass(frozen=True)
class _Among:
    """Those of some records that have a number, and their numbers."""

    ids: Places
    numbers: "np.ndarray[Any, np.dtype[np.int32]]"


def _among(records: Collection[UUID], places: Places) -> _Among:
    ids = _as_places(records)
    numbers = numbers_among(ids, places)
    return _Among(ids.filter(pa.array(numbers >= 0)), numbers[numbers >= 0])


def _replaced(name: str, old: pd.DataFrame, fresh: pd.DataFrame, changed: Mapping[str, _Among]) -> pd.DataFrame:
    gone = np.logical_or.reduce(
        [_marked(old[column].to_numpy(), changed[TABLES[name].records[column]].numbers) for column in TABLES[name].by]
    )
    return _in_order(name, joined([old[~gone] if gone.any() else old, fresh]))


def _marked(numbers: "np.ndarray[Any, Any]", which: "np.ndarray[Any, Any]") -> Flags:
    """Which of the numbers are among the others; by a table of marks, since there are many and few."""
    marks: Flags = np.zeros(max(numbers.max(initial=-1), which.max(initial=-1)) + 1, dtype=bool)
    marks[which] = True
    found: Flags = marks[numbers]
    return found


def _read(
    session: Session,
    name: str,
    places: dict[str, Places],
    some: Some = ALL,
    near: Mapping[str, _Among] | None = None,
) -> pd.DataFrame:
    """The rows of all records, or of some; records that are new get the next numbers, in `places`.

    Numbers are looked for among those that are `near` first: a table of a few ids is made sooner.
    """
    table = TABLES[name]
    found, ids = numbered_table(session, table.rows(some), list(table.records))
    if table.numbers:
        own = ids[table.by[0]]
        new = own.filter(pa.array(numbers_among(own, places[table.numbers]) < 0))
        places[table.numbers] = pa.concat_arrays([places[table.numbers], new]) if len(new) else places[table.numbers]
    known = np.ones(len(found), dtype=bool)
    for column, kind in table.records.items():
        theirs = _numbers(ids[column], places[kind], near[kind] if near else None)
        numbers = theirs[found[column].to_numpy()]
        found[column] = numbers
        known &= numbers >= 0
    found = found if known.all() else found[known].reset_index(drop=True)
    return _in_order(name, _how_many(found) if name == "answered" else found)


def _numbers(ids: Places, places: Places, near: _Among | None) -> "np.ndarray[Any, np.dtype[np.int32]]":
    if near is None or not len(near.ids):
        return numbers_among(ids, places)
    at = numbers_among(ids, near.ids)
    found = np.where(at >= 0, near.numbers[at], -1)
    if (missing := found < 0).any():
        found[missing] = numbers_among(ids.filter(pa.array(missing)), places)
    return found


def _in_order(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    if TABLES[name].numbers:
        key = rows[TABLES[name].by[0]].to_numpy()
    elif name == "changes":
        ordinals = rows["ordinal"].to_numpy()
        key = rows["referral"].to_numpy().astype("int64") * (ordinals.max(initial=0) + 1) + ordinals
    else:
        return rows
    # Stable: they come nearly in order, which that sort makes use of.
    return rows if (key[1:] >= key[:-1]).all() else rows.take(np.argsort(key, kind="stable")).reset_index(drop=True)


def _how_many(answered: pd.DataFrame) -> pd.DataFrame:
    """How many different fields each referral has an answer to."""
    fields, referrals = answered["field"].cat, answered["referral"].to_numpy()
    given = np.zeros((referrals.max(initial=-1) + 1, len(fields.categories)), dtype=bool)
    given[referrals, fields.codes.to_numpy()] = True
    counts = given.sum(axis=1)
    some = np.flatnonzero(counts)
    return pd.DataFrame({"referral": some.astype("int32"), "count": counts[some]})


def _views(entries: Sequence[Any], places: Mapping[str, Places]) -> pd.DataFrame:
    """The entries as rows of the table of views; those of records that are not counted are left out."""
    ids = [entry.object_id for entry in entries if entry.object_id]
    numbers = dict(zip(ids, numbers_among(_as_places(ids), places["referral"]).tolist(), strict=True))
    mine = [entry for entry in entries if numbers.get(entry.object_id, -1) >= 0]
    agencies = [entry.agency_id.hex if entry.agency_id else "" for entry in mine]
    return pd.DataFrame(
        {
            "referral": np.array([numbers[entry.object_id] for entry in mine], dtype="int32"),
            "agency": pd.Categorical(agencies, categories=pd.Index(sorted(set(agencies)), dtype="str")),
            "at": pd.DatetimeIndex([entry.at for entry in mine], dtype="datetime64[us, UTC]"),
        }
    )


def _as_places(ids: Iterable[UUID]) -> Places:
    return pa.array([one.hex.encode() for one in ids], pa.binary(DIGITS))
