"""The words on file: their counts, kept as changes, and what each process remembers of them.

What is held in memory of each database is words, counts and weights, never a person. Every search first reads what any
process has added since, so that a referral is found at once, and learnt weights hold everywhere at once.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ARRAY, Engine, FromClause, Insert, Integer, String, bindparam, delete, func, insert, select, text
from sqlalchemy.orm import Session

from db.rows import COPIED_FROM, write_rows
from db.tables.search import LearnedWeights, SearchKey, SearchPerson, SearchWord
from domain import matching
from domain.matching import Packed, Part, RecordKind, Scale, Vocabulary
from domain.matching.weights import A_SHELTER, HOME_BEFORE, HOME_KNOWN_FROM, HOME_SAMPLE, HOME_UNSEEN

WORDS_SUMMED_FROM = 50_000
"""Rows of words from which they are summed up, where summing would halve them."""
_ANEW = "anew"
_WEIGHTS = "weights"
_WRITTEN = "search_words_written"


# Writing


def count(session: Session, words: Counter[tuple[Part, str]]) -> int:
    """Count words up or down, in the caller's transaction; gives the number of the newest row."""
    rows = [{"part": part.value, "word": word, "change": change} for (part, word), change in words.items() if change]
    if not rows:
        return 0
    if len(rows) >= COPIED_FROM:
        if _own_rows(session) is not None:
            # Afterwards this transaction's searches learn nothing: all that was committed must be learnt by then.
            remembered(session)
        write_rows(session, SearchWord, rows)
        wrote(session)
        return newest(session)
    if _is_postgresql(session):
        numbers: Sequence[int] = session.scalars(_ADDED, columns_of(rows)).all()
    else:
        write_rows(session, SearchWord, rows)
        # One writer at a time, and numbers in a row: what it wrote last are the newest.
        last = newest(session)
        numbers = range(last + 1 - len(rows), last + 1)
    wrote_rows(session, numbers)
    return numbers[-1]


