"""Legal holds: placed with a reason at once, lifted with a reason, and shown wherever the record is shown."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from actions import holding, reading
from actions.center.filing import seen_client
from actions.texts import written
from actions.work import Work, permitted
from db import holds, restrictions
from db import retention as statements
from db.tables.clients import Client
from db.tables.people import Agency
from db.tables.referrals import Referral
from db.tables.retention import LegalHold, Purge
from domain.people import Role
from domain.permissions import Permission
from domain.refusals import NotFound, Refused, TooLate
from domain.retention import ALONE_WAIT, HeldScope, HoldLine, Kin, covers

SAY_WHY = "Write why: the court, the case and who asked for it."
ON_ONE_RECORD = (HeldScope.REFERRAL, HeldScope.CLIENT)


@permitted(Permission.PLACE_HOLDS)
def place(
    work: Work,
    scope: HeldScope,
    reason: str,
    *,
    number: str = "",
    agency_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> UUID:
    """Keep records whatever the rules say, from this moment on; gives the hold's id.

    `number` names the referral or client. Days narrow a hold on an agency or on everything to what was begun between
    them. Refuses a record that was purged, and one that is held already.
    """
    said = written(reason, SAY_WHY)
    if since and until and until < since:
        raise Refused("The last day lies before the first one. Check the days.")
    if scope in ON_ONE_RECORD and (since or until):
        raise Refused("A hold on one record has no days: it keeps all of it. Leave the days empty.")
    record_id = _named(work, scope, number, agency_id)
    _refuse_twice(work, record_id, since, until)
    hold = LegalHold(
        scope=scope,
        record_id=record_id,
        since=since,
        until=until,
        reason=said,
        placed_by=work.actor.user_id,
        placed_by_name=work.actor.name,
        placed_at=work.now,
    )
    work.session.add(hold)
    work.record("hold.placed", scope.value, record_id)
    return hold.id


@permitted(Permission.PLACE_HOLDS)
def lift(work: Work, hold_id: UUID, reason: str) -> bool:
    """Lift a hold; whether it is lifted now.

    A supervisor lifts it at once. What an administrator alone asks for, a supervisor or another administrator confirms
    by lifting it too; where there is nobody else, the same person after 72 hours.
    """
    said = written(reason, "Write why the hold is lifted, and who decided it.")
    hold = work.session.get(LegalHold, hold_id)
    if hold is None:
        raise NotFound("There is no such legal hold. Look at Retention again.")
    if hold.lifted_at is not None:
        raise TooLate(f"{hold.lifted_by_name} lifted this hold already at {reading.clock(work, hold.lifted_at)}.")
    if Role.SUPERVISOR not in work.actor.roles and not _agreed(work, hold):
        hold.lift_asked_by, hold.lift_asked_by_name = work.actor.user_id, work.actor.name
        hold.lift_asked_at, hold.lift_reason = work.now, said
        work.record("hold.lift_asked", hold.scope.value, hold.record_id)
        return False
    hold.lift_reason = hold.lift_reason or said
    hold.lifted_by_name, hold.lifted_at = work.actor.name, work.now
    work.record("hold.lifted", hold.scope.value, hold.record_id)
    return True


@permitted(Permission.SEE_RETENTION)
def standing(work: Work) -> tuple[HoldLine, ...]:
    """Every hold that stands, oldest first."""
    return _lines(work, work.session.scalars(holds.standing()))


@permitted(Permission.SEE_QUEUE)
def on_record(work: Work, kind: str, record_id: UUID) -> tuple[HoldLine, ...]:
    """The holds that cover a referral or client which the actor may see."""
    every = work.session.scalars(holds.standing()).all()
    if not every:
        return ()
    if kind == "client":
        seen_client(work, record_id)
    elif work.session.scalar(restrictions.seen_referral(work.actor, record_id)) is None:
        raise NotFound(reading.NO_SUCH_REFERRAL)
    kin = holds.kin_of(work.session, [record_id], holding.zone_of(work)).get(record_id, Kin())
    return _lines(work, [row for row in every if covers(holds.as_hold(row), kin)])


def _named(work: Work, scope: HeldScope, number: str, agency_id: UUID | None) -> UUID | None:
    if scope is HeldScope.EVERYTHING:
        return None
    if scope is HeldScope.AGENCY:
        if agency_id is None or work.session.get(Agency, agency_id) is None:
            raise NotFound("There is no such agency. Pick one from the list.")
        return agency_id
    typed = "".join(number.split()).upper()
    question = restrictions.referral_numbered if scope is HeldScope.REFERRAL else restrictions.client_numbered
    found: Referral | Client | None = work.session.scalars(question(typed)).one_or_none()
    if found is None:
        raise NotFound(f"There is no {scope.value} of this number. Check it.")
    if isinstance(found, Referral):
        _refuse_purged(work, found)
    return found.id


def _refuse_purged(work: Work, referral: Referral) -> None:
    purge = work.session.get(Purge, referral.purge_id) if referral.purge_id else None
    if purge is not None and purge.done_at is not None:
        raise TooLate(
            f"{referral.number} was purged at {reading.clock(work, purge.done_at)}, certificate {purge.number}: "
            "there is nothing left to hold. A backup from before may still have it."
        )


def _refuse_twice(work: Work, record_id: UUID | None, since: date | None, until: date | None) -> None:
    for row in work.session.scalars(holds.placed_on(record_id) if record_id else holds.standing()):
        if (row.record_id, row.since, row.until) == (record_id, since, until):
            raise TooLate(f"{row.placed_by_name} placed this hold already at {reading.clock(work, row.placed_at)}.")


def _agreed(work: Work, hold: LegalHold) -> bool:
    """Whether somebody else asked before, or the same person long enough ago where there is nobody else."""
    if hold.lift_asked_by is None or hold.lift_asked_at is None:
        return False
    if hold.lift_asked_by != work.actor.user_id:
        return True
    if work.session.scalars(statements.others_who_agree(work.actor.user_id)).first() is not None:
        raise Refused("Somebody else must agree: a supervisor or another administrator lifts this hold too.")
    if work.now < hold.lift_asked_at + ALONE_WAIT:
        until = reading.clock(work, hold.lift_asked_at + ALONE_WAIT)
        raise Refused(f"Nobody else at the center could agree, so this waits 72 hours: lift it after {until}.")
    return True


def _lines(work: Work, rows: Iterable[LegalHold]) -> tuple[HoldLine, ...]:
    return tuple(
        HoldLine(
            id=row.id,
            scope=row.scope,
            on=_on(work, row),
            since=row.since,
            until=row.until,
            reason=row.reason,
            placed_by=row.placed_by_name,
            placed_at=row.placed_at,
            lift_asked_by=row.lift_asked_by_name,
            lift_asked_at=row.lift_asked_at,
            lift_reason=row.lift_reason,
        )
        for row in rows
    )


def _on(work: Work, row: LegalHold) -> str:
    if row.scope is HeldScope.AGENCY:
        return reading.agency_named(work, row.record_id)
    table = {HeldScope.REFERRAL: Referral, HeldScope.CLIENT: Client}.get(row.scope)
    record = work.session.get(table, row.record_id) if table and row.record_id else None
    return (record.number or "") if isinstance(record, Referral | Client) else "everything"
