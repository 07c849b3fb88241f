"""Who knocks: what the door knows of a browser before it knows the person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

C = TypeVar("C", bound=Callable[..., object])

OPEN_TO_STRANGERS: dict[str, str] = {}
"""Everything that may be done without a session, by full name, with the reason. A closed set: a test lists it."""

NOT_RIGHT = (
    "The user name or password is not right. Check both and try again. "
    "After several wrong tries, wait a few minutes first, or ask your administrator for a reset code."
)
CODE_NOT_RIGHT = "This code is not right or was already used. Wait for the next one in your app and type it."
TOO_MANY_FROM_HERE = "There were too many tries from your network. Wait fifteen minutes and try again."
START_AGAIN = "This took too long. Sign in again with your user name and password."


@dataclass(frozen=True)
class Visitor:
    """A browser at the door: where it is, what it says it is, and its device token when it has one."""

    address: str = ""
    browser: str = ""
    device: str = ""


def open_to_strangers(why: str) -> Callable[[C], C]:
    """Mark a function that may be called without a session, and say why."""

    def mark(function: C) -> C:
        OPEN_TO_STRANGERS[f"{function.__module__}.{function.__qualname__}"] = why
        return function

    return mark
