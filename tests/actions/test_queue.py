"""The queue: order, views, counts, filters, badges, and who may see it."""

from datetime import timedelta

import pytest
import time_machine

from actions.agency import referrals as agency
from actions.center import queue as queue_actions
from actions.center import referrals, restricted, statistics
from actions.work import now
from db.tables.referrals import Named, Referral
from domain.fields import ReferralType
from domain.lifecycle import CloseOutcome, DeleteReason, Origin, ReturnReason
from domain.queue_filters import NamedFilter, Sort
from domain.referrals import QueueFilter, Urgency
from domain.refusals import NotPermitted
from tests.cast import answers_for

SENT = 3
"""The version of a referral that was just sent."""


@pytest.fixture
def seen(as_, irene):
    """The page of the queue that Irene sees under a filter."""

    def page(**wanted):
        with as_(irene) as work:
            return queue_actions.queue(work, QueueFilter(**wanted))

    return page


@pytest.fixture
def listed(seen):
    """The children that the queue lists under a filter, in order."""
    return lambda **wanted: [row.child.split()[0] for row in seen(**wanted).rows]


def test_urgent_children_come_first_then_those_who_waited_longest(sent_referral, olga, listed):
    sent_referral(olga, child_first_name="Ana", urgency="routine")
    sent_referral(olga, child_first_name="Ben", urgency="emergency")
    sent_referral(olga, child_first_name="Cleo", urgency="routine")

    assert listed() == ["Ben", "Ana", "Cleo"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.OLDEST_FIRST, ["Ana", "Ben", "Cleo"]),
        (Sort.NEWEST_FIRST, ["Cleo", "Ben", "Ana"]),
        (Sort.AGENCY, ["Cleo", "Ben", "Ana"]),
    ],
)
def test_the_order_can_be_chosen(sent_referral, olga, peter, listed, sort, expected):
    sent_referral(olga, child_first_name="Ana", urgency="routine")
    sent_referral(olga, child_first_name="Ben", urgency="emergency")
    sent_referral(peter, ReferralType.CPS, child_first_name="Cleo", urgency="routine")

    assert listed(sort=sort) == expected


def test_each_view_shows_its_own_referrals_with_a_true_count(as_, irene, sent_referral, olga, seen, listed):
    sent_referral(olga, child_first_name="Waits")
    returned = sent_referral(olga, child_first_name="Returned")
    closed = sent_referral(olga, child_first_name="Closed")
    deleted = sent_referral(olga, child_first_name="Deleted")
    with as_(irene) as work:
        referrals.return_to_agency(work, returned, SENT, ReturnReason.UNCLEAR, "Please say more.")
    with as_(irene) as work:
        referrals.close(work, closed, SENT, CloseOutcome.CONSULT_ONLY, "Told the officer.")
    with as_(irene) as work:
        referrals.delete(work, deleted, SENT, DeleteReason.TEST)

    assert [listed(view=view) for view in ("submitted", "rejected", "closed", "deleted")] == [
        ["Waits"],
        ["Returned"],
        ["Closed"],
        ["Deleted"],
    ]
    assert seen().counts == {
        "submitted": 1,
        "rejected": 1,
        "imported": 0,
        "merged": 0,
        "closed": 1,
        "deleted": 1,
        "transferred": 0,
        "every": 4,
    }


def test_transferred_referrals_wait_with_the_others_and_in_a_view_of_their_own(as_, irene, sent_referral, olga, listed):
    sent_referral(olga, child_first_name="Ana")
    came = sent_referral(olga, child_first_name="Transferred")
    with as_(irene) as work:
        work.session.get(Referral, came).origin = Origin.TRANSFER
        work.record("referral.restricted", "referral", came)

    assert listed() == ["Ana", "Transferred"]
    assert listed(view="transferred") == ["Transferred"]


def test_counts_and_rows_obey_the_same_filter(as_, irene, sent_referral, olga, peter, cast, seen):
    sent_referral(olga, child_first_name="Ana")
    sent_referral(peter, ReferralType.CPS, child_first_name="Ben")

    page = seen(agency_id=cast.services_id)

    assert [row.child for row in page.rows] == ["Ben Whitfield"]
    assert page.counts["submitted"] == page.total == 1


