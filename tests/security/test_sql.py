"""SQL in place of every text that an act takes: the database is given it as a value, never as words of its own.

Each act of the scenarios of `test_events.py`, and each that prepares one, is first tried with SQL in place of one of
its texts after the other, and taken back. What people type at the door and on the screens is tried beside them.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import SQLAlchemyError

from actions import accounts
from actions.work import Work, working
from db.store import Store
from domain.refusals import Refused
from tests.keeping import proven
from tests.security.payloads import SQL
from tests.security.scenarios.stage import HERE, WORD, Stage
from tests.security.test_events import GROUPS, cheap, play, stage  # noqa: F401 (fixtures)

PAYLOADS = itertools.cycle(SQL)


class TakenBack(Exception):
    """The end of every trial: nothing of it is kept."""


@dataclass
class SqlStage(Stage):
    """A stage on which every act is tried with SQL before it is done."""

    tried: int = 0
    surprises: list[str] = field(default_factory=list)

    def done(self, who: str, action: Callable, *given, **more):
        """The same, tried before."""
        self.try_sql(lambda: self.as_(who), action, given, more)
        return super().done(who, action, *given, **more)

    def does(self, action: Callable, *given, session=None, **more):
        """The same, tried before."""
        if session is None:
            proven(self.me)
        self.try_sql(lambda: working(session or self.me.session_id), action, given, more)
        return super().does(action, *given, session=session, **more)

    def tries(self, deed: Callable[[], object]) -> object:
        """Once: with a trail that cannot be written each act is tried in test_events.py."""
        return self.only(deed)

    def try_sql(self, at_work: Callable[[], AbstractContextManager[Work]], action: Callable, given, more) -> None:
        """Try an act once for each of its texts; a refusal is an answer, an error of the database is not."""
        for with_sql in places((given, more)):
            payload = next(PAYLOADS)
            self.tried += 1
            try:
                with at_work() as work:
                    hostile, named = with_sql(payload)
                    action(work, *hostile, **named)
                    raise TakenBack
            except (TakenBack, Refused):
                continue
            except (SQLAlchemyError, self.store.engine.dialect.dbapi.Warning) as surprise:
                self.surprises.append(f"{action.__name__} with {payload!r}: {type(surprise).__name__}: {surprise}")


def places(value: Any) -> Iterator[Callable[[str], Any]]:
    """For each text in a value, however deep, what makes the value with another text in that place."""
    if type(value) is str:
        yield lambda payload: payload
    elif is_dataclass(value) and not isinstance(value, type):
        for one in (one.name for one in fields(value) if one.init):
            for inner in places(getattr(value, one)):
                yield lambda payload, one=one, inner=inner: replace(value, **{one: inner(payload)})
    elif isinstance(value, Mapping):
        for key in value:
            for inner in places(value[key]):
                yield lambda payload, key=key, inner=inner: {**value, key: inner(payload)}
    elif isinstance(value, list | tuple):
        for place in range(len(value)):
            for inner in places(value[place]):
                yield lambda payload, place=place, inner=inner: type(value)(
                    [*value[:place], inner(payload), *value[place + 1 :]]
                )


@contextmanager
def statements_with_sql(store: Store) -> Iterator[list[str]]:
    """Statements of which one of the payloads became a part."""
    found: list[str] = []

    def look(_connection, _cursor, statement, *_rest):
        if any(one in statement or one.replace("'", "''") in statement for one in SQL):
            found.append(statement)

    event.listen(store.engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(store.engine, "before_cursor_execute", look)


@pytest.fixture
def sql_stage(stage):  # noqa: F811
    return SqlStage(stage.cast, stage.store, stage.folder)


@pytest.mark.parametrize("group", GROUPS)
def test_sql_in_a_text_of_an_act_stays_a_value(sql_stage, group, rounds, record_property):
    with statements_with_sql(sql_stage.store) as found:
        for _ in range(rounds(short=1, long=len(SQL))):
            assert play(sql_stage, GROUPS[group]) == []

    record_property("attacks", sql_stage.tried)
    assert sql_stage.tried > len(GROUPS[group])
    assert sql_stage.surprises == []
    assert found == []


def test_sql_typed_at_the_door_stays_a_value(stage, record_property):  # noqa: F811
    tried = 0
    with statements_with_sql(stage.store) as found:
        for payload in SQL:
            for username, password in ((payload, WORD), ("irene", payload), (payload, payload)):
                tried += 1
                with pytest.raises(Refused):
                    accounts.sign_in(username, password, HERE)
            assert accounts.recognise(payload) is None
            assert accounts.redeem(payload, HERE) is None

    record_property("attacks", tried + 2 * len(SQL))
    assert found == []


def test_sql_that_is_made_part_of_a_statement_is_found_out(sql_stage):
    """The control: an act that writes its words into the statement."""

    def careless(work: Work, words: str) -> None:
        work.session.execute(text(f"SELECT number FROM referral WHERE number = '{words}'"))

    with statements_with_sql(sql_stage.store) as found:
        for _ in SQL:
            sql_stage.done("irene", careless, "R-26-0001")

    assert found != []
    assert sql_stage.surprises != []
