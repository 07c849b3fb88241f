"""The words on file with their counts: how rare a name is, and which names on file are like one that was typed.

This is all that is held in memory of a store: words and numbers, never a person.
"""

from collections.abc import Iterable
from enum import StrEnum
from itertools import chain

import numpy as np

from domain.matching import census
from domain.matching.folding import sound
from domain.matching.levels import Level
from domain.matching.likeness import CLOSENESS, all_alike
from domain.matching.nicknames import forms
from domain.matching.weights import (
    CENSUS_PEOPLE,
    PLACE_PEOPLE,
    RAREST_NAME,
    RAREST_PLACE,
    WORDS_EACH,
    YEAR_PEOPLE,
    YEARS_OF_CHILDHOOD,
)


class Part(StrEnum):
    """What a word on file is."""

    GIVEN = "given"
    SURNAME = "surname"
    OTHER = "other"
    """A middle name or alias."""
    YEAR = "year"
    ZIP = "zip"
    CITY = "city"
    PEOPLE = "people"
    """The word is a kind of record; its count is how many there are."""

    __hash__ = str.__hash__


NAMES = (Part.GIVEN, Part.SURNAME, Part.OTHER)


WORDS_REMEMBERED = 20_000
"""Asked words whose likenesses are remembered, so that years of questions do not fill the memory."""