@pytest.mark.parametrize(
    "wanted",
    [
        {"type": "cps"},
        {"county": "Alder"},
        {"urgency": "urgent"},
        {"text": "gonzález-núñez"},
        {"text": "GONZALEZ nunez"},
        {"text": "27-77"},
        {"text": "r-26-0002"},
    ],
)
@time_machine.travel("2026-05-04 18:00", tick=True)
def test_each_filter_finds_the_one_it_names(sent_referral, olga, peter, listed, wanted):
    sent_referral(olga, child_first_name="Ana")
    sent_referral(
        peter,
        ReferralType.CPS,
        child_first_name="Inés",
        child_last_name="González-Núñez",
        address_county="Alder",
        urgency="urgent",
        le_case_number=None,
        cps_intake_number=["27-7731"],
    )

    assert listed(**wanted) == ["Inés"]


@pytest.mark.parametrize("typed", ["%", "_", "' OR 1=1 --", "\\", "Ana%", "\x00", "💥", "a" * 5000])
def test_hostile_search_texts_find_nothing_and_break_nothing(sent_referral, olga, listed, typed):
    sent_referral(olga, child_first_name="Ana")

    assert listed(text=typed) in ([], ["Ana"])
    assert listed() == ["Ana"]


def test_the_period_counts_days_of_the_centers_clock(sent_referral, olga, listed):
    with time_machine.travel("2026-05-05 05:30+00:00", tick=True):  # still May 4 in Denver
        sent_referral(olga, child_first_name="Late")
    with time_machine.travel("2026-05-05 06:30+00:00", tick=True):
        sent_referral(olga, child_first_name="Next")

    may_4 = now().date().replace(2026, 5, 4)
    assert listed(since=may_4, until=may_4) == ["Late"]
    assert listed(since=may_4 + timedelta(days=1)) == ["Next"]


def test_whose_referral_it_is_can_be_filtered(as_, irene, sam, sent_referral, olga, listed):
    mine = sent_referral(olga, child_first_name="Mine")
    sent_referral(olga, child_first_name="Free")
    with as_(irene) as work:
        referrals.assign(work, mine, SENT, irene.user_id)

    assert listed(assignee_id=irene.user_id) == ["Mine"]
    assert listed(assignee_id=sam.user_id) == []
    assert listed(named=NamedFilter.UNASSIGNED) == ["Free"]


def test_named_filters_find_what_their_words_say(as_, irene, sent_referral, olga, listed):
    asked = sent_referral(olga, child_first_name="Asked")
    sent_referral(olga, ReferralType.CLIENT, child_first_name="Unreported", hotline_report_made="no")
    with as_(irene) as work:
        referrals.ask(work, asked, "Which school?")
    with time_machine.travel(now() - timedelta(days=9), tick=True):
        sent_referral(olga, child_first_name="Late")

    assert listed(named=NamedFilter.UNANSWERED) == ["Asked"]
    assert listed(named=NamedFilter.HOTLINE_OPEN) == ["Unreported"]
    assert listed(named=NamedFilter.LATE) == ["Late"]


def test_returned_referrals_are_told_from_first_passes(as_, irene, sent_referral, olga, listed):
    back = sent_referral(olga, child_first_name="Back")
    straight = sent_referral(olga, child_first_name="Straight")
    with as_(irene) as work:
        referrals.return_to_agency(work, back, SENT, ReturnReason.UNCLEAR, "Please say more.")
    for referral_id in (back, straight):
        with as_(irene) as work:
            version = referrals.read(work, referral_id).version
            referrals.close(work, referral_id, version, CloseOutcome.CONSULT_ONLY, "Told the officer.")

    assert listed(view="closed", named="return_rate") == ["Back"]
    assert listed(view="closed", named="first_pass") == ["Straight"]


def test_fifteen_rows_stand_on_a_page_and_a_page_too_far_is_the_last(sent_referral, olga, seen):
    for number in range(17):
        sent_referral(olga, child_first_name=f"Child{chr(65 + number)}", le_case_number=None)

    first, beyond = seen(), seen(page=99)

    assert (len(first.rows), first.pages, first.total) == (15, 2, 17)
    assert (len(beyond.rows), beyond.page) == (2, 2)


def test_a_row_says_what_must_be_known_before_it_is_opened(as_, irene, sent_referral, olga, peter, seen):
    first = sent_referral(
        olga, ReferralType.CLIENT, urgency="emergency", last_contact_120h="yes", hotline_report_made="no"
    )
    sent_referral(peter, ReferralType.CPS, urgency="routine")
    with as_(irene) as work:
        referrals.ask(work, first, "Which school?")

    one, other = seen().rows

    assert (one.urgency, one.within_120_hours, one.hotline_open, one.unanswered) == (Urgency.EMERGENCY, True, True, 1)
    assert one.same_as_referrals == (other.number,)
    assert other.same_as_referrals == (one.number,)


