import shutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from db import engines, migrations
from db.migrations import Schema
from db.model import Base
from domain.refusals import Refused

HALF = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.create_table("half_done", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("agency", sa.Column("half_done", sa.Integer()))
    op.execute("UPDATE agency SET name = 'lost'")
    {end}
"""


@pytest.fixture
def engine(blank_url):
    engine = engines.engine(blank_url)
    yield engine
    engine.dispose()


@pytest.fixture
def next_step(tmp_path, monkeypatch):
    """Give the app one more migration, with its last line."""

    def write(end):
        folder = tmp_path / "migrations"
        shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "9999_half.py").write_text(HALF.format(head=migrations.head(), end=end))
        monkeypatch.setattr(migrations, "FOLDER", folder)

    return write


def with_an_agency(engine):
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO agency (id, name, kind, team_partner, active, version, made_at) "
                "VALUES ('00000000000000000000000000000001', 'Sheriff', 'le', :no, :yes, 1, '2026-01-01')"
            ),
            {"no": False, "yes": True},
        )


def drawn(engine):
    """Everything that makes up a schema, in words that two databases of a kind can be compared by."""
    seen = inspect(engine)
    return {
        table: {
            "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(table)],
            "key": seen.get_pk_constraint(table)["constrained_columns"],
            "unique": sorted((u["name"], tuple(u["column_names"])) for u in seen.get_unique_constraints(table)),
            "indexes": sorted(
                (i["name"], tuple(i["column_names"]), bool(i["unique"]), _only_where(i))
                for i in seen.get_indexes(table)
            ),
            "points at": sorted(
                (f["name"], f["referred_table"], tuple(f["constrained_columns"])) for f in seen.get_foreign_keys(table)
            ),
        }
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def _only_where(index):
    return sorted((name, str(value)) for name, value in index.get("dialect_options", {}).items())


def triggers(engine):
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with engine.connect() as connection:
        return sorted(connection.execute(text(catalogue)).scalars())


def test_the_migrated_schema_is_the_one_the_tables_say(engine):
    migrations.upgrade(engine)
    migrated = drawn(engine), triggers(engine)

    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)

    assert (drawn(engine), triggers(engine)) == migrated


def test_nothing_is_left_for_a_next_migration_to_write(engine):
    migrations.upgrade(engine)

    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_an_empty_database_and_a_current_one_are_told_apart(engine):
    assert migrations.schema(engine) is Schema.EMPTY

    migrations.upgrade(engine)

    assert migrations.schema(engine) is Schema.CURRENT
    assert migrations.step(engine) == migrations.head()


def test_a_database_of_a_newer_version_is_refused_and_left_untouched(engine):
    migrations.upgrade(engine)
    with_an_agency(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-2031'"))
    before = drawn(engine)

    assert migrations.schema(engine) is Schema.NEWER
    with pytest.raises(Refused, match="newer version"):
        migrations.upgrade(engine)

    assert drawn(engine) == before
    assert migrations.step(engine) == "from-2031"


def test_a_database_of_another_program_is_refused(engine):
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (id INTEGER)"))

    with pytest.raises(Refused, match="another program"):
        migrations.upgrade(engine)


def test_an_upgrade_brings_the_data_along(engine, next_step):
    migrations.upgrade(engine)
    with_an_agency(engine)
    next_step("op.execute(\"UPDATE agency SET name = 'kept'\")")

    assert migrations.schema(engine) is Schema.OLDER
    migrations.upgrade(engine)

    assert migrations.schema(engine) is Schema.CURRENT
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM agency")).scalar() == "kept"


@pytest.mark.parametrize("end", ["raise RuntimeError('in the middle')", 'op.execute("SELECT * FROM nowhere")'])
def test_an_upgrade_that_fails_leaves_everything_as_it_was(engine, next_step, end):
    migrations.upgrade(engine)
    with_an_agency(engine)
    before, step = drawn(engine), migrations.step(engine)
    next_step(end)

    with pytest.raises(Refused, match=r"was taken back: every row is as it was before.*(in the middle|nowhere)"):
        migrations.upgrade(engine)

    assert drawn(engine) == before
    assert migrations.step(engine) == step
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM agency")).scalar() == "Sheriff"
