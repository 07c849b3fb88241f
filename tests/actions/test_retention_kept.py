"""What a purge must never change: the numbers, what a hold covers, and everything at all when it dies half-way."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from actions import holding
from actions.agency import referrals as agency_referrals
from actions.center import retention, statistics
from actions.work import now, system_work
from db.tables.clients import Client
from db.tables.referrals import Draft, Submission
from db.tables.retention import LegalHold, Purge, PurgeItem
from domain.fields import ReferralType
from domain.retention import HeldScope, ItemKind, ItemOutcome
from domain.statistics import PeriodKind, Wanted
from tests.actions.test_statistics import everything
from tests.cast import act
from tests.conftest import on_sqlite
from tests.faults import desk_work
from tests.keeping import binned, imported_and_undone, later, purged


@on_sqlite
def test_every_number_is_the_same_before_and_after_a_purge(cast, sent_referral):
    waiting, back, gone, one, other, known = (
        sent_referral(cast.olga, address_county="Juniper", child_first_name=name)
        for name in ("Ana", "Béla", "Cy", "Dot", "Eva", "Fay")
    )
    desk_work.reject(cast.irene, back, desk_work.version(cast.irene, back))
    result = desk_work.merge_two(cast.irene, one, other)
    imported_and_undone(cast.irene, cast.sam, known)
    desk_work.reject(cast.irene, gone, desk_work.version(cast.irene, gone))
    desk_work.resubmit(cast.olga, gone)
    binned(cast.irene, gone, result, known)
    moment = datetime.now(UTC) + timedelta(days=31)

    before = numbers(cast, moment)
    with later(days=31):
        paper = purged(cast.ada, cast.sam)
    after = numbers(cast, moment)

    assert paper.purged == {ItemKind.REFERRAL: 5}
    assert after == before
    assert waiting


def numbers(cast, moment):
    """Every number and table of the statistics at a moment, in one county, in words."""
    with time_machine.travel(moment, tick=False):
        today = moment.date()
        wanted = Wanted(PeriodKind.ANY, today - timedelta(days=40), today, county="Juniper")
        with act(cast.sam) as work:
            said = everything(statistics.page(work, wanted))
    return said


class TakenBack(Exception):
    """Raised after each try, so that nothing of it is kept."""


@pytest.fixture
def world(cast, sent_referral):
    """Families that hold the same child's words, by name: members, what is due some day, agencies, clients."""
    alone, one, other, first, second, mistaken = (
        sent_referral(who) for who in (cast.olga, cast.olga, cast.peter, cast.peter, cast.olga, cast.peter)
    )
    standing = desk_work.merge_two(cast.irene, one, other)
    undone = desk_work.merge_two(cast.irene, first, second)
    desk_work.undo_merge(cast.irene, undone, desk_work.version(cast.irene, undone))
    client_id = imported_and_undone(cast.irene, cast.sam, mistaken)
    binned(cast.irene, alone, standing, first, mistaken)
    drafts = []
    for member in (cast.olga, cast.peter):
        with act(member) as work:
            drafts.append(agency_referrals.start(work, ReferralType.LE).id)
    sheriff, services = cast.sheriff_id, cast.services_id
    return {
        "alone": ({alone}, {alone}, {sheriff}, set()),
        "merged": ({one, other, standing}, {one, other, standing}, {sheriff, services}, set()),
        "undone": ({first, second, undone}, {first, undone}, {sheriff, services}, set()),
        "mistaken": ({mistaken, client_id}, {mistaken}, {services}, {client_id}),
        "draft": ({drafts[0]}, {drafts[0]}, {sheriff}, set()),
        "other draft": ({drafts[1]}, {drafts[1]}, {services}, set()),
    }


DAYS = st.none() | st.integers(-3, 3)
HOLDS = st.lists(st.tuples(st.sampled_from(list(HeldScope)), st.integers(0, 10**6), DAYS, DAYS), max_size=4)


@on_sqlite
def test_nothing_that_a_hold_covers_is_ever_purged_or_discarded(world, cast, rounds):
    """Random holds and clocks, against a plain reading of the rules; each try is taken back."""

    @settings(
        max_examples=rounds(short=15, long=2000),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(HOLDS, st.integers(0, 120))
    def never(placed, days):
        then = datetime.now(UTC) + timedelta(days=days)
        with time_machine.travel(then), pytest.raises(TakenBack), system_work("the tests") as work:
            _try(work, world, cast, placed, days)
            raise TakenBack

    never()


def _try(work, world, cast, placed, days):
    today = (now() - timedelta(days=days)).astimezone(holding.zone_of(work)).date()
    rows = [_hold(work, world, cast, today, *one) for one in placed]
    work.session.add_all(rows)
    work.session.flush()
    held = {name for name in world if any(_covered(world[name], row, today) for row in rows)}
    due = {
        record_id
        for name, (_every, of_it, *_rest) in world.items()
        for record_id in of_it
        if days > (90 if "draft" in name else 30)
    }

    everything_due = list(retention.due(work))
    assert {one.record_id for one in everything_due} == due
    kept = set().union(*(world[name][0] for name in held)) if held else set()
    assert {one.record_id for one in everything_due if one.held_by} == due & kept
    before = _words(work, kept)

    _purge_all(work, cast, everything_due)

    assert _words(work, kept) == before
    assert not any(_words(work, due - kept).values())


def _hold(work, world, cast, today, scope, chance, since, until):
    if scope in (HeldScope.REFERRAL, HeldScope.CLIENT):
        since = until = None
        every = sorted(one for members, *_rest in world.values() for one in members)
        record_id = every[chance % len(every)]
    else:
        record_id = [cast.sheriff_id, cast.services_id][chance % 2] if scope is HeldScope.AGENCY else None
    return LegalHold(
        scope=scope,
        record_id=record_id,
        since=None if since is None else today + timedelta(days=since),
        until=None if until is None else today + timedelta(days=until),
        reason="Order of the district court.",
        placed_by=cast.sam.user_id,
        placed_by_name="Sam Okafor",
        placed_at=now(),
    )


def _covered(family, row, today):
    members, _due, agencies, clients = family
    if row.scope is HeldScope.REFERRAL or row.scope is HeldScope.CLIENT:
        # An id is a referral's or a client's; a hold of the other kind on it covers nothing.
        return row.record_id in members and (row.record_id in clients) == (row.scope is HeldScope.CLIENT)
    in_time = (row.since is None or row.since <= today) and (row.until is None or today <= row.until)
    return in_time and (row.scope is HeldScope.EVERYTHING or row.record_id in agencies)


def _words(work, record_ids):
    """How many words of each referral are left: its name, its documents, its draft."""
    work.session.expire_all()
    return {
        one: bool(work.session.scalar(select(Submission.id).where(Submission.referral_id == one)))
        or bool(work.session.scalar(select(Draft.referral_id).where(Draft.referral_id == one)))
        for one in sorted(record_ids)
        if work.session.get(Client, one) is None
    }


def _purge_all(work, cast, found):
    """A request for everything, held or not, as if it had been asked for before the holds were placed."""
    purge = Purge(
        rules="{}", reason="x", requested_by=cast.ada.user_id, requested_by_name="Ada Lund", requested_at=now()
    )
    work.session.add(purge)
    work.session.flush()
    items = [
        PurgeItem(purge_id=purge.id, kind=one.kind, record_id=one.record_id, number="", outcome=ItemOutcome.ASKED)
        for one in found
    ]
    work.session.add_all(items)
    retention.carry_out(work, purge, items)
