"""Twenty-five signed-in people at work through the real server: no error, and every act that was pressed is there."""

import pytest

from benchmarks.at_work import DONE, at_work


@pytest.mark.timeout(900)
def test_25_people_work_for_a_minute_without_an_error(rounds):
    """Ten minutes in the long form."""
    seen = at_work(25, rounds(short=60, long=600))

    assert dict(seen.errors) == {}
    assert set(seen.pressed) == set(DONE)
