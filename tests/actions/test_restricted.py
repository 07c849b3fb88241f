"""Restricted records: named people only, on every path; an emergency opens one for an hour and tells supervisors."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from actions.center import merges, queue, referrals, restricted
from actions.work import system_work
from db.tables.people import User, UserRole
from db.tables.referrals import Referral
from domain.people import Role
from domain.referrals import QueueFilter
from domain.refusals import NotFound, NotPermitted, Refused
from tests.cast import Member, signed_in


@pytest.fixture
def nora(cast):
    """Another intake worker, whose niece the referral is about."""
    with system_work("the tests") as work:
        user = User(username="nora", name="Nora Bell", made_at=work.now)
        user.roles = [UserRole(user_id=user.id, role=Role.STAFF)]
        work.session.add(user)
        work.session.flush()
        session = signed_in(work, user.id)
        work.record("user.created", "user", user.id)
    return Member(user.id, session.id, user.name, None)


@pytest.fixture
def hidden(sent_referral, olga, irene, as_):
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        restricted.restrict(work, "referral", referral_id, [irene.user_id], "The child is a worker's niece.")
    return referral_id


def number_of(referral_id):
    with system_work("the tests") as work:
        return work.session.get_one(Referral, referral_id).number


def test_only_named_people_see_a_restricted_referral(hidden, as_, irene, nora, sam):
    with as_(irene) as work:
        assert referrals.read(work, hidden).restricted
        assert len(queue.queue(work, QueueFilter()).rows) == 1
    for outsider in (nora, sam):
        with pytest.raises(NotFound), as_(outsider) as work:
            referrals.read(work, hidden)
        with as_(outsider) as work:
            page = queue.queue(work, QueueFilter())
            assert not page.rows
            assert not any(page.counts.values())


def test_an_emergency_opens_it_for_an_hour_and_tells_supervisors(hidden, as_, nora, sam):
    number = number_of(hidden)
    with as_(nora) as work:
        opened = restricted.open_in_an_emergency(work, number, "The child is at the door.")
    with as_(nora) as work:
        assert referrals.read(work, hidden)
    with as_(sam) as work:
        told = restricted.emergencies(work)
    assert not told.over
    assert [(one.person, one.number) for one in told.opened] == [("Nora Bell", number)]

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        with pytest.raises(NotFound), as_(nora) as work:
            referrals.read(work, opened.record_id)
        with as_(sam) as work:
            assert restricted.emergencies(work).over
            restricted.close_what_is_over(work)
            ended = [entry.event for entry in work.entries]
    assert "record.break_glass_ended" in ended


def test_an_emergency_needs_a_reason_and_a_record_that_is_restricted(hidden, sent_referral, olga, as_, nora, ada):
    for number, reason in ((number_of(hidden), "  "), ("R-26-9999", "why"), (number_of(sent_referral(olga)), "why")):
        with pytest.raises(Refused), as_(nora) as work:
            restricted.open_in_an_emergency(work, number, reason)
    number = number_of(hidden)
    with pytest.raises(NotPermitted), as_(ada) as work:
        restricted.open_in_an_emergency(work, number, "why")


def test_somebody_who_cannot_see_it_cannot_open_it_up(hidden, as_, nora):
    with pytest.raises(NotFound), as_(nora) as work:
        restricted.lift(work, "referral", hidden, "I want to see it.")
    with pytest.raises(NotFound), as_(nora) as work:
        restricted.restrict(work, "referral", hidden, [nora.user_id], "I want to see it.")


def test_lifting_opens_it_again(hidden, as_, irene, nora):
    with as_(irene) as work:
        restricted.lift(work, "referral", hidden, "It was a mistake.")

    with as_(nora) as work:
        assert referrals.read(work, hidden)


def test_nobody_named_is_refused(sent_referral, olga, peter, irene, as_):
    referral_id = sent_referral(olga)
    for people in ([], [peter.user_id]):
        with pytest.raises(Refused), as_(irene) as work:
            restricted.restrict(work, "referral", referral_id, people, "why")


@pytest.mark.parametrize("kind", ["", "case", "REFERRAL", "<b>client</b>"])
def test_a_record_of_no_kind_is_not_found(sent_referral, olga, irene, as_, kind):
    sent = sent_referral(olga)

    for act in (restricted.restriction, lambda *one: restricted.restrict(*one, [irene.user_id], "A worker's niece.")):
        with pytest.raises(NotFound), as_(irene) as work:
            act(work, kind, sent)


def test_restricting_a_merged_referral_hides_what_it_was_merged_into(sent_referral, olga, peter, irene, nora, as_):
    ids = [sent_referral(olga), sent_referral(peter)]
    with as_(irene) as work:
        versions = {one: referrals.read(work, one).version for one in ids}
        result_id = merges.merge(work, versions, {}, "Same child.", "one-use-key")

    with as_(irene) as work:
        restricted.restrict(work, "referral", ids[0], [irene.user_id], "The child is a worker's niece.")

    for hidden_now in (*ids, result_id):
        with pytest.raises(NotFound), as_(nora) as work:
            referrals.read(work, hidden_now)
    with as_(irene) as work:
        restricted.lift(work, "referral", result_id, "Nora has left the center.")
    with as_(nora) as work:
        assert not referrals.read(work, ids[1]).restricted
