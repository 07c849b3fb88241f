"""Search keys: what a person can be found by. The store keeps exact keys only; it is the question that is widened.

A key is a hash of 64 bits, so that it takes eight bytes whatever it was made of. The store never holds a sound code or
a nickname: the rules can change without rewriting it.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import chain
from typing import NamedTuple

from domain.matching.levels import Compared, Level
from domain.matching.likeness import CLOSENESS
from domain.matching.person import Packed
from domain.matching.vocabulary import Part, Vocabulary


def key(kind: str, *parts: str) -> int:
    """The key of some words, for one kind of record, as a signed number of 64 bits."""
    text = kind + "\t" + "\t".join(parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def keys_of(kind: str, person: Packed) -> list[int]:
    """All keys that a record of this person is kept under; about 17."""
    return list(dict.fromkeys(key(kind, *parts) for parts in _parts_of(person)))


def _parts_of(person: Packed) -> Iterator[tuple[str, ...]]:
    names = names_of(person)
    yield from (("pair", *sorted(pair)) for pair in names.pairs())
    yield from (("name", word) for word in names.all)
    if person.dob:
        yield ("born", person.dob)
        for word in names.all:
            yield ("year", word, person.dob[:4])
        if _day_known(person.dob):
            yield from (("day", word, person.dob[4:]) for word in names.leading)
    area = person.zip or person.city
    if area:
        yield from (("area", word, area) for word in names.leading)
    yield from (("phone", number[-7:]) for number in person.phone.split("|") if number)
    yield from (("care", *care) for care in map(_care, person.caregiver.split("|")) if care)
    yield from (("number", number) for number in _bars(person.number, person.incident))
    yield from (("email", email) for email in _bars(person.email))
    yield from _address_parts(person)


def _day_known(dob: str) -> bool:
    return not dob.endswith("00") and not dob.endswith("0101")


def _bars(*values: str) -> Iterator[str]:
    return chain.from_iterable(value.split("|") for value in values if value)


def _care(name: str) -> tuple[str, ...]:
    words = name.split()
    return tuple(sorted((words[0], words[-1]))) if len(words) > 1 else ()


def _address_parts(person: Packed) -> Iterator[tuple[str, ...]]:
    house, _, street = person.address.partition("|")
    if house and street:
        yield ("house", house, street[:4])
        if person.zip:
            yield ("home", house, street[:4], person.zip)
    if street and person.zip and street != "pobox":
        yield ("street", street, person.zip)


class Names(NamedTuple):
    """The words of a name by which somebody is kept and looked for."""

    given: tuple[str, ...]
    others: tuple[str, ...]
    """Middle names and aliases."""
    surnames: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.given + self.surnames + self.others))

    @property
    def leading(self) -> tuple[str, ...]:
        """First given name and surnames: what most people are known by."""
        return tuple(dict.fromkeys(self.given[:1] + self.surnames))

    def pairs(self) -> list[tuple[str, str]]:
        """Each given name or other name with each surname, and the given name with each other name."""
        crossed = [(one, other) for one in self.given + self.others for other in self.surnames]
        return crossed + [(one, other) for one in self.given[:1] for other in self.others]


def names_of(person: Packed) -> Names:
    """The words of a name; a surname of several words also closed up."""
    tokens, _, joined = person.last.partition("|")
    surnames = tuple(word for word in dict.fromkeys((*tokens.split(), joined)) if word)
    given = person.first.split()
    if len(given) > 1:
        given = [*given[:2], "".join(given[:2])]
    others = [*person.middle.split(), *person.alias.replace("|", " ").split()]
    return Names(tuple(given), tuple(word for word in others if len(word) > 1)[:5], surnames[:4])


def words_of(kind: str, person: Packed) -> Iterator[tuple[Part, str]]:
    """The words of a record that the vocabulary counts."""
    names = names_of(person)
    yield Part.PEOPLE, kind
    yield from ((Part.GIVEN, word) for word in names.given)
    yield from ((Part.SURNAME, word) for word in names.surnames)
    yield from ((Part.OTHER, word) for word in names.others)
    if person.dob:
        yield Part.YEAR, person.dob[:4]
    if person.zip:
        yield Part.ZIP, person.zip
    if person.city:
        yield Part.CITY, person.city


class Lookup(NamedTuple):
    """A key to look up, with about how many people are expected under it."""

    key: int
    expected: float
    crowd: Compared | None = None
    """Where the number of people found is itself a figure: how many share this phone."""


def lookups(kind: str, asked: Packed, vocabulary: Vocabulary, *, wider: bool = False) -> list[Lookup]:
    """The keys to look up for a question, rarest first: each name widened to the names on file that are like it."""
    near = vocabulary.wider if wider else vocabulary.near
    people = max(vocabulary.counts[Part.PEOPLE].get(kind, 0), 1)
    asking = _Asking(kind, asked, vocabulary, people)
    found = list(asking.plain())
    likes = {word: list(({word: Level.SAME} | near(word)).items()) for word in names_of(asked).all}
    found += asking.names(likes)
    unique = {lookup.key: lookup for lookup in reversed(found)}
    return sorted(unique.values(), key=lambda lookup: lookup.expected)


Likes = dict[str, list[tuple[str, Level]]]
MOST_PAIRS = 160
"""Pairs of similar names looked up for one question."""


class _Asking:
    """One question on its way to keys."""

    def __init__(self, kind: str, asked: Packed, vocabulary: Vocabulary, people: int) -> None:
        self.kind, self.asked, self.vocabulary, self.people = kind, asked, vocabulary, people
        self.names_asked = names_of(asked)
        self.dates = _slipped(asked.dob) if asked.dob else []

    def plain(self) -> Iterator[Lookup]:
        """Keys without a name: contacts, address, numbers, date of birth."""
        for field, parts in self._contacts():
            yield Lookup(key(self.kind, *parts), 1.0, field)
        for date in self.dates:
            yield Lookup(key(self.kind, "born", date), self._born_on(date))

    def _contacts(self) -> Iterator[tuple[Compared | None, tuple[str, ...]]]:
        asked = self.asked
        yield from ((Compared.PHONE, ("phone", number[-7:])) for number in _bars(asked.phone))
        yield from ((Compared.CAREGIVER, ("care", *care)) for care in map(_care, asked.caregiver.split("|")) if care)
        yield from ((Compared.NUMBER, ("number", number)) for number in _bars(asked.number))
        yield from ((Compared.INCIDENT, ("number", number)) for number in _bars(asked.incident))
        yield from ((Compared.EMAIL, ("email", email)) for email in _bars(asked.email))
        for parts in _address_parts(asked):
            counts = parts[0] == "home" or (parts[0] == "house" and not asked.zip)
            yield (Compared.ADDRESS if counts else None), parts

    def names(self, likes: Likes) -> Iterator[Lookup]:
        """Keys with names: in pairs, with a date, with a place, alone."""
        yield from self._pairs(likes)
        for similar in likes.values():
            for like, level in similar:
                count = self.vocabulary.name_count(like)
                yield from self._with_dates(like, count, level)
                yield from self._with_area(like, count, level)
                yield Lookup(key(self.kind, "name", like), count * (1.0 + CLOSENESS[level]))

    def _pairs(self, likes: Likes) -> Iterator[Lookup]:
        options = sorted(
            (CLOSENESS[one_level] + CLOSENESS[other_level], one, other)
            for asked_one, asked_other in self.names_asked.pairs()
            for one, one_level in likes.get(asked_one, ())
            for other, other_level in likes.get(asked_other, ())
        )
        for _, one, other in options[:MOST_PAIRS]:
            counts = sorted((self.vocabulary.name_count(one), self.vocabulary.name_count(other)))
            expected = min(counts[0], 0.5 + 2.0 * counts[0] * counts[1] / self.people)
            yield Lookup(key(self.kind, "pair", *sorted((one, other))), expected)

    def _with_dates(self, like: str, count: int, level: Level) -> Iterator[Lookup]:
        for date in self.dates if level is Level.SAME else self.dates[:1]:
            share = self.vocabulary.year_share(date[:4])
            yield Lookup(key(self.kind, "year", like, date[:4]), count * share)
            if _day_known(date):
                yield Lookup(key(self.kind, "day", like, date[4:]), count / 365)

    def _with_area(self, like: str, count: int, level: Level) -> Iterator[Lookup]:
        for part, area in ((Part.ZIP, self.asked.zip), (Part.CITY, self.asked.city)):
            if area and CLOSENESS[level] <= CLOSENESS[Level.SLIP]:
                share = self.vocabulary.place_share(part, area)
                yield Lookup(key(self.kind, "area", like, area), count * share)

    def _born_on(self, date: str) -> float:
        share = self.vocabulary.year_share(date[:4]) * self.people
        return share / 3 if date.endswith(("00", "0101")) else share / 365


def _slipped(dob: str) -> list[str]:
    """A date and the dates it may be a slip of: day and month exchanged, neighbouring digits exchanged, next years."""
    year, month, day = dob[:4], dob[4:6], dob[6:]
    found = [dob, year + day + month]
    found += [dob[:place] + dob[place + 1] + dob[place] + dob[place + 2 :] for place in (2, 4, 6)]
    found += [f"{int(year) + step:04d}{month}{day}" for step in (-1, 1)]
    return [date for date in dict.fromkeys(found) if date == dob or _possible(date)]


def _possible(date: str) -> bool:
    return "01" <= date[4:6] <= "12" and "01" <= date[6:] <= "31"


def rarest_first(found: Iterable[Lookup], most: float) -> list[Lookup]:
    """As many look-ups, rarest first, as are expected to find `most` people together."""
    chosen: list[Lookup] = []
    expected = 0.0
    for lookup in found:
        expected += lookup.expected
        if expected > most and chosen:
            break
        chosen.append(lookup)
    return chosen
