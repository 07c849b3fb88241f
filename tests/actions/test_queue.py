"""The queue: order, views, counts, filters, badges, and who may see it."""

import pytest

from actions.center import queue as queue_actions
from domain.queue_filters import Sort
from domain.referrals import QueueFilter


@pytest.fixture
def listed(as_, irene):
    """The numbers that the queue lists under a filter, in order."""

    def numbers(**wanted):
        with as_(irene) as work:
            return [row.number for row in queue_actions.queue(work, QueueFilter(**wanted)).rows]

    return numbers


def test_the_queue_shows_what_was_submitted_urgent_first_then_oldest(sent_referral, olga, listed):
    sent_referral(olga, child_first_name="Ana", urgency="routine")
    sent_referral(olga, child_first_name="Ben", urgency="emergency")
    sent_referral(olga, child_first_name="Cleo", urgency="routine")

    assert [number[-1] for number in listed()] == ["2", "1", "3"]
    assert [number[-1] for number in listed(sort=Sort.NEWEST_FIRST)] == ["3", "2", "1"]
