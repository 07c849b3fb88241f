"""Words for an answer: a verdict, and one sentence a field that a clerk can check on the screen."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from domain.matching import folding
from domain.matching.candidates import Candidate, Grade, Reason, RecordKind
from domain.matching.comparing import Finding
from domain.matching.levels import Compared, Level
from domain.matching.person import Person
from domain.matching.ranking import Answer, names_alone
from domain.matching.weights import LIKELY, VERY_LIKELY

_LABELS = {
    Compared.GIVEN: "first name",
    Compared.MIDDLE: "middle name",
    Compared.SURNAME: "last name",
    Compared.SUFFIX: "suffix",
    Compared.DOB: "birth date",
    Compared.SEX: "sex",
    Compared.ADDRESS: "address",
    Compared.ZIP: "zip code",
    Compared.CITY: "city",
    Compared.PHONE: "phone",
    Compared.CAREGIVER: "caregiver",
    Compared.NUMBER: "child number",
    Compared.EMAIL: "email",
    Compared.SCHOOL: "school",
    Compared.INCIDENT: "case number",
    Compared.HOUSEHOLD: "household",
}
HIDDEN = "(kept confidential)"


def named(field: Compared) -> str:
    """What people call a field."""
    return _LABELS[field]


def grade(probability: float) -> Grade:
    """The grade of a calibrated probability."""
    if probability >= VERY_LIKELY:
        return Grade.VERY_LIKELY
    return Grade.LIKELY if probability >= LIKELY else Grade.POSSIBLE


def explain(asked: Person, answer: Answer, kind: RecordKind, record_id: UUID, found: Person) -> Candidate:
    """An answer as a candidate, in words."""
    reasons = sorted(
        (_reason(finding, asked, found) for finding in answer.findings), key=lambda reason: -abs(reason.bits)
    )
    household = _of_the_home(answer)
    return Candidate(
        kind=kind,
        record_id=record_id,
        grade=grade(answer.probability),
        probability=answer.probability,
        verdict=_verdict(answer, household=household),
        reasons=tuple(reasons),
        household=household,
        person=found,
        group=answer.group,
    )


def _of_the_home(answer: Answer) -> bool:
    return answer.home > 0.5 and answer.probability < VERY_LIKELY and answer.bits.home > answer.bits.same - 6.0


# The verdict


def _verdict(answer: Answer, *, household: bool) -> str:
    levels = {finding.field: finding.level for finding in answer.findings}
    if household:
        return _home_verdict(levels, answer)
    words = {
        Grade.VERY_LIKELY: "Very likely the same child",
        Grade.LIKELY: "Likely the same child",
        Grade.POSSIBLE: "Possibly the same child",
    }[grade(answer.probability)]
    unsure = answer.probability >= LIKELY and names_alone(answer.findings)
    return f"{words}{_resting_on(answer.findings)}{'; a name alone is not enough to be sure' if unsure else ''}."


def _resting_on(findings: Sequence[Finding]) -> str:
    agreeing = sorted((each for each in findings if each.same > 2.0), key=lambda each: -each.same)
    differing = [each for each in findings if each.same < -1.0]
    words = f": {_listed(agreeing[:3])} {_agree(agreeing[:3])}" if agreeing else ""
    if differing:
        words += f"{';' if words else ':'} {_listed(differing[:2])} {'differs' if len(differing) == 1 else 'differ'}"
    return words


def _agree(findings: Sequence[Finding]) -> str:
    exact = all(finding.level is Level.SAME for finding in findings)
    verb = "is" if len(findings) == 1 else "are"
    return f"{verb} the same" if exact else "agrees" if len(findings) == 1 else "agree"


def _home_verdict(levels: dict[Compared, Level], answer: Answer) -> str:
    shared = [
        _LABELS[field]
        for field in (Compared.SURNAME, Compared.ADDRESS, Compared.PHONE, Compared.CAREGIVER, Compared.DOB)
        if levels.get(field) is Level.SAME
    ]
    same = f": same {_joined(shared)}" if shared else ""
    twin = levels.get(Compared.DOB) is Level.SAME
    who = "Could be a twin" if twin else "Probably a brother, sister or other person of the home"
    if levels.get(Compared.GIVEN) is None:
        return f"{'The child or a twin' if twin else who}{same}, no first name to tell them apart."
    if levels[Compared.GIVEN] is Level.DIFFERENT:
        return f"{who}{same}, other first name."
    if not twin and levels[Compared.GIVEN] is Level.SAME:
        return f"Could be the same child, or a parent or relative of the same name{same}."
    return f"{who}, or the same child{same}."


def _listed(findings: Sequence[Finding]) -> str:
    return _joined([_LABELS[finding.field] for finding in findings])


def _joined(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else "".join(words)


# The reasons


def _reason(finding: Finding, asked: Person, found: Person) -> Reason:
    ours, theirs = _value(finding, asked), _value(finding, found)
    return Reason(
        field=finding.field,
        words=_sentence(finding, ours, theirs),
        bits=round(finding.same if abs(finding.same) >= 0.05 else 0.0, 1),
        ours=ours,
        theirs=theirs,
        level=finding.level,
    )


def _value(finding: Finding, person: Person) -> str:
    if finding.field is Compared.GIVEN and finding.level is Level.ELSEWHERE:
        also = [part for part in (person.first_name, person.middle_name, *person.aliases) if part]
        return ", ".join(dict.fromkeys(also))
    if finding.field is Compared.SURNAME and finding.level is Level.ELSEWHERE:
        return " ".join(part for part in (person.middle_name, person.last_name, *person.aliases) if part)
    if finding.field in (Compared.ADDRESS, Compared.ZIP, Compared.CITY) and person.address_hidden:
        return HIDDEN
    return _VALUES[finding.field](person)


_VALUES: dict[Compared, Callable[[Person], str]] = {
    Compared.GIVEN: lambda person: person.first_name,
    Compared.MIDDLE: lambda person: person.middle_name or " ".join(person.first_name.split()[1:]),
    Compared.SURNAME: lambda person: person.last_name,
    Compared.SUFFIX: lambda person: person.suffix,
    Compared.DOB: lambda person: said_date(person.dob),
    Compared.SEX: lambda person: {"F": "female", "M": "male"}.get(folding.sex(person.sex), person.sex),
    Compared.ADDRESS: lambda person: person.address,
    Compared.ZIP: lambda person: person.zip,
    Compared.CITY: lambda person: person.city,
    Compared.PHONE: lambda person: ", ".join(person.phones),
    Compared.CAREGIVER: lambda person: ", ".join(person.caregivers),
    Compared.NUMBER: lambda person: ", ".join(person.child_numbers),
    Compared.EMAIL: lambda person: ", ".join(person.emails),
    Compared.SCHOOL: lambda person: person.school,
    Compared.INCIDENT: lambda person: ", ".join(person.case_numbers),
    Compared.HOUSEHOLD: lambda person: ", ".join(person.household) or person.full_name,
}


def _sentence(finding: Finding, ours: str, theirs: str) -> str:
    label = _LABELS[finding.field]
    start = label[0].upper() + label[1:]
    both = f"{ours}, on file {theirs}"
    match finding.level:
        case Level.SAME:
            return _same_sentence(finding, label, ours)
        case Level.DIFFERENT | Level.GENERATION:
            return f"{start} differs: {both}."
        case Level.ELSEWHERE:
            return f"{start} stands among the other names: {both}."
        case Level.SWAPPED:
            return f"{start} {both}: first and last name seem to be exchanged."
        case Level.NAMED:
            return "One is named as living with the other, so they are two people."
        case level:
            return f"{start} {both}: {level.value}."


_IN_COMMON = {
    Compared.PHONE: "A phone number agrees.",
    Compared.CAREGIVER: "A caregiver agrees.",
    Compared.EMAIL: "An email address agrees.",
    Compared.NUMBER: "The agency's number of the child agrees.",
    Compared.INCIDENT: "A case number agrees: the same incident, not yet the same child.",
}


def _same_sentence(finding: Finding, label: str, ours: str) -> str:
    if finding.field in _IN_COMMON:
        return _IN_COMMON[finding.field]
    words = f"Same {label}, {ours}." if ours else f"Same {label}."
    if finding.field in (Compared.GIVEN, Compared.SURNAME) and finding.share:
        words += f" {_how_common(finding.share)} on file has it."
    return words


def _how_common(share: float) -> str:
    number = round(1 / share)
    if number < 20:
        return f"About 1 in {number}"
    scale = 10 ** (len(str(number)) - 1)
    return f"About 1 in {round(number / scale * 10) * scale // 10:,}"


_MONTHS = "January February March April May June July August September October November December".split()


def said_date(text: str) -> str:
    """A date of birth as one says it: March 7, 2015; March 2015; 2015."""
    digits = folding.birth_date(text)
    if not digits:
        return text
    year, month, day = digits[:4], int(digits[4:6]), int(digits[6:])
    if month == 0 or month > 12:
        return year if month == 0 else text
    if year == "0000":
        return f"{_MONTHS[month - 1]} {day}, year not known"
    if day == 0:
        return f"{_MONTHS[month - 1]} {year}"
    try:
        date(int(year), month, day)
    except ValueError:
        return text
    return f"{_MONTHS[month - 1]} {day}, {year}"
