from sqlalchemy import select, text

from db import engines
from db.store import WRITERS_LINE
from db.tables.people import User


def test_both_databases_answer(store):
    with store.reading() as session:
        assert session.execute(text("SELECT 1")).scalar() == 1


def test_who_writes_holds_the_line_before_reading_and_who_reads_does_not(store, cast):
    """What a writer has read is still so when it writes: another process gets in before, or after."""
    outside = engines.engine(store.url, store.key)

    with store.writing() as session:
        assert session.scalars(select(User.id)).first()
        assert not _may_write(outside)
    with store.reading() as session:
        assert session.scalars(select(User.id)).first()
        assert _may_write(outside)
    outside.dispose()


def _may_write(engine):
    """Whether another process could begin to write at this moment."""
    connection = engine.raw_connection()
    try:
        if engine.dialect.name != "sqlite":
            asked = connection.cursor()
            asked.execute(f"SELECT pg_try_advisory_xact_lock({WRITERS_LINE})")
            return asked.fetchone()[0]
        connection.driver_connection.execute("PRAGMA busy_timeout=0")
        connection.driver_connection.execute("BEGIN IMMEDIATE")
        return True
    except engine.dialect.dbapi.OperationalError as error:
        return "locked" not in str(error)
    finally:
        connection.invalidate()
