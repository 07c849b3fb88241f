"""Signed-in people at work through the real server: no error, and every act that was pressed is there."""

import pytest

from benchmarks.at_work import DONE, at_work


@pytest.mark.timeout(900)
def test_25_people_work_for_a_minute_without_an_error(rounds):
    """Ten minutes in the long form."""
    seen = at_work(25, rounds(short=60, long=600))

    assert dict(seen.errors) == {}
    assert set(seen.pressed) == set(DONE)


@pytest.mark.timeout(1800)
def test_people_of_two_app_processes_work_on_one_postgresql_without_an_error(rounds):
    """A hundred for ten minutes in the long form."""
    people, seconds, pause = rounds(short=8, long=100), rounds(short=30, long=600), rounds(short=1, long=5)

    seen = at_work(people, seconds, processes=2, on="postgres", pause=pause)

    assert dict(seen.errors) == {}
    assert set(seen.pressed) == set(DONE)
