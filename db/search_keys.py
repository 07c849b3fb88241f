"""Search keys as they are kept: written with each record, in its transaction, and searched by the match.

The vocabulary of each database (words and counts, never a person) is held in memory. Every search first reads what
any process has added to it since, so that a referral is found at once.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import log2
from random import Random
from threading import Lock
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ARRAY, BigInteger, Engine, Select, any_, bindparam, delete, func, insert, select, text
from sqlalchemy.orm import Session

from db.tables.search import SearchKey, SearchPerson, SearchWord
from domain import matching
from domain.matching import Candidate, Compared, Lookup, Packed, Part, Person, RecordKind, Vocabulary
from domain.matching.weights import (
    COMPARED_AT_LEAST,
    COMPARED_IN_FULL,
    HOME_BEFORE,
    HOME_FLOOR,
    HOME_KNOWN_FROM,
    LIKELY,
    ROWS_READ,
    WIDE_ROWS_READ,
    WORTH_COMPARING,
)

Allowed = Select[Any] | Collection[UUID] | None
"""Ids of the records that the actor may see: a statement, or a collection; None for all."""


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
    _sum_up_words_when_many(session)
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
    _count(session, words)


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
    _count(session, words)


# The words on file

WORDS_SUMMED_FROM = 50_000
"""Rows of words from which they are summed up, where summing would halve them."""


def _count(session: Session, words: Counter[tuple[Part, str]]) -> None:
    rows = [{"part": part.value, "word": word, "change": change} for (part, word), change in words.items() if change]
    if rows:
        session.execute(insert(SearchWord), rows)
        # Until it ends, this transaction's own words must not get into what all others share.
        session.info["wrote_search_words_in"] = session.get_transaction()


def _sum_up_words_when_many(session: Session) -> None:
    last = session.scalar(select(func.max(SearchWord.number))) or 0
    rows = session.scalar(select(func.count()).select_from(SearchWord)) if last % 1000 < 25 else 0
    if rows and rows > WORDS_SUMMED_FROM:
        sum_up_words(session)


def sum_up_words(session: Session) -> None:
    """Put one row for each word in the place of its changes."""
    if _is_postgresql(session):
        session.execute(text("SELECT pg_advisory_xact_lock(726381)"))
    change = func.sum(SearchWord.change)
    sums = session.execute(
        select(SearchWord.part, SearchWord.word, change).group_by(SearchWord.part, SearchWord.word).having(change != 0)
    ).all()
    last = session.scalar(select(func.max(SearchWord.number))) or 0
    # Who has read up to here sees by this row that all counts begin anew.
    session.execute(insert(SearchWord), [{"part": _ANEW, "word": "", "change": 0}])
    if sums:
        rows = [{"part": part, "word": word, "change": int(sum_)} for part, word, sum_ in sums]
        session.execute(insert(SearchWord), rows)
    session.execute(delete(SearchWord).where(SearchWord.number <= last))
    session.info["wrote_search_words_in"] = session.get_transaction()


_ANEW = "anew"


@dataclass
class _Memory:
    """What one process remembers of one database."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    last: int = 0
    """The newest row of words that was read."""
    missing: set[int] = field(default_factory=set)
    """Numbers below it that were not there yet: their transaction may still be open."""
    home_mates: float = HOME_BEFORE
    measured_at: int = -1
    lock: Lock = field(default_factory=Lock)


_memories: WeakKeyDictionary[Engine, _Memory] = WeakKeyDictionary()
_memories_lock = Lock()
MISSING_KEPT = 1000


def vocabulary(session: Session) -> Vocabulary:
    """The words on file, with everything that was committed until now."""
    return _memory(session).vocabulary


def _memory(session: Session) -> _Memory:
    engine = session.get_bind().engine
    with _memories_lock:
        memory = _memories.setdefault(engine, _Memory())
    if session.info.get("wrote_search_words_in") is session.get_transaction() is not None:
        return memory if memory.last else _caught_up(session, _Memory())
    with memory.lock:
        return _caught_up(session, memory)


def _caught_up(session: Session, memory: _Memory) -> _Memory:
    _catch_up(session, memory)
    if memory.vocabulary.people > 1.2 * memory.measured_at + 20:
        memory.home_mates = _home_mates(session)
        memory.measured_at = memory.vocabulary.people
    return memory


_NEW_WORDS = text("SELECT number, part, word, change FROM search_word WHERE number > :last ORDER BY number")


