"""What a question is: its kind, its choices, and what the house does with its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

Answers: TypeAlias = dict[str, Any]
"""Answers by the name of a field or of a group; an absent name was not asked. Always JSON-able."""
Row: TypeAlias = Mapping[str, Any]
"""One person of a group: its id under "row", and answers by the name of a field."""


class Kind(StrEnum):
    """How an answer is typed and kept."""

    TEXT_SHORT = "text_short"
    TEXT_LONG = "text_long"
    NAME = "name"
    IDENTIFIER = "identifier"
    EMAIL = "email"
    PHONE = "phone"
    ZIP = "zip"
    LOOKUP = "lookup"
    CHOICE = "choice"
    CHOICE_SEARCH = "choice_search"
    MULTI = "multi"
    INTEGER = "integer"
    CHECKBOX = "checkbox"
    DATE = "date"
    DATE_MEMORABLE = "date_memorable"
    DATE_PARTIAL = "date_partial"
    DATE_PARTIAL_RANGE = "date_partial_range"
    DATE_OR_AGE = "date_or_age"
    PERSON_CONTACT = "person_contact"
    FILES = "files"


class MatchRole(StrEnum):
    """What an answer says about whether two children are one; INCIDENT numbers link, they never identify a child."""

    NONE = "none"
    SUPPORT = "support"
    STRONG = "strong"
    BLOCKING = "blocking"
    INCIDENT = "incident"


class MergeRule(StrEnum):
    """Which of two differing answers a merge proposes first."""

    PICK_ONE = "pick_one"
    KEEP_BOTH = "keep_both"
    UNION = "union"
    MOST_URGENT = "most_urgent"
    MOST_PROTECTIVE = "most_protective"
    EARLIEST = "earliest"
    YES_WINS = "yes_wins"
    MATCH_PERSON = "match_person"


class Sensitivity(StrEnum):
    """How much harm the answer does in the wrong hands."""

    OPERATIONAL = "operational"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    HIGHLY_SENSITIVE = "highly_sensitive"


class ReferralType(StrEnum):
    """The four forms; chosen before the form is drawn."""

    CLIENT = "client"
    LE = "le"
    CPS = "cps"
    COMBINED = "combined"


class Required(StrEnum):
    """Who must answer. YES and ONE_OF stop a referral; IF_SHOWN and IF_KNOWN are asked for and never stop it."""

    NO = "no"
    YES = "yes"
    ONE_OF = "one_of"
    IF_SHOWN = "if_shown"
    IF_KNOWN = "if_known"
    FROM_ACCOUNT = "from_account"
    FROM_AGENCY = "from_agency"


class Kept(StrEnum):
    """Where an import keeps the answer.

    PROFILE: who the child is, true over all cases. CASE: what happened this time. REFERRAL: only about the sending,
    it stays with the referral. A group is kept whole: caregivers in the profile, household and offenders in the case.
    """

    PROFILE = "profile"
    CASE = "case"
    REFERRAL = "referral"


class Tick(StrEnum):
    """What may be ticked instead of answering; kept as {"tick": ...}, never as text."""

    NOT_KNOWN = "not_known"
    NOT_ASSIGNED = "not_assigned"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose; the code never changes, the labels may."""

    code: str
    label: str
    label_es: str


@dataclass(frozen=True, slots=True)
class Given:
    """True when the field was answered with one of the codes."""

    field: str
    codes: tuple[str, ...]

    def __init__(self, field: str, *codes: str) -> None:
        object.__setattr__(self, "field", field)
        object.__setattr__(self, "codes", codes)


@dataclass(frozen=True, slots=True)
class Blank:
    """True while the field has no answer; a tick is no answer."""

    field: str


@dataclass(frozen=True, slots=True)
class Filled:
    """True once the field has an answer that is not a tick."""

    field: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one of the conditions is."""

    conditions: tuple["Given | Blank | Filled", ...]


Condition: TypeAlias = Given | Blank | Filled | AnyOf

ALL_TYPES = frozenset(ReferralType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the form with its heading."""

    name: str
    title: str
    title_es: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions asked once for each person; `drawn` rows stand open on an empty form."""

    name: str
    section: str
    title: str
    title_es: str
    one: str
    one_es: str
    drawn: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the catalogue."""

    name: str
    section: str
    label: str
    label_es: str
    kind: Kind
    merge: MergeRule
    sensitivity: Sensitivity
    kept: Kept
    help: str = ""
    help_es: str = ""
    choices: tuple[Choice, ...] = ()
    lookup: str | None = None
    between: tuple[int, int] | None = None
    required: Required = Required.NO
    one_of: tuple[str, ...] = ()
    types: frozenset[ReferralType] = ALL_TYPES
    group: str | None = None
    shown_when: Condition | None = None
    ticks: tuple[Tick, ...] = ()
    matching: MatchRole = MatchRole.NONE
    standard: str = ""
    report: bool = False
    short: bool = False

    @property
    def many(self) -> bool:
        """Whether the answer is a list of texts, typed with commas between them."""
        return self.merge is MergeRule.UNION and self.kind in _SINGLE_TEXTS

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its choices."""
        return frozenset(choice.code for choice in self.choices)

    def label_in(self, language: str) -> str:
        """Its label in "en" or "es"."""
        return self.label_es if language == "es" else self.label

    def help_in(self, language: str) -> str:
        """Its help in "en" or "es"; empty where none is needed."""
        return self.help_es if language == "es" else self.help


_SINGLE_TEXTS = frozenset({Kind.IDENTIFIER, Kind.PHONE, Kind.TEXT_SHORT, Kind.LOOKUP})
