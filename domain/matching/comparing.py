"""One question compared with people on file, field by field, in bits under three hypotheses.

For each field: log2 of how much likelier the two values are if both are the same child, and if both are of one home,
than if they have nothing to do with one another (Fellegi and Sunter 1969, with the home as a third hypothesis).
A value that is missing on either side says nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from math import log2
from operator import attrgetter
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from domain.matching.levels import Compared, Level
from domain.matching.likeness import CLOSENESS, likeness
from domain.matching.nicknames import forms
from domain.matching.person import PARTS, Packed
from domain.matching.vocabulary import Part, Vocabulary
from domain.matching.weights import (
    BOTH_ON_FILE,
    CARELESS,
    CARELESSLY,
    COMMON_NAME,
    CONTACT_PEOPLE,
    MOST_BITS,
    MOVED_AWAY,
    MOVED_NEAR,
    NAMES_IN_FULL,
    NEVER_SEEN,
    NEXT_TENANTS,
    SECOND_NAME,
    UNSEEN,
    WEIGHTS,
    Weight,
)


class Finding(NamedTuple):
    """What one field says."""

    field: Compared
    level: Level
    same: float
    """Bits for the same child against a stranger; below zero speaks against."""
    home: float
    """Bits for somebody of the same home against a stranger."""
    share: float
    """Share of people on file with such a value, where it was counted; else 0."""
    loose: float
    """Bits more for the same child where either was written down carelessly; less than zero where it agrees."""


Findings = tuple[Finding, ...]
_NAMES = slice(PARTS.index("first"), PARTS.index("alias") + 1)
_PLACE = slice(PARTS.index("address"), PARTS.index("city") + 1)
_PLACES = {name: place for place, name in enumerate(PARTS)}


class Scale:
    """A table of weights with what was already worked out by it."""

    def __init__(self, weights: Mapping[Compared, Mapping[Level, Weight]]) -> None:
        self.weights = weights
        self.weighed = lru_cache(maxsize=65536)(partial(_weighed, weights))
        """The bits of a field and level, for a value that a share of the people on file have."""


def _weighed(
    weights: Mapping[Compared, Mapping[Level, Weight]],
    field: Compared,
    level: Level,
    share: float = 0.0,
    likely: float = 1.0,
) -> Finding:
    """`likely` scales how often the same child would differ like this."""
    weight = weights[field][level]
    stranger = min(weight.stranger + (share if weight.by_value else 0.0), 0.99)
    most = MOST_BITS.get(field, 99.0)
    home = weight.home + (0.5 * stranger if weight.by_value else 0.0)
    same_bits = log2(weight.same * likely / stranger)
    careless = CARELESS.get(field, {}).get(level)
    # A careless hand makes words that nobody bears, so there these are no likelier than they are anyway.
    loose = log2(careless.same / weight.same / max(likely, 1.0)) if careless else 0.0
    home_bits = log2(min(home, 0.99) / stranger) if weight.home != weight.same else same_bits
    return Finding(field, level, min(same_bits, most), min(home_bits, most), share, loose)


SHIPPED = Scale(WEIGHTS)


class Weighed(NamedTuple):
    """What the fields of one person on file say, and their bits together, whoever wrote them down."""

    findings: Findings
    same: float
    home: float
    loose: float
    """Bits more for the same child, were it known that either was written down carelessly."""

    @property
    def tidy(self) -> float:
        """Bits for the same child, were both known to be written down with care."""
        return self.same - _careless(self.loose)

    def and_also(self, finding: Finding) -> "Weighed":
        """The same with one more finding."""
        loose = self.loose + finding.loose
        same = by_any_hand(self.tidy + finding.same, loose)
        return Weighed((*self.findings, finding), same, self.home + finding.home, loose)


def by_any_hand(tidy: float, loose: float) -> float:
    """Bits where nobody knows who wrote it down: CARELESSLY of the records come from a careless hand.

    Whoever has slipped once slips more easily again, so the second slip of a record speaks less against it.
    """
    return tidy + _careless(loose)


def _careless(loose: float) -> float:
    return log2(1.0 - CARELESSLY + CARELESSLY * 2.0**loose)


class _Sum(NamedTuple):
    """What some fields say together, before it is asked who wrote them down."""

    findings: Findings
    same: float
    home: float
    loose: float
    loose_home: float
    """As `loose`, for somebody of the same home: a brother's surname is mistyped as easily."""


