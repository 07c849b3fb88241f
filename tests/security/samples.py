"""Something to call any action with: a value of the right kind for each parameter, made from its type."""

import enum
import inspect
import types
import typing
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4


def call(action: Callable[..., Any], work: Any, record: UUID | None) -> Any:
    """Call an action with sample values; every parameter that is the id of a record gets `record`."""
    hints = typing.get_type_hints(inspect.unwrap(action))
    given = {}
    for name, parameter in list(inspect.signature(action).parameters.items())[1:]:
        wanted = hints.get(name, str)
        if wanted is UUID or (UUID in typing.get_args(wanted) and name.endswith("_id")):
            given[name] = record or uuid4()
        elif parameter.default is inspect.Parameter.empty:
            given[name] = sample(wanted, record)
    return action(work, **given)


def takes_a_record(action: Callable[..., Any]) -> bool:
    """Whether an action is about one record, named by its id."""
    return "referral_id" in inspect.signature(action).parameters


def sample(wanted: Any, record: UUID | None = None) -> Any:
    """Some value of this type."""
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        return None if type(None) in inner else sample(inner[0], record)
    if origin is tuple:
        return tuple(sample(one, record) for one in inner if one is not Ellipsis)
    if origin in (dict, Mapping):
        return {}
    if origin in (list, set, frozenset, Sequence, Iterable, Collection):
        return (origin if origin in (list, set, frozenset) else list)([])
    if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
        return next(iter(wanted))
    if is_dataclass(wanted):
        return _dataclass(wanted, record)
    plain = {str: "words", int: 1, bool: False, UUID: record or uuid4(), date: date(2020, 1, 2), bytes: b"x"}
    return datetime(2020, 1, 2, tzinfo=UTC) if wanted is datetime else plain.get(wanted)


def _dataclass(wanted: Any, record: UUID | None) -> Any:
    hints = typing.get_type_hints(wanted)
    needed = [one for one in fields(wanted) if one.init and one.default is MISSING and one.default_factory is MISSING]
    return wanted(**{one.name: sample(hints[one.name], record) for one in needed})
