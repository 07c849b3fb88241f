"""Search keys as they are kept: written with each record, in its transaction, and searched by the match.

Searching is in db/searching.py, the words on file in db/search_words.py; all that others call can be called here.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ARRAY, BigInteger, bindparam, delete, func, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.rows import batched, write_columns, write_rows
from db.search_words import columns_of, count, remembered, sum_up_when_many, words_added, wrote_rows
from db.search_words import sum_up as sum_up_words
from db.searching import Allowed, Look, look, search, search_evenly, would_settle
from db.tables.search import SearchKey, SearchPerson
from domain import matching
from domain.matching import Packed, Part, Person, RecordKind, Vocabulary

__all__ = [
    "Allowed", "Look", "Pending", "look", "remove_keys", "remove_many", "search", "search_evenly", "sum_up_words",
    "vocabulary", "would_settle", "write_keys", "write_many", "write_new",
]  # fmt: skip

AT_ONCE = 5_000
KEYS_AT_ONCE = 100_000


def vocabulary(session: Session) -> Vocabulary:
    """The words on file, with everything that was committed until now."""
    return remembered(session).vocabulary


# Writing


def write_keys(session: Session, kind: RecordKind, record_id: UUID, person: Person) -> None:
    """Keep a person under its keys, in the caller's transaction; writing again replaces what was kept."""
    keys, words, row = _as_kept(kind, record_id, person)
    last = _added(session, row, keys, words)
    if last is None:
        _remove(session, kind, [record_id])
        last = _added(session, row, keys, words)
    sum_up_when_many(session, last or 0)


def _added(session: Session, row: dict[str, Any], keys: "array[int]", words: Sequence[tuple[Part, str]]) -> int | None:
    """Add one person who is not in the search yet; the number of the newest row of words, None if they are in it."""
    if _is_postgresql(session):
        counted = [{"part": part.value, "word": word, "change": many} for (part, word), many in Counter(words).items()]
        numbers = session.scalars(_ADDED_AT_ONCE, row | {"each_key": keys.tolist()} | columns_of(counted)).all()
        wrote_rows(session, numbers)
        return max(numbers, default=None)
    number = session.scalar(_NEW_PERSON, row)
    if number is None:
        return None
    write_columns(session, SearchKey, {"key": sorted(keys), "number": repeat(number, len(keys))})
    return count(session, Counter(words))


def write_many(session: Session, kind: RecordKind, people: Iterable[tuple[UUID, Person]]) -> int:
    """Keep many people under their keys, in the caller's transaction; gives their number."""
    written = 0
    pending = Pending()
    for some in batched(people, AT_ONCE):
        _remove(session, kind, [record_id for record_id, _ in some])
        write_new(session, kind, some, pending)
        written += len(some)
    pending.write(session)
    return written


@dataclass
class Pending:
    """Keys and words of people who were written, to be written together: far less work where they are many."""

    keys: "array[int]" = field(default_factory=lambda: array("q"))
    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    words: Counter[tuple[Part, str]] = field(default_factory=Counter)

    def write(self, session: Session) -> None:
        """Write the keys in the order of their index, so that its pages are filled from left to right."""
        if not self.keys:
            return
        keys, numbers = np.frombuffer(self.keys, np.int64), np.frombuffer(self.numbers, np.int64)
        order = np.lexsort((numbers, keys))
        for start in range(0, len(order), KEYS_AT_ONCE):
            some = order[start : start + KEYS_AT_ONCE]
            write_columns(session, SearchKey, {"key": keys[some].tolist(), "number": numbers[some].tolist()})
        sum_up_when_many(session, count(session, self.words))


def write_new(session: Session, kind: RecordKind, people: Sequence[tuple[UUID, Person]], pending: Pending) -> None:
    """Keep people who are not in the search yet; their keys and words wait in `pending`."""
    rows = []
    for number, (record_id, person) in zip(_new_numbers(session, len(people)), people, strict=True):
        keys, words, row = _as_kept(kind, record_id, person)
        pending.words.update(words)
        pending.keys += keys
        pending.numbers.extend(repeat(number, len(keys)))
        rows.append({"number": number} | row)
    write_rows(session, SearchPerson, rows)