_NOTHING = _Sum((), 0.0, 0.0, 0.0, 0.0)


class Names(NamedTuple):
    """The names of a packed person."""

    first: str
    middle: str
    last: str
    alias: str


class Question:
    """Somebody who is looked for, ready to be compared with many: each distinct value is weighed only once."""

    def __init__(
        self,
        asked: Packed,
        vocabulary: Vocabulary,
        people: int,
        crowds: Mapping[Compared, int] | None = None,
        scale: Scale = SHIPPED,
    ) -> None:
        self.asked = asked
        self.names = Names(*asked[_NAMES])
        self.vocabulary = vocabulary
        self.people = max(people, 2)
        self.crowds = {} if crowds is None else crowds
        """How many people on file share the asked address, phone, caregiver ...; 1 where it was not counted."""
        self.weighed = scale.weighed
        self._likeness: dict[tuple[str, str], Any] = {}
        self._seen: dict[tuple[int, str], _Sum] = {}
        self._names: dict[tuple[str, ...], _Sum] = {}
        self._homes: dict[tuple[str, ...], _Sum] = {}
        self._lone = [(place, compare) for name, compare in _LONE.items() for place in (_PLACES[name],) if asked[place]]
        self._placed = any(asked[_PLACE])

    def weigh(self, theirs: list[str]) -> Weighed:
        """Everything that the fields of one packed person say, fields that say nothing left out."""
        names = tuple(theirs[_NAMES])
        part = self._names.get(names)
        if part is None:
            part = self._names[names] = _summed(_names(self, Names._make(names)))
        findings, same, home, loose, loose_home = part
        if self._placed:
            place = tuple(theirs[_PLACE])
            part = self._homes.get(place)
            if part is None:
                part = self._homes[place] = _summed(_homes(self, place))
            findings, same, home = findings + part[0], same + part[1], home + part[2]
        for at, compare in self._lone:
            value = theirs[at]
            if value:
                key = (at, value)
                part = self._seen.get(key)
                if part is None:
                    part = self._seen[key] = _summed(compare(self, self.asked[at], value))
                findings, same, home, loose = findings + part[0], same + part[1], home + part[2], loose + part[3]
        if theirs[-1] or self.asked.household:
            part = _summed(_household(self, theirs))
            findings, same, home = findings + part[0], same + part[1], home + part[2]
        return Weighed(findings, by_any_hand(same, loose), by_any_hand(home, loose_home), loose)

    def like(self, ours: str, theirs: str) -> Level | None:
        """The level of two words, remembered."""
        key = (ours, theirs)
        level: Level | None = self._likeness.get(key, _NOT_YET)
        if level is _NOT_YET:
            level = self._likeness[key] = likeness(ours, theirs)
        return level


_NOT_YET = object()
_same_bits = attrgetter("same")


def _summed(findings: Findings) -> _Sum:
    if not findings:
        return _NOTHING
    same = home = loose = loose_home = 0.0
    for finding in findings:
        same += finding[2]
        home += finding[3]
        loose += finding[5]
        loose_home += finding[5] if finding[0] is Compared.SURNAME else 0.0
    return _Sum(findings, same, home, loose, loose_home)


def _same(findings: Findings) -> float:
    return sum(finding.same for finding in findings)


# Names


class _Agreement(NamedTuple):
    """How two names meet: their level, the share of people with such a name, the words that met."""

    level: Level
    share: float
    likely: float = 1.0


def _names(question: Question, theirs: Names) -> Findings:
    ours = question.names
    straight = (*_given(question, ours, theirs), *_surname(question, ours, theirs))
    crossed = _crossed(question, ours, theirs)
    best = _tempered(crossed if crossed and _same(crossed) > _same(straight) else straight)
    used_elsewhere = any(finding.level in (Level.ELSEWHERE, Level.SWAPPED) for finding in best)
    return best if used_elsewhere else (*best, *_middle(question, ours, theirs))