def test_a_badge_goes_with_the_referral_it_names(as_, irene, sent_referral, olga, peter, seen):
    first = sent_referral(olga)
    sent_referral(peter, ReferralType.CPS)
    with as_(irene) as work:
        referrals.delete(work, first, SENT, DeleteReason.DUPLICATE)

    assert seen().rows[0].same_as_referrals == ()

    with as_(irene) as work:
        referrals.restore(work, first, SENT + 1)
    assert all(row.same_as_referrals for row in seen().rows)


def test_a_restricted_referral_and_its_badge_exist_only_for_those_named(as_, irene, sam, sent_referral, olga, peter):
    hidden = sent_referral(olga, child_first_name="Jonathan")
    sent_referral(peter, ReferralType.CPS, child_first_name="Jonathan")
    with as_(sam) as work:
        work.session.get(Referral, hidden).restricted = True
        work.session.add(Named(record_id=hidden, user_id=sam.user_id, record_kind="referral"))
        work.record("referral.restricted", "referral", hidden)

    with as_(irene) as work:
        by_irene = queue_actions.queue(work, QueueFilter())
    with as_(sam) as work:
        by_sam = queue_actions.queue(work, QueueFilter())

    assert (len(by_irene.rows), by_irene.counts["submitted"]) == (1, 1)
    assert by_irene.rows[0].same_as_referrals == ()
    assert len(by_sam.rows) == 2
    assert [row.restricted for row in by_sam.rows] == [True, False]


def test_the_next_referral_is_another_one_that_waits(as_, irene, sent_referral, olga):
    first = sent_referral(olga, child_first_name="Ana")
    second = sent_referral(olga, child_first_name="Ben")

    with as_(irene) as work:
        after_first = queue_actions.next_waiting(work, QueueFilter(), after=first)
        after_none = queue_actions.next_waiting(work, QueueFilter(view="closed"))

    assert after_first.id == second
    assert after_none.id == first


def test_there_is_no_next_one_when_nobody_waits(as_, irene, sent_referral, olga):
    only = sent_referral(olga)

    with as_(irene) as work:
        assert queue_actions.next_waiting(work, QueueFilter(), after=only) is None


def test_filters_offer_agencies_counties_and_colleagues_but_no_officers(as_, irene, sent_referral, olga):
    sent_referral(olga)

    with as_(irene) as work:
        offered = queue_actions.choices(work)

    assert [name for _id, name in offered.agencies] == ["Alder Child Services", "Juniper County Sheriff"]
    assert offered.counties == ("Juniper",)
    assert [name for _id, name in offered.colleagues] == ["Irene Vega", "Sam Okafor"]


def test_counties_are_offered_once_in_order_and_only_those_of_referrals_one_may_see(
    as_, irene, sam, sent_referral, olga
):
    for county in ("Zephyr", "Alder", "Zephyr", "Juniper", "Alder"):
        sent_referral(olga, address_county=county)
    hidden = sent_referral(olga, address_county="Hidden")
    with as_(irene) as work:
        restricted.restrict(work, "referral", hidden, [irene.user_id], "A worker's niece.")
    with as_(olga) as work:
        draft = agency.start(work, ReferralType.LE)
        agency.save_answers(work, draft.id, answers_for(ReferralType.LE, {"address_county": "Only a draft"}))

    with as_(irene) as work:
        assert queue_actions.choices(work).counties == ("Alder", "Hidden", "Juniper", "Zephyr")
    with as_(sam) as work:
        assert queue_actions.choices(work).counties == ("Alder", "Juniper", "Zephyr")
        assert statistics.offer(work).counties == ("Alder", "Juniper", "Zephyr")


def test_drafts_are_never_in_the_queue(as_, irene, cast, seen):
    with as_(irene) as work:
        referrals.phone_in(work, ReferralType.LE, cast.sheriff_id, "Deputy Hill", work.now)

    assert seen().rows == ()


@pytest.mark.parametrize("outsider", ["olga", "lena", "peter", "ada"])
@pytest.mark.parametrize("question", ["queue", "next_waiting", "choices"])
def test_only_the_centers_reviewers_see_the_queue(as_, cast, outsider, question):
    asked = getattr(queue_actions, question)
    arguments = () if question == "choices" else (QueueFilter(),)

    with pytest.raises(NotPermitted), as_(getattr(cast, outsider)) as work:
        asked(work, *arguments)


def test_a_supervisor_sees_the_queue_as_staff_do(as_, sam, sent_referral, olga):
    sent_referral(olga)

    with as_(sam) as work:
        assert len(queue_actions.queue(work, QueueFilter()).rows) == 1
