"""Labelled people, invented: families of children with the errors that referrals have, for benchmarks.match.

    python -m benchmarks.people FOLDER [--kind families] [--clients 5000] [--queries 2000] [--seed 1]

writes store.csv and queries.csv. All names, dates, addresses and phones are drawn by chance; none is a real child.

Homes: one to four children under 18, who share address, phone and caregivers; 1 birth in 40 is a pair of twins; 1 boy
in 50 bears his father's name; a quarter of the homes have Hispanic names with two family names; 1 child in 10 has
another surname than the home; 1 home in 200 lives in one of four shelters with its shared address and phone. Surnames
come by their counts in the US Census 1990, given names by Faker's weights (US births of the 1960s to 1990s; Mexican
names without weights).

Noise of a query (NOISE): each field is changed with the stated chance, apart from the others. A third of the queries of
`families` is not on file; of these a third are brothers, sisters or twins of children on file, and a tenth bear the
name of a child on file.
"""

import argparse
import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from faker.providers.person.en_US import Provider as American
from faker.providers.person.es_MX import Provider as Mexican

from domain.matching import census
from domain.matching.folding import fold
from domain.matching.nicknames import forms

NOISE = {
    "first name mistyped": 0.06,
    "first name by ear": 0.03,
    "first name short": 0.07,
    "goes by the middle name": 0.02,
    "first and last exchanged": 0.01,
    "last name mistyped": 0.05,
    "last name by ear": 0.02,
    "one of two last names": 0.25,
    "last name changed": 0.03,
    "middle name missing": 0.50,
    "middle name as initial": 0.20,
    "middle name other": 0.03,
    "birth date slips": 0.06,
    "birth date missing": 0.04,
    "birth date as 1 January": 0.015,
    "birth year only": 0.02,
    "moved": 0.25,
    "address missing": 0.12,
    "address mistyped": 0.10,
    "other phone": 0.30,
    "phone missing": 0.15,
    "phone mistyped": 0.04,
    "other caregiver": 0.30,
    "caregiver missing": 0.20,
    "sex missing": 0.03,
    "sex wrong": 0.01,
    "accents lost": 0.50,
}
COLUMNS = (
    "id", "first_name", "middle_name", "last_name", "suffix", "aliases", "dob", "sex", "address", "city", "state",
    "zip", "phone", "caregiver", "ssn4",
)  # fmt: skip


@dataclass(frozen=True)
class Child:
    """A line of the store or of the queries."""

    id: str = ""
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    suffix: str = ""
    aliases: str = ""
    dob: str = ""
    sex: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    phone: str = ""
    caregiver: str = ""
    ssn4: str = ""
    truth: str = ""
    case: str = ""


@dataclass
class Home:
    """A family: what its children share."""

    address: str
    city: str
    zip: str
    phone: str
    adults: list[tuple[str, str]]
    """First and last names."""
    last_name: str
    hispanic: bool
    children: list[Child] = field(default_factory=list)


