"""Writing and sending a referral: the core that the agency's and the center's actions share."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from actions import hints, holding, reading
from actions.texts import optional
from actions.work import Work
from db import facts, numbers, queries, search_keys
from db.tables.decisions import HouseholdStart
from db.tables.people import Agency, Center, User
from db.tables.referrals import Draft, Referral, Submission
from domain import fields, incidents
from domain.lifecycle import Origin, Status, Step
from domain.matching import RecordKind, person_from
from domain.referrals import Named, OwnDraft, Receipt
from domain.refusals import NotFound, Refused, TooLate

LONGEST_DRAFT = 400_000
"""Characters of one draft's document: many times the longest report, and still one quick write."""


def begin(
    work: Work,
    kind: fields.ReferralType,
    agency: Agency,
    origin: Origin,
    answers: dict[str, Any] | None = None,
    group_id: UUID | None = None,
) -> Referral:
    """Open a draft; its answers are saved one by one from now on."""
    referral = Referral(
        type=kind.value,
        origin=origin,
        status=Status.DRAFT,
        agency_id=agency.id,
        made_by=work.actor.user_id,
        made_at=work.now,
        changed_at=work.now,
        incident_group_id=group_id,
    )
    work.session.add(referral)
    work.session.flush()
    work.session.add(_draft(work, referral, answers or {}))
    work.session.flush()
    work.record("referral.draft_saved", "referral", referral.id, version=1)
    return referral


def begin_for_listed(work: Work, referral: Referral, row: str, origin: Origin) -> Referral:
    """Begin the linked referral of a child who is listed in the household of another; the same child is begun once.

    Gives the draft that this person began before; refuses where the child's referral was sent, or a colleague has it.
    """
    agency = work.session.get(Agency, referral.agency_id) if referral.agency_id else None
    if agency is None:
        raise Refused("This is the result of a merge: start the linked referral from one of its sources.")
    answers = current_answers(work, referral)
    child = incidents.child_listed(answers, row)
    if child is None:
        raise NotFound("This child is no longer listed in the household. Reload the referral.")
    begun = work.session.scalar(queries.started_for(referral.id, row))
    if begun is not None:
        return _begun_before(work, begun)
    kind = fields.ReferralType(referral.type)
    draft = begin(work, kind, agency, origin, incidents.known_of(answers, child), shared_group(referral))
    work.session.add(HouseholdStart(referral_id=draft.id, from_id=referral.id, row=row))
    return draft


def _begun_before(work: Work, begun: Referral) -> Referral:
    if begun.status is not Status.DRAFT:
        raise TooLate(f"{begun.number} was sent for this child already. Open it instead.")
    if begun.made_by != work.actor.user_id:
        raise TooLate(f"{reading.person_named(work, begun.made_by)} has begun a referral for this child already.")
    return begun


def draft_of(work: Work, referral: Referral) -> Draft:
    """The answers in work; a returned referral starts its next round from what was sent last."""
    draft = work.session.scalar(queries.draft_of(referral.id))
    if draft is not None:
        return draft
    if referral.status not in (Status.DRAFT, Status.REJECTED):
        raise TooLate("This referral was sent, so its answers can no longer be changed. Use Add information instead.")
    draft = _draft(work, referral, current_answers(work, referral))
    work.session.add(draft)
    work.session.flush()
    return draft


def save(work: Work, referral: Referral, changes: dict[str, Any]) -> datetime:
    """Keep answers as they are typed: each key replaces its answer, None clears it."""
    if referral.status not in (Status.DRAFT, Status.REJECTED):
        raise TooLate("This referral was sent in the meantime: this answer was not saved. Use Add information instead.")
    draft = draft_of(work, referral)
    answers = fields.parsed(draft.answers)
    for name, value in changes.items():
        answers.pop(name, None)
        if value is not None:
            answers[name] = value
    draft.answers = _keepable(referral, answers)
    draft.saved_at, draft.saved_by = work.now, work.actor.user_id
    return draft.saved_at


