"""Clients as they come back to a page: lists, files with their cases, and who on file a child may be."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain import fields
from domain.client_merges import FileMerge
from domain.covering import DO_NOT_CALL, do_not_call
from domain.fields import Answers
from domain.intake import Comparison, IntakeChoices, Missing, ToSettle
from domain.lifecycle import Status
from domain.matching import Compared, Grade, Person, Reason
from domain.referrals import Named, Remark, WrittenRound

COVERED_ADDRESS = "Confidential address"
RESTRICTED = "A restricted file may match: ask the supervisor."
STRONG = (Grade.VERY_LIKELY, Grade.LIKELY)
"""With such a match on the screen, a new client needs a reason."""


class Cause(StrEnum):
    """Why a client's file or a case has a new version."""

    IMPORT = "import"
    IMPORT_UNDONE = "import_undone"
    EDIT = "edit"
    WALK_IN = "walk_in"
    SPREADSHEET = "spreadsheet"
    MERGE = "merge"
    MERGE_UNDONE = "merge_undone"

    @property
    def label(self) -> str:
        return _CAUSES[self]


_CAUSES = {
    Cause.IMPORT: "Imported from a referral",
    Cause.IMPORT_UNDONE: "Import undone: earlier answers put back",
    Cause.EDIT: "Edited by staff",
    Cause.WALK_IN: "Added without a referral",
    Cause.SPREADSHEET: "Loaded from a list",
    Cause.MERGE: "Merged with another file of the same child",
    Cause.MERGE_UNDONE: "Merge undone: earlier answers put back",
}


@dataclass(frozen=True)
class ClientLine:
    """One client in a list: one lean line."""

    id: UUID
    number: str
    child: str
    dob: str
    sex: str
    open_cases: int
    changed_at: datetime


@dataclass(frozen=True)
class ClientList:
    """The clients found, how many there are in all, and those who only sound like what was typed."""

    lines: tuple[ClientLine, ...]
    total: int
    alike: tuple["PossibleClient", ...] = ()
    restricted: bool = False
    twice: tuple["PossibleClient", ...] = ()
    """Those of the clients found who look like one child, twice on file."""


@dataclass(frozen=True)
class WrittenVersion:
    """A file or a case as it stood after one change."""

    version: int
    answers: Answers
    cause: Cause
    by: str
    at: datetime
    referral_id: UUID | None = None
    referral_number: str = ""


@dataclass(frozen=True)
class Presented:
    """What was known when a referral came into a case: frozen."""

    answers: Answers
    by: str
    at: datetime
    referral_id: UUID | None = None
    referral_number: str = ""
    agencies: tuple[str, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True)
class CaseView:
    """One occurrence of serving a client."""

    id: UUID
    number: str
    version: int
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    answers: Answers
    versions: tuple[WrittenVersion, ...]
    presented: tuple[Presented, ...]
    opened_in: str = ""
    """The file that it was opened in, where that one was merged into another."""
    another_child_because: str = ""
    """Why the child was added as a new client with it although a strong match was shown."""


@dataclass(frozen=True)
class OpenCase:
    """A case that a referral may be added to."""

    id: UUID
    number: str
    version: int
    opened_at: datetime
    concerns: str


@dataclass(frozen=True)
class SentReferral:
    """A referral of a client as it was written, round by round."""

    named: Named
    rounds: tuple[WrittenRound, ...]
    imported_by: str = ""
    imported_at: datetime | None = None
    came_by_merge: bool = False
    may_undo: bool = False
    version: int = 0
    """Of the referral, as it is seen: what an undo compares."""


@dataclass(frozen=True)
class ClientView:
    """A client's file with its cases, referrals, history and notes."""

    id: UUID
    number: str
    version: int
    child: str
    dob: str
    answers: Answers
    versions: tuple[WrittenVersion, ...]
    cases: tuple[CaseView, ...]
    referrals: tuple[SentReferral, ...]
    notes: tuple[Remark, ...]
    made_at: datetime
    withdrawn: bool = False
    restricted: bool = False
    merges: tuple[FileMerge, ...] = ()
    """Oldest first, those that were undone among them."""

    @property
    def standing(self) -> tuple[FileMerge, ...]:
        """The merges that were not undone."""
        return tuple(merge for merge in self.merges if merge.undone_at is None)

    @property
    def ended(self) -> FileMerge | None:
        """The merge by which this file ended: work goes on in the other one."""
        return next((merge for merge in self.standing if merge.ended_id == self.id), None)

    @property
    def holds(self) -> tuple[FileMerge, ...]:
        """The merges that this file goes on from."""
        return tuple(merge for merge in self.standing if merge.kept_id == self.id)

    @property
    def read_only(self) -> bool:
        """Whether nobody works on this file any more: it was withdrawn, or work goes on in another one."""
        return self.withdrawn or self.ended is not None


