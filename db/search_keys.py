"""Search keys as they are kept: written with each record, in its transaction, and searched by the match.

Searching is in db/searching.py, the words on file in db/search_words.py; all that others call can be called here.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from uuid import UUID

import numpy as np
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from db.rows import batched, write_columns, write_rows
from db.search_words import count, remembered, sum_up_when_many
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
    write_many(session, kind, [(record_id, person)])


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
        count(session, self.words)
        sum_up_when_many(session)


def write_new(session: Session, kind: RecordKind, people: Sequence[tuple[UUID, Person]], pending: Pending) -> None:
    """Keep people who are not in the search yet; their keys and words wait in `pending`."""
    rows = []
    for number, (record_id, person) in zip(_new_numbers(session, len(people)), people, strict=True):
        packed = matching.pack(person)
        found, words = matching.keys_and_words(kind, packed)
        keys = array("q", found)
        pending.words.update(words)
        pending.keys += keys
        pending.numbers.extend(repeat(number, len(keys)))
        rows.append(
            {
                "number": number,
                "kind": kind.value,
                "record_id": record_id,
                "folded": packed.line(),
                "written": person.written(),
                "keys": keys.tobytes(),
            }
        )
    write_rows(session, SearchPerson, rows)


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
        for row in session.execute(
            select(SearchPerson.number, SearchPerson.folded, SearchPerson.keys).where(
                SearchPerson.record_id.in_(some), SearchPerson.kind == kind.value
            )
        )
    ]
    words: Counter[tuple[Part, str]] = Counter()
    for number, folded, keys in kept:
        words.subtract(matching.words_of(kind, Packed(*folded.split("\t"))))
        session.execute(
            delete(SearchKey).where(SearchKey.key.in_(array("q", keys).tolist()), SearchKey.number == number)
        )
        session.execute(delete(SearchPerson).where(SearchPerson.number == number))
    count(session, words)


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