def send(work: Work, referral: Referral, version: int, reached: str = "") -> Receipt:
    """Submit a draft, or send a returned referral again as its next round."""
    if referral.status is Status.SUBMITTED:
        return receipt(work, referral)
    if referral.version != version:
        raise TooLate("This referral was changed in another window. Reload it, check the answers and send it again.")
    draft = draft_of(work, referral)
    answers = fields.to_send(fields.ReferralType(referral.type), fields.parsed(draft.answers))
    _refuse_problems(work, referral, answers)
    again = referral.status is Status.REJECTED
    referral.round += 1
    referral.take(Step.RESUBMIT if again else Step.SUBMIT, work.actor, work.now)
    referral.number = referral.number or next_number(work, "referral", "R")
    referral.first_submitted_at = referral.first_submitted_at or work.now
    referral.waiting_since = work.now
    referral.reached = optional(reached) or referral.reached
    write_down(work, referral, answers, "round")
    work.session.delete(draft)
    work.record(
        "referral.resubmitted" if again else "referral.submitted", "referral", referral.id, version=referral.round
    )
    return receipt(work, referral)


def write_down(work: Work, referral: Referral, answers: dict[str, Any], kind: str) -> Submission:
    """Keep a document for ever and write its facts and search keys beside it, in this transaction."""
    work.session.flush()
    written = Submission(
        referral_id=referral.id,
        ordinal=len(work.session.scalars(queries.submissions_of(referral.id)).all()) + 1,
        round=referral.round,
        kind=kind,
        answers=fields.canonical(answers),
        made_by=work.actor.user_id,
        made_by_name=work.actor.name,
        made_at=work.now,
    )
    work.session.add(written)
    referral.submission_id = written.id
    facts.write_referral(work.session, referral, answers)
    work.session.flush()
    person = person_from(answers)
    search_keys.write_keys(work.session, RecordKind.REFERRAL, referral.id, person)
    hints.renew_referral(work, referral, person)
    return written


def throw_away(work: Work, referral: Referral) -> None:
    """Remove a draft that was never sent; the act itself stays in the audit trail. Refuses what a legal hold covers."""
    holding.refuse_held(work, referral)
    draft = work.session.scalar(queries.draft_of(referral.id))
    if draft is not None:
        work.session.delete(draft)
        work.session.flush()
    work.session.execute(queries.forget_start(referral.id))
    work.session.delete(referral)
    work.record("referral.draft_discarded", "referral", referral.id)


def current_answers(work: Work, referral: Referral) -> dict[str, Any]:
    """The answers as they stand: the newest document, or the draft."""
    if referral.submission_id is None:
        draft = work.session.scalar(queries.draft_of(referral.id))
        return fields.parsed(draft.answers) if draft else {}
    written = work.session.get(Submission, referral.submission_id)
    return fields.parsed(written.answers) if written else {}


def current_answers_in_work(work: Work, referral: Referral) -> dict[str, Any]:
    """The answers being typed, or the newest document when nothing is in work."""
    draft = work.session.scalar(queries.draft_of(referral.id))
    return fields.parsed(draft.answers) if draft else current_answers(work, referral)


def from_account(work: Work, agency: Agency, kind: fields.ReferralType) -> dict[str, Any]:
    """What the account of the actor already answers: agency, name, title, phone, email."""
    user = work.session.get(User, work.actor.user_id)
    known = {"referral_type": kind.value, "agency_id": agency.name, "agency_type": agency.kind}
    if user is not None:
        known |= {
            "referrer_name": user.name,
            "referrer_title": user.title,
            "referrer_phone": user.phone,
            "referrer_email": user.email,
        }
    return {name: value for name, value in known.items() if value}


def next_number(work: Work, series: str, letter: str) -> str:
    """The next number of a series in the center's year: R-26-0041."""
    return next_numbers(work, series, letter, 1)[0]


def next_numbers(work: Work, series: str, letter: str, count: int) -> list[str]:
    """So many numbers of a series in a row."""
    year = work.now.astimezone(center_zone(work)).year % 100
    first = numbers.next_block_in(work.session, f"{series}-{year:02}", count)
    start = f"{letter}-{year:02}" if letter else f"{year:02}"
    return [f"{start}-{number:04}" for number in range(first, first + count)]


def receipt(work: Work, referral: Referral) -> Receipt:
    """What the sender keeps of a sent referral (rule 15: number, date and the child's initials)."""
    center = the_center(work)
    return Receipt(
        id=referral.id,
        number=referral.number or "",
        round=referral.round,
        at=referral.waiting_since or referral.changed_at,
        initials=initials(referral),
        urgent=referral.urgency_rank == 0 or referral.within_120_hours,
        on_call_phone=center.on_call_phone,
        hotline_phone=center.hotline_phone,
        hotline_open=referral.hotline_open,
        center=center.name,
    )