def _tempered(names: Findings) -> Findings:
    """Beyond NAMES_IN_FULL only half of the bits of a first and last name count, taken off both alike."""
    same = _same(names)
    if same <= NAMES_IN_FULL:
        return names
    kept = (NAMES_IN_FULL + same) / 2 / same
    return tuple(name._replace(same=name.same * kept, home=name.home - name.same * (1 - kept)) for name in names)


def _given(question: Question, ours: Names, theirs: Names) -> Findings:
    if not ours.first or not theirs.first:
        return ()
    options = [_first_names(question, ours.first.split(), theirs.first.split())]
    if options[0].level not in (Level.SAME, Level.SHORT_FORM):
        share = question.vocabulary.given_share
        if others := _others(theirs):
            options += _elsewhere(question, ours.first.split()[:1], others, share)
        if others := _others(ours):
            options += _elsewhere(question, others, theirs.first.split()[:1], share)
    return (_best(question, Compared.GIVEN, options),)


def _others(names: Names) -> list[str]:
    return names.middle.split() + names.alias.replace("|", " ").split() if names.middle or names.alias else []


def _best(question: Question, field: Compared, options: Iterable[_Agreement]) -> Finding:
    findings = [question.weighed(field, option.level, option.share, option.likely) for option in options]
    return findings[0] if len(findings) == 1 else max(findings, key=_same_bits)


def _first_names(question: Question, ours: list[str], theirs: list[str]) -> _Agreement:
    share = question.vocabulary.given_share
    if "".join(ours) == "".join(theirs) and len(ours[0]) > 1:
        return _Agreement(Level.SAME, _together(max(ours, theirs, key=_length), share))
    found = _closest(question, ours[:1], theirs[:1], share)
    if len(ours) > 1 or len(theirs) > 1:
        if found.level is Level.SAME:
            return found._replace(level=Level.PART)
        common = set(ours) & set(theirs)
        if common and found.level in (Level.FAR, Level.DIFFERENT):
            return _Agreement(Level.PART, min(share(word) for word in common), 0.5)
        whole = _closest(question, ["".join(ours)], ["".join(theirs)], share)
        found = min(found, whole, key=lambda each: CLOSENESS.get(each.level, 9))
    return found


def _length(words: list[str]) -> tuple[int, list[str]]:
    return len(words), words


def _together(words: list[str], share: Callable[[str], float]) -> float:
    shares = sorted(share(word) for word in words)
    return shares[0] * SECOND_NAME ** (len(shares) - 1)


def _closest(
    question: Question, ours: Iterable[str], theirs: Iterable[str], share: Callable[[str], float]
) -> _Agreement:
    best = _Agreement(Level.DIFFERENT, 0.0)
    for our in ours:
        for their in theirs:
            level = question.like(our, their)
            if level is not None and CLOSENESS[level] <= CLOSENESS.get(best.level, 9):
                found = _agreement(level, our, their, share, question.vocabulary)
                if level is not best.level or found.likely / found.share > best.likely / best.share:
                    best = found
    return best


def _agreement(
    level: Level, ours: str, theirs: str, share: Callable[[str], float], vocabulary: Vocabulary
) -> _Agreement:
    our_share, their_share = share(ours), share(theirs)
    if level is Level.SAME:
        return _Agreement(level, our_share)
    common, seldom = max(our_share, their_share), vocabulary.seldom
    if common <= seldom and level in _SLIPS:
        # Two misspelt words, Broown and Bown, are as common as the name that both were meant to be.
        common = max(common, *(share(word) for word in (*vocabulary.meant(ours), *vocabulary.meant(theirs))))
    return _Agreement(level, common, _as_a_slip(level, min(our_share, their_share), seldom))


_SLIPS = (Level.SLIP, Level.SOUND, Level.FAR)


def _as_a_slip(level: Level, rarer: float, seldom: float) -> float:
    """How much likelier or less likely than usual one of two words is a slip of the other."""
    if level not in _SLIPS:
        return 1.0
    return NEVER_SEEN if rarer <= seldom else BOTH_ON_FILE if rarer >= COMMON_NAME else 1.0


