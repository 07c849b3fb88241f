"""The desk itself, as everybody may know it: whose center it is, and whether it is a demo."""

import time
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from actions.accounts.visitors import open_to_strangers
from db import door, store
from db.store import Store


@dataclass(frozen=True)
class Desk:
    """What stands above the door."""

    center: str = ""
    time_zone: str = "UTC"
    demo: bool = False


FRESH_SECONDS = 2.0
_seen: WeakKeyDictionary[Store, tuple[float, Desk]] = WeakKeyDictionary()
"""The desk as it was last read, by store: a page asks for each line it draws. Nothing of any person."""


@open_to_strangers("what stands above the door may be read by whoever stands before it")
def desk() -> Desk:
    """The center's name and time zone, and whether everything here is invented; at most two seconds old."""
    present = store.present()
    until, seen = _seen.get(present, (0.0, Desk()))
    if time.monotonic() < until:
        return seen
    with present.reading() as session:
        center = session.scalars(door.center()).one_or_none()
        if center is None:
            return Desk()
        read = Desk(center.name, center.time_zone, center.demo)
    _seen[present] = (time.monotonic() + FRESH_SECONDS, read)
    return read
