"""`kill -9` in the middle of the work, of a backup, of an upgrade: nothing acknowledged is lost, nothing is torn."""

import shutil
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import text

from db import backup, engines, migrations
from db.backup import Source
from db.keys import Keys
from db.store import Store
from tests.conftest import FILE_KEY, SECRET, on_sqlite
from tests.faults import desk_work, dying, scenes

KEYS = Keys(site=SECRET, recovery=b"r" * 32, database=FILE_KEY)


@pytest.mark.timeout(3000)
def test_no_acknowledged_work_is_lost_when_the_app_is_killed(store, cast, tmp_path, rounds):
    told = tmp_path / "told"

    for _ in range(rounds(short=24, long=300)):
        dying.killed_at_work(told, 0.5, scenes.work, store.url, SECRET, store.key, cast, told)

    said = desk_work.acknowledged(told)
    assert {"sent", "client", "deleted"} == {what for what, _ in said}
    assert desk_work.missing(store, said) == []
    assert desk_work.torn(store) == []


def opened_source(url, key, scratch):
    return Source(Store(url, SECRET, key), KEYS, scratch)


@on_sqlite
@pytest.mark.timeout(3000)
def test_a_killed_backup_leaves_the_last_good_one(store, cast, sent_referral, olga, tmp_path, rounds):
    sent_referral(olga)
    folder, scratch, told = tmp_path / "backups", tmp_path / "scratch", tmp_path / "told"
    source = partial(opened_source, store.url, store.key, scratch)
    backup.take(source(), folder, datetime(2026, 1, 1, tzinfo=UTC))

    for _ in range(rounds(short=8, long=100)):
        process = dying.start(scenes.back_up, source, folder, told)
        process.join(dying.a_random_moment(0.6, least=0.05))
        process.kill()
        process.join()

    backup.sweep(scratch, folder)
    said = {name for _, name in desk_work.acknowledged(told)}
    found = backup.listed(folder)
    assert said <= {file.name for _, file in found}
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    for _, file in found:
        with backup.opened(file, KEYS.recovery, tmp_path / "check") as opened:
            assert backup.tried(opened, None, "") == opened.manifest.counts


STEP = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    for number in range(12):
        op.create_table(f"made_{revision}_{{number}}", sa.Column("id", sa.Integer(), primary_key=True))
        op.execute("UPDATE agency SET version = version + 1")
"""


def with_more_steps(folder):
    """A copy of the app's migrations with three more."""
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = migrations.head()
    for revision in ("9001", "9002", "9003"):
        (folder / "versions" / f"{revision}.py").write_text(STEP.format(revision=revision, before=before))
        before = revision
    return folder


@pytest.mark.timeout(3000)
def test_a_killed_upgrade_is_done_whole_or_not_at_all(store, cast, tmp_path, rounds, request):
    folder = with_more_steps(tmp_path / "migrations")
    head = migrations.head()
    outcomes = set()

    for number in range(rounds(short=12, long=300)):
        url = _copy_of(store, request, tmp_path, number)
        told = tmp_path / f"told-{number}"
        dying.killed_at_work(told, 0.25, scenes.upgrade, url, store.key, folder, told)
        outcomes.add(_standing(url, store.key, head))

    assert outcomes <= {(head, 0, 1), ("9003", 36, 37)}


def _copy_of(store, request, tmp_path, number):
    store.close()  # with the last connection the journal is written back: the file alone is whole
    if store.is_sqlite:
        copy = tmp_path / f"copy-{number}.db"
        shutil.copyfile(engines.sqlite_file(store.url), copy)
        return f"sqlite:///{copy}"
    server = request.getfixturevalue("postgres")
    return server.url(server.new_database(request.getfixturevalue("shared_database")))


def _standing(url, key, head):
    """Step, tables made and updates done, as a database stands after the kill."""
    engine = engines.engine(url, key)
    with engine.connect().execution_options(reading=True) as connection:
        step = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        made = sum(name.startswith("made_") for name in _tables(connection))
        version = connection.execute(text("SELECT max(version) FROM agency")).scalar()
    engine.dispose()
    return step, made, version


def _tables(connection):
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if connection.dialect.name == "sqlite"
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    return connection.execute(text(catalogue)).scalars().all()
