"""How long what is kept: what is due, a purge asked for by one and agreed to by another, and its certificate.

A purge of a sent referral takes every word about the child and leaves what the numbers count. Imported, merged, closed
and waiting referrals are never purged, and a return that nobody answered is closed, which loses nothing.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from actions import drafting, holding, reading
from actions.accounts.sessions import refuse_stale
from actions.texts import written
from actions.work import Work, permitted
from db import door, emptying, queries, retention
from db.tables.people import Center
from db.tables.referrals import Referral
from db.tables.retention import Purge, PurgeItem
from domain import fields
from domain import retention as rules
from domain.lifecycle import CloseOutcome, Step
from domain.matching.folding import fold
from domain.permissions import Permission
from domain.refusals import NotFound, Refused, TooLate
from domain.retention import (
    ALONE_WAIT,
    Certificate,
    Due,
    ItemKind,
    ItemOutcome,
    Line,
    Periods,
    Request,
    Unanswered,
)

SHORTEST_NAME = 3
"""Letters of a name that would give a child away in a reason."""
CLOSED_AT_ONCE = 200


@permitted(Permission.SEE_RETENTION)
def periods(work: Work) -> Periods:
    """The periods as they stand."""
    return rules.periods(_center(work).settings)


@permitted(Permission.MANAGE_RETENTION)
def set_periods(work: Work, decided: Periods) -> None:
    """Decide anew after how many days what is due. Needs the password again; refuses less than a week."""
    refuse_stale(work)
    center = _center(work)
    before, after = rules.kept(rules.periods(center.settings)), rules.kept(decided)
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        center.settings = {**center.settings, "retention": after}
        said = ", ".join(f"{name} {before[name]} to {after[name]} days" for name in changed)
        work.record("settings.changed", "center", fields=changed, reason=said)


@permitted(Permission.SEE_RETENTION)
def preview(work: Work) -> tuple[Line, ...]:
    """What is due now, counted, with what a legal hold keeps back; numbers of records, never a name."""
    return rules.preview(due(work))


@permitted(Permission.MANAGE_RETENTION)
def request(work: Work, seen: Mapping[ItemKind, int], reason: str) -> UUID:
    """Ask for a purge of what is due now and not held; gives its id. Needs the password again.

    `seen` are the counts that the person was shown: refuses when they are others by now. Refuses a reason that names
    one of the children, because it stays for ever.
    """
    refuse_stale(work)
    said = written(reason, "Write why this is purged now. The reason stays on the certificate.")
    if work.session.scalars(retention.waiting_request()).first() is not None:
        raise TooLate("A purge is asked for already. It must be agreed to or withdrawn first.")
    free = [one for one in due(work) if one.held_by is None]
    if {line.kind: line.due for line in rules.preview(free)} != {kind: seen.get(kind, 0) for kind in ItemKind}:
        raise TooLate("What is due has changed since you looked. Look at the counts again, then ask.")
    if not free:
        raise Refused("Nothing is due, so there is nothing to purge.")
    _refuse_named(work, free, said)
    purge = Purge(
        rules=fields.canonical(rules.kept(periods_of(work))),
        reason=said,
        requested_by=work.actor.user_id,
        requested_by_name=work.actor.name,
        requested_at=work.now,
    )
    work.session.add(purge)
    work.session.flush()
    work.session.add_all(
        PurgeItem(
            purge_id=purge.id,
            kind=one.kind,
            record_id=one.record_id,
            user_id=one.user_id,
            number=one.number,
            outcome=ItemOutcome.ASKED,
        )
        for one in free
    )
    work.record("purge.requested", "purge", purge.id, count=len(free))
    return purge.id


@permitted(Permission.SEE_RETENTION)
def waiting(work: Work) -> Request | None:
    """The purge that waits for somebody to agree, if any."""
    purge = work.session.scalars(retention.waiting_request()).first()
    if purge is None:
        return None
    items = work.session.scalars(retention.items_of([purge.id])).all()
    mine = purge.requested_by == work.actor.user_id
    return Request(
        id=purge.id,
        by=purge.requested_by_name,
        at=purge.requested_at,
        reason=purge.reason,
        counts=_counts(items),
        numbers=tuple(item.number for item in items if item.number),
        mine=mine,
        may_from=purge.requested_at + ALONE_WAIT if mine and _alone(work) else None,
    )


@permitted(Permission.APPROVE_PURGES)
def withdraw_request(work: Work, purge_id: UUID) -> None:
    """No longer ask for a purge, or refuse to agree to it."""
    purge = _waiting(work, purge_id)
    purge.withdrawn_by_name, purge.withdrawn_at = work.actor.name, work.now
    work.record("purge.withdrawn", "purge", purge.id)


@permitted(Permission.APPROVE_PURGES)
def approve(work: Work, purge_id: UUID) -> Certificate:
    """Agree to a purge and carry it out, whole or not at all. Needs the password again.

    Refuses one's own request; only where nobody else at the center could agree, it may be carried out after 72 hours.
    What was restored, sent or placed under a legal hold since it was asked for stays.
    """
    refuse_stale(work)
    purge = _waiting(work, purge_id)
    _refuse_own(work, purge)
    purge.approved_by, purge.approved_by_name = work.actor.user_id, work.actor.name
    work.record("purge.approved", "purge", purge.id)
    purge.number = drafting.next_number(work, "purge", "P")
    purge.done_at = work.now
    items = work.session.scalars(retention.items_of([purge.id])).all()
    carry_out(work, purge, items)
    return certificate(work, purge_id)


@permitted(Permission.SEE_RETENTION)
def certificates(work: Work) -> tuple[Certificate, ...]:
    """What was purged, newest first."""
    return _certificates(work, list(work.session.scalars(retention.carried_out())))


@permitted(Permission.SEE_RETENTION)
def certificate(work: Work, purge_id: UUID) -> Certificate:
    """What can be shown of one purge."""
    purge = work.session.get(Purge, purge_id)
    if purge is None or purge.done_at is None:
        raise NotFound("There is no such certificate. Open it from the list under Retention.")
    return _certificates(work, [purge])[0]


@permitted(Permission.REVIEW_REFERRALS)
def unanswered(work: Work) -> tuple[Unanswered, ...]:
    """Returned referrals that their agency did not answer in time, oldest first: to be closed, never purged."""
    before = work.now - timedelta(days=periods_of(work).unanswered)
    found = work.session.execute(retention.unanswered(work.actor, before)).all()
    held = holding.held_among(work, [referral.id for referral, _agency, _at in found])
    return tuple(
        Unanswered(
            id=referral.id,
            number=referral.number or "",
            version=referral.version,
            agency=agency or "",
            returned_at=at,
            urgent=referral.urgency_rank <= 1,
            kept_back=_why_open(referral, held),
        )
        for referral, agency, at in found
    )


@permitted(Permission.REVIEW_REFERRALS)
def close_unanswered(work: Work, versions: Mapping[UUID, int], comment: str) -> int:
    """Close returns that nobody answered, as the person saw them, all or none. They can be searched and reopened.

    Refuses one that was answered or changed meanwhile, is held, or whose hotline report is open. Gives how many.
    """
    said = written(comment, "Write what was tried to reach the agency, and who decided to close.")
    if not versions:
        raise Refused("No returned referral is waiting longer than the period, so there is nothing to close.")
    ready = {one.id for one in unanswered(work) if not one.kept_back}
    for referral_id in sorted(versions):
        referral = reading.unchanged(work, reading.visible_referral(work, referral_id), versions[referral_id])
        if referral.id not in ready:
            raise TooLate(f"{referral.number} is not to be closed now. Look at the list again.")
        referral.take(Step.CLOSE, work.actor, work.now, reason=CloseOutcome.NO_ANSWER.value, comment=said)
        work.record(
            "referral.closed",
            "referral",
            referral.id,
            version=referral.version,
            reason=CloseOutcome.NO_ANSWER.value,
        )
    return len(versions)


def is_set_up(work: Work) -> bool:
    """Whether there is a center at all."""
    return work.session.scalars(door.center()).one_or_none() is not None


def periods_of(work: Work) -> Periods:
    """The periods, for whoever needs them."""
    return rules.periods(_center(work).settings)


def due(work: Work) -> tuple[Due, ...]:
    """What the rules make due now, each with the hold that keeps it."""
    found = list(retention.due(work.session, periods_of(work), work.now))
    held = holding.held_among(work, {one.record_id for one in found if one.kind is not ItemKind.WALK_IN_DRAFT})
    every, zone = holding.standing(work), holding.zone_of(work)
    return tuple(
        replace(one, held_by=hold.id) if (hold := held.get(one.record_id) or _over(one, every, zone)) else one
        for one in found
    )


def _over(one: Due, every: Collection[rules.Hold], zone: tzinfo) -> rules.Hold | None:
    """A half-typed new client belongs to no agency and no record: only a hold on everything covers it."""
    if one.kind is not ItemKind.WALK_IN_DRAFT:
        return None
    day = one.since.astimezone(zone).date()
    return rules.holding(every, rules.Kin(begun=frozenset({(None, day)})))


def _center(work: Work) -> Center:
    return work.session.scalars(door.center()).one()


def _counts(items: Collection[PurgeItem]) -> dict[ItemKind, int]:
    counted = {kind: sum(item.kind is kind for item in items) for kind in ItemKind}
    return {kind: count for kind, count in counted.items() if count}


def _alone(work: Work) -> bool:
    return work.session.scalars(retention.others_who_agree(work.actor.user_id)).first() is None


def _waiting(work: Work, purge_id: UUID) -> Purge:
    purge = work.session.get(Purge, purge_id)
    if purge is None:
        raise NotFound("There is no such request. Look at Retention again.")
    if purge.done_at is not None:
        raise TooLate(
            f"This purge was carried out already, agreed to by {purge.approved_by_name} "
            f"at {reading.clock(work, purge.done_at)}: {purge.number}."
        )
    if purge.withdrawn_at is not None:
        raise TooLate(
            f"{purge.withdrawn_by_name} withdrew this request at {reading.clock(work, purge.withdrawn_at)}. "
            "Nothing was purged."
        )
    return purge


def _refuse_own(work: Work, purge: Purge) -> None:
    if purge.requested_by != work.actor.user_id:
        return
    if not _alone(work):
        raise Refused("Somebody else must agree to your request: a supervisor or another administrator.")
    may_from: datetime = purge.requested_at + ALONE_WAIT
    if work.now < may_from:
        raise Refused(
            "Nobody else at the center could agree, so your own request waits 72 hours: "
            f"carry it out after {reading.clock(work, may_from)}."
        )


def _refuse_named(work: Work, free: Collection[Due], reason: str) -> None:
    """The certificate outlives the child's record: no name may get into it."""
    ids = [one.record_id for one in free if one.kind is ItemKind.REFERRAL]
    told = set(re.findall(r"\w+", fold(reason)))
    for start in range(0, len(ids), CLOSED_AT_ONCE):
        for referral in work.session.scalars(queries.referrals_with(ids[start : start + CLOSED_AT_ONCE])):
            names = re.findall(r"\w+", fold(f"{referral.child_first_name} {referral.child_last_name}"))
            if told & {word for name in names if len(name) >= SHORTEST_NAME for word in (name, f"{name}s")}:
                raise Refused("The reason stays for ever, so leave the children's names out of it.")


