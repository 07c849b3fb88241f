"""Sets that look like other people's lists: a register full of slips of every kind, and voters who marry and move.

registers   Adults and children, one a home, with name, birth date, address, zip and phone. One to six slips of a
            record (SLIPS), at most two in one field: a letter or digit put in, left out, changed or exchanged with its
            neighbour, a letter read for another by a scanner, a word of the address elsewhere, a field lost, first
            and last name or day and month exchanged. One in 20 of each field is missing from the start. One in 12 is
            twice or thrice on file, so that a question has several right answers.
voters      Grown people of all ages in homes of one to four, who are written down a second time years later: short
            names (8 in 100), middle names as initial or missing, suffixes dropped, 15 in 100 women with another
            surname (of these a third keep the old one as middle name), 3 in 10 moved, most phones changed or missing,
            half of the birth dates as a year only. One in 50 is twice on file. Of those who are not on file a third
            live with somebody who is, some of them with the same name and another generation.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from benchmarks.people.clerk import Clerk
from benchmarks.people.kinds import Labelled, numbered
from benchmarks.people.world import Child, Home, World

SLIPS = {1: 30, 2: 28, 3: 18, 4: 12, 5: 7, 6: 5}
"""How many slips a record has, and how often of 100."""
SLIPPED = {"first_name": 6, "last_name": 6, "dob": 4, "address": 6, "city": 4, "zip": 3, "phone": 3}
"""Which field a slip falls on, by weight."""
READ_FOR = str.maketrans("lOoSsBgqeuvnhmzi", "1005589gcvunbnsl")
"""What a scanner reads for some letters."""


def registers(seed: int, clients: int, queries: int) -> Labelled:
    """A register full of slips: 8 in 10 questions are on file."""
    world = World(seed, int(clients * 2.2))
    clerk = Clerk(world, seed + 1)
    people = [_registered(clerk, home) for home in world.homes]
    chance = clerk.chance
    known, strangers = people[:clients], people[clients:]
    truths: dict[str, list[str]] = {}
    store = []
    for person in known:
        store.append(person)
        truths[person.id] = [person.id]
        if chance.random() < 1 / 12:
            for copy in range(chance.choice((1, 1, 2))):
                store.append(replace(_slipped(clerk, person), id=f"{person.id}d{copy}"))
                truths[person.id].append(store[-1].id)
    asked = [
        replace(_slipped(clerk, person), truth="|".join(truths[person.id]), case="on file")
        for person in chance.sample(known, min(int(queries * 0.8), len(known)))
    ]
    new = chance.sample(strangers, min(queries // 5, len(strangers)))
    asked += [replace(_slipped(clerk, person), truth="", case="new") for person in new]
    return Labelled(store, numbered(chance, asked))


def _registered(clerk: Clerk, home: Home) -> Child:
    chance = clerk.chance
    born = date(chance.randint(1910, 2015), 1, 1) + timedelta(days=chance.randint(0, 364))
    person = replace(home.children[0], dob=born.isoformat(), middle_name="", suffix="", caregiver="")
    lost = {part: "" for part in SLIPPED if chance.random() < 1 / 20}
    return replace(person, **lost)


def _slipped(clerk: Clerk, person: Child) -> Child:
    chance = clerk.chance
    done: dict[str, int] = {}
    for _ in range(chance.choices(list(SLIPS), weights=list(SLIPS.values()))[0]):
        part = chance.choices(list(SLIPPED), weights=list(SLIPPED.values()))[0]
        if done.get(part, 0) < 2:
            done[part] = done.get(part, 0) + 1
            person = _slip(clerk, person, part)
    return person


def _slip(clerk: Clerk, person: Child, part: str) -> Child:
    chance, value = clerk.chance, getattr(person, part)
    if chance.random() < 0.08:
        return replace(person, **{part: ""})
    if part in ("first_name", "last_name") and chance.random() < 0.06:
        return replace(person, first_name=person.last_name, last_name=person.first_name)
    if part == "dob":
        return replace(person, dob=_slipped_date(clerk, value))
    if part in ("phone", "zip"):
        return replace(person, **{part: _digit_slipped(clerk, value)})
    return replace(person, **{part: chance.choices(_WORD_SLIPS, weights=_WORD_WEIGHTS)[0](clerk, value)})


def _digit_slipped(clerk: Clerk, value: str) -> str:
    spots = [spot for spot, letter in enumerate(value) if letter.isdigit()]
    if len(spots) < 3:
        return value
    spot = clerk.chance.choice(spots[1:])
    return value[:spot] + str(clerk.chance.randint(0, 9)) + value[spot + 1 :]


def _slipped_date(clerk: Clerk, dob: str) -> str:
    if len(dob) != 10:
        return dob
    how = clerk.chance.random()
    if how < 0.25:
        return clerk.slipped(dob) if dob[5:7] <= "12" and dob[8:] <= "31" else dob
    if how < 0.75:
        return _digit_slipped(clerk, dob)
    spot = clerk.chance.choice((2, 5, 8))
    if how < 0.9:
        return dob[:spot] + dob[spot + 1] + dob[spot] + dob[spot + 2 :]
    return clerk.chance.choice((dob[:spot] + dob[spot + 1 :], dob[:spot] + dob[spot] + dob[spot:]))


def _read_wrongly(clerk: Clerk, value: str) -> str:
    spots = [spot for spot, letter in enumerate(value) if letter.translate(READ_FOR) != letter]
    if not spots:
        return clerk.mistyped(value)
    spot = clerk.chance.choice(spots)
    return value[:spot] + value[spot].translate(READ_FOR) + value[spot + 1 :]


def _words_moved(clerk: Clerk, value: str) -> str:
    words = value.split()
    if len(words) < 2:
        return clerk.by_ear(value)
    words.insert(clerk.chance.randrange(len(words)), words.pop(clerk.chance.randrange(len(words))))
    return " ".join(words)


_WORD_SLIPS: tuple[Callable[[Clerk, str], str], ...] = (
    lambda clerk, value: clerk.mistyped(value),
    lambda clerk, value: clerk.by_ear(value),
    _read_wrongly,
    _words_moved,
    lambda clerk, value: clerk.short(value),
    lambda clerk, value: value[:1],
)
_WORD_WEIGHTS = (50, 18, 10, 8, 10, 4)


# Voters


def voters(seed: int, clients: int, queries: int) -> Labelled:
    """Voters who marry, move and shorten their names: 7 in 10 questions are on file."""
    world = World(seed, int(clients * 1.3))
    clerk = Clerk(world, seed + 1)
    chance = clerk.chance
    homes = [(home, _grown(clerk, home)) for home in world.homes]
    chance.shuffle(homes)
    known: list[tuple[Child, Home]] = []
    of_the_home: list[tuple[Child, Home]] = []
    strangers: list[tuple[Child, Home]] = []
    for home, people in homes:
        if len(known) >= clients:
            strangers += [(person, home) for person in people]
        elif len(people) > 1 and chance.random() < 0.25:
            of_the_home.append((people.pop(), home))
            known += [(person, home) for person in people]
        else:
            known += [(person, home) for person in people]
    store = [person for person, _ in known]
    again = {person.id: f"{person.id}d" for person in store if chance.random() < 1 / 50}
    store += [replace(_later(clerk, person), id=again[person.id]) for person in store if person.id in again]
    asked = [
        replace(_later(clerk, person), truth="|".join([person.id, again.get(person.id, "")]).strip("|"), case="on file")
        for person, _ in chance.sample(known, min(int(queries * 0.7), len(known)))
    ]
    for case, those, many in (("of the home", of_the_home, queries // 10), ("new", strangers, queries // 5)):
        for person, _ in chance.sample(those, min(many, len(those))):
            asked.append(replace(_later(clerk, person), truth="", case=case))
    return Labelled(store, numbered(chance, asked))


def _grown(clerk: Clerk, home: Home) -> list[Child]:
    """A couple or a lone grown person, and grown children; now and then a junior."""
    chance = clerk.chance
    year = chance.randint(1930, 1998)
    people = []
    for place, child in enumerate(home.children):
        child = replace(child, dob=_born(clerk, year + (chance.randint(-4, 4) if place < 2 else 25)), caregiver="")
        if place == 0:
            first = child
        elif place == 1:
            child = replace(child, sex="FM"[first.sex == "F"])
        elif chance.random() < 0.1 and child.sex == first.sex:
            child = replace(child, first_name=first.first_name, last_name=first.last_name, suffix="Jr")
        people.append(replace(child, city=home.city))
    return people


def _born(clerk: Clerk, year: int) -> str:
    born = date(min(year, 2007), 1, 1) + timedelta(days=clerk.chance.randint(0, 364))
    return str(born.year) if clerk.chance.random() < 0.5 else born.isoformat()


def _later(clerk: Clerk, person: Child) -> Child:
    """The same person in another year's list."""
    chance = clerk.chance
    person = _renamed(clerk, person)
    if chance.random() < 0.3:
        city, zip_code = chance.choice(clerk.world.cities)
        person = replace(person, address=clerk.world.street(), city=city, zip=zip_code)
    if chance.random() < 0.6:
        person = replace(person, phone=chance.choice(("", "", clerk.world.phone())))
    if chance.random() < 0.3:
        person = replace(person, suffix="")
    if chance.random() < 0.02:
        person = replace(person, dob=str(int(person.dob[:4]) + chance.choice((-1, 1))) + person.dob[4:])
    elif chance.random() < 0.5:
        person = replace(person, dob=person.dob[:4])
    return person


def _renamed(clerk: Clerk, person: Child) -> Child:
    chance = clerk.chance
    if person.sex == "F" and chance.random() < 0.15:
        married = clerk.world.drawer.surname(hispanic=False)
        kept = {"middle_name": person.last_name} if chance.random() < 0.35 else {}
        person = replace(person, last_name=married, **kept)
    elif chance.random() < 0.05:
        person = replace(person, last_name=clerk.mistyped(person.last_name))
    how = chance.random()
    if how < 0.08:
        person = replace(person, first_name=clerk.short(person.first_name))
    elif how < 0.12:
        person = replace(person, first_name=clerk.mistyped(person.first_name))
    elif how < 0.14 and len(person.middle_name) > 2:
        person = replace(person, first_name=person.middle_name, middle_name="")
    if chance.random() < 0.35:
        person = replace(person, middle_name=person.middle_name[:1] if chance.random() < 0.6 else "")
    return person
