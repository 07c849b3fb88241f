"""What the center's people do with one referral: read, correct, return, ask, close, delete, note, phone in."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from actions import comparing, drafting, hints, reading
from actions.center import late_words
from actions.texts import optional, written
from actions.work import Work, permitted
from db import once, queries, search_keys
from db import queue as queue_statements
from db.tables.people import Agency
from db.tables.referrals import Note, Question, Referral, ReturnMark
from domain import fields
from domain.lifecycle import CloseOutcome, DeleteReason, Origin, ReturnReason, Status, Step
from domain.matching import Grade, RecordKind, person_from
from domain.matching.folding import fold
from domain.permissions import Permission
from domain.referrals import (
    Caller,
    Decided,
    HotlineTask,
    LooksLike,
    Mark,
    Named,
    OwnDraft,
    Receipt,
    ReferralView,
    Remark,
    Urgency,
    WrittenRound,
)
from domain.refusals import NotFound, Refused, TooLate

SHORTEST_NUMBER = 4
"""Characters of a case number that is worth comparing."""
ONE_LOOK = timedelta(minutes=10)
"""Drawing the same version again within this time is the same look, not a second one in the audit trail."""


@permitted(Permission.REVIEW_REFERRALS)
def read(work: Work, referral_id: UUID) -> ReferralView:
    """The whole referral with its history, as the center's people see it; the look is recorded."""
    referral = reading.visible_referral(work, referral_id)
    if referral.status is Status.DRAFT:
        raise NotFound("This referral was not sent yet. Go on with it under Phoned-in referral.")
    if not work.session.scalar(queries.looked_at(referral.id, work.actor, referral.version, work.now - ONE_LOOK)):
        work.record("referral.viewed", "referral", referral.id, version=referral.version)
    return view_of(work, referral)


@permitted(Permission.REVIEW_REFERRALS)
def correct(work: Work, referral_id: UUID, version: int, changes: dict[str, Any]) -> None:
    """Keep a correction by staff as a version of its own; what the agency wrote stays as it was.

    Refuses to touch a narrative: staff add a note beside it (rule 15).
    """
    referral = _waiting(work, referral_id, version)
    if "narrative" in changes:
        raise Refused("What the agency reported is never edited. Add a note beside it instead.")
    before = drafting.current_answers(work, referral)
    after = {name: value for name, value in (before | changes).items() if value is not None}
    if fields.canonical(before) == fields.canonical(after):
        raise Refused("Nothing was changed, so there is nothing to save.")
    _refuse_wrong(work, referral, before, after)
    referral.changed_at = work.now
    drafting.write_down(work, referral, after, "correction")
    work.record("referral.corrected", "referral", referral.id, version=referral.version, fields=changes)


@permitted(Permission.REVIEW_REFERRALS)
def return_to_agency(
    work: Work, referral_id: UUID, version: int, reason: ReturnReason, comment: str, marks: Sequence[Mark] = ()
) -> Decided:
    """Send a referral back with what to fix; the desk's clock stops and the agency's starts."""
    referral = _waiting(work, referral_id, version)
    said = written(comment, "Write the agency a comment: what is missing, and why you need it.")
    if referral.origin is Origin.MERGE:
        raise Refused("A merged referral is not returned. Ask the agency of each source about its own part.")
    _refuse_open_hotline(referral)
    asked = {field.name for field in fields.referral(fields.ReferralType(referral.type))}
    if any(mark.field not in asked for mark in marks):
        raise Refused("One of the marked questions is not part of this referral. Reload the page and mark it again.")
    change = referral.take(Step.REJECT, work.actor, work.now, reason=reason.value, comment=said)
    work.session.flush()  # the marks point at the step
    for mark in marks:
        work.session.add(
            ReturnMark(
                change_id=change.id,
                referral_id=referral.id,
                field=mark.field,
                row=mark.row,
                comment=optional(mark.comment),
            )
        )
    work.record(
        "referral.returned", "referral", referral.id, version=referral.version, fields=[mark.field for mark in marks]
    )
    return _decided(work, referral, Step.REJECT)


