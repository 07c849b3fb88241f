"""The search on the store: from a question to keys, to people, to answers with their reasons.

First the keys of exactly what was asked; where these do not convince, names and dates widened; where nobody is likely
then, far. Statements go to the driver as they are: there are four of them, always the same, and preparing each as an
expression would cost more than the reading.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from heapq import nsmallest
from math import log2
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Select, any_, bindparam, func, select
from sqlalchemy.orm import Session

from db.search_words import Memory, remembered
from db.tables.search import SearchPerson
from domain import matching
from domain.matching import (
    Asking,
    Candidate,
    Compared,
    Lookup,
    Packed,
    Part,
    Person,
    Question,
    RecordKind,
    Standing,
    Weighed,
)
from domain.matching.weights import (
    COMPARED_AT_LEAST,
    COMPARED_IN_FULL,
    CONVINCING,
    ENOUGH_BITS,
    FAR_ROWS_READ,
    FEW_COMPARED,
    LIKELY,
    ROWS_READ,
    TELLING_KEYS,
    WORTH_COMPARING,
    WORTH_COMPARING_STRONG,
)

FARTHER = ((Asking.widened, ROWS_READ, CONVINCING, TELLING_KEYS), (Asking.far, FAR_ROWS_READ, LIKELY, 0.0))
"""The looks after the first: how, how many rows are read, how likely an answer must be to do without, and how telling
the keys must be that somebody shares with the question for anybody to be compared."""
_Answers = list[matching.Answer]
Allowed = Select[Any] | Collection[UUID] | None
"""Ids of the records that the actor may see: a statement, or a collection; None for all."""


def search(
    session: Session, person: Person, *, kinds: Collection[RecordKind], allowed: Allowed = None, limit: int = 10
) -> list[Candidate]:
    """The best candidates for a person among the records that are allowed, best first, each with its reasons.

    Names, dates and places are widened as `domain.matching.keys` says. Nobody is found who is not in `allowed`.
    """
    return look(session, person, kinds=kinds, allowed=allowed, limit=limit).candidates


def search_evenly(
    session: Session, person: Person, *, kinds: Collection[RecordKind], allowed: Allowed = None, limit: int = 10
) -> list[Candidate]:
    """What `search` finds, by the same statements whoever is on file: for acts that an agency waits for.

    Neither words nor time may tell an agency whether the child was known (28 CFR 94.115).
    """
    searching, _ = _begun(_Evenly, session, person, kinds, allowed)
    return searching.candidates(person, limit)


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
    searching, people = _begun(Searching, session, person, kinds, allowed)
    return Look(searching.candidates(person, limit), people, searching.rows_read, len(searching.standing))


def would_settle(session: Session, asked: Person, candidates: Sequence[Candidate]) -> list[str]:
    """For each of them what to ask for, and what the answer would change; empty where nothing would."""
    if not candidates:
        return []
    memory = remembered(session)
    people = max(memory.vocabulary.counts[Part.PEOPLE].get(candidates[0].kind.value, 0), 2)
    store = matching.Store(memory.vocabulary, people, memory.home_mates, memory.scale)
    settling = matching.Settling(asked, store)
    return [settling.would_settle(one.person, one.probability) for one in candidates]


def compared_with(session: Session, asked: Packed, *, but: int) -> list[Weighed]:
    """Clients on file who share search keys with one of them, compared by the weights that ship."""
    memory = replace(remembered(session), scale=matching.SHIPPED)
    people = max(memory.vocabulary.counts[Part.PEOPLE].get(RecordKind.CLIENT.value, 0), 2)
    searching = Searching(session, asked, [RecordKind.CLIENT], None, memory, people)
    searching.seen.add(but)
    searching.answers(limit=10)
    return [each.weighed for each in searching.standing]


def _begun(
    way: "type[Searching]", session: Session, person: Person, kinds: Collection[RecordKind], allowed: Allowed
) -> "tuple[Searching, int]":
    """A search about to look, and how many people of these kinds are on file."""
    memory = remembered(session)
    counts = memory.vocabulary.counts[Part.PEOPLE]
    people = sum(counts.get(kind.value, 0) for kind in kinds)
    return way(session, matching.pack(person), kinds, allowed, memory, max(people, 2)), people


def _uuid(kept: Any) -> UUID:
    return kept if isinstance(kept, UUID) else UUID(kept)


class Searching:
    """One search on its way."""

    always = False
    """Whether people are asked for even where there are none to compare."""

    def __init__(
        self,
        session: Session,
        asked: Packed,
        kinds: Collection[RecordKind],
        allowed: Allowed,
        memory: Memory,
        people: int,
    ) -> None:
        self.session, self.asked, self.allowed, self.memory = session, asked, allowed, memory
        self.sqlite = session.get_bind().dialect.name == "sqlite"
        self.connection = session.connection()
        self.store = matching.Store(memory.vocabulary, people, memory.home_mates, memory.scale)
        self.asking = [Asking(kind, asked, memory.vocabulary) for kind in kinds]
        self.bits: dict[int, float] = {}
        """The bits of the keys that each person shares with the question."""
        self.crowds: dict[Compared, int] = {}
        """How many people share a contact of the question."""
        self.rows: list[Any] = []
        self.standing: list[Standing] = []
        """Those who were compared, in the order of `rows`."""
        self.seen: set[int] = set()
        self.rows_read = 0
        self.question = Question(asked, memory.vocabulary, people, self.crowds, memory.scale)

    def candidates(self, person: Person, limit: int) -> list[Candidate]:
        """The best answers, each with its reasons, looking as far as is needed."""
        return [
            matching.explain(person, answer, RecordKind(kind), _uuid(record_id), matching.from_written(written))
            for answer in self.answers(limit)
            for _, kind, record_id, _, written in [self.rows[answer.place]]
        ]

    def answers(self, limit: int) -> _Answers:
        """The best answers, looking as far as is needed."""
        answers = self._farther(Asking.as_asked, ROWS_READ, TELLING_KEYS, limit)
        for widen, most, enough, telling in FARTHER:
            answers = self._looking_on(answers, enough, partial(self._farther, widen, most, telling, limit))
        return answers

    def _looking_on(self, answers: _Answers, enough: float, farther: Callable[[], _Answers]) -> _Answers:
        """The answers where the best of them is likely enough; else what a farther look finds."""
        return answers if _likely(answers, enough) else farther() or answers

    def _farther(
        self, widen: Callable[[Asking, float], list[Lookup]], most: float, telling: float, limit: int
    ) -> _Answers:
        self._look_up(lookup for asking in self.asking for lookup in widen(asking, most))
        return self._compete(telling * log2(self.store.people), limit)

    def _compete(self, least: float, limit: int) -> _Answers:
        worth = _worth_comparing(self.bits, least)
        if self.allowed is None:
            worth = worth[:COMPARED_IN_FULL]
        new = [number for number in worth if number not in self.seen]
        for row in self._people(new) if new or self.always else ():
            self.seen.add(row[0])
            self.rows.append(row)
            self.standing.append(matching.stand(self.question, row[3], len(self.standing), self.store))
        return matching.answers(self.standing, self.store, limit=limit)

    def _look_up(self, lookups: Iterable[Lookup]) -> None:
        """Read who is under these keys, and what it says of them."""
        asked = list(lookups)
        under: dict[int, list[int]] = {}
        for key, number in self._keys([each.key for each in asked]):
            if key in under:
                under[key].append(number)
            else:
                under[key] = [number]
        bits = self.bits
        for key, _, crowd in asked:
            numbers = under.get(key)
            if numbers:
                self.rows_read += len(numbers)
                rare = log2(self.store.people / len(numbers) + 1.0)
                for number in numbers:
                    bits[number] = bits.get(number, 0.0) + rare
                if crowd:
                    self.crowds[crowd] = max(self.crowds.get(crowd, 1), len(numbers))

    def _keys(self, keys: list[int]) -> Sequence[Any]:
        if self.sqlite:
            return self.connection.exec_driver_sql(_KEYS_SQLITE, (_listed(keys),)).all()
        return self.connection.exec_driver_sql(_KEYS_POSTGRESQL, (keys,)).all()

    def _people(self, numbers: Sequence[int]) -> Sequence[Any]:
        """The best of these people that may be seen, with what is needed to compare and to show them."""
        if self.allowed is not None:
            return self._allowed_people(numbers)
        if self.sqlite:
            return self.connection.exec_driver_sql(_PEOPLE_SQLITE, (_listed(numbers),)).all()
        return self.connection.exec_driver_sql(_PEOPLE_POSTGRESQL, (list(numbers),)).all()

    def _allowed_people(self, numbers: Sequence[int]) -> Sequence[Any]:
        ids = self.allowed if isinstance(self.allowed, Select) else list(self.allowed or ())
        rows: list[Any] = []
        for start in range(0, len(numbers) or 1, 1000):
            statement = _PERSON_ROWS["sqlite" if self.sqlite else "postgresql"].where(_PEOPLE.record_id.in_(ids))
            some = list(numbers[start : start + 1000])
            rows += self.session.execute(statement, {"many": _listed(some) if self.sqlite else some}).all()
            if len(rows) >= COMPARED_IN_FULL:
                break
        place = {number: place for place, number in enumerate(numbers)}
        return sorted(rows, key=lambda row: place[row[0]])[:COMPARED_IN_FULL]


class _Evenly(Searching):
    """One search that always looks as far as any does; what was looked at in vain changes no answer."""

    always = True

    def _looking_on(self, answers: _Answers, enough: float, farther: Callable[[], _Answers]) -> _Answers:
        found = farther()
        return answers if _likely(answers, enough) else found or answers


def _likely(answers: _Answers, enough: float) -> bool:
    return bool(answers) and answers[0].probability >= enough


def _worth_comparing(bits: dict[int, float], least: float) -> list[int]:
    """Numbers in the order of the bits of their keys, without those who share far less than the best; nobody where
    the best shares less than `least`. Where the best shares many bits, fewer of the others are looked at."""
    best = max(bits.values(), default=0.0)
    if not bits or best < least:
        return []
    strong = best >= ENOUGH_BITS
    near = (WORTH_COMPARING_STRONG if strong else WORTH_COMPARING) * best
    kept = FEW_COMPARED if strong else COMPARED_AT_LEAST
    worth = [(-own, number) for number, own in bits.items() if own >= near]
    if len(worth) < kept:
        worth = nsmallest(kept, [(-own, number) for number, own in bits.items()])
    return [number for _, number in sorted(worth)]


# One statement, whatever the number of keys, so that it is prepared only once: the list goes in as one value.

_KEYS_SQLITE = "SELECT key, number FROM search_key WHERE key IN (SELECT value FROM json_each(?))"
_KEYS_POSTGRESQL = "SELECT key, number FROM search_key WHERE key = ANY(%s)"
_PERSON = "SELECT number, kind, record_id, folded, written FROM search_person WHERE number"
_PEOPLE_SQLITE = f"{_PERSON} IN (SELECT value FROM json_each(?))"
_PEOPLE_POSTGRESQL = f"{_PERSON} = ANY(%s)"

_PEOPLE = SearchPerson.__table__.c
_WITHIN = {
    "sqlite": _PEOPLE.number.in_(select(func.json_each(bindparam("many")).table_valued("value").c.value)),
    "postgresql": _PEOPLE.number == any_(bindparam("many", type_=ARRAY(BigInteger))),
}
_PERSON_ROWS: dict[str, Select[Any]] = {
    dialect: select(_PEOPLE.number, _PEOPLE.kind, _PEOPLE.record_id, _PEOPLE.folded, _PEOPLE.written).where(within)
    for dialect, within in _WITHIN.items()
}


def _listed(numbers: Sequence[int]) -> str:
    return "[" + ",".join(map(str, numbers)) + "]"
