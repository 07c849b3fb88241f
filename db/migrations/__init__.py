"""The schema's history: which step a database stands at, and the way up, in one transaction."""

import logging
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, exc, inspect, text

from domain.refusals import Refused

FOLDER = Path(__file__).parent
log = logging.getLogger("desk.migrations")
TAKEN_BACK = (
    "The upgrade of the database failed and was taken back: every row is as it was before. Start the version of "
    "Referral Desk that ran before and go on working; the backup made just now is whole. What went wrong: {}."
)
_ONE_AT_A_TIME = 7_260_042  # any fixed number: the PostgreSQL advisory lock that lets one process migrate


class Schema(StrEnum):
    """How a database's schema compares with the one this version of the app needs."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"


def head() -> str:
    """The newest step that this version of the app knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def step(engine: Engine) -> str:
    """The step that a database stands at, or nothing for an empty one."""
    with engine.connect().execution_options(reading=True) as connection:
        return _step(connection)


def schema(engine: Engine) -> Schema:
    """Compare a database with this version of the app; nothing is changed."""
    with engine.connect().execution_options(reading=True) as connection:
        at = _step(connection)
        if not at:
            return Schema.NEWER if holds_anything(connection) else Schema.EMPTY
    if at == head():
        return Schema.CURRENT
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return Schema.OLDER if at in known else Schema.NEWER


def holds_anything(connection: Connection) -> bool:
    """Whether there is any table at all."""
    return bool(inspect(connection).get_table_names())


def refuse_newer(engine: Engine) -> None:
    """Refuse, untouched, a database that a newer version of the app (or another program) has written."""
    if schema(engine) is Schema.NEWER:
        raise Refused(
            "This database was written by a newer version of Referral Desk, or by another program. "
            "It was left untouched. Start the newer version, or restore a backup made by this one."
        )


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring a database to a step, in one transaction: done whole, or left exactly as it was, which is then said."""
    refuse_newer(engine)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if engine.dialect.name == "sqlite" and driver is not None:
            # Batch steps copy tables; the rows that point at them are checked at the end instead.
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                _upgrade_inside(connection, to)
        except (exc.SQLAlchemyError, RuntimeError) as error:
            log.error("the upgrade failed and was taken back: %s", type(error).__name__)
            raise Refused(TAKEN_BACK.format(_in_short(error))) from error
        finally:
            connection.invalidate()


def _upgrade_inside(connection: Connection, to: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("afterwards a row would point at nothing")


def _in_short(error: Exception) -> str:
    """What went wrong, without statements and values: the first line of what the database said."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return (said[0] if said else type(error).__name__).rstrip(".")


def _step(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