@permitted(Permission.REVIEW_REFERRALS)
def ask(work: Work, referral_id: UUID, text: str, key: str = "") -> None:
    """Ask the agency a question; the referral stays in the queue. A result's sources are asked one by one.

    The same `key` twice asks once.
    """
    referral = reading.visible_referral(work, referral_id)
    if referral.origin is Origin.MERGE:
        raise Refused("This is the result of a merge: open one of its sources and ask that agency there.")
    if referral.status not in (Status.SUBMITTED, Status.MERGED, Status.IMPORTED):
        raise TooLate(f"{referral.number} is {referral.status.label.lower()}, so its agency is not asked now.")
    said = written(text, "Type your question first.")
    if _done_before(work, key):
        return
    work.session.add(Question(referral_id=referral.id, text=said, asked_by_name=work.actor.name, asked_at=work.now))
    work.record("referral.asked", "referral", referral.id)


@permitted(Permission.REVIEW_REFERRALS)
def close(work: Work, referral_id: UUID, version: int, outcome: CloseOutcome, comment: str) -> Decided:
    """Not accepted here: a coded outcome, what was done and who was told. It stays searchable and can be reopened."""
    referral = _unchanged(work, referral_id, version)
    said = written(comment, "Write what was done and who was told.")
    _refuse_open_hotline(referral)
    referral.take(Step.CLOSE, work.actor, work.now, reason=outcome.value, comment=said)
    work.record("referral.closed", "referral", referral.id, version=referral.version, reason=outcome.value)
    return _decided(work, referral, Step.CLOSE)


@permitted(Permission.REVIEW_REFERRALS)
def reopen(work: Work, referral_id: UUID, version: int, comment: str = "") -> Decided:
    """Put a closed referral back where it was."""
    referral = _unchanged(work, referral_id, version)
    _take_back(work, referral, Step.REOPEN, comment)
    work.record("referral.reopened", "referral", referral.id, version=referral.version)
    return _decided(work, referral, Step.REOPEN)


@permitted(Permission.DELETE_REFERRALS)
def delete(work: Work, referral_id: UUID, version: int, reason: DeleteReason, comment: str = "") -> Decided:
    """Put a test, a mistake or an exact double into the bin; it can be restored."""
    referral = _unchanged(work, referral_id, version)
    referral.take(Step.DELETE, work.actor, work.now, reason=reason.value, comment=optional(comment))
    search_keys.remove_keys(work.session, RecordKind.REFERRAL, referral.id)
    work.session.execute(queries.forget_hints(referral.id))
    work.record("referral.deleted", "referral", referral.id, version=referral.version, reason=reason.value)
    return _decided(work, referral, Step.DELETE)


@permitted(Permission.DELETE_REFERRALS)
def restore(work: Work, referral_id: UUID, version: int) -> Decided:
    """Put a deleted referral back where it was."""
    referral = _unchanged(work, referral_id, version)
    _take_back(work, referral, Step.RESTORE, "")
    back_in_search(work, referral)
    work.record("referral.restored", "referral", referral.id, version=referral.version)
    return _decided(work, referral, Step.RESTORE)


@permitted(Permission.REVIEW_REFERRALS)
def add_note(work: Work, referral_id: UUID, text: str, key: str = "") -> None:
    """Add a note for the center's people only; a court may read it. The same `key` twice adds it once."""
    referral = reading.visible_referral(work, referral_id)
    said = written(text, "Type your note first.")
    if _done_before(work, key):
        return
    work.session.add(
        Note(
            record_kind="referral",
            record_id=referral.id,
            text=said,
            made_by_name=work.actor.name,
            made_at=work.now,
        )
    )
    work.record("referral.noted", "referral", referral.id)


@permitted(Permission.REVIEW_REFERRALS)
def settle_hotline(work: Work, referral_id: UUID, on: date, number: str, by: str) -> None:
    """Settle the task "report to the hotline": when it was reported, under which number, by whom (rule 13)."""
    referral = reading.visible_referral(work, referral_id)
    if not referral.hotline_open:
        raise TooLate("The hotline report of this referral is settled already.")
    if on > work.now.astimezone(drafting.center_zone(work)).date():
        raise Refused("The report cannot have been made in the future. Check the date.")
    referral.hotline_open, referral.hotline_on = False, on
    referral.hotline_number = optional(number)[:200]
    referral.hotline_by = written(by, "Say who made the report.")[:200]
    work.record("referral.hotline_settled", "referral", referral.id)