def _elsewhere(
    question: Question, ours: list[str], theirs: list[str], share: Callable[[str], float]
) -> list[_Agreement]:
    """A name that stands among the other names of the other side: goes by the middle name, an alias, a former name."""
    return [
        _Agreement(Level.ELSEWHERE, max(share(our), share(their)), _ELSEWHERE_LIKELY[level])
        for our in ours
        for their in theirs
        # A short form may begin otherwise (Robert, Bob), a slip hardly ever does.
        if min(len(our), len(their)) > 2 and (our[0] == their[0] or their in forms().get(our, ()))
        if (level := question.like(our, their)) in _ELSEWHERE_LIKELY
    ]


_ELSEWHERE_LIKELY: dict[Level | None, float] = {Level.SAME: 1.0, Level.SHORT_FORM: 0.3, Level.SLIP: 0.1}


def _surname(question: Question, ours: Names, theirs: Names) -> Findings:
    if not ours.last or not theirs.last:
        return ()
    options = [_family_names(question, ours.last, theirs.last)]
    if options[0].level is not Level.SAME:
        share = question.vocabulary.surname_share
        if others := _others(theirs):
            options += _elsewhere(question, _split(ours.last)[0], others, share)
        if others := _others(ours):
            options += _elsewhere(question, others, _split(theirs.last)[0], share)
    return (_best(question, Compared.SURNAME, options),)


def _family_names(question: Question, ours: str, theirs: str) -> _Agreement:
    share = question.vocabulary.surname_share
    our_words, our_joined = _split(ours)
    their_words, their_joined = _split(theirs)
    if (our_joined == their_joined or our_words == their_words) and len(our_joined) > 1:
        return _Agreement(Level.SAME, _together(max(our_words, their_words, key=_length), share))
    common = set(our_words) & set(their_words)
    if common:
        if len(common) == len(our_words) == len(their_words):
            return _Agreement(Level.SAME, _together(our_words, share))
        rarest = min(share(word) for word in common)
        if len(common) == min(len(our_words), len(their_words)):
            return _Agreement(Level.PART, rarest)
        slip = question.like(our_joined, their_joined) is Level.SLIP
        return _Agreement(Level.SLIP if slip else Level.PART_DIFFERS, rarest * (SECOND_NAME if slip else 1.0))
    found = _closest(question, our_words, their_words, share)
    if len(our_words) > 1 or len(their_words) > 1:
        whole = _closest(question, [our_joined], [their_joined], share)
        found = min(found, whole, key=lambda each: CLOSENESS.get(each.level, 9))
    # Short forms are those of given names: Alex and Alexander as surnames are merely similar.
    return found._replace(level=Level.FAR) if found.level is Level.SHORT_FORM else found


@lru_cache(maxsize=65536)
def _split(last: str) -> tuple[list[str], str]:
    tokens, _, joined = last.partition("|")
    return tokens.split(), joined


def _crossed(question: Question, ours: Names, theirs: Names) -> Findings:
    """First and last name exchanged: both cross over, each at least nearly the same."""
    if not (ours.first and ours.last and theirs.first and theirs.last):
        return ()
    ours_first, theirs_first = ours.first.split()[0], theirs.first.split()[0]
    one = _closest(question, [ours_first], _split(theirs.last)[0], _any_share(question))
    if one.level not in _SWAPPED_LIKELY:
        return ()
    other = _closest(question, _split(ours.last)[0], [theirs_first], _any_share(question))
    if other.level not in _SWAPPED_LIKELY:
        return ()
    return (
        question.weighed(Compared.GIVEN, Level.SWAPPED, one.share, _SWAPPED_LIKELY[one.level]),
        question.weighed(Compared.SURNAME, Level.SWAPPED, other.share, _SWAPPED_LIKELY[other.level]),
    )


_SWAPPED_LIKELY = {Level.SAME: 1.0, Level.SHORT_FORM: 0.05, Level.SLIP: 0.06, Level.SOUND: 0.02, Level.FAR: 0.02}


def _any_share(question: Question) -> Callable[[str], float]:
    vocabulary = question.vocabulary
    return lambda word: max(vocabulary.given_share(word), vocabulary.surname_share(word))


