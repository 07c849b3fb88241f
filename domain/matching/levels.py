"""The fields that are compared and the grades of agreement, each with the word that people read."""

from enum import StrEnum


class Compared(StrEnum):
    """A field of the comparison."""

    # Looked up by the thousand in each search; Enum would hash its name anew each time.
    __hash__ = str.__hash__

    GIVEN = "first_name"
    MIDDLE = "middle_name"
    SURNAME = "last_name"
    SUFFIX = "suffix"
    DOB = "dob"
    SEX = "sex"
    ADDRESS = "address"
    ZIP = "zip"
    CITY = "city"
    PHONE = "phone"
    CAREGIVER = "caregiver"
    NUMBER = "child_number"
    EMAIL = "email"
    SCHOOL = "school"
    INCIDENT = "case_number"
    HOUSEHOLD = "household"


class Basis(StrEnum):
    """What the comparison of two people rests on: how far its probability can be believed depends on it."""

    __hash__ = str.__hash__

    WHOLE = "both names and the birth date; address, phone or caregiver agrees"
    MOVED = "both names and the birth date; of the home only what differs, or the town"
    NAMED = "both names and a birth date that agrees at least in part; nothing of the home"
    NAMESAKE = "both names and a birth date that speaks against; nothing of the home"
    GAPS = "a name or the birth date missing; address, phone or caregiver agrees"
    SPARSE = "a name or the birth date missing; of the home only what differs, or the town"
    LITTLE = "a name or the birth date missing; nothing of the home"
    HOME = "another first name, or a generation apart, at the same address, phone or caregiver"
    LONE = "the same, where hardly anybody on file lives with another"


class Level(StrEnum):
    """How well two values agree; the value is the word shown between them."""

    __hash__ = str.__hash__

    SAME = "same"
    SHORT_FORM = "short form"
    BEGINNING = "one begins like the other"
    INITIAL = "initial agrees"
    SLIP = "nearly the same spelling"
    SOUND = "sounds alike"
    FAR = "similar spelling"
    PART = "one of two names is the same"
    PART_DIFFERS = "one name is the same, the other differs"
    ELSEWHERE = "stands as another name"
    SWAPPED = "first and last name exchanged"
    DAY_AND_MONTH = "day and month exchanged"
    DIGITS = "two neighbouring digits exchanged"
    ONE_DIGIT = "one digit differs"
    NEXT_YEAR = "year off by one"
    OTHER_YEAR = "same day of another year"
    SAME_YEAR_MONTH = "same month, other day"
    SAME_YEAR_DAY = "same year and day, other month"
    MONTH_KNOWN = "same as far as known"
    YEAR = "same year"
    FIRST_OF_JANUARY = "same year, one is 1 January"
    NEAR = "nearly the same"
    HOUSE_DIFFERS = "same street, other house"
    FIRST_ONLY = "first name agrees"
    NAMED = "named as living with the child"
    GENERATION = "a generation apart"
    DIFFERENT = "differs"