@permitted(Permission.REVIEW_REFERRALS)
def assign(work: Work, referral_id: UUID, version: int, to_user_id: UUID | None) -> None:
    """Give a referral to a colleague, take it oneself, or give it back (None)."""
    referral = _unchanged(work, referral_id, version)
    colleagues = {user.id for user in work.session.scalars(queue_statements.colleagues())}
    if to_user_id is not None and to_user_id not in colleagues:
        raise Refused("This person cannot take referrals. Pick somebody of the center's staff.")
    referral.assignee_id, referral.changed_at = to_user_id, work.now
    work.record("referral.assigned", "referral", referral.id, version=referral.version)


@permitted(Permission.REVIEW_REFERRALS)
def link_incident(work: Work, referral_id: UUID, other_id: UUID) -> None:
    """Two referrals tell of the same incident: link them. Equal case numbers propose this, never a merge."""
    first, second = reading.visible_referral(work, referral_id), reading.visible_referral(work, other_id)
    if first.id == second.id:
        raise Refused("A referral cannot be linked to itself. Pick another one.")
    group, joined = drafting.shared_group(first), second.incident_group_id
    for other in work.session.scalars(queries.of_incident(joined)) if joined else ():
        other.incident_group_id = group
    second.incident_group_id = group
    first.changed_at = second.changed_at = work.now
    work.record("referral.linked", "referral", first.id)
    work.record("referral.linked", "referral", second.id)


@permitted(Permission.REVIEW_REFERRALS)
def link_to_number(work: Work, referral_id: UUID, number: str) -> None:
    """Link a referral to the one of this number, as typed: "R-26-0041", in any case, blanks allowed."""
    typed = "".join(number.split()).upper()
    other = work.session.scalar(queries.visible_referrals(work.actor).where(Referral.number == typed))
    if other is None:
        raise NotFound(reading.NO_SUCH_REFERRAL)
    link_incident(work, referral_id, other.id)


@permitted(Permission.REVIEW_REFERRALS)
def unlink_incident(work: Work, referral_id: UUID) -> None:
    """Take a referral out of its incident group; the others stay together."""
    referral = reading.visible_referral(work, referral_id)
    referral.incident_group_id, referral.changed_at = None, work.now
    work.record("referral.unlinked", "referral", referral.id)


@permitted(Permission.SEE_QUEUE)
def same_incident(work: Work, referral_id: UUID) -> tuple[Named, ...]:
    """Other referrals that give one of the same case or report numbers and are not linked yet: propose to link them."""
    referral = reading.visible_referral(work, referral_id)
    numbers = _incident_numbers(drafting.current_answers(work, referral))
    others = {
        other.id: other
        for number in numbers
        for other in work.session.scalars(queue_statements.naming(work.actor, referral, number).limit(10))
    }
    documents = {one.id: one for one in work.session.scalars(queries.documents_of(others.values()))}
    return tuple(
        named(work, other)
        for other in others.values()
        if other.submission_id and numbers & _incident_numbers(fields.parsed(documents[other.submission_id].answers))
    )


@permitted(Permission.PHONE_IN_REFERRALS)
def phone_in(work: Work, kind: fields.ReferralType, agency_id: UUID, caller_name: str, called_at: datetime) -> OwnDraft:
    """Start a referral for an agency that phoned; who called and when stays with it."""
    agency = work.session.get(Agency, agency_id)
    if agency is None or not agency.active:
        raise NotFound("There is no such active agency. Pick one from the list.")
    if called_at > work.now:
        raise Refused("The call cannot have been in the future. Check the time.")
    known = {"referral_type": kind.value, "agency_id": agency.name, "agency_type": agency.kind}
    referral = drafting.begin(work, kind, agency, Origin.STAFF, known)
    referral.caller_name = written(caller_name, "Type who called.")[:200]
    referral.called_at = called_at
    return drafting.own_draft(work, referral)


@permitted(Permission.PHONE_IN_REFERRALS)
def phoned_drafts(work: Work) -> tuple[OwnDraft, ...]:
    """The actor's own drafts of phoned-in referrals."""
    found = work.session.scalars(
        queries.visible_referrals(work.actor).where(
            Referral.status == Status.DRAFT, Referral.made_by == work.actor.user_id
        )
    )
    return tuple(drafting.own_draft(work, referral) for referral in found)


