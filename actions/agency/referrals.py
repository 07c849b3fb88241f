"""What an agency does with its own referrals: write, send, correct, answer, add and withdraw."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from actions import drafting, reading
from actions.texts import written
from actions.work import Work, permitted
from db import queries, search_keys
from db import queue as queue_statements
from db.tables.decisions import WithdrawalAsked
from db.tables.people import Agency
from db.tables.referrals import Addition, Draft, Question, Referral
from domain import fields, incidents, retention
from domain.lifecycle import Origin, Status, Step
from domain.matching import Grade, RecordKind, person_from
from domain.permissions import Permission
from domain.referrals import (
    Mark,
    Named,
    OwnCounts,
    OwnDraft,
    OwnReferral,
    OwnReferralView,
    Receipt,
    Remark,
    agency_word,
)
from domain.refusals import NotFound, Refused, TooLate

OPEN_TO_AGENCY = (Status.SUBMITTED, Status.REJECTED, Status.IMPORTED, Status.MERGED)


@permitted(Permission.WRITE_REFERRALS)
def start(work: Work, kind: fields.ReferralType) -> OwnDraft:
    """Open a new draft of a type, with what the account already knows filled in."""
    agency = _agency(work)
    referral = drafting.begin(work, kind, agency, Origin.AGENCY, drafting.from_account(work, agency, kind))
    return drafting.own_draft(work, referral)


@permitted(Permission.WRITE_REFERRALS)
def another_child(work: Work, referral_id: UUID) -> OwnDraft:
    """Open a draft for another child of the same incident, without the first child's own answers."""
    first = reading.own_referral(work, referral_id)
    agency = _agency(work)
    answers = drafting.current_answers(work, first)
    draft = drafting.begin(
        work,
        fields.ReferralType(first.type),
        agency,
        first.origin,
        incidents.shared(answers),
        drafting.shared_group(first),
    )
    return drafting.own_draft(work, draft)


@permitted(Permission.WRITE_REFERRALS)
def child_of_household(work: Work, referral_id: UUID, row: str) -> OwnDraft:
    """Open the linked draft of a child in the household who should be seen too; the same child is begun once."""
    first = reading.own_referral(work, referral_id)
    _agency(work)
    return drafting.own_draft(work, drafting.begin_for_listed(work, first, row, Origin.AGENCY))


@permitted(Permission.WRITE_REFERRALS)
def read_draft(work: Work, referral_id: UUID) -> OwnDraft:
    """A draft, or a returned referral with the center's marks, to be written on."""
    return drafting.own_draft(work, reading.own_referral(work, referral_id))


@permitted(Permission.WRITE_REFERRALS)
def save_answers(work: Work, referral_id: UUID, changes: dict[str, Any]) -> datetime:
    """Save answers as they are typed (None clears one); gives back the moment of saving."""
    return drafting.save(work, reading.own_referral(work, referral_id), changes)


@permitted(Permission.WRITE_REFERRALS)
def discard(work: Work, referral_id: UUID) -> None:
    """Throw a draft away that was never sent."""
    referral = reading.own_referral(work, referral_id)
    if referral.status is not Status.DRAFT:
        raise TooLate(f"{referral.number} was sent, so it cannot be discarded. You can withdraw it with a reason.")
    drafting.throw_away(work, referral)


@permitted(Permission.WRITE_REFERRALS)
def submit(work: Work, referral_id: UUID, version: int, reached: str = "") -> Receipt:
    """Send a draft, or a corrected referral as its next round; twice gives the same receipt."""
    return drafting.send(work, reading.own_referral(work, referral_id), version, reached)


@permitted(Permission.SEE_OWN_REFERRALS)
def receipt(work: Work, referral_id: UUID) -> Receipt:
    """The receipt of a sent referral, to print again."""
    referral = reading.own_referral(work, referral_id)
    if referral.number is None:
        raise Refused("This referral was not sent yet, so it has no receipt. Finish it and send it.")
    return drafting.receipt(work, referral)


@permitted(Permission.SEE_OWN_REFERRALS)
def mine(work: Work, first: int = 0, most: int | None = None) -> tuple[OwnReferral, ...]:
    """The actor's referrals (a lead's whole agency): returned ones first, then the newest; from which on, how many."""
    wanted = queries.in_own_order(queries.own_referrals(work.actor)).offset(first).limit(most)
    return tuple(_lines(work, work.session.scalars(wanted).all(), _agency(work)))