class Drawer:
    """Draws names by their weights."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._surnames = _weighted({name.title(): share for name, share in census.surnames().items()})
        self._given = {
            "F": _weighted(dict(American.first_names_female)),
            "M": _weighted(dict(American.first_names_male)),
        }
        self._spanish = {
            "F": [name for name in Mexican.first_names_female if " " not in name],
            "M": [name for name in Mexican.first_names_male if " " not in name],
        }
        self._spanish_surnames = [name for name in Mexican.last_names if "-" not in name]
        self._rare = sorted(name.title() for name, share in census.given_names().items() if share < 0.0003)

    def surname(self, *, hispanic: bool) -> str:
        if hispanic:
            # Few names are very common: the square of an even draw leans to the front of a shuffled list.
            return self._spanish_surnames[int(len(self._spanish_surnames) * self.chance.random() ** 2.5)]
        return self._draw(self._surnames)

    def given(self, sex: str, *, hispanic: bool) -> str:
        if hispanic:
            names = self._spanish[sex]
            return names[int(len(names) * self.chance.random() ** 1.6)]
        if self.chance.random() < 0.12:
            return self.chance.choice(self._rare)
        return self._draw(self._given[sex])

    def _draw(self, weighted: tuple[list[str], list[float]]) -> str:
        names, sums = weighted
        return self.chance.choices(names, cum_weights=sums)[0]


def _weighted(shares: dict[str, float]) -> tuple[list[str], list[float]]:
    return list(shares), list(accumulate(shares.values()))


STREETS = (
    "Main Oak Maple Cedar Elm Washington Lake Hill Park Pine Walnut Spring North Ridge Church Willow Mill Sunset "
    "Railroad Jackson River Lincoln Highland Cherry Franklin Jefferson Center Dogwood Hickory Poplar Laurel Meadow "
    "Forest Chestnut "
    "Madison Spruce Valley Locust Adams Green Magnolia Grant Cypress Monroe Juniper Clark Sycamore Birch Pecan Aspen"
).split()
KINDS = ("St", "Ave", "Rd", "Dr", "Ln", "Ct", "Blvd", "Way", "Pl", "Ter")
LONG_KINDS = {"St": "Street", "Ave": "Avenue", "Rd": "Road", "Dr": "Drive", "Ln": "Lane", "Ct": "Court"}


class World:
    """A town of homes, drawn from one seed."""

    TODAY = date(2026, 6, 1)

    def __init__(self, seed: int, children: int) -> None:
        self.chance = Random(seed)
        self.drawer = Drawer(self.chance)
        self.area = self.chance.choice(("217", "505", "915", "559", "405"))
        self.cities = [
            (f"{self.drawer.surname(hispanic=False)}{ending}", str(zip_code))
            for ending, zip_code in zip(
                ("ville", " City", "ton", " Springs", "burg", " Falls", "field", " Grove") * 4,
                self.chance.sample(range(60001, 99901), 32),
                strict=True,
            )
        ]
        self.shelters = [(self.street(), *self.chance.choice(self.cities), self.phone()) for _ in range(4)]
        self.homes: list[Home] = []
        self.count = 0
        while self.count < children:
            self.homes.append(self.home())

    def street(self) -> str:
        chance = self.chance
        words = [str(chance.randint(1, 2999)), chance.choice(("", "", "", "N", "S", "E", "W")), chance.choice(STREETS)]
        words += [chance.choice(KINDS), chance.choice(("", "", "", f"Apt {chance.randint(1, 40)}"))]
        return " ".join(word for word in words if word)

    def phone(self) -> str:
        return f"({self.area}) {self.chance.randint(200, 999)}-{self.chance.randint(0, 9999):04d}"

    def home(self) -> Home:
        chance = self.chance
        hispanic = chance.random() < 0.25
        father, mother = self.drawer.surname(hispanic=hispanic), self.drawer.surname(hispanic=hispanic)
        city, zip_code = chance.choice(self.cities)
        place = (self.street(), city, zip_code, self.phone())
        if chance.random() < 1 / 200:
            place = chance.choice(self.shelters)
        adults = [(self.drawer.given("F", hispanic=hispanic), chance.choice((mother, father)))]
        adults.append((self.drawer.given("M", hispanic=hispanic), father))
        home = Home(*place, adults, f"{father} {mother}" if hispanic else father, hispanic)
        for _ in range(chance.choices((1, 2, 3, 4), weights=(40, 35, 18, 7))[0]):
            self.bear(home)
        return home

    def bear(self, home: Home) -> None:
        """A child more in this home; now and then twins."""
        dob = self.birthday(home)
        for _ in range(2 if self.chance.random() < 1 / 40 else 1):
            home.children.append(self.child(home, dob))
            self.count += 1

    def birthday(self, home: Home) -> str:
        for _ in range(50):
            dob = (self.TODAY - timedelta(days=self.chance.randint(0, 18 * 365))).isoformat()
            near = (abs((date.fromisoformat(dob) - date.fromisoformat(other.dob)).days) for other in home.children)
            if all(days > 280 for days in near):
                break
        return dob

    def child(self, home: Home, dob: str) -> Child:
        chance = self.chance
        sex = chance.choice("FM")
        taken = {other.first_name for other in home.children}
        first = self.drawer.given(sex, hispanic=home.hispanic)
        while first in taken:
            first = self.drawer.given(sex, hispanic=home.hispanic)
        suffix = ""
        if sex == "M" and chance.random() < 1 / 50 and home.adults[1][0] not in taken:
            first, suffix = home.adults[1][0], chance.choice(("Jr", "Jr", "III", ""))
        if home.hispanic and chance.random() < 0.15:
            first = f"{first} {self.drawer.given(sex, hispanic=True)}"
        last = home.last_name
        if chance.random() < 0.1:
            last = self.drawer.surname(hispanic=home.hispanic)
        middle = self.drawer.given(sex, hispanic=home.hispanic) if chance.random() < 0.75 else ""
        return Child(
            id=f"c{self.count:07d}{len(home.children)}",
            first_name=first,
            middle_name=middle if chance.random() < 0.8 else middle[:1],
            last_name=last,
            suffix=suffix,
            dob=dob,
            sex=sex,
            address=home.address,
            city=home.city,
            state="IL",
            zip=home.zip,
            phone=home.phone,
            caregiver=" ".join(chance.choice(home.adults)),
        )


# Errors


class Clerk:
    """Writes a child down as a tired officer would."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, Random(seed)

    def happens(self, what: str) -> bool:
        return self.chance.random() < NOISE[what]

    def write(self, child: Child, home: Home) -> Child:
        child = self.name(child)
        child = self.birth(child)
        child = self.place(child)
        child = self.people(child, home)
        if self.happens("sex missing"):
            child = replace(child, sex="")
        elif self.happens("sex wrong"):
            child = replace(child, sex="FM"[child.sex == "F"])
        if self.happens("accents lost"):
            child = replace(child, first_name=plain(child.first_name), last_name=plain(child.last_name))
        return child

    def name(self, child: Child) -> Child:
        child = self.first_name(child)
        child = self.last_name(child)
        if self.happens("first and last exchanged"):
            child = replace(child, first_name=child.last_name, last_name=child.first_name)
        if self.happens("middle name missing"):
            return replace(child, middle_name="")
        if self.happens("middle name as initial"):
            return replace(child, middle_name=child.middle_name[:1])
        if child.middle_name and self.happens("middle name other"):
            return replace(child, middle_name=self.world.drawer.given(child.sex, hispanic=False))
        return child

    def first_name(self, child: Child) -> Child:
        if self.happens("first name mistyped"):
            return replace(child, first_name=self.mistyped(child.first_name))
        if self.happens("first name by ear"):
            return replace(child, first_name=self.by_ear(child.first_name))
        if self.happens("first name short"):
            return replace(child, first_name=self.short(child.first_name))
        if len(child.middle_name) > 1 and self.happens("goes by the middle name"):
            return replace(child, first_name=child.middle_name, middle_name="")
        return child

    def last_name(self, child: Child) -> Child:
        if " " in child.last_name and self.happens("one of two last names"):
            return replace(child, last_name=self.chance.choice(child.last_name.split()))
        if self.happens("last name mistyped"):
            return replace(child, last_name=self.mistyped(child.last_name))
        if self.happens("last name by ear"):
            return replace(child, last_name=self.by_ear(child.last_name))
        if self.happens("last name changed"):
            return replace(child, last_name=self.world.drawer.surname(hispanic=False))
        return child

    def mistyped(self, word: str) -> str:
        """One slip of the keyboard: a letter doubled, dropped, exchanged with its neighbour, or another one."""
        if len(word) < 3:
            return word
        spot = self.chance.randrange(1, len(word) - 1)
        letter = self.chance.choice("abcdefghijklmnopqrstuvwxyz")
        return self.chance.choice(
            (
                word[:spot] + word[spot + 1 :],
                word[:spot] + word[spot] + word[spot:],
                word[:spot] + letter + word[spot + 1 :],
                word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :],
                word[:spot] + letter + word[spot:],
            )
        )

    def by_ear(self, word: str) -> str:
        """Another spelling that sounds alike."""
        changes = [(old, new) for old, new in BY_EAR if old in word.lower()]
        if not changes:
            return self.mistyped(word)
        old, new = self.chance.choice(changes)
        return word.lower().replace(old, new, 1).title()

    def short(self, word: str) -> str:
        known = sorted(forms().get(fold(word), ()))
        return self.chance.choice(known).title() if known else word

    def scratched(self, child: Child) -> Child:
        """A record as badly kept registers have it: up to three more slips, and some fields lost."""
        for _ in range(self.chance.choice((0, 1, 1, 2, 3))):
            name = self.chance.choice(("first_name", "last_name", "address", "dob"))
            child = replace(child, **{name: self.mistyped(getattr(child, name))})
        lost = [name for name in ("first_name", "last_name", "dob", "address", "phone") if self.chance.random() < 0.15]
        return replace(child, **dict.fromkeys([*lost[:2], "middle_name"], ""))

    def birth(self, child: Child) -> Child:
        if self.happens("birth date missing"):
            return replace(child, dob="")
        if self.happens("birth year only"):
            return replace(child, dob=child.dob[:4])
        if self.happens("birth date as 1 January"):
            return replace(child, dob=f"{child.dob[:4]}-01-01")
        return replace(child, dob=self.slipped(child.dob)) if self.happens("birth date slips") else child

    def slipped(self, dob: str) -> str:
        year, month, day = (int(part) for part in dob.split("-"))
        options = [
            (year, day, month),
            (year + self.chance.choice((-1, 1)), month, day),
            (year, month, min(max(day + self.chance.choice((-1, 1, 10, -10)), 1), 28)),
            (year, min(max(month + self.chance.choice((-1, 1)), 1), 12), min(day, 28)),
            (year, month, self.chance.randint(1, 28)),
        ]
        fitting = [option for option in options if option[1] <= 12 and option != (year, month, day)]
        return "{:04d}-{:02d}-{:02d}".format(*self.chance.choice(fitting))

    def place(self, child: Child) -> Child:
        if self.happens("moved"):
            city, zip_code = self.chance.choice(self.world.cities)
            child = replace(child, address=self.world.street(), city=city, zip=zip_code)
        if self.happens("address missing"):
            return replace(child, address="", city=self.chance.choice((child.city, "")), zip="")
        if self.happens("address mistyped"):
            return replace(child, address=self.mistyped(child.address))
        if self.chance.random() < 0.3:
            words = [LONG_KINDS.get(word, word) for word in child.address.split()]
            return replace(child, address=" ".join(words))
        return child

    def people(self, child: Child, home: Home) -> Child:
        if self.happens("other phone"):
            child = replace(child, phone=self.world.phone())
        elif self.happens("phone missing"):
            child = replace(child, phone="")
        elif self.happens("phone mistyped"):
            spot = self.chance.randrange(6, len(child.phone))
            child = replace(child, phone=child.phone[:spot] + str(self.chance.randint(0, 9)) + child.phone[spot + 1 :])
        if self.happens("other caregiver"):
            return replace(child, caregiver=" ".join(self.chance.choice(home.adults)))
        return replace(child, caregiver="") if self.happens("caregiver missing") else child


