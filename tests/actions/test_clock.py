"""A clock that runs wrong is written down and shown; one that only goes on, or a computer that slept, is not."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from actions import clock, health, site
from actions.clock import Watch
from actions.health import Light
from db.tables.audit import AuditEntry


@pytest.fixture
def jumps(store):
    """What was written down about the clock."""

    def written():
        with store.reading() as session:
            return [one.reason for one in session.query(AuditEntry).filter_by(event="clock.skew")]

    return written


@pytest.mark.parametrize(
    ("hours", "said"),
    [(2, ["put forward by 120 minutes"]), (-2, ["put back by 120 minutes"]), (0.1, []), (-0.1, []), (0, [])],
)
def test_a_jump_of_more_than_ten_minutes_is_written_down(cast, jumps, monkeypatch, hours, said):
    monkeypatch.setattr(clock, "_steady", lambda: 1000.0)
    watch = Watch()

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=False):
        watch.look()
        watch.look()

    assert jumps() == said, "once, and not again at the next look"


def test_a_computer_that_slept_was_not_put_forward(cast, jumps, monkeypatch):
    seconds = iter((1000.0, 1000.0 + 8 * 3600))
    monkeypatch.setattr(clock, "_steady", lambda: next(seconds))
    watch = Watch()

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=8), tick=False):
        watch.look()

    assert jumps() == []


def test_where_sleep_is_not_counted_only_a_jump_back_is_one(cast, jumps, monkeypatch):
    monkeypatch.setattr(clock, "_counts_sleep", lambda: False)
    monkeypatch.setattr(clock, "_steady", lambda: 1000.0)
    for hours in (8, -8):
        watch = Watch()
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=False):
            watch.look()

    assert jumps() == ["put back by 480 minutes"]


def test_a_start_before_the_newest_entry_is_written_down_and_shown(cast, jumps):
    with time_machine.travel(datetime.now(UTC) - timedelta(days=1), tick=False):
        clock.look_back()
        assert jumps() == ["put back by 1440 minutes"]

    clock.look_back()
    assert len(jumps()) == 1, "the control: with the clock right again nothing more is written"


def test_the_administrator_sees_it_for_a_week(cast, as_, ada):
    def line(now):
        return next(line for line in health.look(site.present(), now).lines if line.name == "clock")

    now = datetime.now(UTC)
    assert line(now).light is Light.GREEN
    watch = Watch()
    with time_machine.travel(now - timedelta(hours=3), tick=False):
        assert line(now).light is Light.RED, "while the clock is behind what was written"
        watch.look()

    assert line(now).light is Light.YELLOW
    assert "put back by 180 minutes" in line(now).words
    assert line(now + timedelta(days=8)).light is Light.GREEN
