"""Merges: propose one, make it, undo it, and show what was decided. Who is not the same child: doubles.py."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from actions import comparing, drafting, reading
from actions.center.referrals import back_in_search
from actions.center.restricted_alike import name_those_of_all, open_again, restrict_what_was_open
from actions.texts import written
from actions.work import Work, permitted
from db import merges, once, queries, search_keys
from db.tables.referrals import MergeDecision, MergeSource, Referral
from domain import fields, merging
from domain.lifecycle import Origin, Status, Step
from domain.matching import RecordKind
from domain.merging import (
    Choices,
    MergeMade,
    MergeView,
    Proposal,
    Warned,
)
from domain.merging.sources import listed
from domain.permissions import Permission
from domain.referrals import Remark
from domain.refusals import Refused, TooLate

MOST_SOURCES = 6
PICK_TWO = "Pick two or more different referrals to merge."
SAY_WHY = "Say in a few words why these are the same child."
NOT_A_RESULT = "This referral is not the result of a merge, so there is nothing to undo."


@permitted(Permission.MERGE_REFERRALS)
def propose(work: Work, referral_ids: Sequence[UUID]) -> MergeView:
    """Two or more waiting referrals side by side: what differs, what is proposed and why, and what to look at first.

    Refuses a referral that does not wait for a decision, with who decided what and when.
    """
    sources = comparing.in_order(_waiting(work, referral_ids))
    for source in sources:
        work.record("referral.viewed", "referral", source.id, version=source.version)
    warnings, verdict, reasons = comparing.likeness(work, sources)
    standing = comparing.not_same_among(work, sources)
    return MergeView(
        sources=tuple(comparing.merged_from(work, source) for source in sources),
        proposal=merging.propose([comparing.as_source(work, source) for source in sources]),
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
    result_id = uuid4()
    before = once.claim(work.session, key, work.actor.user_id, result_id, work.now)
    if before != result_id:
        return before
    _refuse_moved_on(work, sources, versions)
    _refuse_not_same(work, sources)
    said = written(reason, SAY_WHY)
    proposal = merging.propose([comparing.as_source(work, source) for source in sources], choices)
    answers = merging.result(proposal, choices)
    merged = _born(work, result_id, sources, proposal, said)
    _decide(work, merged, sources, choices, said, was_open=restrict_what_was_open(work, merged, sources))
    for source in sources:
        _join(work, source, merged, said)
    work.session.flush()
    drafting.write_down(work, merged, answers, "merge")
    _keep_hotline_task(merged, sources)
    work.record("referral.merged", "referral", merged.id, version=merged.version, fields=choices, count=len(sources))
    return result_id


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
    kept = fields.parsed(decision.choices)
    open_again(work, merged, sources, kept.get("open", ()), decision.made_at)
    for source in sources:
        _separate(work, source, said, datetime.fromisoformat(kept["before"][str(source.id)]["changed_at"]))
    decision.undone_by_name, decision.undone_at, decision.undone_reason = work.actor.name, work.now, said
    work.session.flush()
    for source in sources:
        back_in_search(work, source)
    work.record("referral.merge_undone", "referral", merged.id, version=merged.version, count=len(sources))
    return tuple(source.id for source in sources)


@permitted(Permission.MERGE_REFERRALS)
def decided(work: Work, result_id: UUID) -> MergeMade:
    """A merge that was made, with every difference it settled and what the agencies added since."""
    merged = reading.visible_referral(work, result_id)
    decision = _decision(work, merged)
    kept = fields.parsed(decision.choices)
    sources = work.session.scalars(merges.sources_of_decision(decision.id)).all()
    proposal = merging.propose(
        [comparing.as_source(work, each, kept["before"][str(each.id)]) for each in sources], kept["choices"]
    )
    why_not = _why_not_undone(work, merged, decision)
    work.record("referral.viewed", "referral", merged.id, version=merged.version)
    return MergeMade(
        result_id=merged.id,
        result=merged.number or "",
        result_version=merged.version,
        status=merged.status,
        sources=tuple(comparing.merged_from(work, source) for source in sources),
        reason=decision.reason,
        by=decision.made_by_name,
        at=decision.made_at,
        chosen=merging.what_was_chosen(proposal, kept["choices"]),
        added_since=_added_since(work, merged, decision),
        undone_by=decision.undone_by_name,
        undone_at=decision.undone_at,
        undone_reason=decision.undone_reason,
        may_undo=not why_not,
        why_not=why_not,
    )


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
            raise TooLate(comparing.decided_already(work, referral))
    return found


def _locked(work: Work, versions: Mapping[UUID, int]) -> list[Referral]:
    if not 2 <= len(versions) <= MOST_SOURCES:
        raise Refused(PICK_TWO)
    return comparing.in_order([reading.visible_referral(work, each) for each in sorted(versions)])


def _refuse_moved_on(work: Work, sources: list[Referral], versions: Mapping[UUID, int]) -> None:
    for source in sources:
        if source.status is not Status.SUBMITTED:
            raise TooLate(comparing.decided_already(work, source))
        reading.unchanged(work, source, versions[source.id])


def _restricted(sources: list[Referral]) -> tuple[Warned, ...]:
    numbers = [source.number or "" for source in sources if source.restricted]
    if not numbers:
        return ()
    verb = "is" if len(numbers) == 1 else "are"
    words = f"{listed(numbers)} {verb} restricted: the result will be open only to those who may see all of them."
    return (Warned(words),)


def _refuse_not_same(work: Work, sources: list[Referral]) -> None:
    for warned in comparing.not_same_among(work, sources):
        raise Refused(f"{warned.words} If that was wrong, take it back first; then they can be merged.")


def _born(work: Work, result_id: UUID, sources: list[Referral], proposal: Proposal, reason: str) -> Referral:
    """The result: as old as its oldest source, with its own number, and its first row of history."""
    assigned = [source.assignee_id for source in sources if source.assignee_id]
    groups = [source.incident_group_id for source in sources if source.incident_group_id]
    merged = Referral(
        id=result_id,
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
    name_those_of_all(work, merged, sources)
    return merged


def _decide(
    work: Work, merged: Referral, sources: list[Referral], choices: Choices, reason: str, *, was_open: list[str]
) -> None:
    before = {
        str(source.id): {"changed_at": source.changed_at.isoformat(), "submission_id": str(source.submission_id)}
        for source in sources
    }
    decision = MergeDecision(
        result_id=merged.id,
        choices=json.dumps({"choices": dict(choices), "before": before, "open": was_open}, sort_keys=True),
        reason=reason,
        made_by=work.actor.user_id,
        made_by_name=work.actor.name,
        made_at=work.now,
    )
    work.session.add(decision)
    work.session.flush()
    for position, source in enumerate(sources):
        work.session.add(MergeSource(merge_id=decision.id, referral_id=source.id, position=position))


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
    added = reading.additions_of(work, comparing.every_source(work, merged))
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
