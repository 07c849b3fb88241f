"""What SQLAlchemy compiled once serves every engine of the process: each test has a database, and so an engine, of its
own, and compiling every statement anew takes a third of its time."""

from typing import Any

from sqlalchemy import Engine, create_engine, event

from db import engines

_FIRST: dict[str, Engine] = {}
"""The first engine of each kind that reached its database."""
_COMPILED: dict[str, dict[Any, Any]] = {}


def share() -> None:
    """From now on let every engine of the desk use what an earlier one of its kind compiled."""
    engines.create_engine = _sharing


def _sharing(url: Any, **how: Any) -> Engine:
    engine = create_engine(url, **how)
    kind = f"{engine.dialect.name}+{engine.dialect.driver}"
    if first := _FIRST.get(kind):
        engine.dialect = first.dialect
    else:
        # A dialect learns its server's version when it first connects: one that never did serves nobody.
        event.listen(engine, "engine_connect", lambda _: _FIRST.setdefault(kind, engine), once=True)
    engine.update_execution_options(compiled_cache=_COMPILED.setdefault(kind, {}))
    return engine
