"""A town of invented homes: what is drawn before anything is written down wrongly."""

from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from faker.providers.person.en_US import Provider as American
from faker.providers.person.es_MX import Provider as Mexican

from domain.matching import census

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


assert {each.name for each in fields(Child)} >= set(COLUMNS)