def _as_kept(
    kind: RecordKind, record_id: UUID, person: Person
) -> "tuple[array[int], Sequence[tuple[Part, str]], dict[str, Any]]":
    """Keys and words of a person, and the row of the search but for its number."""
    packed = matching.pack(person)
    found, words = matching.keys_and_words(kind, packed)
    keys = array("q", found)
    return keys, words, {
        "kind": kind.value,
        "record_id": record_id,
        "folded": packed.line(),
        "written": person.written(),
        "keys": keys.tobytes(),
    }  # fmt: skip


def remove_keys(session: Session, kind: RecordKind, record_id: UUID) -> None:
    """Take a record out of the search, in the caller's transaction. Nothing happens if it was not in it."""
    _remove(session, kind, [record_id])


def remove_many(session: Session, kind: RecordKind, record_ids: Sequence[UUID]) -> None:
    """Take many records out of the search, in the caller's transaction."""
    _remove(session, kind, record_ids)


def _new_numbers(session: Session, count: int) -> list[int]:
    if _is_postgresql(session):
        following = text(
            "SELECT nextval(pg_get_serial_sequence('search_person', 'number')) FROM generate_series(1, :n)"
        )
        return list(session.scalars(following, {"n": count}))
    last = session.connection().exec_driver_sql("SELECT max(number) FROM search_person").scalar() or 0
    return list(range(last + 1, last + 1 + count))


def _remove(session: Session, kind: RecordKind, record_ids: Sequence[UUID]) -> None:
    kept = [
        row
        for some in (record_ids[start : start + 500] for start in range(0, len(record_ids), 500))
        for row in session.execute(_KEPT, {"ids": list(some), "kind": kind.value})
    ]
    words: Counter[tuple[Part, str]] = Counter()
    for number, folded, keys in kept:
        words.subtract(matching.words_of(kind, Packed(*folded.split("\t"))))
        session.execute(_WITHOUT_KEYS, {"those": array("q", keys).tolist(), "of": number})
        session.execute(_WITHOUT_PERSON, {"of": number})
    count(session, words)


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


# Statements put together once. A person who is in the search already is not added a second time: the unique index of
# records says so, and nobody need be asked before.

_PERSON, _KEY, _WORD = (SearchPerson.metadata.tables[name] for name in ("search_person", "search_key", "search_word"))
_KEPT = select(_PERSON.c.number, _PERSON.c.folded, _PERSON.c["keys"]).where(
    _PERSON.c.record_id.in_(bindparam("ids", expanding=True)), _PERSON.c.kind == bindparam("kind")
)
_WITHOUT_KEYS = delete(_KEY).where(_KEY.c.key.in_(bindparam("those", expanding=True)), _KEY.c.number == bindparam("of"))
_WITHOUT_PERSON = delete(_PERSON).where(_PERSON.c.number == bindparam("of"))
_ROW: dict[str, Any] = {name: bindparam(name) for name in ("kind", "record_id", "folded", "written", "keys")}
_NEW_PERSON = (
    sqlite.insert(_PERSON)
    .values(_ROW)
    .on_conflict_do_nothing(index_elements=["record_id", "kind"])
    .returning(_PERSON.c.number)
)


def _added_at_once() -> Any:
    """On PostgreSQL person, keys and words are one statement: one way to the server and back instead of five."""
    new = (
        postgresql.insert(_PERSON)
        .values(_ROW)
        .on_conflict_do_nothing(index_elements=["record_id", "kind"])
        .returning(_PERSON.c.number)
        .cte("new_person")
    )
    each_key = func.unnest(bindparam("each_key", type_=ARRAY(BigInteger)))
    keys = insert(_KEY).from_select(["key", "number"], select(each_key, new.c.number)).cte("new_keys")
    return words_added(for_each=new).add_cte(keys).returning(_WORD.c.number)


_ADDED_AT_ONCE = _added_at_once()