@dataclass(frozen=True)
class PossibleClient:
    """Somebody on file who may be this child, with the reasons field by field."""

    client_id: UUID
    number: str
    version: int
    child: str
    dob: str
    grade: Grade
    verdict: str
    probability: float
    household: bool
    reasons: tuple[Reason, ...]
    cases: int
    open_cases: int
    changed_at: datetime
    group: int | None = None
    """Candidates with the same number look like one child, twice on file."""
    by_ended_file: bool = False
    """Found by what a file says that was merged into this one."""
    settles: str = ""
    """What to ask for, and what the answer would change."""

    @property
    def strong(self) -> bool:
        return self.grade in STRONG

    @property
    def evidence(self) -> dict[str, Any]:
        """What is shown of this candidate, to be kept with the decision."""
        return {
            "client": str(self.client_id),
            "number": self.number,
            "grade": self.grade.value,
            "probability": round(self.probability, 4),
            "verdict": self.verdict,
            "reasons": [
                {"field": reason.field.value, "level": reason.level.value, "bits": reason.bits, "words": reason.words}
                for reason in self.reasons
            ],
        }


@dataclass(frozen=True)
class SaidApart:
    """Somebody on file who looks like the child, and of whom a person said that it is another one."""

    possible: PossibleClient
    decision_id: UUID
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class PossibleReferral:
    """Another referral that may be about the same child: waiting in the queue, or closed."""

    id: UUID
    number: str
    child: str
    agency: str
    status: Status
    grade: Grade
    verdict: str


@dataclass(frozen=True)
class PossibleClients:
    """What a search for a child found; `restricted` says only that a file is there."""

    found: tuple[PossibleClient, ...]
    referrals: tuple[PossibleReferral, ...] = ()
    restricted: Grade | None = None
    looked_through: int = 0
    apart: tuple[SaidApart, ...] = ()
    """Those of whom somebody said that they are another child: told, and no longer candidates."""

    @property
    def strongest(self) -> Grade | None:
        """The best grade that was shown; a restricted file counts."""
        grades = {possible.grade for possible in self.found} | ({self.restricted} if self.restricted else set())
        return next((grade for grade in Grade if grade in grades), None)

    @property
    def strong(self) -> bool:
        return self.strongest in STRONG


@dataclass(frozen=True)
class IntakeView:
    """A half-done import: the choices so far, what is still to settle, and how file and case would read."""

    referral_id: UUID
    number: str
    version: int
    child: str
    type: str
    answers: Answers
    """The referral's, as they stand."""
    choices: IntakeChoices
    searched: bool
    """Whether this person was shown who is on file."""
    strongest: Grade | None
    client_number: str
    client_child: str
    client_version: int
    client_ended: str
    """In words: the chosen file was merged into another one since; empty while it goes on."""
    open_cases: tuple[OpenCase, ...]
    case: OpenCase | None
    """The open case that was chosen; None: a new one."""
    file: Comparison
    occurrence: Comparison
    profile: Answers
    in_case: Answers
    missing: tuple[Missing, ...]
    wrong: tuple[fields.Problem, ...]
    hotline_open: bool

    @property
    def strong(self) -> bool:
        """Whether a new client needs a reason."""
        return self.strongest in STRONG

    @property
    def override_reason(self) -> str:
        """Why the child is another one than those who were shown."""
        return self.choices.override_reason

    @property
    def to_settle(self) -> tuple[ToSettle, ...]:
        """Every difference between the referral and the file or the case."""
        return (*self.file.to_settle, *self.occurrence.to_settle)

    @property
    def unsettled(self) -> tuple[ToSettle, ...]:
        """Those that still wait for a choice."""
        settled = self.choices.settled
        return (*self.file.unsettled(settled), *self.occurrence.unsettled(settled))


@dataclass(frozen=True)
class LeftBehind:
    """What somebody typed for an import that can no longer be saved, and who decided otherwise."""

    number: str
    sentence: str
    typed: Answers


@dataclass(frozen=True)
class WalkInView:
    """A half-typed walk-in client."""

    answers: Answers
    override_reason: str
    searched: bool
    strongest: Grade | None
    missing: tuple[Missing, ...]

    @property
    def strong(self) -> bool:
        """Whether adding needs a reason."""
        return self.strongest in STRONG


@dataclass(frozen=True)
class Imported:
    """What Save made of a referral."""

    client_id: UUID
    client_number: str
    case_id: UUID
    case_number: str
    new_client: bool
    new_case: bool


@dataclass(frozen=True)
class Loaded:
    """What a bulk load wrote: how many clients, from which number to which."""

    count: int
    first_number: str = ""
    last_number: str = ""


