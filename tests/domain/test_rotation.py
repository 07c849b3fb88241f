from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from domain.rotation import kept

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PERIODS = {"%Y-%m-%d": 7, "%G-%V": 5, "%Y-%m": 3}
"""Day, week and month on the calendar, and of how many of each the last backup is to stand."""


def nights(first, many):
    """The nights on which the computer is on: one in eight it is off, and once for twelve of them."""
    chance = Random(5)
    return [first + timedelta(days=day) for day in range(many) if chance.random() > 1 / 8 and not 60 <= day < 72]


def of_the_calendar(taken, now):
    """What has to stand of all the backups ever taken, those long deleted among them: counted from the calendar."""
    young = sorted(one for one in taken if now - one <= timedelta(days=90))
    standing = {max(taken)}
    for period, many in PERIODS.items():
        newest = {one.strftime(period): one for one in young}
        standing |= {newest[name] for name in sorted(newest)[-many:]}
    return standing


def nightly(days):
    return [NOW - timedelta(days=day) for day in range(days)]


def test_a_year_of_nights_leaves_seven_days_five_weeks_three_months():
    left = sorted(kept(nightly(365), NOW), reverse=True)

    assert left[:7] == nightly(7)
    assert len({moment.isocalendar()[:2] for moment in left}) >= 5
    assert {moment.month for moment in left} >= {11, 10, 9}
    assert len(left) <= 7 + 5 + 3


def test_nothing_older_than_ninety_days_is_kept():
    assert min(kept(nightly(365), NOW)) >= NOW - timedelta(days=90)


def test_the_newest_backup_is_kept_however_old_it_is():
    old = NOW - timedelta(days=400)

    assert kept([old], NOW) == {old}


def test_of_several_backups_of_one_day_the_last_is_kept():
    night, morning = NOW, NOW + timedelta(hours=6)

    assert kept([night, morning], NOW + timedelta(days=1)) == {morning}


def test_no_backups_leave_none():
    assert kept([], NOW) == set()


@pytest.mark.parametrize("weekday", range(7))
def test_a_year_of_nights_with_gaps_leaves_at_every_step_what_the_calendar_says(weekday):
    """Night by night: what was let go is gone, and still nothing is missing that should stand."""
    standing, taken, stood = set(), [], Counter()
    for now in nights(NOW + timedelta(days=weekday), 365):
        taken.append(now)
        standing = kept(standing | {now}, now)
        stood[len(standing)] += 1

        assert standing == of_the_calendar(taken, now), now
        assert len({one.date() for one in standing if one in taken[-7:]}) == min(7, len(taken))

    assert len(taken) > 290, "the control: most nights had a backup, and some had none"
    assert max(stood) <= 7 + 5 + 3
    assert stood.most_common(1)[0][0] >= 12
    last = sorted(standing)
    assert len({f"{one:%G-%V}" for one in last}) >= 5 and len({f"{one:%Y-%m}" for one in last}) >= 3
