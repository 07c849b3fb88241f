"""Writes the database's files anew after a purge, so that nothing of what was deleted is left between the rows."""

from typing import Any

from db.emptying import EMPTIED, REMOVED, SHOWN, SHOWN_IN_DRAFTS
from db.model import Base
from db.store import BUSY, FULL, Store
from db.tables.referrals import Fact, Referral
from db.tables.search import SearchKey, SearchPerson, SearchWord
from domain.refusals import Refused

_TOUCHED: tuple[type[Base], ...] = (
    *(rule.table for rule in EMPTIED),
    *(table for table, _ in REMOVED),
    *(table for table, _ in (*SHOWN, *SHOWN_IN_DRAFTS)),
    *(Fact, Referral, SearchKey, SearchPerson, SearchWord),
)
TABLES = sorted({table.__tablename__ for table in _TOUCHED})
"""Every table in which a purged child's words stood."""


def write_anew(store: Store) -> None:
    """Copy every page or row that is still wanted into fresh files; refuses in words where that cannot be done now.

    A PostgreSQL server's write-ahead log keeps the old rows until the server reuses it; that is the server's to do.
    """
    with store.outside_transactions() as connection:
        if store.is_sqlite:
            _sqlite(connection, store.engine.dialect.loaded_dbapi.OperationalError)
        else:
            _postgres(connection)


def _sqlite(connection: Any, could_not: type[Exception]) -> None:
    try:
        connection.execute("VACUUM")
        # In WAL mode the old pages lie in the journal until it is emptied; elsewhere this does nothing.
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except could_not as error:
        full = "full" in str(error)
        raise Refused(FULL if full else BUSY) from None
    if busy:
        raise Refused(BUSY)


def _postgres(connection: Any) -> None:
    connection.rollback()
    connection.autocommit = True
    connection.execute("SET statement_timeout = 0")
    for table in TABLES:
        connection.execute("VACUUM (FULL, ANALYZE) " + table)
    # The planner keeps samples of what stood in the columns; a role that does not own the database may not.
    connection.execute("VACUUM FULL pg_catalog.pg_statistic")
