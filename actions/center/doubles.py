"""Who may be the same child, and who is not: suggestions with reasons, and decisions that can be taken back."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from actions import comparing, drafting, reading
from actions.center import filing
from actions.center.referrals import named
from actions.texts import written
from actions.work import Work, permitted
from db import merges, queries, search_keys
from db.clients import visible_clients
from db.tables.clients import Client
from db.tables.referrals import NotSameChild, Referral
from domain.lifecycle import Status
from domain.matching import Candidate, RecordKind, person_from
from domain.merging import NotSame, Suggestion, Suggestions
from domain.permissions import Permission
from domain.referrals import Named
from domain.refusals import NotFound, Refused, TooLate


@permitted(Permission.MERGE_REFERRALS)
def about(work: Work, referral_id: UUID) -> Named:
    """The referral whose doubles are looked for; the look is recorded."""
    referral = reading.visible_referral(work, referral_id)
    work.record("referral.viewed", "referral", referral.id, version=referral.version)
    return named(work, referral)


@permitted(Permission.MERGE_REFERRALS)
def suggestions(work: Work, referral_id: UUID) -> Suggestions:
    """Which other waiting referrals may be about the same child, with the reasons; those dismissed are left out."""
    referral = reading.visible_referral(work, referral_id)
    person = person_from(drafting.current_answers(work, referral))
    dismissed = {
        each
        for pair in work.session.scalars(merges.not_same_with(referral.id))
        for each in (pair.first_id, pair.second_id)
    }
    found, restricted = [], False
    for candidate in search_keys.search(work.session, person, kinds=[RecordKind.REFERRAL], limit=10):
        other = work.session.get(Referral, candidate.record_id)
        if other is None or other.id == referral.id or other.id in dismissed or other.status is not Status.SUBMITTED:
            continue
        if not _may_see(work, other):
            restricted = True
            continue
        found.append(_suggestion(work, other, candidate))
    return Suggestions(tuple(found), restricted)


@permitted(Permission.MERGE_REFERRALS)
def not_same_child(work: Work, first: tuple[RecordKind, UUID], second: tuple[RecordKind, UUID], reason: str) -> UUID:
    """Remember with a reason that two records, referrals or clients, are not the same child; twice is once."""
    if first[1] == second[1]:
        raise Refused("This is one and the same record. Pick two different ones.")
    # Always in the same order: two people who say it at once wait for one another, and never for ever.
    low, high = sorted((first, second), key=lambda record: record[1])
    for record in (low, high):
        _refuse_unseen(work, *record)
    said = written(reason, "Say in a few words how you know that they are not the same child.")
    standing = work.session.scalar(merges.standing_pair(low[1], high[1]))
    if standing is not None:
        return standing.id
    decision = NotSameChild(
        first_kind=low[0].value,
        first_id=low[1],
        second_kind=high[0].value,
        second_id=high[1],
        reason=said,
        made_by_name=work.actor.name,
        made_at=work.now,
    )
    work.session.add(decision)
    work.session.flush()
    for kind, record_id in (low, high):
        work.record("referral.duplicate_dismissed", kind.value, record_id)
    return decision.id


@permitted(Permission.MERGE_REFERRALS)
def take_back_not_same(work: Work, decision_id: UUID) -> None:
    """Take a "not the same child" back: the two are compared and suggested again."""
    decision = work.session.get(NotSameChild, decision_id, with_for_update=True)
    if decision is None or not _as_seen(work, [decision]):
        raise NotFound("There is no such decision, or you may not see it. Reload the list.")
    if decision.withdrawn_at is not None:
        when = reading.clock(work, decision.withdrawn_at)
        raise TooLate(f"{decision.withdrawn_by_name} took this back already at {when}. Reload the list.")
    decision.withdrawn_by_name, decision.withdrawn_at = work.actor.name, work.now
    for kind, record_id in ((decision.first_kind, decision.first_id), (decision.second_kind, decision.second_id)):
        work.record("referral.duplicate_reconsidered", kind, record_id)


@permitted(Permission.MERGE_REFERRALS)
def not_same_decisions(work: Work) -> tuple[NotSame, ...]:
    """Every "not the same child" about records that the actor may see: standing ones first, then the newest."""
    return _as_seen(work, work.session.scalars(merges.not_same()).all())


def _suggestion(work: Work, other: Referral, candidate: Candidate) -> Suggestion:
    shown = named(work, other)
    return Suggestion(
        id=other.id,
        number=shown.number,
        child=shown.child,
        agency=comparing.agencies_of(work, other),
        grade=candidate.grade.value,
        verdict=candidate.verdict,
        reasons=tuple(reason.words for reason in candidate.reasons),
        household=candidate.household,
    )


def _may_see(work: Work, referral: Referral) -> bool:
    statement = queries.visible_referrals(work.actor).where(Referral.id == referral.id)
    return work.session.scalar(statement) is not None


def _refuse_unseen(work: Work, kind: RecordKind, record_id: UUID) -> None:
    """Refuse a record that the actor may not see like one that does not exist; hold it until this work is done."""
    if kind is RecordKind.REFERRAL:
        reading.visible_referral(work, record_id)
    else:
        filing.visible_client(work, record_id)


def _as_seen(work: Work, decisions: Sequence[NotSameChild]) -> tuple[NotSame, ...]:
    """The decisions as values, without those about a record that the actor may not see. Takes no lock."""
    names = _names(work, {each for decision in decisions for each in (decision.first_id, decision.second_id)})
    return tuple(
        _as_value(decision, names) for decision in decisions if {decision.first_id, decision.second_id} <= names.keys()
    )


def _names(work: Work, record_ids: set[UUID]) -> dict[UUID, str]:
    """Number and child of each referral and client that the actor may see."""
    names: dict[UUID, str] = {}
    for referral in work.session.scalars(queries.visible_referrals(work.actor).where(Referral.id.in_(record_ids))):
        names[referral.id] = f"{referral.number or 'A draft'}, {reading.child_of(referral)}"
    for client in work.session.scalars(visible_clients(work.actor).where(Client.id.in_(record_ids))):
        child = " ".join(part for part in (client.first_name, client.last_name) if part)
        names[client.id] = f"{client.number}, {child or 'Name not known'}"
    return names


def _as_value(decision: NotSameChild, names: Mapping[UUID, str]) -> NotSame:
    return NotSame(
        id=decision.id,
        first_id=decision.first_id,
        first=names[decision.first_id],
        second_id=decision.second_id,
        second=names[decision.second_id],
        reason=decision.reason,
        by=decision.made_by_name,
        at=decision.made_at,
        withdrawn_by=decision.withdrawn_by_name,
        withdrawn_at=decision.withdrawn_at,
    )