def _decide_each(work: Work, items: Collection[PurgeItem]) -> None:
    """What is still due is purged, what is held meanwhile is kept, and so is what moved on."""
    now_due = {(one.kind, one.record_id, one.user_id): one for one in due(work)}
    for item in items:
        still = now_due.get((item.kind, item.record_id, item.user_id))
        if still is None:
            item.outcome = ItemOutcome.CHANGED
        else:
            item.outcome = ItemOutcome.PURGED if still.held_by is None else ItemOutcome.HELD


def carry_out(work: Work, purge: Purge, asked: Collection[PurgeItem]) -> None:
    """Purge what is still due and not held of what was asked for, in this transaction."""
    purge_id = purge.id
    _decide_each(work, asked)
    work.session.flush()
    items = [item for item in asked if item.outcome is ItemOutcome.PURGED]
    of_kind = {kind: [item for item in items if item.kind is kind] for kind in ItemKind}
    for item in of_kind[ItemKind.INTAKE_DRAFT]:
        emptying.remove_intake_draft(work.session, item.record_id, item.user_id or item.record_id)
    for item in of_kind[ItemKind.WALK_IN_DRAFT]:
        emptying.remove_walk_in_draft(work.session, item.record_id)
    for item in items:
        work.record("purge.done", item.kind.value, item.record_id, reason=item.number)
    work.record("purge.done", "purge", purge_id, count=len(items))
    drafts, sent = ({item.record_id for item in of_kind[kind]} for kind in (ItemKind.DRAFT, ItemKind.REFERRAL))
    emptying.remove_drafts(work.session, drafts)
    emptying.empty_referrals(work.session, sent, purge_id)