def initials(referral: Referral) -> str:
    """The child's initials: "J. R."; a dash where a name is not known."""
    names = (referral.child_first_name, referral.child_last_name)
    return " ".join(f"{name.strip()[0]}." if name.strip() else "–" for name in names)


def own_draft(work: Work, referral: Referral) -> OwnDraft:
    """A draft as its writer sees it, with the marks of the last return."""
    draft = draft_of(work, referral)
    change = work.session.scalar(queries.newest_step(referral.id))
    returned = change if change is not None and change.step is Step.REJECT else None
    marks = work.session.scalars(queries.marks_of(returned.id)).all() if returned else []
    return OwnDraft(
        id=referral.id,
        number=referral.number or "",
        type=referral.type,
        status=referral.status,
        version=referral.version,
        round=referral.round,
        answers=fields.parsed(draft.answers),
        saved_at=draft.saved_at,
        marks=tuple(reading.as_mark(mark) for mark in marks),
        comment=returned.comment if returned else "",
        reason=returned.reason if returned else "",
        group=group_of(work, referral),
    )


def group_of(work: Work, referral: Referral) -> tuple[Named, ...]:
    """The other children of the incident as this person may see them; an agency never learns of a decision."""
    if referral.incident_group_id is None:
        return ()
    own = work.actor.of_agency
    seen = queries.own_referrals(work.actor) if own else queries.visible_referrals(work.actor)
    others = work.session.scalars(
        seen.where(Referral.incident_group_id == referral.incident_group_id, Referral.id != referral.id)
    ).all()
    drafts = {
        one.referral_id: fields.parsed(one.answers)
        for one in work.session.scalars(queries.drafts_of([one.id for one in others]))
    }
    return tuple(
        Named(
            one.id,
            one.number or "",
            _child_typed(drafts.get(one.id, {})) or reading.child_of(one),
            "",
            one.status if not own or one.status in (Status.DRAFT, Status.REJECTED) else Status.SUBMITTED,
        )
        for one in sorted(others, key=lambda one: (one.number is None, one.number or "", one.made_at))
    )


def _child_typed(answers: dict[str, Any]) -> str:
    typed = [answers.get(name) for name in ("child_first_name", "child_last_name")]
    return " ".join(name for name in typed if isinstance(name, str) and name)


def the_center(work: Work) -> Center:
    """The center of this site; refuses before the first run."""
    center = reading.center_row(work)
    if center is None:
        raise Refused("This site is not set up yet. Ask the administrator to finish the first run.")
    return center


def center_zone(work: Work) -> ZoneInfo:
    """The center's time zone."""
    return ZoneInfo(the_center(work).time_zone)


def _draft(work: Work, referral: Referral, answers: dict[str, Any]) -> Draft:
    return Draft(
        referral_id=referral.id,
        answers=fields.canonical(answers),
        saved_at=work.now,
        saved_by=work.actor.user_id,
    )


def _keepable(referral: Referral, answers: dict[str, Any]) -> str:
    """The draft as text. A wrong answer is kept (the form will say so); what cannot be kept is refused."""
    asked = fields.referral(fields.ReferralType(referral.type))
    known = {field.group or field.name for field in asked}
    if set(answers) - known:
        raise Refused("This answer does not belong to this type of referral, so it was not saved. Reload the page.")
    text = fields.canonical(answers)
    if len(text) > LONGEST_DRAFT:
        raise Refused("This text is too long to be saved. Shorten it; your report itself can follow later.")
    if _holds_nul(answers):
        raise Refused("This text holds a character that cannot be saved (NUL). Remove it and type it again.")
    return text


def _holds_nul(value: Any) -> bool:
    """Whether a text anywhere in the answer holds the one character that no database keeps."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_holds_nul(part) for part in (*value, *value.values()))
    return isinstance(value, list) and any(_holds_nul(part) for part in value)


def _refuse_problems(work: Work, referral: Referral, answers: dict[str, Any]) -> None:
    today = work.now.astimezone(center_zone(work)).date()
    found = fields.problems(fields.ReferralType(referral.type), answers, today)
    refused = [problem for problem in found if problem.weight is fields.Weight.REFUSE]
    if refused:
        raise Refused(f"The referral was not sent: {refused[0].message}")


def shared_group(referral: Referral) -> UUID:
    """The incident group of a referral, made when a second child joins it."""
    referral.incident_group_id = referral.incident_group_id or uuid4()
    return referral.incident_group_id
