"""Legal holds as every act that would lose something asks for them: whatever one covers is kept."""

from collections.abc import Collection
from uuid import UUID
from zoneinfo import ZoneInfo

from actions import reading
from actions.work import Work
from db import holds
from db.tables.referrals import Referral
from domain.refusals import Refused
from domain.retention import Hold, Kin, holding

KEPT = "This is being kept for the center's records, so it cannot be discarded. Ask the center if you have questions."


def standing(work: Work) -> tuple[Hold, ...]:
    """Every hold that stands."""
    return tuple(holds.as_hold(row) for row in work.session.scalars(holds.standing()))


def held_among(work: Work, record_ids: Collection[UUID]) -> dict[UUID, Hold]:
    """Those of the referrals and clients that a hold covers, each with the first one that does."""
    every = standing(work)
    if not every or not record_ids:
        return {}
    kin = holds.kin_of(work.session, record_ids, zone_of(work))
    found = {one: holding(every, kin.get(one, Kin())) for one in record_ids}
    return {one: hold for one, hold in found.items() if hold is not None}


def refuse_held(work: Work, referral: Referral) -> None:
    """Refuse to throw away what a hold covers; an agency does not learn why."""
    work.session.flush()
    if held_among(work, [referral.id]):
        raise Refused(KEPT)


def zone_of(work: Work) -> ZoneInfo:
    """The center's time zone; UTC before the first run."""
    center = reading.center_row(work)
    return ZoneInfo(center.time_zone if center else "UTC")
