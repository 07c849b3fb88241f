"""Search keys as they are kept: written with each record, in its transaction, and searched by the match.

Searching is in db/searching.py, the words on file in db/search_words.py; all that others call can be called here.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from db.search_words import count, remembered, sum_up_when_many
from db.search_words import sum_up as sum_up_words
from db.searching import Allowed, Look, look, search
from db.tables.search import SearchKey, SearchPerson
from domain import matching
from domain.matching import Packed, Part, Person, RecordKind, Vocabulary

__all__ = ["Allowed", "Look", "look", "remove_keys", "search", "sum_up_words", "vocabulary", "write_keys", "write_many"]


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
    for some in _some_at_a_time(people, 20_000):
        _remove(session, kind, [record_id for record_id, _ in some])
        _insert(session, kind, some)
        written += len(some)
    sum_up_when_many(session)
    return written


def remove_keys(session: Session, kind: RecordKind, record_id: UUID) -> None:
    """Take a record out of the search, in the caller's transaction. Nothing happens if it was not in it."""
    _remove(session, kind, [record_id])


def remove_many(session: Session, kind: RecordKind, record_ids: Sequence[UUID]) -> None:
    """Take many records out of the search, in the caller's transaction."""
    _remove(session, kind, record_ids)


def _some_at_a_time(people: Iterable[tuple[UUID, Person]], most: int) -> Iterator[list[tuple[UUID, Person]]]:
    rest = iter(people)
    while some := list(islice(rest, most)):
        yield some


def _insert(session: Session, kind: RecordKind, people: Sequence[tuple[UUID, Person]]) -> None:
    rows, pairs = [], []
    words: Counter[tuple[Part, str]] = Counter()
    for number, (record_id, person) in zip(_new_numbers(session, len(people)), people, strict=True):
        packed = matching.pack(person)
        keys = matching.keys_of(kind, packed)
        words.update(matching.words_of(kind, packed))
        pairs += [(key, number) for key in keys]
        rows.append(
            {
                "number": number,
                "kind": kind.value,
                "record_id": record_id,
                "folded": packed.line(),
                "written": person.written(),
                "keys": array("q", keys).tobytes(),
            }
        )
    session.execute(insert(SearchPerson), rows)
    # In the order of the index, so that many of them fill its pages from left to right.
    _insert_keys(session, sorted(pairs))
    count(session, words)


_FOLLOWING = text("SELECT nextval(pg_get_serial_sequence('search_person', 'number')) FROM generate_series(1, :count)")
_KEYS_IN_ARRAYS = text(
    "INSERT INTO search_key (key, number) SELECT unnest(CAST(:keys AS bigint[])), unnest(CAST(:numbers AS bigint[]))"
)


def _new_numbers(session: Session, count: int) -> list[int]:
    if _is_postgresql(session):
        following = text(
            "SELECT nextval(pg_get_serial_sequence('search_person', 'number')) FROM generate_series(1, :n)"
        )
        return list(session.scalars(following, {"n": count}))
    last = session.scalar(select(func.max(SearchPerson.number))) or 0
    return list(range(last + 1, last + 1 + count))


def _insert_keys(session: Session, pairs: Sequence[tuple[int, int]]) -> None:
    if _is_postgresql(session):
        arrays = text(
            "INSERT INTO search_key (key, number) SELECT unnest(:keys ::bigint[]), unnest(:numbers ::bigint[])"
        )
        session.execute(arrays, {"keys": [key for key, _ in pairs], "numbers": [number for _, number in pairs]})
    else:
        session.connection().exec_driver_sql("INSERT INTO search_key (key, number) VALUES (?, ?)", list(pairs))


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
