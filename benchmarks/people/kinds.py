"""Kinds of sets: families, people alone, badly kept registers, names only."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from benchmarks.people.clerk import Clerk
from benchmarks.people.world import Child, Home, World


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
    return Labelled(store, numbered(chance, asked))


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
    return Labelled([child for child, _ in known], numbered(clerk.chance, asked))


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


def numbered(chance: Random, queries: list[Child]) -> list[Child]:
    chance.shuffle(queries)
    return [replace(query, id=f"q{number:06d}") for number, query in enumerate(queries)]