def _catch_up(session: Session, memory: _Memory) -> None:
    rows: Sequence[Any] = session.execute(_NEW_WORDS, {"last": memory.last}).all()
    if memory.missing:
        late = select(SearchWord.number, SearchWord.part, SearchWord.word, SearchWord.change)
        rows = [*session.execute(late.where(SearchWord.number.in_(memory.missing))).all(), *rows]
        memory.missing -= {row[0] for row in rows}
    if any(row[1] == _ANEW for row in rows) and memory.last:
        memory.vocabulary, memory.last, memory.missing = Vocabulary(), 0, set()
        _catch_up(session, memory)
    elif rows:
        _learn(session, memory, rows)


def _learn(session: Session, memory: _Memory, rows: Sequence[Any]) -> None:
    words = [(part, word, change) for _, part, word, change in rows if part != _ANEW]
    if len(words) > 3000:
        memory.vocabulary.learn_all(words)
    else:
        for part, word, change in words:
            memory.vocabulary.learn(Part(part), word, change)
    if memory.vocabulary.unsettled > 5000:
        memory.vocabulary.settle()
    newest = max(memory.last, max(row[0] for row in rows))
    if _is_postgresql(session) and memory.last:
        memory.missing |= set(range(memory.last + 1, newest)) - {row[0] for row in rows}
        memory.missing = set(sorted(memory.missing)[-MISSING_KEPT:])
    memory.last = newest


def _home_mates(session: Session) -> float:
    """How many others of the same home a client on file has, on average, in a sample of clients."""
    last = session.scalar(select(func.max(SearchPerson.number))) or 0
    sample = Random(last).sample(range(1, last + 1), min(last, 300))
    rows = session.execute(
        select(SearchPerson.folded).where(SearchPerson.number.in_(sample), SearchPerson.kind == RecordKind.CLIENT.value)
    )
    known = mates = 0
    for (folded,) in rows:
        packed = Packed(*folded.split("\t"))
        contacts = packed._replace(first="", middle="", last="", alias="", dob="", caregiver="", city="")
        if packed.address or packed.phone:
            known += 1
            mates += _others_of_the_home(session, packed, matching.keys_of(RecordKind.CLIENT, contacts))
    if known < HOME_KNOWN_FROM:
        return HOME_BEFORE
    return max(mates / known, HOME_FLOOR)


def _others_of_the_home(session: Session, packed: Packed, keys: Sequence[int]) -> int:
    """People with the same address or phone and another first name, at most five: a shelter is no home."""
    numbers = select(SearchKey.number).where(SearchKey.key.in_(keys)).limit(12)
    rows = session.scalars(select(SearchPerson.folded).where(SearchPerson.number.in_(numbers)))
    others = {
        (other.first, other.dob)
        for other in (Packed(*row.split("\t")) for row in rows)
        if other.first != packed.first
        and other.dob != ""
        and (other.address == packed.address != "" or set(other.phone.split("|")) & set(packed.phone.split("|")) - {""})
    }
    return min(len(others), 5)


# Searching


def search(
    session: Session, person: Person, *, kinds: Collection[RecordKind], allowed: Allowed = None, limit: int = 10
) -> list[Candidate]:
    """The best candidates for a person among the records that are allowed, best first, each with its reasons.

    Names, dates and places are widened as `domain.matching.keys` says; where nothing convinces, the search is run once
    more, looking much wider. Nobody is found who is not in `allowed`.
    """
    return look(session, person, kinds=kinds, allowed=allowed, limit=limit).candidates


@dataclass(frozen=True)
class Look:
    """What a search found, and how far it looked: for "nobody like this among 1,204 clients"."""

    candidates: list[Candidate]
    people: int
    """Records of these kinds on file."""
    rows_read: int
    compared: int


def look(
    session: Session, person: Person, *, kinds: Collection[RecordKind], allowed: Allowed = None, limit: int = 10
) -> Look:
    """As `search`, with how far it looked."""
    memory = _memory(session)
    counts = memory.vocabulary.counts[Part.PEOPLE]
    people = sum(counts.get(kind.value, 0) for kind in kinds)
    searching = _Searching(session, matching.pack(person), tuple(kinds), allowed, memory, max(people, 2))
    answers = searching.answers(limit, matching.lookups, ROWS_READ)
    if not answers or answers[0][0].probability < LIKELY:
        answers = searching.answers(limit, matching.wider_lookups, WIDE_ROWS_READ)
    candidates = [
        matching.explain(person, answer, RecordKind(row.kind), row.record_id, matching.from_written(row.written))
        for answer, row in answers
    ]
    return Look(candidates, people, searching.rows_read, searching.compared)