def _certificates(work: Work, purges: list[Purge]) -> tuple[Certificate, ...]:
    items: dict[UUID, list[PurgeItem]] = {purge.id: [] for purge in purges}
    for item in work.session.scalars(retention.items_of(list(items))):
        items[item.purge_id].append(item)
    return tuple(_as_certificate(purge, items[purge.id]) for purge in purges if purge.done_at is not None)


def _as_certificate(purge: Purge, items: Collection[PurgeItem]) -> Certificate:
    gone = [item for item in items if item.outcome is ItemOutcome.PURGED]
    assert purge.done_at is not None
    return Certificate(
        id=purge.id,
        number=purge.number or "",
        reason=purge.reason,
        rules=Periods(**fields.parsed(purge.rules)),
        requested_by=purge.requested_by_name,
        requested_at=purge.requested_at,
        approved_by=purge.approved_by_name,
        done_at=purge.done_at,
        rewritten_at=purge.rewritten_at,
        purged=_counts(gone),
        numbers=tuple(item.number for item in gone if item.number),
        ids=tuple(item.record_id for item in gone if not item.number),
        held=sum(item.outcome is ItemOutcome.HELD for item in items),
        changed=sum(item.outcome is ItemOutcome.CHANGED for item in items),
    )


def _why_open(referral: Referral, held: Collection[UUID]) -> str:
    if referral.id in held:
        return "kept by a legal hold"
    return "its hotline report is not settled" if referral.hotline_open else ""