def _middle(question: Question, ours: Names, theirs: Names) -> Findings:
    our_words = ours.middle.split() or ours.first.split()[1:]
    their_words = theirs.middle.split() or theirs.first.split()[1:]
    if not our_words or not their_words or not (ours.middle or theirs.middle):
        return ()
    share = question.vocabulary.given_share
    if our_words == their_words and len(our_words[0]) > 1:
        return (question.weighed(Compared.MIDDLE, Level.SAME, _together(our_words, share)),)
    found = _closest(question, our_words, their_words, share)
    level = {
        Level.SAME: Level.PART,
        Level.BEGINNING: Level.SLIP,
        Level.SOUND: Level.SLIP,
        Level.FAR: Level.DIFFERENT,
    }.get(found.level, found.level)
    return (question.weighed(Compared.MIDDLE, level, found.share),)


# Dates of birth

A_GENERATION = 15
"""Years between a parent and a child, at least."""


def _dob(question: Question, ours: str, theirs: str) -> Findings:
    if "0000" in (ours[:4], theirs[:4]):
        return _without_the_year(question, ours[4:], theirs[4:])
    level, share = dob_level(ours, theirs, question.vocabulary)
    return (question.weighed(Compared.DOB, level, share),)


def _without_the_year(question: Question, ours: str, theirs: str) -> Findings:
    """The year of one side cannot be read: the day agrees or not, and where it does not, more may have been misread."""
    if ours.endswith("00") or theirs.endswith("00"):
        return ()
    if ours == theirs:
        return (question.weighed(Compared.DOB, Level.MONTH_KNOWN, 1 / 365),)
    if sum(our != their for our, their in zip(ours, theirs, strict=True)) == 1:
        return (question.weighed(Compared.DOB, Level.ONE_DIGIT, 8 / 365),)
    return (question.weighed(Compared.DOB, Level.DIFFERENT, 0.0, 10.0),)


def dob_level(ours: str, theirs: str, vocabulary: Vocabulary) -> tuple[Level, float]:
    """The level of two dates of eight digits, and the share of strangers who would reach it."""
    year = max(vocabulary.year_share(ours[:4]), vocabulary.year_share(theirs[:4]))
    if ours.endswith("00") or theirs.endswith("00"):
        return _partial_dates(ours, theirs, year)
    if ours == theirs:
        return (Level.YEAR, year) if ours[4:] == "0101" else (Level.SAME, year / 365)
    same_year = ours[:4] == theirs[:4]
    if same_year and "0101" in (ours[4:], theirs[4:]):
        return Level.FIRST_OF_JANUARY, year * 0.02
    if same_year and ours[4:6] == theirs[6:] and ours[6:] == theirs[4:6]:
        return Level.DAY_AND_MONTH, year / 365
    if ours[4:] == theirs[4:]:
        if abs(int(ours[:4]) - int(theirs[:4])) == 1:
            return Level.NEXT_YEAR, year * 2 / 365
        digits = sum(our != their for our, their in zip(ours, theirs, strict=True))
        return (Level.ONE_DIGIT, year * 8 / 365) if digits == 1 else (Level.OTHER_YEAR, 1 / 365)
    return _slips_in_dates(ours, theirs, year, same_year=same_year)


def _partial_dates(ours: str, theirs: str, year: float) -> tuple[Level, float]:
    if ours[:4] != theirs[:4]:
        apart = abs(int(ours[:4]) - int(theirs[:4]))
        if apart == 1:
            return Level.NEXT_YEAR, 2 * year
        return (Level.GENERATION if apart >= A_GENERATION else Level.DIFFERENT), 0.0
    if "00" in (ours[4:6], theirs[4:6]):
        return Level.YEAR, year
    return (Level.MONTH_KNOWN, year / 12) if ours[4:6] == theirs[4:6] else (Level.NEAR, year)