class Vocabulary:
    """Counts of the words of one store, and the words that are like a given one."""

    def __init__(self) -> None:
        self.counts: dict[Part, dict[str, int]] = {part: {} for part in Part}
        self._given, self._surnames = self.counts[Part.GIVEN], self.counts[Part.SURNAME]
        self._names: dict[str, int] = {}
        """How often a word stands in any name on file."""
        self._people = 0
        self._tags: np.ndarray[tuple[int], np.dtype[np.int64]] = np.empty(0, np.int64)
        self._places: np.ndarray[tuple[int], np.dtype[np.int32]] = np.empty(0, np.int32)
        self._sorted_words: list[str] = []
        self._fresh: dict[int, list[str]] = {}
        self._fresh_words: list[str] = []
        self._known: set[str] = set()
        self._near: dict[str, dict[str, Level]] = {}
        self._widened: dict[str, list[tuple[str, int, int]]] = {}

    # What is on file

    @property
    def people(self) -> int:
        """How many clients and referrals are on file."""
        return self._people

    @property
    def words(self) -> int:
        """How many different words were counted, whatever they are."""
        return sum(map(len, self.counts.values()))

    def learn(self, part: Part, word: str, change: int) -> None:
        """Count a word up or down."""
        counts = self.counts[part]
        before = counts.get(word, 0)
        counts[word] = before + change
        self._people += change if part is Part.PEOPLE else 0
        if part not in NAMES:
            return
        self._names[word] = self._names.get(word, 0) + change
        if before <= 0:
            self._near.clear()
            self._widened.clear()
            if word not in self._known:
                self._known.add(word)
                self._fresh_words.append(word)
                for tag in _tags(word):
                    self._fresh.setdefault(tag, []).append(word)

    def learn_all(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Count many words, then sort them once for looking up."""
        for part, word, change in rows:
            counts = self.counts[Part(part)]
            counts[word] = counts.get(word, 0) + change
            if part in NAMES:
                self._names[word] = self._names.get(word, 0) + change
        self._people = sum(self.counts[Part.PEOPLE].values())
        self.settle()

    def settle(self) -> None:
        """Sort the tags of all words, so that fresh words cost no more than old ones."""
        words = sorted(self._names)
        tags = [_tags(word) for word in words]
        sizes = np.fromiter(map(len, tags), np.int32, len(tags))
        flat = np.fromiter(chain.from_iterable(tags), np.int64, int(sizes.sum()))
        order = np.argsort(flat, kind="stable")
        self._tags = flat[order]
        self._places = np.repeat(np.arange(len(words), dtype=np.int32), sizes)[order]
        self._sorted_words = words
        self._known = set(words)
        self._fresh, self._fresh_words = {}, []
        self._near, self._widened = {}, {}

    @property
    def unsettled(self) -> int:
        """Words learnt since the last sorting."""
        return len(self._fresh_words)

    # How rare

    def given_share(self, word: str) -> float:
        """Share of people with this given name, on file and in the census."""
        return _name_share(self._given.get(word, 0), self._people, _GIVEN_NAMES.get(word, 0.0))

    def surname_share(self, word: str) -> float:
        """Share of people with this word in their surname, on file and in the census."""
        return _name_share(self._surnames.get(word, 0), self._people, _SURNAMES.get(word, 0.0))

    @property
    def seldom(self) -> float:
        """The share of a word that stands on file once at most, and that the census does not know."""
        return max(1.0 / (self._people + CENSUS_PEOPLE), RAREST_NAME)

    def year_share(self, year: str) -> float:
        """Share of people born in a year."""
        seen = self.counts[Part.YEAR].get(year, 0)
        return (seen + YEAR_PEOPLE * YEARS_OF_CHILDHOOD) / (self.people + YEAR_PEOPLE)

    def place_share(self, part: Part, word: str) -> float:
        """Share of people with this zip or city, of those where it is known."""
        counts = self.counts[part]
        known = max(self.people, 1) if len(counts) < 2 else sum(counts.values()) if len(counts) < 50 else self.people
        seen = max(counts.get(word, 0) - 0.5, 0.0)
        return max((seen + PLACE_PEOPLE * 0.02) / (known + PLACE_PEOPLE), RAREST_PLACE)

    def name_count(self, word: str) -> int:
        """How often a word stands in any name on file."""
        return self._names.get(word, 0)

    # What is like it

    def near(self, word: str) -> dict[str, Level]:
        """Words on file that a typed word may stand for, best first, itself among them if it is on file."""
        found = self._near.get(word)
        if found is None:
            if len(self._near) > WORDS_REMEMBERED:
                self._near.clear()
            found = self._near[word] = self._best(all_alike(word, *self._tagged_like(word)), WORDS_EACH)
        return found

    def meant(self, word: str) -> list[str]:
        """The word itself and the names on file of which it may be a slip."""
        return [word, *(like for like, level in self.near(word).items() if level is Level.SLIP)]

    def widened(self, word: str) -> list[tuple[str, int, int]]:
        """The word itself and those near it, each with how close (0 is the same) and how often it is on file."""
        found = self._widened.get(word)
        if found is None:
            if len(self._widened) > WORDS_REMEMBERED:
                self._widened.clear()
            near = {word: Level.SAME} | self.near(word)
            found = [(like, CLOSENESS[level], self.name_count(like)) for like, level in near.items()]
            self._widened[word] = found
        return found

    def _tagged_like(self, word: str) -> tuple[list[str], set[str]]:
        """Words on file that share a tag with this one, and those of them that sound like it."""
        tags = _tags(word)
        asked = np.fromiter(tags, np.int64, len(tags))
        starts, ends = np.searchsorted(self._tags, asked, "left"), np.searchsorted(self._tags, asked, "right")
        tagged = [self._places[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        words = [self._sorted_words[place] for place in np.unique(np.concatenate(tagged)).tolist()]
        fresh = [self._fresh.get(tag, ()) for tag in tags]
        others = {word, *forms().get(word, ()), *chain.from_iterable(fresh)}.difference(words)
        # The last tag of a word is its sound.
        return [*words, *others], {*(self._sorted_words[place] for place in tagged[-1].tolist()), *fresh[-1]}

    def _best(self, levels: dict[str, Level], most: int) -> dict[str, Level]:
        """The closest and most frequent of the words that are on file."""
        closer = [each for each in levels.items() if each[1] is not Level.FAR]
        found = self._counted(closer)
        if len(found) < most:
            found += self._counted([each for each in levels.items() if each[1] is Level.FAR])
        found.sort()
        return {other: level for _, _, other, level in found[:most]}

    def _counted(self, levels: list[tuple[str, Level]]) -> list[tuple[int, int, str, Level]]:
        counts = self._names
        return [(CLOSENESS[level], -counts[other], other, level) for other, level in levels if counts.get(other, 0) > 0]


_GIVEN_NAMES, _SURNAMES = census.given_names(), census.surnames()


def _name_share(count: int, people: int, expected: float) -> float:
    # Half a person less: one of those who are counted may be the very child that is asked for.
    seen = count - 0.5 if count > 0 else 0.0
    return max((seen + CENSUS_PEOPLE * expected) / (people + CENSUS_PEOPLE), RAREST_NAME)


def _tags(word: str) -> list[int]:
    """What a word can be found by: itself and with one letter left out, its first and last four letters, its sound."""
    if len(word) < 3:
        return [hash("=" + word)]
    shorter = {word[:place] + word[place + 1 :] for place in range(len(word))}
    return [
        hash("=" + word),
        *(hash("=" + part) for part in shorter),
        hash("<" + word[:4]),
        hash(">" + word[-4:]),
        hash("~" + sound(word)),
    ]