@dataclass(frozen=True)
class Shown:
    """What the search showed one person about one child: kept with their draft, then with the decision."""

    of: str = ""
    """Which answers were searched for; empty until there was a search."""
    clients: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """By the client's id: number, grade, verdict and reasons as they were shown."""
    restricted: str = ""
    """The best grade of a file that was told and not shown."""

    def with_more(self, of: str, found: PossibleClients) -> "Shown":
        """This and what one more search showed; what was shown about other answers no longer counts."""
        before = self if self.of == of else Shown(of)
        fresh = {
            str(one.client_id): one.evidence for one in found.found if one.strong or not before.as_strong(one.client_id)
        }
        fresh |= {str(one.possible.client_id): {**one.possible.evidence, "apart": one.reason} for one in found.apart}
        restricted = found.restricted.value if found.restricted else before.restricted
        return Shown(of, {**before.clients, **fresh}, restricted)

    @property
    def strongest(self) -> Grade | None:
        """The best grade that was shown."""
        grades = {one["grade"] for one in self.clients.values() if "apart" not in one} | {self.restricted}
        return next((grade for grade in Grade if grade.value in grades), None)

    def as_strong(self, client_id: UUID) -> bool:
        """Whether this client was shown as likely the child; a look at the faint end of another search is none."""
        return self.clients.get(str(client_id), {}).get("grade") in STRONG

    @property
    def evidence(self) -> str:
        """What was shown, as canonical JSON."""
        shown = {"clients": list(self.clients.values()), "restricted": self.restricted}
        return json.dumps(shown, sort_keys=True, ensure_ascii=False)

    def to_text(self) -> str:
        """This as JSON text."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "Shown":
        """What `to_text` wrote."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Looked:
    """What a person looks for: the child's answers by name, as far as they typed them."""

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    dob: str = ""
    sex: str = ""
    phone: str = ""
    caregiver: str = ""
    number: str = ""
    """A number that an agency gave this child."""

    @property
    def nothing(self) -> bool:
        return not any((self.first_name, self.last_name, self.dob, self.phone, self.caregiver, self.number))


@dataclass(frozen=True)
class Hidden:
    """Whose phone and address must not be shown in lists and reasons."""

    phone: bool = False
    address: bool = False


def child_named(first: str, middle: str, last: str) -> str:
    """A child's name as one line, as typed; a plain phrase where it is not known."""
    return " ".join(part.strip() for part in (first, middle, last) if part.strip()) or "Name not known"


def looked_for(person: Person) -> Looked:
    """The words of the search as a referral fills them in."""
    return Looked(
        first_name=person.first_name,
        middle_name=person.middle_name,
        last_name=person.last_name,
        dob=person.dob,
        sex=person.sex,
        phone=", ".join(person.phones),
        caregiver=", ".join(person.caregivers),
        number=", ".join(person.child_numbers),
    )


def looked_from(text: str) -> Looked:
    """What one line of free text looks for: names in either order, a birth date, a phone."""
    words = text.split()
    dates = [word for word in words if _DATE.fullmatch(word)]
    phones = [word for word in words if word not in dates and sum(letter.isdigit() for letter in word) >= 7]
    names = [word for word in words if not any(letter.isdigit() for letter in word)]
    if names and names[0].endswith(","):
        names = [*names[1:], names[0].rstrip(",")]
    return Looked(
        first_name=names[0] if names else "",
        last_name=" ".join(names[1:]) if len(names) > 1 else "",
        dob=_day(dates[0]) if dates else "",
        phone=", ".join(phones),
    )


def hidden_in(*documents: Mapping[str, Any]) -> Hidden:
    """What rule 14 covers, if any of these answers says so: an alleged offender's phone, a confidential address."""
    return Hidden(
        phone=any(_phone_hidden(answers) for answers in documents),
        address=any(answers.get("address_confidential") == "yes" for answers in documents),
    )


def cover(reasons: tuple[Reason, ...], hide: Hidden) -> tuple[Reason, ...]:
    """The reasons with every phone and address that must not be read replaced by why not."""
    return tuple(_covered_reason(reason, hide) for reason in reasons)


def told(answers: Answers, name: str) -> str:
    """One answer in words, "" for a blank."""
    asked = fields.FIELD.get(name)
    return fields.say(asked, answers.get(name)) if asked else ""


_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4}")


def _day(word: str) -> str:
    try:
        return str(fields.read(fields.FIELD["child_dob"], word))
    except fields.CannotRead:
        return ""


_ADDRESS = (Compared.ADDRESS, Compared.ZIP, Compared.CITY)


def _covered_reason(reason: Reason, hide: Hidden) -> Reason:
    instead = ""
    if hide.phone and reason.field is Compared.PHONE:
        instead = DO_NOT_CALL
    if hide.address and reason.field in _ADDRESS:
        instead = COVERED_ADDRESS
    if not instead:
        return reason
    label = reason.field.value.capitalize()
    return replace(reason, words=f"{label}: {reason.level.value}.", ours=instead, theirs=instead)


def _phone_hidden(answers: Mapping[str, Any]) -> bool:
    people = answers.get("caregivers")
    home = [person for person in people if isinstance(person, Mapping)] if isinstance(people, list) else []
    return answers.get("child_phone_safe") == "no" or any(do_not_call(answers, person) for person in home)