@permitted(Permission.PHONE_IN_REFERRALS)
def read_phoned(work: Work, referral_id: UUID) -> OwnDraft:
    """A phoned-in draft to be written on."""
    return drafting.own_draft(work, _own_phoned(work, referral_id))


@permitted(Permission.PHONE_IN_REFERRALS)
def save_phoned(work: Work, referral_id: UUID, changes: dict[str, Any]) -> datetime:
    """Save answers of a phoned-in referral as they are typed."""
    return drafting.save(work, _own_phoned(work, referral_id), changes)


@permitted(Permission.PHONE_IN_REFERRALS)
def submit_phoned(work: Work, referral_id: UUID, version: int, reached: str = "") -> Receipt:
    """Send a phoned-in referral to the queue."""
    return drafting.send(work, _own_phoned(work, referral_id), version, reached)


@permitted(Permission.PHONE_IN_REFERRALS)
def discard_phoned(work: Work, referral_id: UUID) -> None:
    """Throw a phoned-in draft away that was never sent."""
    referral = _own_phoned(work, referral_id)
    if referral.status is not Status.DRAFT:
        raise TooLate(f"{referral.number} was sent, so it cannot be discarded.")
    drafting.throw_away(work, referral)


@permitted(Permission.PHONE_IN_REFERRALS)
def child_of_household(work: Work, referral_id: UUID, row: str) -> OwnDraft:
    """Start a linked referral for a child in the household who should be seen too; the same child is started once."""
    referral = reading.visible_referral(work, referral_id)
    draft = drafting.begin_for_listed(work, referral, row, Origin.STAFF)
    draft.caller_name, draft.called_at = f"Linked to {referral.number}", draft.called_at or work.now
    return drafting.own_draft(work, draft)


def view_of(work: Work, referral: Referral) -> ReferralView:
    """A referral as a value, for those who were let through to it."""
    behind, rounds = comparing.every_source(work, referral), reading.rounds_of(work, referral.id)
    standing = work.session.scalar(queries.standing_import(referral.id))
    client = queries.client_of(work.session, standing)
    return ReferralView(
        id=referral.id,
        number=referral.number or "",
        type=referral.type,
        origin=referral.origin,
        status=referral.status,
        version=referral.version,
        round=referral.round,
        urgency=Urgency.of_rank(referral.urgency_rank),
        within_120_hours=referral.within_120_hours,
        agency=reading.agency_named(work, referral.agency_id),
        agency_id=referral.agency_id,
        child=reading.child_of(referral),
        answers=_as_it_stands(work, referral, rounds),
        made_at=referral.made_at,
        first_submitted_at=referral.first_submitted_at,
        waiting_since=referral.waiting_since,
        caller=Caller(referral.caller_name, referral.called_at) if referral.called_at else None,
        reached=referral.reached,
        hotline=HotlineTask(referral.hotline_open, referral.hotline_on, referral.hotline_number, referral.hotline_by),
        rounds=rounds,
        steps=reading.steps_of(work, referral.id),
        questions=reading.questions_of(work, [referral, *behind]),
        additions=reading.additions_of(work, [referral, *behind]),
        notes=reading.notes_of(work, referral.id),
        sources=tuple(named(work, source) for source in comparing.sources(work, referral)),
        merged_into=_merged_into(work, referral),
        siblings=_siblings(work, referral),
        started=frozenset(row for row, _id in work.session.execute(queries.starts_of(referral.id))),
        client_id=client.id if client else None,
        client_number=client.number if client else "",
        restricted=referral.restricted,
        assignee_id=referral.assignee_id,
        assignee=reading.person_named(work, referral.assignee_id),
        looks_like=_looks_like(work, referral),
        late=late_words.waiting_on(work, referral) if referral.origin is Origin.MERGE else (),
        prints=tuple(
            Remark(one.reason, one.made_by_name, one.made_at)
            for one in work.session.scalars(queries.printouts_of(referral.id))
        ),
    )


def _as_it_stands(work: Work, referral: Referral, rounds: Sequence[WrittenRound]) -> dict[str, Any]:
    newest = next((one for one in rounds if one.id == referral.submission_id), None)
    return newest.answers if newest else drafting.current_answers(work, referral)


