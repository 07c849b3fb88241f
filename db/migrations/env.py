"""Run by Alembic: migrates the connection it is handed, inside the transaction that is already open."""

from typing import Any, Literal

from alembic import context

import db.tables  # noqa: F401
from db.model import Base, UtcDateTime


def render(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Write our own column types as plain ones, so that a step never depends on today's code."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if type(item).__name__ == "Enum":
        return f"sa.String({item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=render,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
context.run_migrations()
