"""Search keys: what a person can be found by. The store keeps exact keys only; it is the question that is widened.

A key is a hash of 64 bits, so that it takes eight bytes whatever it was made of. The store never holds a sound code or
a nickname: the rules can change without rewriting it.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from operator import itemgetter
from struct import unpack
from typing import NamedTuple

from domain.matching.levels import Compared
from domain.matching.person import Packed
from domain.matching.vocabulary import Part, Vocabulary

KEY_RULES = 2
"""Raised whenever `keys_of` gives other keys for a person than before: what is on file is then keyed anew by itself."""


def _keys(kind: str, parts: Iterable[str]) -> tuple[int, ...]:
    """The keys of some words parted by tabs, for one kind of record, as signed numbers of 64 bits."""
    start = kind + "\t"
    digests = [blake2b((start + each).encode(), digest_size=8).digest() for each in parts]
    return unpack(f">{len(digests)}q", b"".join(digests))


def keys_of(kind: str, person: Packed) -> tuple[int, ...]:
    """All keys that a record of this person is kept under; about 20."""
    return _keys(kind, dict.fromkeys(_parts_of(person, names_of(person))))


def keys_and_words(kind: str, person: Packed) -> tuple[tuple[int, ...], list[tuple[Part, str]]]:
    """Both that is kept of a record, with its name taken apart once."""
    names = names_of(person)
    return _keys(kind, dict.fromkeys(_parts_of(person, names))), list(_words_of(kind, person, names))


def _parts_of(person: Packed, names: "Names") -> list[str]:
    every, leading, dob = names.all, names.leading, person.dob
    parts = [_pair(one, other) for one, other in names.pairs()]
    parts += [f"name\t{word}" for word in every]
    if dob:
        parts.append(f"born\t{dob}")
        if _year_known(dob):
            parts += [f"year\t{word}\t{dob[:4]}" for word in every]
        if _day_known(dob):
            parts += [f"day\t{word}\t{dob[4:]}" for word in leading]
    if area := person.zip or person.city:
        parts += [f"area\t{word}\t{area}" for word in leading]
    return parts + [part for _, part in _contacts(person)]


def _pair(one: str, other: str) -> str:
    return f"pair\t{one}\t{other}" if one <= other else f"pair\t{other}\t{one}"


def _day_known(dob: str) -> bool:
    return not dob.endswith("00") and not dob.endswith("0101")


def _year_known(dob: str) -> bool:
    return not dob.startswith("0000")


def _contacts(person: Packed) -> list[tuple[Compared | None, str]]:
    """Phone, caregiver, numbers, email and address; with the field whose sharers are counted under the key."""
    found: list[tuple[Compared | None, str]] = []
    if person.phone:
        found += [(Compared.PHONE, f"phone\t{number[-7:]}") for number in person.phone.split("|")]
    if person.caregiver:
        found += [(Compared.CAREGIVER, care) for care in map(_care, person.caregiver.split("|")) if care]
    if person.number:
        found += [(Compared.NUMBER, f"number\t{number}") for number in person.number.split("|")]
    if person.incident:
        found += [(Compared.INCIDENT, f"number\t{number}") for number in person.incident.split("|")]
    if person.email:
        found += [(Compared.EMAIL, f"email\t{email}") for email in person.email.split("|")]
    return found + _address_parts(person) if person.address else found


def _care(name: str) -> str:
    words = name.split()
    return "care\t" + "\t".join(sorted((words[0], words[-1]))) if len(words) > 1 else ""


def _address_parts(person: Packed) -> list[tuple[Compared | None, str]]:
    house, _, street = person.address.partition("|")
    found: list[tuple[Compared | None, str]] = []
    if house and street:
        found.append((None if person.zip else Compared.ADDRESS, f"house\t{house}\t{street[:4]}"))
        if person.zip:
            found.append((Compared.ADDRESS, f"home\t{house}\t{street[:4]}\t{person.zip}"))
            found.append((None, f"door\t{house}\t{person.zip}"))
    if street and person.zip and street != "pobox":
        found.append((None, f"street\t{street}\t{person.zip}"))
    return found


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
    return _words_of(kind, person, names_of(person))


def _words_of(kind: str, person: Packed, names: Names) -> Iterator[tuple[Part, str]]:
    yield Part.PEOPLE, kind
    yield from ((Part.GIVEN, word) for word in names.given)
    yield from ((Part.SURNAME, word) for word in names.surnames)
    yield from ((Part.OTHER, word) for word in names.others)
    if person.dob and _year_known(person.dob):
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


Expected = tuple[float, str, Compared | None]
"""How many people are expected under a key, the words it is made of, and what their number is a figure of."""
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
        self._given: set[str] = set()
        self._widened: Likes | None = None

    def as_asked(self, most: float) -> list[Lookup]:
        """The keys of exactly what was asked, rarest first, until `most` people are expected under them."""
        likes = self._as_written()
        dob = self.asked.dob
        found = [(1.0, part, field) for field, part in _contacts(self.asked)]
        if dob:
            found.append((self._born_on(dob), f"born\t{dob}", None))
        found += [*self._pairs(likes, PAIRS), *self._dated(likes, 1, [dob] if dob else []), *self._placed(likes, 1)]
        return self._chosen(found, most)

    def widened(self, most: float) -> list[Lookup]:
        """Each name widened to the few names on file that are most like it, each date to its most frequent slips."""
        likes, dates = self._likes(), self._dates()
        found: list[Expected] = [(self._born_on(date), f"born\t{date}", None) for date in dates]
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
        keys = _keys(self.kind, [part for _, part, _ in chosen])
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
            found.append((expected, _pair(one, other), None))
        return found

    def _dated(self, likes: Likes, similar: int, dates: list[str]) -> list[Expected]:
        """Names with the year of birth, and with its month and day; only the name as asked with slips of the date."""
        share = self.vocabulary.year_share
        years = [(year, share(year)) for year in dict.fromkeys(date[:4] for date in dates if _year_known(date))]
        days = list(dict.fromkeys(date[4:] for date in dates if _day_known(date)))
        found: list[Expected] = []
        for likenesses in likes.values():
            for like, close, count in likenesses[:similar]:
                exact = close == 0
                found += [
                    (count * part, f"year\t{like}\t{year}", None) for year, part in (years if exact else years[:1])
                ]
                found += [(count / 365, f"day\t{like}\t{day}", None) for day in (days if exact else days[:1])]
        return found

    def _placed(self, likes: Likes, similar: int) -> list[Expected]:
        found: list[Expected] = []
        for part, area in ((Part.ZIP, self.asked.zip), (Part.CITY, self.asked.city)):
            if area:
                share = self.vocabulary.place_share(part, area)
                for likenesses in likes.values():
                    found += [(count * share, f"area\t{like}\t{area}", None) for like, _, count in likenesses[:similar]]
        return found

    def _alone(self, likes: Likes) -> list[Expected]:
        return [
            (count * (1.0 + close), f"name\t{like}", None)
            for likenesses in likes.values()
            for like, close, count in likenesses
        ]

    def _born_on(self, date: str) -> float:
        people = (self.vocabulary.year_share(date[:4]) if _year_known(date) else 0.01) * self.people
        return people / 3 if date.endswith(("00", "0101")) else people / 365


def _slipped(dob: str) -> list[str]:
    """A date and the dates it may be a slip of: day and month exchanged, neighbouring digits exchanged, next years."""
    year, month, day = dob[:4], dob[4:6], dob[6:]
    if not _year_known(dob):
        return [dob]
    found = [dob, year + day + month]
    found += [dob[:place] + dob[place + 1] + dob[place] + dob[place + 2 :] for place in (2, 4, 6)]
    found += [f"{int(year) + step:04d}{month}{day}" for step in (-1, 1)]
    return [date for date in dict.fromkeys(found) if date == dob or _possible(date)]


def _possible(date: str) -> bool:
    return "01" <= date[4:6] <= "12" and "01" <= date[6:] <= "31"