def named(work: Work, referral: Referral) -> Named:
    """A referral by number, child and agency."""
    return Named(
        referral.id,
        referral.number or "",
        reading.child_of(referral),
        reading.agency_named(work, referral.agency_id),
        referral.status,
    )


def back_in_search(work: Work, referral: Referral) -> None:
    """Write a referral's search keys and badges again after it came back to the queue."""
    person = person_from(drafting.current_answers(work, referral))
    search_keys.write_keys(work.session, RecordKind.REFERRAL, referral.id, person)
    hints.renew_referral(work, referral, person)


def _waiting(work: Work, referral_id: UUID, version: int) -> Referral:
    referral = _unchanged(work, referral_id, version)
    if referral.status is not Status.SUBMITTED:
        raise TooLate(f"{referral.number} is {referral.status.label.lower()}, so this cannot be done now.")
    return referral


def _unchanged(work: Work, referral_id: UUID, version: int) -> Referral:
    return reading.unchanged(work, reading.visible_referral(work, referral_id), version)


def _own_phoned(work: Work, referral_id: UUID) -> Referral:
    referral = reading.visible_referral(work, referral_id)
    if referral.made_by != work.actor.user_id or referral.origin is not Origin.STAFF:
        raise NotFound(reading.NO_SUCH_REFERRAL)
    return referral


def _decided(work: Work, referral: Referral, step: Step) -> Decided:
    work.session.flush()
    return Decided(referral.id, referral.number or "", referral.version, referral.status, step)


def _take_back(work: Work, referral: Referral, step: Step, comment: str) -> None:
    last = work.session.scalar(queries.newest_step(referral.id))
    undone = (last.step, last.from_status) if last is not None and last.from_status is not None else None
    referral.take(step, work.actor, work.now, comment=optional(comment), undone=undone)


def _refuse_open_hotline(referral: Referral) -> None:
    if referral.hotline_open:
        raise Refused(
            f"The hotline report of {referral.number} is not settled. Settle it first: when, which number, by whom."
        )


def _refuse_wrong(work: Work, referral: Referral, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Refuse what the correction makes wrong; what was wrong before it, such as a merge's long list, may stay."""
    today = work.now.astimezone(drafting.center_zone(work)).date()
    old, new = (
        [
            problem
            for problem in fields.problems(fields.ReferralType(referral.type), answers, today, complete=False)
            if problem.weight is fields.Weight.REFUSE
        ]
        for answers in (before, after)
    )
    made = [problem for problem in new if problem not in old]
    if made:
        raise Refused(f"The correction was not saved: {made[0].message}")


def _incident_numbers(answers: dict[str, Any]) -> set[str]:
    """Case and report numbers in search spelling; too short ones say nothing."""
    found: set[str] = set()
    for field in fields.FIELDS:
        value = answers.get(field.name)
        if field.matching is fields.MatchRole.INCIDENT and isinstance(value, list):
            found |= {fold(str(number)) for number in value}
    return {number for number in found if len(number) >= SHORTEST_NUMBER}


def _done_before(work: Work, key: str) -> bool:
    """Whether a drawn form with this key was acted on already; an empty key is never used up."""
    mine = uuid4()
    return bool(key) and once.claim(work.session, key, work.actor.user_id, mine, work.now) != mine


def _looks_like(work: Work, referral: Referral) -> tuple[LooksLike, ...]:
    if referral.status not in (Status.SUBMITTED, Status.REJECTED):
        return ()
    found = work.session.execute(queue_statements.hints(work.actor, [referral.id]))
    return tuple(LooksLike(kind, other, number, Grade(grade).value) for _own, kind, other, number, grade in found)


def _merged_into(work: Work, referral: Referral) -> Named | None:
    result = work.session.get(Referral, referral.merged_into_id) if referral.merged_into_id else None
    return named(work, result) if result is not None and referral.status is Status.MERGED else None


def _siblings(work: Work, referral: Referral) -> tuple[Named, ...]:
    if referral.incident_group_id is None:
        return ()
    group = queries.visible_referrals(work.actor).where(
        Referral.incident_group_id == referral.incident_group_id,
        Referral.id != referral.id,
        # A merged source is the same child as its result, which stands in its place.
        Referral.status.not_in((Status.DRAFT, Status.MERGED)),
    )
    return tuple(named(work, sibling) for sibling in work.session.scalars(group))