@permitted(Permission.SEE_OWN_REFERRALS)
def begun(work: Work) -> tuple[OwnReferral, ...]:
    """Drafts of the actor that were not sent yet, newest first."""
    drafts = queries.own_referrals(work.actor).where(Referral.status == Status.DRAFT)
    return tuple(_lines(work, work.session.scalars(queries.in_own_order(drafts)).all(), _agency(work)))


@permitted(Permission.SEE_OWN_REFERRALS)
def how_many(work: Work) -> OwnCounts:
    """How many referrals the actor has, how many wait for an answer, and whether several people wrote them."""
    total, writers, waiting = work.session.execute(queries.own_counts(work.actor)).one()
    return OwnCounts(total, waiting or 0, several=writers > 1)


@permitted(Permission.SEE_OWN_REFERRALS)
def read_own(work: Work, referral_id: UUID) -> OwnReferralView:
    """A referral as its agency sees it: its own words, the center's questions and marks, nothing else."""
    referral = reading.own_referral(work, referral_id)
    last = work.session.scalar(queries.newest_step(referral.id))
    returned = last if last is not None and last.step is Step.REJECT else None
    marks: tuple[Mark, ...] = ()
    if returned is not None:
        marks = tuple(reading.as_mark(mark) for mark in work.session.scalars(queries.marks_of(returned.id)))
    work.record("referral.viewed", "referral", referral.id, version=referral.version)
    rounds = tuple(one for one in reading.rounds_of(work, referral.id) if one.kind == "round")
    return OwnReferralView(
        line=_lines(work, [referral], _agency(work))[0],
        answers=rounds[-1].answers if rounds else drafting.current_answers(work, referral),
        rounds=rounds,
        questions=reading.questions_of(work, [referral]),
        additions=tuple(Remark(one.text, one.by, one.at) for one in reading.additions_of(work, [referral])),
        marks=marks,
        comment=returned.comment if returned else "",
        reason=returned.reason if returned else "",
        may_withdraw=_may_withdraw(referral),
        may_add=referral.status in OPEN_TO_AGENCY,
        group=drafting.group_of(work, referral),
        started=frozenset(row for row, _id in work.session.execute(queries.starts_of(referral.id))),
    )


@permitted(Permission.WRITE_REFERRALS)
def withdraw(work: Work, referral_id: UUID, version: int, reason: str) -> None:
    """Take a referral back before it is decided; a merged one is told to the center's staff, who decide."""
    referral = reading.own_referral(work, referral_id)
    said = written(reason, "Say in a few words why you withdraw it.")
    if referral.status is Status.MERGED:
        asked = _add(work, referral, f"The agency asks to withdraw this referral: {said}")
        work.session.flush()
        work.session.add(WithdrawalAsked(addition_id=asked.id))
    else:
        if not _may_withdraw(referral):
            raise TooLate(f"The center has decided about {referral.number}: it cannot be withdrawn. Call the center.")
        if referral.version != version:
            raise TooLate(f"{referral.number} was changed in another window. Reload it and withdraw it again.")
        referral.take(Step.WITHDRAW, work.actor, work.now, reason="withdrawn", comment=said)
    work.record("referral.withdrawn", "referral", referral.id, version=referral.version)


@permitted(Permission.WRITE_REFERRALS)
def answer(work: Work, question_id: UUID, text: str) -> None:
    """Answer a question of the center; an answer stays as it was given."""
    question = work.session.get(Question, question_id)
    if question is None:
        raise NotFound(reading.NO_SUCH_REFERRAL)
    referral = reading.own_referral(work, question.referral_id)
    if question.answered_at is not None:
        raise TooLate(f"{question.answered_by_name} answered this question already. Use Add information for more.")
    question.answer = written(text, "Type your answer first.")
    question.answered_by_name, question.answered_at = work.actor.name, work.now
    work.record("referral.answered", "referral", referral.id)


@permitted(Permission.WRITE_REFERRALS)
def add_information(work: Work, referral_id: UUID, text: str) -> None:
    """Add facts after sending, until the case closes; the words that were sent stay as they are."""
    referral = reading.own_referral(work, referral_id)
    if referral.status not in OPEN_TO_AGENCY:
        raise TooLate("This referral is no longer open, so nothing can be added. Call the center.")
    _add(work, referral, written(text, "Type what you want to add first."))
    work.record("referral.addendum", "referral", referral.id)


