from datetime import UTC, datetime, timedelta

from domain.rotation import kept

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


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
