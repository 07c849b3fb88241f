"""Search keys: what a person can be found by. The store keeps exact keys only; it is the question that is widened.

A key is a hash of 64 bits, so that it takes eight bytes whatever it was made of. The store never holds a sound code or
a nickname: the rules can change without rewriting it.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import chain
from operator import itemgetter
from struct import unpack
from typing import NamedTuple

from domain.matching.levels import Compared
from domain.matching.person import Packed
from domain.matching.vocabulary import Part, Vocabulary


def _keys(kind: str, parts: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
    """The keys of some words, for one kind of record, as signed numbers of 64 bits."""
    start = kind + "\t"
    digests = [blake2b((start + "\t".join(each)).encode(), digest_size=8).digest() for each in parts]
    return unpack(f">{len(digests)}q", b"".join(digests))


def keys_of(kind: str, person: Packed) -> list[int]:
    """All keys that a record of this person is kept under; about 17."""
    return list(_keys(kind, list(dict.fromkeys(_parts_of(person)))))


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


Parts = tuple[str, ...]
Expected = tuple[float, Parts, Compared | None]
"""How many people are expected under a key, what it is made of, and what their number is a figure of."""
Likes = dict[str, list[tuple[str, int, int]]]
"""For each asked word: the words on file that are like it, how close (0 is the same), how often on file."""

PAIRS = 50
"""Pairs of similar names looked up for one question."""
PAIRED = 12
"""Similar names of one asked name that come into such pairs."""
SIMILAR, WIDE_SIMILAR = 7, 14
"""Similar names followed with a date."""
PLACED, WIDE_PLACED = 1, 10
"""Similar names followed with a place."""


class Asking:
    """One question on its way to keys: first as it was asked, then widened, then far. No key is given twice."""

    def __init__(self, kind: str, asked: Packed, vocabulary: Vocabulary) -> None:
        self.kind, self.asked, self.vocabulary = kind, asked, vocabulary
        self.people = max(vocabulary.counts[Part.PEOPLE].get(kind, 0), 1)
        self.names = names_of(asked)
        self._given: set[Parts] = set()
        self._widened: Likes | None = None

    def as_asked(self, most: float) -> list[Lookup]:
        """The keys of exactly what was asked, rarest first, until `most` people are expected under them."""
        likes = self._as_written()
        dob = self.asked.dob
        found = [(1.0, parts, field) for field, parts in self._contacts()]
        if dob:
            found.append((self._born_on(dob), ("born", dob), None))
        found += [*self._pairs(likes, PAIRS), *self._dated(likes, 1, [dob] if dob else []), *self._placed(likes, 1)]
        return self._chosen(found, most)

    def widened(self, most: float) -> list[Lookup]:
        """Each name widened to the few names on file that are most like it, each date to its most frequent slips."""
        likes, dates = self._likes(), self._dates()
        found: list[Expected] = [(self._born_on(date), ("born", date), None) for date in dates]
        found += [*self._pairs(likes, PAIRS), *self._dated(likes, SIMILAR, dates), *self._placed(likes, PLACED)]
        return self._chosen(found or self._alone(likes), most)

    def far(self, most: float) -> list[Lookup]:
        """All similar names, and each name by itself: for when nobody convinces."""
        likes = self._likes()
        found = [*self._dated(likes, WIDE_SIMILAR, self._dates()), *self._placed(likes, WIDE_PLACED)]
        return self._chosen([*found, *self._alone(likes)], most)

    def _chosen(self, found: list[Expected], most: float) -> list[Lookup]:
        found.sort(key=itemgetter(0))
        chosen: list[Expected] = []
        total = 0.0
        for each in found:
            if each[1] not in self._given:
                total += each[0]
                if total > most and chosen:
                    break
                self._given.add(each[1])
                chosen.append(each)
        keys = _keys(self.kind, [parts for _, parts, _ in chosen])
        return [Lookup(key, expected, crowd) for key, (expected, _, crowd) in zip(keys, chosen, strict=True)]

    def _as_written(self) -> Likes:
        count = self.vocabulary.name_count
        return {word: [(word, 0, count(word))] for word in self.names.all}

    def _likes(self) -> Likes:
        if self._widened is None:
            widened = self.vocabulary.widened
            self._widened = {word: widened(word) for word in self.names.all}
        return self._widened

    def _dates(self) -> list[str]:
        return _slipped(self.asked.dob) if self.asked.dob else []

    def _contacts(self) -> Iterator[tuple[Compared | None, Parts]]:
        asked = self.asked
        yield from ((Compared.PHONE, ("phone", number[-7:])) for number in _bars(asked.phone))
        yield from ((Compared.CAREGIVER, ("care", *care)) for care in map(_care, asked.caregiver.split("|")) if care)
        yield from ((Compared.NUMBER, ("number", number)) for number in _bars(asked.number))
        yield from ((Compared.INCIDENT, ("number", number)) for number in _bars(asked.incident))
        yield from ((Compared.EMAIL, ("email", email)) for email in _bars(asked.email))
        for parts in _address_parts(asked):
            counts = parts[0] == "home" or (parts[0] == "house" and not asked.zip)
            yield (Compared.ADDRESS if counts else None), parts

    def _pairs(self, likes: Likes, most: int) -> list[Expected]:
        options = [
            (one_close + other_close, one, other, one_count, other_count)
            for asked_one, asked_other in self.names.pairs()
            for one, one_close, one_count in likes.get(asked_one, ())[:PAIRED]
            for other, other_close, other_count in likes.get(asked_other, ())[:PAIRED]
        ]
        if len(options) > most:
            options.sort()
        found: list[Expected] = []
        for _, one, other, one_count, other_count in options[:most]:
            expected = min(one_count, other_count, 0.5 + 2.0 * one_count * other_count / self.people)
            found.append((expected, ("pair", one, other) if one <= other else ("pair", other, one), None))
        return found

    def _dated(self, likes: Likes, similar: int, dates: list[str]) -> list[Expected]:
        """Names with the year of birth, and with its month and day; only the name as asked with slips of the date."""
        share = self.vocabulary.year_share
        years = [(year, share(year)) for year in dict.fromkeys(date[:4] for date in dates)]
        days = list(dict.fromkeys(date[4:] for date in dates if _day_known(date)))
        found: list[Expected] = []
        for likenesses in likes.values():
            for like, close, count in likenesses[:similar]:
                exact = close == 0
                found += [(count * part, ("year", like, year), None) for year, part in (years if exact else years[:1])]
                found += [(count / 365, ("day", like, day), None) for day in (days if exact else days[:1])]
        return found

    def _placed(self, likes: Likes, similar: int) -> list[Expected]:
        found: list[Expected] = []
        for part, area in ((Part.ZIP, self.asked.zip), (Part.CITY, self.asked.city)):
            if area:
                share = self.vocabulary.place_share(part, area)
                for likenesses in likes.values():
                    found += [(count * share, ("area", like, area), None) for like, _, count in likenesses[:similar]]
        return found

    def _alone(self, likes: Likes) -> list[Expected]:
        return [
            (count * (1.0 + close), ("name", like), None)
            for likenesses in likes.values()
            for like, close, count in likenesses
        ]

    def _born_on(self, date: str) -> float:
        people = self.vocabulary.year_share(date[:4]) * self.people
        return people / 3 if date.endswith(("00", "0101")) else people / 365


def _slipped(dob: str) -> list[str]:
    """A date and the dates it may be a slip of: day and month exchanged, neighbouring digits exchanged, next years."""
    year, month, day = dob[:4], dob[4:6], dob[6:]
    found = [dob, year + day + month]
    found += [dob[:place] + dob[place + 1] + dob[place] + dob[place + 2 :] for place in (2, 4, 6)]
    found += [f"{int(year) + step:04d}{month}{day}" for step in (-1, 1)]
    return [date for date in dict.fromkeys(found) if date == dob or _possible(date)]


def _possible(date: str) -> bool:
    return "01" <= date[4:6] <= "12" and "01" <= date[6:] <= "31"
