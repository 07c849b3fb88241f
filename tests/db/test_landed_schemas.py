"""Every schema that ever landed, populated, comes up to today's with all that it holds."""

import pytest

from db import audit, copying, migrations
from db.migrations import Schema
from db.store import Store
from tests import populated
from tests.conftest import SECRET


def test_a_populated_database_is_kept_for_the_newest_landed_schema():
    assert [path.name.removesuffix(".json.gz") for path in populated.kept()][-1] == migrations.head()


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