class _Searching:
    """One search on its way: keys, then people, then answers."""

    def __init__(
        self,
        session: Session,
        asked: Packed,
        kinds: tuple[RecordKind, ...],
        allowed: Allowed,
        memory: _Memory,
        people: int,
    ) -> None:
        self.session, self.asked, self.kinds, self.allowed = session, asked, kinds, allowed
        self.store = matching.Store(memory.vocabulary, people, memory.home_mates)
        self.looked_up: set[int] = set()
        self.bits: dict[int, float] = {}
        """The bits of the keys that each person shares with the question."""
        self.crowds: dict[Compared, int] = {}
        """How many people share a contact of the question."""
        self.rows_read = self.compared = 0

    def answers(self, limit: int, widen: Callable[..., list[Lookup]], most: int) -> list[tuple[matching.Answer, Any]]:
        """The best answers with their rows, among the people under the keys that `widen` gives."""
        words = self.store.vocabulary
        asked = [lookup for kind in self.kinds for lookup in widen(kind, self.asked, words, most=most)]
        self._look_up([lookup for lookup in asked if lookup.key not in self.looked_up])
        rows = self._rows(_worth_comparing(self.bits))
        self.compared += len(rows)
        answers = matching.rank(self.asked, [row.folded for row in rows], self.store, limit=limit, crowds=self.crowds)
        return [(answer, rows[answer.place]) for answer in answers]

    def _look_up(self, asked: Sequence[Lookup]) -> None:
        """Read who is under these keys, and what it says of them."""
        under: dict[int, list[int]] = {}
        for key, number in self.session.execute(*_among(self.session, _KEY_ROWS, [each.key for each in asked])):
            under.setdefault(key, []).append(number)
        for lookup in asked:
            self.looked_up.add(lookup.key)
            numbers = under.get(lookup.key)
            if numbers:
                self.rows_read += len(numbers)
                rare = log2(self.store.people / len(numbers) + 1.0)
                for number in numbers:
                    self.bits[number] = self.bits.get(number, 0.0) + rare
                if lookup.crowd:
                    self.crowds[lookup.crowd] = max(self.crowds.get(lookup.crowd, 1), len(numbers))

    def _rows(self, numbers: Sequence[int]) -> list[Any]:
        """The best of these people that may be seen, with what is needed to compare and to show them."""
        if self.allowed is None:
            return self._some_rows(numbers[:COMPARED_IN_FULL])
        rows: list[Any] = []
        for start in range(0, len(numbers), 1000):
            rows += self._some_rows(numbers[start : start + 1000])
            if len(rows) >= COMPARED_IN_FULL:
                break
        place = {number: place for place, number in enumerate(numbers)}
        return sorted(rows, key=lambda row: place[row.number])[:COMPARED_IN_FULL]

    def _some_rows(self, numbers: Sequence[int]) -> list[Any]:
        statement, many = _among(self.session, _PERSON_ROWS, numbers)
        if self.allowed is not None:
            ids = self.allowed if isinstance(self.allowed, Select) else list(self.allowed)
            statement = statement.where(_PEOPLE.record_id.in_(ids))
        return list(self.session.execute(statement, many))


def _worth_comparing(bits: dict[int, float]) -> list[int]:
    """Numbers in the order of the bits of their keys, without those who share far less than the best."""
    ordered = sorted(bits, key=lambda number: (-bits[number], number))
    if not ordered:
        return []
    least = WORTH_COMPARING * bits[ordered[0]]
    return [number for place, number in enumerate(ordered) if place < COMPARED_AT_LEAST or bits[number] >= least]


# One statement, whatever the number of keys, so that it is prepared only once: the list goes in as one value.

_KEYS = SearchKey.__table__.c
_PEOPLE = SearchPerson.__table__.c
_IN_JSON = select(func.json_each(bindparam("many")).table_valued("value").c.value)
_IN_ARRAY = any_(bindparam("many", type_=ARRAY(BigInteger)))
_WITHIN = {"sqlite": _PEOPLE.number.in_(_IN_JSON), "postgresql": _PEOPLE.number == _IN_ARRAY}
_KEY_ROWS: dict[str, Select[Any]] = {
    "sqlite": select(_KEYS.key, _KEYS.number).where(_KEYS.key.in_(_IN_JSON)),
    "postgresql": select(_KEYS.key, _KEYS.number).where(_KEYS.key == _IN_ARRAY),
}
_PERSON_ROWS: dict[str, Select[Any]] = {
    dialect: select(_PEOPLE.number, _PEOPLE.kind, _PEOPLE.record_id, _PEOPLE.folded, _PEOPLE.written).where(within)
    for dialect, within in _WITHIN.items()
}


def _among(
    session: Session, statements: dict[str, Select[Any]], numbers: Sequence[int]
) -> tuple[Select[Any], dict[str, Any]]:
    if _is_postgresql(session):
        return statements["postgresql"], {"many": list(numbers)}
    return statements["sqlite"], {"many": "[" + ",".join(map(str, numbers)) + "]"}


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