def _slips_in_dates(ours: str, theirs: str, year: float, *, same_year: bool) -> tuple[Level, float]:
    differing = [place for place in range(8) if ours[place] != theirs[place]]
    if len(differing) == 1:
        return Level.ONE_DIGIT, year * 17 / 365
    if len(differing) == 2 and OSA.distance(ours, theirs) == 1:
        return Level.DIGITS, year / 365
    if same_year and ours[4:6] == theirs[4:6]:
        return Level.SAME_YEAR_MONTH, year * 19 / 365
    if same_year and ours[6:] == theirs[6:]:
        return Level.SAME_YEAR_DAY, year * 4 / 365
    apart = abs(int(ours[:4]) - int(theirs[:4]))
    if apart <= 1:
        return Level.NEAR, 3 * year
    return (Level.GENERATION if apart >= A_GENERATION else Level.DIFFERENT), 0.0


# The home


def _homes(question: Question, theirs: tuple[str, ...]) -> Findings:
    """Address, zip and city: the narrower place first, the wider ones only as far as it leaves them anything to say."""
    ours = question.asked
    street = _street(question, ours.address, theirs[0])
    moved = street != () and street[0].level in (Level.HOUSE_DIFFERS, Level.DIFFERENT)
    zips = _area(question, Compared.ZIP, Part.ZIP, ours.zip, theirs[1], moved)
    if street and zips and zips[0].level is Level.DIFFERENT:
        # Main Street is everywhere: the same house in another zip may be a slip or chance.
        farther = _FARTHER.get(street[0].level)
        street = (question.weighed(Compared.ADDRESS, farther),) if farther else street
    if street and street[0].level in (Level.SAME, Level.NEAR):
        return street
    if zips and zips[0].level is not Level.DIFFERENT:
        return street + zips
    cities = _area(question, Compared.CITY, Part.CITY, ours.city, theirs[2], moved)
    if zips and cities and cities[0].level is Level.DIFFERENT:
        return street + zips
    return street + zips + cities


_FARTHER = {Level.SAME: Level.NEAR, Level.NEAR: Level.HOUSE_DIFFERS, Level.HOUSE_DIFFERS: Level.DIFFERENT}


def _street(question: Question, ours: str, theirs: str) -> Findings:
    if not ours or not theirs:
        return ()
    crowd = question.crowds.get(Compared.ADDRESS, 1)
    if ours == theirs:
        return (question.weighed(Compared.ADDRESS, Level.SAME, _share_of(question, crowd, NEXT_TENANTS)),)
    our_house, _, our_street = ours.partition("|")
    their_house, _, their_street = theirs.partition("|")
    alike = our_street == their_street or ratio(our_street, their_street) >= 80
    if alike and our_house == their_house:
        exact = our_house and our_street[:4] == their_street[:4]
        level = Level.SAME if exact else Level.NEAR
        return (question.weighed(Compared.ADDRESS, level, _share_of(question, max(crowd, 2), NEXT_TENANTS)),)
    if alike and our_house and their_house and len(our_street) > 3:
        level = Level.NEAR if OSA.distance(our_house, their_house) == 1 else Level.HOUSE_DIFFERS
        return (question.weighed(Compared.ADDRESS, level),)
    if our_house == their_house and our_house and ratio(our_street, their_street) >= 60:
        return (question.weighed(Compared.ADDRESS, Level.HOUSE_DIFFERS),)
    return (question.weighed(Compared.ADDRESS, Level.DIFFERENT),)


def _area(question: Question, field: Compared, part: Part, ours: str, theirs: str, moved: bool) -> Findings:
    if not ours or not theirs:
        return ()
    share = question.vocabulary.place_share
    if ours == theirs:
        return (question.weighed(field, Level.SAME, share(part, ours), MOVED_NEAR if moved else 1.0),)
    short = len(ours) + len(theirs) < 14
    near = OSA.distance(ours, theirs, score_cutoff=1) == 1 if short else ratio(ours, theirs) >= 80
    if near:
        return (question.weighed(field, Level.NEAR, max(share(part, ours), share(part, theirs))),)
    return (question.weighed(field, Level.DIFFERENT, 0.0, MOVED_AWAY if moved else 1.0),)


def _phone(question: Question, ours: str, theirs: str) -> Findings:
    pairs = [(our, their) for our in ours.split("|") for their in theirs.split("|")]
    if any(_same_phone(our, their) for our, their in pairs):
        return (question.weighed(Compared.PHONE, Level.SAME, _crowd(question, Compared.PHONE, NEXT_TENANTS)),)
    if any(OSA.distance(our[-7:], their[-7:], score_cutoff=1) == 1 for our, their in pairs):
        return (question.weighed(Compared.PHONE, Level.NEAR),)
    return (question.weighed(Compared.PHONE, Level.DIFFERENT),)


