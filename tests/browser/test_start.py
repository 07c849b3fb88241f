"""How the desk starts, as a process of its own: what the console says first, what a monitor hears, why it does not."""

import json
import re
import urllib.error
import urllib.request

import pytest

from actions import site
from db import copying, engines, migrations
from db.migrations import Schema
from domain.recovery_key import read as read_key
from tests.browser.machine import Machine
from tests.cast import bring_in

BREAKS = """
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade():
    op.execute("UPDATE agency SET name = 'half done'")
    op.execute("SELECT * FROM nowhere")
"""


@pytest.fixture
def machine(blank_url, tmp_path):
    return Machine(tmp_path / "machine", **({} if blank_url.startswith("sqlite") else {"DATABASE_URL": blank_url}))


def monitor(desk):
    """What `/healthz` answers: the number of the answer, and one word for each thing."""
    try:
        with urllib.request.urlopen(f"{desk.url}/healthz", timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def held(machine):
    """Every row of the database, without opening the site."""
    engine = engines.engine(machine.settings.database_url)
    with engine.connect() as connection:
        found = copying.contents(connection)
        step = migrations.step(engine)
    engine.dispose()
    return step, found


def test_the_first_start_prints_the_recovery_sheet_and_the_set_up_code_and_answers_a_monitor(machine):
    with machine.plays([f"cd {machine.app}", "./start"], "") as desk:
        (key,) = re.findall(r"Recovery key:\s+(\S+)", desk.log)
        assert len(read_key(key)) == 32
        assert desk.setup_code()

        number, words = monitor(desk)

    assert number == 200
    assert {"database", "schema", "disk", "backup", "drill", "audit"} < set(words)
    assert set(words.values()) <= {"green", "yellow"}


def test_a_monitor_hears_of_what_needs_somebody_now(machine):
    folder = machine.settings.backup_dir
    with site.opened(machine.settings) as opened:
        bring_in(opened.store)
    folder.mkdir()
    (folder / "desk-2026-01-01-020000.backup").write_bytes(b"")

    with machine.plays([f"cd {machine.app}", "./start"], "") as desk:
        number, words = monitor(desk)

    assert number == 503
    assert (words["status"], words["backup"], words["database"]) == ("red", "red", "green")


def test_an_upgrade_that_breaks_is_said_at_the_start_and_the_old_version_goes_on(machine):
    with site.opened(machine.settings) as opened:
        bring_in(opened.store)
    before = held(machine)
    newer = machine.app / "db" / "migrations" / "versions" / "9999_breaks.py"
    newer.write_text(BREAKS.format(head=migrations.head()))

    said = machine.fails_to_start()

    assert "was taken back: every row is as it was before" in said
    assert held(machine) == before
    assert list(machine.settings.backup_dir.glob("*.backup")), "it was backed up before"
    newer.unlink()
    with machine.plays([f"cd {machine.app}", "./start"], "") as desk:
        assert monitor(desk)[0] == 200


def test_a_database_of_a_newer_version_is_said_at_the_start_and_left_untouched(machine):
    with site.opened(machine.settings) as opened:
        bring_in(opened.store)
    engine = engines.engine(machine.settings.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert migrations.schema(engine) is Schema.NEWER
    engine.dispose()
    before = held(machine)

    said = machine.fails_to_start()

    assert "written by a newer version of Referral Desk" in said
    assert held(machine) == before
