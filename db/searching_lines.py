"""The search among the lines of one file: the product's own search, over people held in memory.

Only where keys and people are kept differs: in dictionaries, gone with the block they are used in. A list of five
thousand lines asks it five thousand times, each time with one line more.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from db.search_words import Memory, remembered
from db.searching import Searching
from domain import matching
from domain.matching import Candidate, Part, Person, RecordKind, Vocabulary

_SETTLED_FROM = 5_000


class FileSearch:
    """The lines of one file, found as clients on file are; it weighs with what the center has learned."""

    def __init__(self, store: Session) -> None:
        on_file = remembered(store)
        self.memory = Memory(vocabulary=Vocabulary(), scale=on_file.scale, home_mates=on_file.home_mates)
        self.lines_under: dict[int, list[int]] = {}
        """By search key, the lines that have it."""
        self.rows: dict[int, tuple[int, str, UUID, str, str]] = {}
        """By line, the row that the store would keep of such a person."""

    def add(self, lines: Sequence[tuple[int, Person]]) -> None:
        """Let lines be found from now on."""
        kind, vocabulary = RecordKind.CLIENT, self.memory.vocabulary
        for line, person in lines:
            packed = matching.pack(person)
            for key in matching.keys_of(kind, packed):
                self.lines_under.setdefault(key, []).append(line)
            for part, word in matching.words_of(kind, packed):
                vocabulary.learn(part, word, 1)
            self.rows[line] = (line, kind.value, UUID(int=line), packed.line(), person.written())
        if vocabulary.unsettled > _SETTLED_FROM:
            vocabulary.settle()

    def like(self, store: Session, person: Person, most: int = 1) -> list[tuple[int, Candidate]]:
        """The lines that are most like this person, best first."""
        if not self.rows:
            return []
        found = _AmongLines(store, person, self).candidates(person, most)
        return [(one.record_id.int, one) for one in found]


class _AmongLines(Searching):
    """One search among lines."""

    def __init__(self, store: Session, person: Person, file: FileSearch) -> None:
        people = file.memory.vocabulary.counts[Part.PEOPLE].get(RecordKind.CLIENT.value, 0)
        super().__init__(store, matching.pack(person), [RecordKind.CLIENT], None, file.memory, max(people, 2))
        self.file = file

    def _keys(self, keys: list[int]) -> Sequence[Any]:
        under = self.file.lines_under
        return list(chain.from_iterable(((key, line) for line in under.get(key, ())) for key in keys))

    def _people(self, numbers: Sequence[int]) -> Sequence[Any]:
        return [self.file.rows[line] for line in numbers]
