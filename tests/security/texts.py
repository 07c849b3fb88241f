"""The texts that acts take: every text of every action by its name, and the same names for what an act is given."""

import inspect
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from types import UnionType
from typing import Any

Place = tuple[str, Any, Callable[[Any], Any]]
"""The name of a text, the text, and what makes the same arguments with another text in its place."""


def texts_of(action: Callable[..., Any]) -> Iterator[str]:
    """Names of all texts that an action takes: "reason", "details.phone", "marks[].comment", "choices" for answers."""
    hints = typing.get_type_hints(inspect.unwrap(action))
    for name in list(inspect.signature(action).parameters)[1:]:
        yield from dict.fromkeys(name + rest for rest in _texts_in(hints[name]))


def places(given: Mapping[str, Any], wanted: type[str] = str) -> Iterator[Place]:
    """Every text among the arguments of a call, by its name, that is of this very type."""
    for name, value in given.items():
        for rest, text, put in _places_in(value, wanted):
            yield name + rest, text, lambda other, name=name, put=put: {**given, name: put(other)}


def declared(action: Callable[..., Any], name: str) -> str:
    """The text of the action that a place in a call belongs to: of a document of answers, the document."""
    return max((one for one in texts_of(action) if name.startswith(one)), key=len)


def _texts_in(wanted: Any) -> Iterator[str]:
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if wanted is str or wanted is Any:
        yield ""
    elif origin in (typing.Union, UnionType):
        for one in inner:
            yield from _texts_in(one)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield from (f"[]{rest}" for rest in _texts_in(inner[1]))
    elif inner:
        yield from (f"[]{rest}" for one in inner for rest in _texts_in(one))
    elif is_dataclass(wanted) and isinstance(wanted, type):
        hints = typing.get_type_hints(wanted)
        for one in (one.name for one in fields(wanted) if one.init):
            yield from (f".{one}{rest}" for rest in _texts_in(hints[one]))


def _places_in(value: Any, wanted: type[str]) -> Iterator[Place]:
    if type(value) is wanted:
        yield "", value, lambda other: other
    elif isinstance(value, str | Enum | type):
        return
    elif is_dataclass(value):
        for one in (one.name for one in fields(value) if one.init):
            for rest, text, put in _places_in(getattr(value, one), wanted):
                yield f".{one}{rest}", text, lambda other, one=one, put=put: replace(value, **{one: put(other)})
    elif isinstance(value, Mapping):
        for key in value:
            for rest, text, put in _places_in(value[key], wanted):
                yield f"[]{rest}", text, lambda other, key=key, put=put: {**value, key: put(other)}
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value):
            for rest, text, put in _places_in(one, wanted):
                yield (
                    f"[]{rest}",
                    text,
                    lambda other, place=place, put=put: type(value)([*value[:place], put(other), *value[place + 1 :]]),
                )