def _same_phone(ours: str, theirs: str) -> bool:
    return ours[-7:] == theirs[-7:]


def _crowd(question: Question, field: Compared, unseen: float = UNSEEN) -> float:
    return _share_of(question, question.crowds.get(field, 1), unseen)


def _share_of(question: Question, crowd: int, unseen: float) -> float:
    # One person less: one of those who are counted may be the very child that is asked for.
    return (crowd - 1.0 + unseen) / (question.people + CONTACT_PEOPLE)


def _caregiver(question: Question, ours: str, theirs: str) -> Findings:
    pairs = [(our.split(), their.split()) for our in ours.split("|") for their in theirs.split("|")]
    levels = [_names_of_adults(question, our, their) for our, their in pairs if our and their]
    if not levels:
        return ()
    order = (Level.SAME, Level.NEAR, Level.FIRST_ONLY, Level.DIFFERENT)
    level = min(levels, key=order.index)
    return (question.weighed(Compared.CAREGIVER, level, _crowd(question, Compared.CAREGIVER)),)


def _names_of_adults(question: Question, ours: list[str], theirs: list[str]) -> Level:
    if ours == theirs or (len(ours) > 1 and len(theirs) > 1 and {ours[0], ours[-1]} == {theirs[0], theirs[-1]}):
        return Level.SAME if len(ours) > 1 else Level.FIRST_ONLY
    first = question.like(ours[0], theirs[0])
    last = question.like(ours[-1], theirs[-1]) if len(ours) > 1 and len(theirs) > 1 else None
    close = (Level.SAME, Level.SHORT_FORM, Level.SLIP, Level.SOUND, Level.BEGINNING)
    if first in close and (last in close or len(set(ours[1:]) & set(theirs[1:])) > 0):
        return Level.NEAR
    return Level.FIRST_ONLY if first in (Level.SAME, Level.SHORT_FORM) else Level.DIFFERENT


def _household(question: Question, theirs: list[str]) -> Findings:
    """One is named as living with the other, so they are two."""
    ours = question.asked
    theirs_packed = Packed(*theirs)
    if not ours.first or not theirs_packed.first or ours.first.split()[0] == theirs_packed.first.split()[0]:
        return ()
    named = _lists(ours.household, theirs_packed) or _lists(theirs_packed.household, ours)
    return (question.weighed(Compared.HOUSEHOLD, Level.NAMED),) if named else ()


def _lists(household: str, child: Packed) -> bool:
    first = child.first.split()[0]
    surnames = set(_split(child.last)[0])
    others = (name.split() for name in household.split("|") if name)
    return any(name[0] == first and (len(name) == 1 or surnames & set(name[1:])) for name in others)


# What is the same or not


def _sex(question: Question, ours: str, theirs: str) -> Findings:
    return (question.weighed(Compared.SEX, Level.SAME if ours == theirs else Level.DIFFERENT),)


def _suffix(question: Question, ours: str, theirs: str) -> Findings:
    return (question.weighed(Compared.SUFFIX, Level.SAME if ours == theirs else Level.DIFFERENT),)


def _shared(field: Compared) -> Callable[[Question, str, str], Findings]:
    def compare(question: Question, ours: str, theirs: str) -> Findings:
        if set(ours.split("|")) & set(theirs.split("|")):
            return (question.weighed(field, Level.SAME, _crowd(question, field)),)
        return (question.weighed(field, Level.DIFFERENT),) if Level.DIFFERENT in WEIGHTS[field] else ()

    return compare


_LONE: dict[str, Callable[[Question, str, str], Findings]] = {
    "suffix": _suffix,
    "dob": _dob,
    "sex": _sex,
    "phone": _phone,
    "caregiver": _caregiver,
    "number": _shared(Compared.NUMBER),
    "email": _shared(Compared.EMAIL),
    "school": _shared(Compared.SCHOOL),
    "incident": _shared(Compared.INCIDENT),
}