def columns_of(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """The words column by column, as `words_added` takes them."""
    return {f"{name}s": [row[name] for row in rows] for name in ("part", "word", "change")}


def tell_of_weights(session: Session) -> None:
    """Let every process read the learnt weights anew, from the moment this transaction is committed."""
    session.execute(insert(SearchWord), [{"part": _WEIGHTS, "word": "", "change": 0}])
    wrote(session)


def wrote(session: Session) -> None:
    """Until it ends, this transaction's searches learn no words: its own must not get into what all others share."""
    session.info[_WRITTEN] = session.get_transaction(), None


def wrote_rows(session: Session, numbers: Iterable[int]) -> None:
    """Until it ends, this transaction's searches learn all words but those of these rows, which are its own."""
    own = _own_rows(session)
    if own is not None:
        session.info[_WRITTEN] = session.get_transaction(), own.union(numbers)


def newest(session: Session) -> int:
    """The number of the newest row of words."""
    return int(session.connection().exec_driver_sql("SELECT max(number) FROM search_word").scalar() or 0)


def sum_up_when_many(session: Session, last: int) -> None:
    """Put one row for each word in the place of its changes, where they have become many; `last` is the newest row."""
    if last % 1000 < 25 and many(session):
        sum_up(session)


def many(session: Session) -> bool:
    """Whether summing up would more than halve the rows of words; where it would not, they cannot become few."""
    rows = session.scalar(select(func.count()).select_from(SearchWord)) or 0
    return rows > WORDS_SUMMED_FROM and rows > 2 * remembered(session).vocabulary.words


def sum_up(session: Session) -> None:
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
    wrote(session)


# Remembering


@dataclass
class Memory:
    """What one process remembers of one database."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    scale: Scale = matching.SHIPPED
    last: int = 0
    """The newest row of words that was read."""
    missing: set[int] = field(default_factory=set)
    """Numbers below it that were not there yet: their transaction may still be open."""
    home_mates: float = HOME_BEFORE
    measured_at: int = -1
    lock: Lock = field(default_factory=Lock)


_memories: WeakKeyDictionary[Engine, Memory] = WeakKeyDictionary()
_memories_lock = Lock()
MISSING_KEPT = 1000


def remembered(session: Session) -> Memory:
    """What this process knows of the words on file, with everything that was committed until now."""
    engine = session.get_bind().engine
    with _memories_lock:
        memory = _memories.setdefault(engine, Memory())
    own = _own_rows(session)
    if own is None:
        return memory if memory.last else _caught_up(session, Memory(), frozenset())
    with memory.lock:
        return _caught_up(session, memory, own)


def _own_rows(session: Session) -> frozenset[int] | None:
    """The rows of words that this transaction wrote; None where it has written more than can be told apart."""
    written_in, numbers = session.info.get(_WRITTEN, (None, None))
    ours: frozenset[int] | None = numbers
    return ours if written_in is session.get_transaction() is not None else frozenset()


def _caught_up(session: Session, memory: Memory, own: frozenset[int]) -> Memory:
    _catch_up(session, memory, own)
    if memory.vocabulary.people > 1.2 * memory.measured_at + 20:
        memory.home_mates = _home_mates(session)
        memory.measured_at = memory.vocabulary.people
    return memory


_NEW_SQLITE = "SELECT number, part, word, change FROM search_word WHERE number > ? ORDER BY number"
_NEW_POSTGRESQL = "SELECT number, part, word, change FROM search_word WHERE number > %s ORDER BY number"


def _catch_up(session: Session, memory: Memory, own: frozenset[int]) -> None:
    # By the driver, as in db/searching.py: it is asked before every search.
    new = _NEW_POSTGRESQL if _is_postgresql(session) else _NEW_SQLITE
    rows: Sequence[Any] = session.connection().exec_driver_sql(new, (memory.last,)).all()
    if memory.missing:
        late = select(SearchWord.number, SearchWord.part, SearchWord.word, SearchWord.change)
        rows = [*session.execute(late.where(SearchWord.number.in_(memory.missing))).all(), *rows]
    if own:
        rows = [row for row in rows if row[0] not in own]
    memory.missing -= {row[0] for row in rows}
    if not rows:
        return
    marks = {row[1] for row in rows} & {_ANEW, _WEIGHTS}
    if _ANEW in marks and memory.last:
        memory.vocabulary, memory.last, memory.missing = Vocabulary(), 0, set()
        _catch_up(session, memory, own)
        return
    if _WEIGHTS in marks or not memory.last:
        memory.scale = _scale(session)
    _learn(session, memory, rows)


def _scale(session: Session) -> Scale:
    """The weights that were learnt last and stand, or those that ship."""
    newest = (
        select(LearnedWeights.weights)
        .where(LearnedWeights.taken_back_at.is_(None))
        .order_by(LearnedWeights.learned_at.desc())
        .limit(1)
    )
    learnt = session.scalar(newest)
    return matching.scale_of(json.loads(learnt)) if learnt else matching.SHIPPED


def _learn(session: Session, memory: Memory, rows: Sequence[Any]) -> None:
    words = [(part, word, change) for _, part, word, change in rows if part not in (_ANEW, _WEIGHTS)]
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
    sample = Random(last).sample(range(1, last + 1), min(last, HOME_SAMPLE))
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
    return (mates + HOME_UNSEEN) / (known + 1)


def _others_of_the_home(session: Session, packed: Packed, keys: Sequence[int]) -> int:
    """Other children with the same address or phone; none where they are many: a shelter is no home."""
    numbers = select(SearchKey.number).where(SearchKey.key.in_(keys)).limit(12)
    rows = session.scalars(select(SearchPerson.folded).where(SearchPerson.number.in_(numbers)))
    others = {
        (other.first, other.dob)
        for other in (Packed(*row.split("\t")) for row in rows)
        if matching.home_mates(packed, other)
    }
    return len(others) if len(others) < A_SHELTER else 0


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


# One statement on PostgreSQL, whatever the number of words: else each row is a question and an answer of its own.

_TABLE = SearchWord.metadata.tables[SearchWord.__tablename__]


def words_added(for_each: FromClause | None = None) -> Insert:
    """Adds the words of `columns_of`, once for each row of something else if that is given"""
    columns = [("parts", String), ("words", String), ("changes", Integer)]
    words = select(*(func.unnest(bindparam(name, type_=ARRAY(kind))) for name, kind in columns))
    if for_each is not None:
        words = words.select_from(for_each)
    return insert(_TABLE).from_select(["part", "word", "change"], words)


_ADDED = words_added().returning(_TABLE.c.number)
