"""A tired clerk: how often what is written down differs from the child, and in what way."""

from dataclasses import replace
from random import Random

from benchmarks.people.world import LONG_KINDS, Child, Home, World
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
