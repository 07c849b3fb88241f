"""What the center's people do about doubles: propose and make a merge, undo it, say that two are not the same child."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from actions import drafting, reading
from actions.center.referrals import back_in_search, named
from actions.texts import written
from actions.work import Work, permitted
from db import merges, queries, search_keys
from db.clients import visible_clients
from db.tables.clients import Client
from db.tables.people import UsedKey
from db.tables.referrals import MergeDecision, MergeSource, Named, NotSameChild, Referral, Submission
from domain import fields
from domain.lifecycle import Origin, Status, Step
from domain.matching import Candidate, Grade, RecordKind, person_from, said_date
from domain.merging import (
    Choices,
    Chosen,
    Decided,
    MergedFrom,
    MergeView,
    NotSame,
    Proposal,
    Source,
    Suggestion,
    Suggestions,
    Warned,
    propose,
    result,
)
from domain.merging.people import name_of
from domain.merging.sources import listed
from domain.permissions import Permission
from domain.referrals import Remark
from domain.refusals import NotFound, Refused, TooLate

MOST_SOURCES = 6
PICK_TWO = "Pick two or more different referrals to merge."
SAY_WHY = "Say in a few words why these are the same child."
NOT_A_RESULT = "This referral is not the result of a merge, so there is nothing to undo."


@permitted(Permission.MERGE_REFERRALS)
def compare(work: Work, referral_ids: Sequence[UUID]) -> MergeView:
    """Two or more waiting referrals side by side: what differs, what is proposed and why, and what to look at first.

    Refuses a referral that does not wait for a decision, with who decided what and when.
    """
    sources = _in_order(_waiting(work, referral_ids))
    for source in sources:
        work.record("referral.viewed", "referral", source.id, version=source.version)
    warnings, verdict, reasons = _likeness(work, sources)
    standing = _not_same_among(work, sources)
    return MergeView(
        sources=tuple(_merged_from(work, source) for source in sources),
        proposal=propose([_as_source(work, source) for source in sources]),
        verdict=verdict,
        reasons=reasons,
        warnings=(*standing, *warnings, *_restricted(sources)),
        needs_own_words=bool(warnings),
    )


@permitted(Permission.MERGE_REFERRALS)
def merge(work: Work, versions: Mapping[UUID, int], choices: Choices, reason: str, key: str) -> UUID:
    """Make one referral of several that wait in the queue, and give its id; the same `key` twice gives the same.

    The sources keep all that they hold and point at the result. `versions` are those that the person saw.
    """
    sources = _locked(work, versions)
    done = work.session.get(UsedKey, key)
    if done is not None and done.user_id == work.actor.user_id:
        return done.result_id
    _refuse_moved_on(work, sources, versions)
    _refuse_not_same(work, sources)
    said = written(reason, SAY_WHY)
    proposal = propose([_as_source(work, source) for source in sources], choices)
    answers = result(proposal, choices)
    merged = _born(work, sources, proposal, said)
    decision = _decide(work, merged, sources, choices, said)
    for source in sources:
        _join(work, source, merged, said)
    work.session.flush()
    drafting.write_down(work, merged, answers, "merge")
    _keep_hotline_task(merged, sources)
    work.session.add(UsedKey(key=key, user_id=work.actor.user_id, result_id=merged.id, used_at=work.now))
    work.record("referral.merged", "referral", merged.id, version=merged.version, fields=choices, count=len(sources))
    return decision.result_id


@permitted(Permission.MERGE_REFERRALS)
def undo_merge(work: Work, result_id: UUID, version: int, reason: str) -> tuple[UUID, ...]:
    """Take a merge back: every source is again what it was, the result is dissolved. Gives the sources' ids.

    Refuses once the result is imported, merged again, closed or deleted, in one sentence saying what to do first.
    """
    merged = reading.visible_referral(work, result_id)
    decision = _decision(work, merged)
    if decision.undone_at is not None:
        raise TooLate(_undone_already(work, decision))
    _refuse_undoing(work, merged)
    reading.unchanged(work, merged, version)
    said = written(reason, "Say in a few words why they are separated again.")
    sources = work.session.scalars(merges.sources_of_decision(decision.id)).all()
    search_keys.remove_keys(work.session, RecordKind.REFERRAL, merged.id)
    work.session.execute(queries.forget_hints(merged.id))
    merged.take(Step.DISSOLVE, work.actor, work.now, reason="merge_undone", comment=said)
    merged.incident_group_id = None
    kept = fields.parsed(decision.choices)["before"]
    for source in sources:
        _separate(work, source, said, datetime.fromisoformat(kept[str(source.id)]["changed_at"]))
    decision.undone_by_name, decision.undone_at, decision.undone_reason = work.actor.name, work.now, said
    work.session.flush()
    for source in sources:
        back_in_search(work, source)
    work.record("referral.merge_undone", "referral", merged.id, version=merged.version, count=len(sources))
    return tuple(source.id for source in sources)


@permitted(Permission.MERGE_REFERRALS)
def decided(work: Work, result_id: UUID) -> Decided:
    """A merge that was made, with every difference it settled and what the agencies added since."""
    merged = reading.visible_referral(work, result_id)
    decision = _decision(work, merged)
    kept = fields.parsed(decision.choices)
    sources = work.session.scalars(merges.sources_of_decision(decision.id)).all()
    proposal = propose([_as_source(work, each, kept["before"][str(each.id)]) for each in sources], kept["choices"])
    why_not = _why_not_undone(work, merged, decision)
    work.record("referral.viewed", "referral", merged.id, version=merged.version)
    return Decided(
        result_id=merged.id,
        result=merged.number or "",
        result_version=merged.version,
        status=merged.status,
        sources=tuple(_merged_from(work, source) for source in sources),
        reason=decision.reason,
        by=decision.made_by_name,
        at=decision.made_at,
        chosen=tuple(_chosen(proposal, kept["choices"])),
        added_since=tuple(
            one
            for one in reading.additions_of(work, [merged, *every_source(work, merged)])
            if one.at > decision.made_at
        ),
        undone_by=decision.undone_by_name,
        undone_at=decision.undone_at,
        undone_reason=decision.undone_reason,
        may_undo=not why_not,
        why_not=why_not,
    )


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
    names = [_record_named(work, *record) for record in (low, high)]
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
        work.record("referral.duplicate_dismissed", kind.value, record_id, count=len(names))
    return decision.id


@permitted(Permission.MERGE_REFERRALS)
def take_back_not_same(work: Work, decision_id: UUID) -> None:
    """Take a "not the same child" back: the two are compared and suggested again."""
    decision = work.session.get(NotSameChild, decision_id, with_for_update=True)
    if decision is None or _as_not_same(work, decision) is None:
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
    every = (_as_not_same(work, each) for each in work.session.scalars(merges.not_same()))
    return tuple(each for each in every if each is not None)


def every_source(work: Work, referral: Referral) -> list[Referral]:
    """The referrals behind a result, and behind results among them: all that agencies can still add to."""
    found: list[Referral] = []
    for source in work.session.scalars(queries.sources_of(referral.id)):
        found += [source, *every_source(work, source)]
    return found


def _waiting(work: Work, referral_ids: Sequence[UUID]) -> list[Referral]:
    """The referrals, locked in one order whoever asks, so that two merges cannot wait for one another."""
    unique = sorted(set(referral_ids))
    if len(unique) < 2:
        raise Refused(PICK_TWO)
    if len(unique) > MOST_SOURCES:
        raise Refused(f"At most {MOST_SOURCES} referrals can be merged at once. Merge some of them first.")
    found = [reading.visible_referral(work, each) for each in unique]
    for referral in found:
        if referral.status is not Status.SUBMITTED:
            raise TooLate(_decided_already(work, referral))
    return found


def _locked(work: Work, versions: Mapping[UUID, int]) -> list[Referral]:
    if not 2 <= len(versions) <= MOST_SOURCES:
        raise Refused(PICK_TWO)
    return _in_order([reading.visible_referral(work, each) for each in sorted(versions)])


def _refuse_moved_on(work: Work, sources: list[Referral], versions: Mapping[UUID, int]) -> None:
    for source in sources:
        if source.status is not Status.SUBMITTED:
            raise TooLate(_decided_already(work, source))
        reading.unchanged(work, source, versions[source.id])


def _decided_already(work: Work, referral: Referral) -> str:
    last = work.session.scalar(queries.newest_step(referral.id))
    if last is None:
        return "One of these referrals was not sent yet, so it cannot be merged. Pick another one."
    return (
        f"{referral.number} was {last.step.done} by {last.by_name} at {reading.clock(work, last.at)}, "
        "so it cannot be merged now. Nothing was changed."
    )


def _in_order(sources: list[Referral]) -> list[Referral]:
    """The oldest first, so that the same referrals give the same proposal in whatever order they were picked."""
    return sorted(sources, key=lambda each: (each.first_submitted_at or each.made_at, each.number or ""))


def _as_source(work: Work, referral: Referral, kept: Mapping[str, str] | None = None) -> Source:
    """A referral as the merge compares it, by its newest document or the one that a decision kept."""
    document_id = UUID(kept["submission_id"]) if kept else referral.submission_id
    document = work.session.get(Submission, document_id)
    if document is None:
        raise RuntimeError("a submitted referral has a document")
    return Source(
        number=referral.number or "",
        agency=_agencies_of(work, referral),
        by=document.made_by_name,
        at=document.made_at,
        kind=fields.ReferralType(referral.type),
        answers=fields.parsed(document.answers),
        of_merge=referral.origin is Origin.MERGE,
    )


def _agencies_of(work: Work, referral: Referral) -> str:
    behind = every_source(work, referral) if referral.origin is Origin.MERGE else [referral]
    return listed(dict.fromkeys(name for each in behind if (name := reading.agency_named(work, each.agency_id))))


def _merged_from(work: Work, referral: Referral) -> MergedFrom:
    document = work.session.get(Submission, referral.submission_id) if referral.submission_id else None
    asked = work.session.scalars(queries.questions_of(referral.id)).all()
    return MergedFrom(
        id=referral.id,
        version=referral.version,
        number=referral.number or "",
        agency=_agencies_of(work, referral),
        child=reading.child_of(referral),
        by=document.made_by_name if document else "",
        written_at=document.made_at if document else referral.made_at,
        first_submitted_at=referral.first_submitted_at,
        round=referral.round,
        additions=len(work.session.scalars(queries.additions_of([referral.id])).all()),
        questions_open=sum(question.answered_at is None for question in asked),
        restricted=referral.restricted,
    )


def _likeness(work: Work, sources: list[Referral]) -> tuple[list[Warned], str, tuple[str, ...]]:
    """Warnings where a source does not look like the first one, the weakest verdict and its reasons."""
    first, *others = sources
    person = person_from(drafting.current_answers(work, first))
    ids = [other.id for other in others]
    found = search_keys.search(work.session, person, kinds=[RecordKind.REFERRAL], allowed=ids, limit=len(ids))
    by_id = {candidate.record_id: candidate for candidate in found}
    warnings = [
        Warned(_unlike(first, other, by_id.get(other.id)))
        for other in others
        if (candidate := by_id.get(other.id)) is None or candidate.household or candidate.grade is Grade.POSSIBLE
    ]
    weakest = min(found, key=lambda candidate: candidate.probability) if len(found) == len(others) else None
    if weakest is None:
        return warnings, "", ()
    return warnings, weakest.verdict, tuple(reason.words for reason in weakest.reasons)


def _unlike(first: Referral, other: Referral, candidate: Candidate | None) -> str:
    both = f"{first.number} ({_child_and_birth(first)}) and {other.number} ({_child_and_birth(other)})"
    if candidate is not None and candidate.household:
        return f"{both} look like two children of one home, not like one child. Link them as one incident instead."
    if candidate is not None:
        return f"{both} are only possibly the same child. Look at what differs before you merge them."
    return f"{both} do not look like the same child."


def _child_and_birth(referral: Referral) -> str:
    born = f", born {said_date(referral.child_dob)}" if referral.child_dob else ""
    return f"{reading.child_of(referral)}{born}"


def _restricted(sources: list[Referral]) -> tuple[Warned, ...]:
    numbers = [source.number or "" for source in sources if source.restricted]
    if not numbers:
        return ()
    verb = "is" if len(numbers) == 1 else "are"
    words = f"{listed(numbers)} {verb} restricted: the result will be open only to those who may see all of them."
    return (Warned(words),)


def _not_same_among(work: Work, sources: list[Referral]) -> tuple[Warned, ...]:
    numbers = {source.id: source.number for source in sources}
    return tuple(
        Warned(
            f"{each.made_by_name} decided at {reading.clock(work, each.made_at)} that {numbers[each.first_id]} and "
            f"{numbers[each.second_id]} are not the same child: {each.reason}",
            stops=True,
            decision_id=each.id,
        )
        for each in work.session.scalars(merges.not_same_among(numbers))
    )


def _refuse_not_same(work: Work, sources: list[Referral]) -> None:
    for warned in _not_same_among(work, sources):
        raise Refused(f"{warned.words} If that was wrong, take it back first; then they can be merged.")


def _born(work: Work, sources: list[Referral], proposal: Proposal, reason: str) -> Referral:
    """The result: as old as its oldest source, with its own number, and its first row of history."""
    assigned = [source.assignee_id for source in sources if source.assignee_id]
    groups = [source.incident_group_id for source in sources if source.incident_group_id]
    merged = Referral(
        type=proposal.kind.value,
        origin=Origin.MERGE,
        status=Status.SUBMITTED,
        round=1,
        made_by=work.actor.user_id,
        made_at=work.now,
        changed_at=work.now,
        first_submitted_at=min(source.first_submitted_at or source.made_at for source in sources),
        waiting_since=min(source.waiting_since or source.made_at for source in sources),
        reached="; ".join(dict.fromkeys(source.reached for source in sources if source.reached)),
        assignee_id=assigned[0] if assigned else None,
        incident_group_id=groups[0] if groups else None,
        restricted=any(source.restricted for source in sources),
        number=drafting.next_number(work, "referral", "R"),
    )
    work.session.add(merged)
    work.session.flush()
    merged.leave_row(Step.COMBINE, None, work.actor, work.now, comment=reason)
    _name_those_of_all(work, merged, sources)
    return merged


def _name_those_of_all(work: Work, merged: Referral, sources: list[Referral]) -> None:
    """A restricted result is open to those who are named on every restricted source."""
    restricted = [source.id for source in sources if source.restricted]
    on: dict[UUID, list[Named]] = {}
    for named_person in work.session.scalars(merges.named_on(restricted)):
        on.setdefault(named_person.user_id, []).append(named_person)
    for user_id, rows in on.items():
        if len(rows) == len(restricted):
            ends = [row.until for row in rows if row.until]
            work.session.add(
                Named(record_id=merged.id, user_id=user_id, record_kind="referral", until=min(ends) if ends else None)
            )


def _decide(work: Work, merged: Referral, sources: list[Referral], choices: Choices, reason: str) -> MergeDecision:
    before = {
        str(source.id): {"changed_at": source.changed_at.isoformat(), "submission_id": str(source.submission_id)}
        for source in sources
    }
    decision = MergeDecision(
        result_id=merged.id,
        choices=json.dumps({"choices": dict(choices), "before": before}, sort_keys=True),
        reason=reason,
        made_by=work.actor.user_id,
        made_by_name=work.actor.name,
        made_at=work.now,
    )
    work.session.add(decision)
    work.session.flush()
    for position, source in enumerate(sources):
        work.session.add(MergeSource(merge_id=decision.id, referral_id=source.id, position=position))
    return decision


def _join(work: Work, source: Referral, merged: Referral, reason: str) -> None:
    source.take(Step.MERGE, work.actor, work.now, comment=reason)
    source.merged_into_id = merged.id
    search_keys.remove_keys(work.session, RecordKind.REFERRAL, source.id)
    work.session.execute(queries.forget_hints(source.id))
    work.record("referral.merged", "referral", source.id, version=source.version)


def _separate(work: Work, source: Referral, reason: str, changed_at: datetime) -> None:
    last = work.session.scalar(queries.newest_step(source.id))
    undone = (last.step, last.from_status) if last is not None and last.from_status is not None else None
    source.take(Step.UNDO_MERGE, work.actor, work.now, comment=reason, undone=undone)
    source.merged_into_id = None
    # Its agency sees this moment, and never learns that there was a merge.
    source.changed_at = changed_at
    work.record("referral.merge_undone", "referral", source.id, version=source.version)


def _keep_hotline_task(merged: Referral, sources: list[Referral]) -> None:
    """The task stays open while it is open for any source; otherwise how it was settled comes along."""
    merged.hotline_open = any(source.hotline_open for source in sources)
    settled = next((source for source in sources if source.hotline_on), None)
    if settled is not None and not merged.hotline_open:
        merged.hotline_on, merged.hotline_number = settled.hotline_on, settled.hotline_number
        merged.hotline_by = settled.hotline_by


def _decision(work: Work, merged: Referral) -> MergeDecision:
    decision = work.session.scalar(merges.decision_of(merged.id).with_for_update())
    if decision is None:
        raise Refused(NOT_A_RESULT)
    return decision


def _refuse_undoing(work: Work, merged: Referral) -> None:
    if merged.status is Status.SUBMITTED:
        return
    last = work.session.scalar(queries.newest_step(merged.id))
    what = f"{merged.number} was {last.step.done} by {last.by_name} at {reading.clock(work, last.at)}" if last else ""
    raise TooLate(f"{what}. {_FIRST.get(merged.status, 'Reload to see it as it is.')}")


_FIRST = {
    Status.IMPORTED: "A merge can be undone until its result is imported: ask a supervisor to undo the import.",
    Status.MERGED: "Undo the merge that it became part of first.",
    Status.CLOSED: "Reopen it first; then its merge can be undone.",
    Status.DELETED: "Restore it first; then its merge can be undone.",
}


def _added_since(work: Work, merged: Referral, decision: MergeDecision) -> tuple[Remark, ...]:
    added = reading.additions_of(work, every_source(work, merged))
    return tuple(one for one in added if one.at > decision.made_at)


def _undone_already(work: Work, decision: MergeDecision) -> str:
    when = reading.clock(work, decision.undone_at) if decision.undone_at else ""
    return f"{decision.undone_by_name} undid this merge already at {when}."


def _why_not_undone(work: Work, merged: Referral, decision: MergeDecision) -> str:
    if decision.undone_at is not None:
        return _undone_already(work, decision)
    try:
        _refuse_undoing(work, merged)
    except Refused as refusal:
        return refusal.message
    return ""


def _chosen(proposal: Proposal, choices: Choices) -> list[Chosen]:
    names = [source.name for source in proposal.sources]
    people = {
        (group, person.row_id): name_of(group, person.members[0].row)
        for group, persons in proposal.people.items()
        for person in persons
    }
    return [
        Chosen(
            field=question.field.name,
            label=question.field.label,
            person=people.get((question.field.group or "", question.row or ""), ""),
            way=question.way,
            value=question.value(choices.get(question.key)),
            said=tuple(
                (listed(names[place] for place in option.sources), option.value)
                for option in question.options
                if option.code != "both"
            ),
            why=question.why,
            by_hand=question.key in choices,
        )
        for question in proposal.differing
    ]


def _suggestion(work: Work, other: Referral, candidate: Candidate) -> Suggestion:
    shown = named(work, other)
    return Suggestion(
        id=other.id,
        number=shown.number,
        child=shown.child,
        agency=_agencies_of(work, other),
        grade=candidate.grade.value,
        verdict=candidate.verdict,
        reasons=tuple(reason.words for reason in candidate.reasons),
        household=candidate.household,
    )


def _may_see(work: Work, referral: Referral) -> bool:
    statement = queries.visible_referrals(work.actor).where(Referral.id == referral.id)
    return work.session.scalar(statement) is not None


def _record_named(work: Work, kind: RecordKind, record_id: UUID) -> str:
    """A referral or client by number and child, for those who may see it; refused like one that does not exist."""
    if kind is RecordKind.REFERRAL:
        referral = reading.visible_referral(work, record_id)
        return f"{referral.number}, {reading.child_of(referral)}"
    client = work.session.scalar(visible_clients(work.actor).where(Client.id == record_id))
    if client is None:
        raise NotFound("There is no such client, or you may not see this file. Check the number.")
    child = " ".join(part for part in (client.first_name, client.last_name) if part) or "Name not known"
    return f"{client.number}, {child}"


def _as_not_same(work: Work, decision: NotSameChild) -> NotSame | None:
    """The decision as a value; nothing where one of the two is not for this actor."""
    try:
        first = _record_named(work, RecordKind(decision.first_kind), decision.first_id)
        second = _record_named(work, RecordKind(decision.second_kind), decision.second_id)
    except NotFound:
        return None
    return NotSame(
        id=decision.id,
        first_id=decision.first_id,
        first=first,
        second_id=decision.second_id,
        second=second,
        reason=decision.reason,
        by=decision.made_by_name,
        at=decision.made_at,
        withdrawn_by=decision.withdrawn_by_name,
        withdrawn_at=decision.withdrawn_at,
    )
