"""Search keys of an earlier program brought up to today's rules, a few records at a time, in place."""

from array import array
from collections import Counter as Counted

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db.rows import write_rows
from db.search_words import count
from db.tables.people import Counter
from db.tables.search import SearchKey, SearchPerson
from domain import matching
from domain.matching import Packed, Part, RecordKind

SERIES = "search-rules"
"""Where the number of the rules that all keys on file follow is kept."""


def kept_rules(session: Session) -> int:
    """The number of the rules that every record on file is keyed by; 0 when nobody ever looked."""
    kept = session.get(Counter, SERIES)
    return kept.last if kept else 0


def note_rules(session: Session) -> None:
    """Note that every record on file is keyed by today's rules."""
    session.merge(Counter(series=SERIES, last=matching.KEY_RULES))


def key_anew(session: Session, after: int, limit: int) -> tuple[int | None, int]:
    """Look at the records that follow one, by number, and key those anew whose keys are not today's.

    Gives the number to go on after, None at the end, and how many records were changed. What is being looked at is
    locked, so that nobody rewrites it meanwhile.
    """
    following = select(SearchPerson).where(SearchPerson.number > after).order_by(SearchPerson.number).limit(limit)
    people = session.scalars(following.with_for_update()).all()
    words: Counted[tuple[Part, str]] = Counted()
    changed = sum(_keyed_anew(session, person, words) for person in people)
    count(session, words)
    return (people[-1].number if len(people) == limit else None), changed


def _keyed_anew(session: Session, kept: SearchPerson, words: Counted[tuple[Part, str]]) -> bool:
    kind, packed = RecordKind(kept.kind), matching.pack(matching.from_written(kept.written))
    keys, words_now = matching.keys_and_words(kind, packed)
    before, folded = set(array("q", kept.keys)), packed.line()
    if before == set(keys) and kept.folded == folded:
        return False
    words.update(words_now)
    words.subtract(matching.words_of(kind, Packed(*kept.folded.split("\t"))))
    session.execute(delete(SearchKey).where(SearchKey.number == kept.number, SearchKey.key.in_(before - set(keys))))
    write_rows(session, SearchKey, [{"key": key, "number": kept.number} for key in keys if key not in before])
    new = {"folded": folded, "keys": array("q", keys).tobytes()}
    session.execute(update(SearchPerson).where(SearchPerson.number == kept.number).values(**new))
    return True