BY_EAR = (
    ("ph", "f"), ("f", "ph"), ("ck", "k"), ("c", "k"), ("k", "c"), ("ie", "y"), ("y", "ie"), ("z", "s"), ("s", "z"),
    ("ee", "ea"), ("ea", "ee"), ("ll", "l"), ("nn", "n"), ("tt", "t"), ("ei", "ie"), ("ai", "ay"), ("ay", "ai"),
    ("v", "b"), ("b", "v"), ("j", "g"), ("th", "t"), ("sch", "sh"), ("ch", "sh"), ("on", "en"), ("er", "ar"),
)  # fmt: skip


def plain(word: str) -> str:
    """Without accents, as a keyboard without them writes it."""
    return " ".join(fold(part).title() for part in word.split())


# Sets


@dataclass
class Labelled:
    """A store and the questions asked of it."""

    store: list[Child]
    queries: list[Child]


def families(seed: int, clients: int, queries: int) -> Labelled:
    """Homes with shared address and phone; queries with ordinary errors; a third not on file."""
    world = World(seed, int(clients * 1.7))
    clerk = Clerk(world, seed + 1)
    chance = clerk.chance
    known: list[tuple[Child, Home]] = []
    absent: list[tuple[Child, Home]] = []
    strangers: list[tuple[Child, Home]] = []
    for home in world.homes:
        stays_away = chance.random() < 0.2
        for child in home.children:
            into = strangers if stays_away else known if chance.random() < 0.75 else absent
            into.append((child, home))
    known = known[:clients]
    store = [child for child, _ in known]
    truths = {child.id: child.id for child in store}
    for child, home in chance.sample(known, len(known) // 50):
        double = replace(clerk.write(child, home), id=f"{child.id}b")
        store.append(double)
        truths[child.id] = f"{child.id}|{double.id}"
    of_known_homes = {id(home) for _, home in known}
    siblings = [(child, home) for child, home in absent if id(home) in of_known_homes]
    asked = [
        replace(clerk.write(child, home), truth=truths[child.id], case="on file")
        for child, home in chance.sample(known, min(int(queries * 0.66), len(known)))
    ]
    asked += [
        replace(clerk.write(child, home), truth="", case="brother or sister on file")
        for child, home in chance.sample(siblings, min(queries // 9, len(siblings)))
    ]
    asked += [
        replace(clerk.write(child, home), truth="", case="new home")
        for child, home in chance.sample(strangers, min(queries // 6, len(strangers)))
    ]
    asked += [_namesake(clerk, *chance.choice(strangers), chance.choice(known)[0]) for _ in range(queries // 30)]
    return Labelled(store, _numbered(chance, asked))


def _namesake(clerk: Clerk, child: Child, home: Home, other: Child) -> Child:
    named = replace(child, first_name=other.first_name, last_name=other.last_name, sex=other.sex)
    return replace(clerk.write(named, home), truth="", case="same name, other child")


def alone(seed: int, clients: int, queries: int) -> Labelled:
    """One person a home, of every age, everything known but caregivers: like the published sets."""
    world = World(seed, clients * 2)
    clerk = Clerk(world, seed + 1)
    people = []
    for home in world.homes:
        born = date(clerk.chance.randint(1920, 2005), 1, 1) + timedelta(days=clerk.chance.randint(0, 364))
        people.append((replace(home.children[0], dob=born.isoformat(), caregiver=""), home))
    known, strangers = people[: int(len(people) * 0.8)][:clients], people[int(len(people) * 0.8) :]
    asked = [
        replace(clerk.write(child, home), truth=child.id, caregiver="", case="on file")
        for child, home in clerk.chance.sample(known, min(int(queries * 0.75), len(known)))
    ]
    asked += [
        replace(clerk.write(child, home), truth="", caregiver="", case="new")
        for child, home in clerk.chance.sample(strangers, min(queries // 4, len(strangers)))
    ]
    return Labelled([child for child, _ in known], _numbered(clerk.chance, asked))


def rough(seed: int, clients: int, queries: int) -> Labelled:
    """As alone, but badly kept on both sides: most records have an error, many several, and a fifth of each field is
    missing on either side."""
    whole = alone(seed, clients, queries)
    clerk = Clerk(World(seed, 10), seed + 2)
    return Labelled([clerk.scratched(child) for child in whole.store], [clerk.scratched(q) for q in whole.queries])


def names(seed: int, clients: int, queries: int) -> Labelled:
    """Families of which only name and birth date are known."""
    whole = families(seed, clients, queries)
    only = [_name_and_birth(child) for child in whole.store]
    return Labelled(only, [_name_and_birth(query) for query in whole.queries])


def _name_and_birth(child: Child) -> Child:
    bare = dict.fromkeys(("address", "city", "state", "zip", "phone", "caregiver"), "")
    return replace(child, **bare)


def _numbered(chance: Random, queries: list[Child]) -> list[Child]:
    chance.shuffle(queries)
    return [replace(query, id=f"q{number:06d}") for number, query in enumerate(queries)]


# Hard cases

Pair = tuple[Child, Child]
"""As on file, and as asked."""


def hard(seed: int, clients: int, queries: int) -> Labelled:
    """Each hard case by itself, many times, in a town of other children (HARD, and the cases about two children)."""
    world = World(seed, clients)
    clerk = Clerk(world, seed + 1)
    store = {child.id: child for home in world.homes for child in home.children}
    asked: list[Child] = []
    each = max(queries // (len(HARD) + len(TWO_CHILDREN)), 1)
    homes = _one_after_another(clerk)
    for case, change in HARD.items():
        made = 0
        while made < each:
            home = next(homes)
            pair = change(clerk, home, home.children[0])
            if pair is None:
                continue
            on_file, query = pair
            store[on_file.id] = on_file
            query = query if change is _first_and_phone else _sparse(clerk, query)
            asked.append(replace(query, truth=on_file.id, case=case))
            made += 1
    for case, arrange in TWO_CHILDREN.items():
        made = 0
        while made < each:
            on_file_too, query = arrange(clerk, next(homes))
            if not query.truth and any(_indistinct(query, child) for child in store.values()):
                continue
            store |= {child.id: child for child in on_file_too}
            asked.append(replace(query, case=case))
            made += 1
    return Labelled(list(store.values()), _numbered(clerk.chance, asked))


def _indistinct(query: Child, child: Child) -> bool:
    """Somebody on file of the very same name and birth date by chance: nobody could tell them apart."""
    return (query.first_name, query.last_name, query.dob) == (child.first_name, child.last_name, child.dob)


def _one_after_another(clerk: Clerk) -> Iterator[Home]:
    yield from clerk.chance.sample(clerk.world.homes, len(clerk.world.homes))
    while True:
        yield clerk.world.home()


def _sparse(clerk: Clerk, query: Child) -> Child:
    """What a referral may lack besides: half of them have no address or no phone."""
    if clerk.chance.random() < 0.3:
        query = replace(query, address="", zip="")
    if clerk.chance.random() < 0.3:
        query = replace(query, phone="")
    return replace(query, caregiver="") if clerk.chance.random() < 0.3 else query


def _first(change: Callable[[Clerk, str], str]) -> Callable[[Clerk, Home, Child], Pair | None]:
    def make(clerk: Clerk, home: Home, child: Child) -> Pair | None:
        changed = change(clerk, child.first_name)
        return (child, replace(child, first_name=changed)) if changed != child.first_name else None

    return make


def _both(clerk: Clerk, home: Home, child: Child) -> Pair | None:
    query = replace(child, first_name=clerk.mistyped(child.first_name), last_name=clerk.mistyped(child.last_name))
    changed = query.first_name != child.first_name and query.last_name != child.last_name
    return (child, query) if changed else None


def _last(change: Callable[[Clerk, str], str]) -> Callable[[Clerk, Home, Child], Pair | None]:
    def make(clerk: Clerk, home: Home, child: Child) -> Pair | None:
        changed = change(clerk, child.last_name)
        return (child, replace(child, last_name=changed)) if changed != child.last_name else None

    return make


def _hispanic(change: Callable[[Clerk, Child, str, str], Pair]) -> Callable[[Clerk, Home, Child], Pair | None]:
    def make(clerk: Clerk, home: Home, child: Child) -> Pair | None:
        words = child.last_name.split()
        return change(clerk, child, words[0], words[1]) if home.hispanic and len(words) == 2 else None

    return make


def _short_spanish(clerk: Clerk, home: Home, child: Child) -> Pair | None:
    if not home.hispanic or clerk.short(child.first_name) == child.first_name:
        return None
    return child, replace(child, first_name=clerk.short(child.first_name))


def _short_english(clerk: Clerk, home: Home, child: Child) -> Pair | None:
    if home.hispanic or clerk.short(child.first_name) == child.first_name:
        return None
    return child, replace(child, first_name=clerk.short(child.first_name))


def _dob(change: Callable[[Clerk, str], str]) -> Callable[[Clerk, Home, Child], Pair | None]:
    def make(clerk: Clerk, home: Home, child: Child) -> Pair | None:
        changed = change(clerk, child.dob)
        return (child, replace(child, dob=changed)) if changed != child.dob else None

    return make


def _exchanged(clerk: Clerk, dob: str) -> str:
    year, month, day = dob.split("-")
    return f"{year}-{day}-{month}" if int(day) <= 12 else dob


def _digit(clerk: Clerk, dob: str) -> str:
    spot = clerk.chance.choice((3, 6, 8, 9))
    changed = dob[:spot] + str(clerk.chance.randint(0, 9)) + dob[spot + 1 :]
    try:
        date.fromisoformat(changed)
    except ValueError:
        return dob
    return changed


def _year_off(clerk: Clerk, dob: str) -> str:
    return f"{int(dob[:4]) + clerk.chance.choice((-1, 1))}{dob[4:]}"


def _old_name(clerk: Clerk, home: Home, child: Child) -> Pair:
    new = clerk.world.drawer.surname(hispanic=home.hispanic)
    return child, replace(child, last_name=new, aliases=child.last_name)


def _new_name(clerk: Clerk, home: Home, child: Child) -> Pair:
    return child, replace(child, last_name=clerk.world.drawer.surname(hispanic=home.hispanic))


def _joined(clerk: Clerk, home: Home, child: Child) -> Pair | None:
    double = f"{child.last_name}-{clerk.world.drawer.surname(hispanic=False)}"
    if home.hispanic:
        return None
    return replace(child, last_name=double), replace(child, last_name=double.replace("-", ""))


def _hyphenated(clerk: Clerk, home: Home, child: Child) -> Pair | None:
    double = f"{child.last_name}-{clerk.world.drawer.surname(hispanic=False)}"
    half = clerk.chance.choice(double.split("-"))
    return None if home.hispanic else (replace(child, last_name=double), replace(child, last_name=half))


def _particle(clerk: Clerk, home: Home, child: Child) -> Pair:
    stem = child.last_name.split()[0]
    forms_of_it = (
        (f"De La {stem}", f"Dela{stem.lower()}"),
        (f"O'{stem}", f"O {stem}"),
        (f"Mc{stem}", f"Mc {stem}"),
        (f"St. {stem}", f"Saint {stem}"),
        (f"van der {stem}", f"Vander {stem}"),
        (f"Al-{stem}", f"Al {stem}"),
        (f"D’{stem}", f"D'{stem}"),
    )
    one, other = clerk.chance.choice(forms_of_it)
    return replace(child, last_name=one), replace(child, last_name=other)


UMLAUTS = (("Müller", "Mueller"), ("Schröder", "Schroeder"), ("Núñez", "Nunez"), ("Gößmann", "Goessmann"),
           ("François", "Francois"), ("Bjørn", "Bjorn"), ("Muñoz", "Munoz"), ("Jäger", "Jaeger"))  # fmt: skip


def _umlaut(clerk: Clerk, home: Home, child: Child) -> Pair:
    one, other = clerk.chance.choice(UMLAUTS)
    return replace(child, last_name=one), replace(child, last_name=other)


def _by_middle(clerk: Clerk, home: Home, child: Child) -> Pair | None:
    if len(child.middle_name) < 3:
        return None
    return child, replace(child, first_name=child.middle_name, middle_name="")


def _newborn(clerk: Clerk, home: Home, child: Child) -> Pair:
    name = clerk.chance.choice(("Baby Boy", "Baby Girl", "Infant", "", "Newborn"))
    alone_in_years = replace(child, dob=(World.TODAY - timedelta(days=clerk.chance.randint(0, 200))).isoformat())
    return alone_in_years, replace(alone_in_years, first_name=name, middle_name="")


def _first_and_phone(clerk: Clerk, home: Home, child: Child) -> Pair:
    phone = clerk.world.phone()
    return replace(child, phone=phone), Child(first_name=child.first_name, phone=phone)


HARD: dict[str, Callable[[Clerk, Home, Child], Pair | None]] = {
    "first name mistyped": _first(lambda clerk, word: clerk.mistyped(word)),
    "last name mistyped": _last(lambda clerk, word: clerk.mistyped(word)),
    "both names mistyped": _both,
    "first name by ear": _first(lambda clerk, word: clerk.by_ear(word)),
    "last name by ear": _last(lambda clerk, word: clerk.by_ear(word)),
    "nickname, English": _short_english,
    "nickname, Spanish": _short_spanish,
    "first and last exchanged": lambda clerk, home, child: (
        child, replace(child, first_name=child.last_name, last_name=child.first_name)),
    "surname changed, old one as alias": _old_name,
    "surname changed": _new_name,
    "hyphenated, one half asked": _hyphenated,
    "hyphenated, closed up": _joined,
    "two family names, first only": _hispanic(lambda clerk, child, one, two: (child, replace(child, last_name=one))),
    "two family names, second only": _hispanic(lambda clerk, child, one, two: (child, replace(child, last_name=two))),
    "two family names, exchanged": _hispanic(
        lambda clerk, child, one, two: (child, replace(child, last_name=f"{two} {one}"))),
    "family name in the middle": _hispanic(
        lambda clerk, child, one, two: (child, replace(child, middle_name=one, last_name=two))),
    "umlauts and accents": _umlaut,
    "particles and apostrophes": _particle,
    "goes by the middle name": _by_middle,
    "newborn without a first name": _newborn,
    "birth date not asked": _dob(lambda clerk, dob: ""),
    "birth date not on file": lambda clerk, home, child: (replace(child, dob=""), child),
    "day and month exchanged": _dob(_exchanged),
    "one digit of the birth date wrong": _dob(_digit),
    "year off by one": _dob(_year_off),
    "1 January asked": _dob(lambda clerk, dob: f"{dob[:4]}-01-01"),
    "1 January on file": lambda clerk, home, child: (replace(child, dob=f"{child.dob[:4]}-01-01"), child),
    "year only": _dob(lambda clerk, dob: dob[:4]),
    "first name and phone only": _first_and_phone,
}  # fmt: skip


def _two(clerk: Clerk, home: Home) -> tuple[Child, Child]:
    one = home.children[0]
    other = clerk.world.child(home, one.dob)
    while other.last_name != one.last_name or other.first_name == one.first_name:
        other = clerk.world.child(home, one.dob)
    return one, replace(other, id=f"{one.id}x")


def _both_twins(clerk: Clerk, home: Home) -> tuple[list[Child], Child]:
    one, other = _two(clerk, home)
    return [one, other], replace(_sparse(clerk, other), truth=other.id)


def _other_twin(clerk: Clerk, home: Home) -> tuple[list[Child], Child]:
    one, other = _two(clerk, home)
    return [one], replace(_sparse(clerk, other), truth="")


def _sibling(clerk: Clerk, home: Home) -> tuple[list[Child], Child]:
    one, other = _two(clerk, home)
    born = date.fromisoformat(one.dob) - timedelta(days=clerk.chance.randint(300, 3000))
    return [one], replace(_sparse(clerk, replace(other, dob=born.isoformat())), truth="")


def _junior(clerk: Clerk, home: Home) -> tuple[list[Child], Child]:
    son = replace(home.children[0], suffix=clerk.chance.choice(("Jr", "")), middle_name="")
    born = date.fromisoformat(son.dob) - timedelta(days=clerk.chance.randint(19 * 365, 30 * 365))
    father = replace(home.children[0], suffix=clerk.chance.choice(("Sr", "")), dob=born.isoformat())
    return [father], replace(_sparse(clerk, son), truth="")


def _near_namesake(clerk: Clerk, home: Home) -> tuple[list[Child], Child]:
    one = replace(home.children[0], first_name="Maria" if home.hispanic else "James",
                  last_name="Garcia" if home.hispanic else "Smith", middle_name="")  # fmt: skip
    born = date.fromisoformat(one.dob) + timedelta(days=clerk.chance.choice((-1, 1)) * clerk.chance.randint(40, 400))
    new = clerk.world.home()
    other = replace(new.children[0], first_name=one.first_name, last_name=one.last_name, dob=born.isoformat())
    return [one], replace(other, middle_name="", sex=one.sex, truth="")


def _shelter(clerk: Clerk, home: Home) -> tuple[list[Child], Child]:
    street, city, zip_code, phone = clerk.world.shelters[0]
    there = {"address": street, "city": city, "zip": zip_code, "phone": phone}
    guest = replace(clerk.world.home().children[0], **there)
    return [replace(child, **there) for child in home.children], replace(guest, truth="")


def _new_child(clerk: Clerk, home: Home) -> tuple[list[Child], Child]:
    return [], replace(clerk.world.home().children[0], truth="")


TWO_CHILDREN: dict[str, Callable[[Clerk, Home], tuple[list[Child], Child]]] = {
    "twins, both on file": _both_twins,
    "twin not on file": _other_twin,
    "brother or sister not on file": _sibling,
    "junior, only the father on file": _junior,
    "same common name, near birth date": _near_namesake,
    "shared shelter, not on file": _shelter,
    "a new child": _new_child,
}

SETS: dict[str, Callable[[int, int, int], Labelled]] = {
    "families": families, "alone": alone, "rough": rough, "names": names, "hard": hard,
}  # fmt: skip


def save(labelled: Labelled, folder: Path) -> tuple[Path, Path]:
    """Write store.csv and queries.csv into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    store, queries = folder / "store.csv", folder / "queries.csv"
    _write(store, COLUMNS, labelled.store)
    _write(queries, (*COLUMNS, "truth", "case"), labelled.queries)
    return store, queries


def _write(path: Path, columns: Sequence[str], children: Iterable[Child]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([getattr(child, column) for column in columns] for child in children)


def main() -> None:
    """Write a set into a folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", choices=SETS, default="families")
    parser.add_argument("--clients", type=int, default=5000)
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for path in save(SETS[asked.kind](asked.seed, asked.clients, asked.queries), asked.folder):
        print(path)


assert {field.name for field in fields(Child)} >= set(COLUMNS)

if __name__ == "__main__":
    main()