@permitted(Permission.SEE_OWN_REFERRALS)
def sent_before(work: Work, referral_id: UUID) -> tuple[Named, ...]:
    """Referrals that the actor's own agency already sent about what looks like the same child.

    Only referrals that this actor may open are searched: never another agency's, never the center's clients.
    """
    draft = reading.own_referral(work, referral_id)
    person = person_from(drafting.current_answers_in_work(work, draft))
    own = queries.own_referrals(work.actor).with_only_columns(Referral.id)
    found = search_keys.search_evenly(work.session, person, kinds=[RecordKind.REFERRAL], allowed=own, limit=5)
    named = []
    for candidate in found:
        if candidate.record_id == draft.id or candidate.grade is Grade.POSSIBLE:
            continue
        referral = work.session.get(Referral, candidate.record_id)
        if referral is not None:
            named.append(_named(work, referral))
    return tuple(named)


def _agency(work: Work) -> Agency:
    agency = work.session.get(Agency, work.actor.agency_id) if work.actor.agency_id else None
    if agency is None or not agency.active:
        raise Refused("Your account belongs to no active agency. Ask the center's administrator.")
    return agency


def _lines(work: Work, found: Sequence[Referral], agency: Agency) -> list[OwnReferral]:
    """The list lines of these referrals, with four questions to the store however many there are."""
    ids = [referral.id for referral in found]
    unanswered = dict(work.session.execute(queue_statements.unanswered(ids)).all())
    makers = reading.people_named(work, {referral.made_by for referral in found})
    results = _results(work, found)
    drafts = {draft.referral_id: draft for draft in work.session.scalars(queries.drafts_of(ids))}
    drafted = {referral_id: _child_typed(draft) for referral_id, draft in drafts.items()}
    return [
        OwnReferral(
            id=referral.id,
            number=referral.number or "",
            type=referral.type,
            child=drafted.get(referral.id) or reading.child_of(referral),
            status=_seen_status(referral.status),
            word=agency_word(referral.status, team_partner=agency.team_partner, result=results.get(referral.id)),
            changed_at=_agency_moment(referral),
            version=referral.version,
            unanswered=unanswered.get(referral.id, 0),
            made_by=makers.get(referral.made_by, ""),
            ends_at=_ends_at(work, referral, drafts.get(referral.id)),
        )
        for referral in found
    ]


def _ends_at(work: Work, referral: Referral, draft: Draft | None) -> datetime | None:
    """From when on a draft may be purged, told a month before; a legal hold is not an agency's to know."""
    center = reading.center_row(work) if referral.status is Status.DRAFT else None
    if center is None:
        return None
    touched = draft.saved_at if draft else referral.changed_at
    end = retention.periods(center.settings).ends(retention.ItemKind.DRAFT, touched)
    return end if end - work.now <= retention.TOLD_BEFORE else None


def _child_typed(draft: Draft) -> str:
    """The child's name as typed so far in a draft."""
    answers = fields.parsed(draft.answers)
    typed = [answers.get(name) for name in ("child_first_name", "child_last_name")]
    return " ".join(name for name in typed if isinstance(name, str))


def _seen_status(status: Status) -> Status:
    """An agency never learns of a merge or an import from a status: only drafts and returns differ."""
    return status if status in (Status.DRAFT, Status.REJECTED) else Status.SUBMITTED


def _agency_moment(referral: Referral) -> datetime:
    """When the agency last heard of it: never the moment of a merge or an import."""
    if referral.status in (Status.MERGED, Status.IMPORTED):
        return referral.waiting_since or referral.made_at
    return referral.changed_at


def _results(work: Work, found: Sequence[Referral]) -> dict[UUID, Status]:
    """The status of what each merged referral became part of, however often it was merged again."""
    at = {referral.id: referral for referral in found if referral.status is Status.MERGED}
    while onward := {one.merged_into_id for one in at.values() if one.status is Status.MERGED and one.merged_into_id}:
        results = {one.id: one for one in work.session.scalars(queries.referrals_with(onward))}
        at = {own: results.get(one.merged_into_id or own, one) for own, one in at.items()}
    return {own: one.status for own, one in at.items()}


def _may_withdraw(referral: Referral) -> bool:
    return referral.status in (Status.SUBMITTED, Status.REJECTED, Status.MERGED)


def _add(work: Work, referral: Referral, text: str) -> Addition:
    added = Addition(referral_id=referral.id, text=text, made_by_name=work.actor.name, made_at=work.now)
    work.session.add(added)
    return added


def _named(work: Work, referral: Referral) -> Named:
    return Named(
        referral.id,
        referral.number or "",
        reading.child_of(referral),
        reading.agency_named(work, referral.agency_id),
        _seen_status(referral.status),
    )
