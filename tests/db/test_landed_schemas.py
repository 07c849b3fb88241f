"""Every schema that ever landed, populated, comes up to today's with all that it holds, or stays as it was."""

from contextlib import contextmanager

import pytest
from sqlalchemy import MetaData, event, inspect, select, text

from db import audit, copying, engines, migrations
from db.migrations import Schema
from db.store import Store
from domain.refusals import Refused
from tests import populated
from tests.conftest import SECRET, blank_sqlite

EARLIER = populated.kept()[:-1]
"""The landed schemas that still have a way up before them."""


class Broken(Exception):
    """Raised in the middle of an upgrade."""


@pytest.fixture(params=EARLIER, ids=lambda path: path.name)
def landed(request, blank_url):
    """A populated database of an earlier landed schema: its engine, and the step it stands at."""
    step = request.param.name.removesuffix(".json.gz")
    engine = engines.engine(blank_url)
    migrations.upgrade(engine, step)
    populated.load(engine, populated.read(request.param))
    yield engine, step
    engine.dispose()


def everything(engine):
    """Step, columns and every row of a database, whatever its schema."""
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect().execution_options(reading=True) as connection:
        rows = {
            name: sorted(map(repr, connection.execute(select(table)))) for name, table in sorted(tables.tables.items())
        }
    indexes = {name: sorted(str(one["name"]) for one in inspect(engine).get_indexes(name)) for name in rows}
    return rows, indexes, {name: [str(column) for column in tables.tables[name].columns] for name in rows}


@contextmanager
def breaking_at(engine, number):
    """Break an upgrade at its nth statement; with a number that it never reaches, only count them."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)
        if len(seen) == number:
            raise Broken

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_populated_database_is_kept_for_every_landed_schema():
    steps = [path.name.removesuffix(".json.gz") for path in populated.kept()]

    assert steps == sorted(path.stem.partition("_")[0] for path in (migrations.FOLDER / "versions").glob("*.py"))
    assert steps[-1] == migrations.head()


@pytest.mark.parametrize("path", populated.kept(), ids=lambda path: path.name)
def test_a_landed_schema_comes_up_with_every_row(path, blank_url):
    store = Store(blank_url, SECRET)
    rows = populated.read(path)
    migrations.upgrade(store.engine, path.name.removesuffix(".json.gz"))
    populated.load(store.engine, rows)

    migrations.upgrade(store.engine)

    assert migrations.schema(store.engine) is Schema.CURRENT
    with store.reading() as session:
        assert audit.first_broken(session) is None
        counts = copying.counts(session.connection())
    assert {name: counts.get(name) for name in rows} == {name: len(found) for name, found in rows.items()}
    store.close()


def test_a_way_up_that_breaks_at_any_statement_leaves_the_old_data_as_it_was(landed):
    engine, step = landed
    before = everything(engine)
    with breaking_at(engine, 10**9) as said, pytest.raises(Broken), engine.connect():
        _up_and_back(engine)
    assert everything(engine) == before
    changing = [number for number, statement in enumerate(said, 1) if not statement.startswith(("SELECT", "PRAGMA"))]

    for number in changing:
        with breaking_at(engine, number), pytest.raises(Broken):
            migrations.upgrade(engine)
        assert everything(engine) == before, said[number - 1]
        assert migrations.step(engine) == step

    migrations.upgrade(engine)
    assert migrations.schema(engine) is Schema.CURRENT


def _up_and_back(engine):
    """Every statement of the way up is run, and then all of it is taken back."""
    original = migrations.command.upgrade

    def upgrade_and_break(config, to):
        original(config, to)
        raise Broken

    migrations.command.upgrade = upgrade_and_break
    try:
        migrations.upgrade(engine)
    finally:
        migrations.command.upgrade = original


@blank_sqlite  # PostgreSQL checks each row as it is written
def test_a_row_that_points_at_nothing_takes_the_way_up_back(landed):
    engine, step = landed
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(text("DELETE FROM agency"))
        connection.commit()
        connection.invalidate()

    with pytest.raises(Refused, match=r"failed and was taken back: every row is as it was.*point at nothing"):
        migrations.upgrade(engine)

    assert migrations.step(engine) == step
