"""The hard cases: each by itself, many times, in a town of other children."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from benchmarks.people.clerk import Clerk
from benchmarks.people.kinds import Labelled, numbered
from benchmarks.people.world import Child, Home, World

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
    return Labelled(list(store.values()), numbered(clerk.chance, asked))


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
