"""Acts of keeping and purging for tests: into the bin, a purge by two people, time that passes."""

from datetime import UTC, datetime, timedelta

import time_machine

from actions.center import holds, referrals, retention
from actions.work import now, system_work
from db.tables.sessions import UserSession
from domain.lifecycle import DeleteReason
from domain.retention import HeldScope
from tests.cast import act
from tests.faults import desk_work


def later(**passed):
    """So much later: `with later(days=31):`."""
    return time_machine.travel(datetime.now(UTC) + timedelta(**passed))


def proven(member):
    """The member has just typed the password again."""
    with system_work("the tests") as work:
        session = work.session.get_one(UserSession, member.session_id)
        session.proved_at = session.used_at = now()
        session.ends_at = now() + timedelta(hours=12)
    return member


def binned(irene, *referral_ids):
    """Put referrals into the bin."""
    for referral_id in referral_ids:
        with act(irene) as work:
            seen = referrals.read(work, referral_id).version
            referrals.delete(work, referral_id, seen, DeleteReason.TEST, "A test of the form.")


def due_counts(member):
    """What the preview counts as due, by kind, and held."""
    with act(member) as work:
        return {line.kind: line.due for line in retention.preview(work)}


def asked(ada, reason="The period is over."):
    """Ask for a purge of all that is due."""
    seen = due_counts(ada)
    with act(proven(ada)) as work:
        return retention.request(work, seen, reason)


def purged(ada, sam, reason="The period is over."):
    """One asks, the other agrees: everything due and not held is purged. Gives the certificate."""
    purge_id = asked(ada, reason)
    with act(proven(sam)) as work:
        return retention.approve(work, purge_id)


def held(sam, number, scope=HeldScope.REFERRAL, **more):
    """Place a legal hold."""
    with act(sam) as work:
        return holds.place(work, scope, "Order of the district court.", number=number, **more)


def number_of(irene, referral_id):
    with act(irene) as work:
        return referrals.read(work, referral_id).number


def imported_and_undone(irene, sam, referral_id):
    """A new client is made of a referral, and the import undone; the client's id."""
    made = desk_work.bring_in_client(irene, referral_id)
    desk_work.undo_import(sam, referral_id)
    return made.client_id
