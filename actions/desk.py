"""The desk itself, as everybody may know it: whose center it is, and whether it is a demo."""

from dataclasses import dataclass

from actions.accounts.visitors import open_to_strangers
from db import door, store


@dataclass(frozen=True)
class Desk:
    """What stands above the door."""

    center: str = ""
    time_zone: str = "UTC"
    demo: bool = False


@open_to_strangers("what stands above the door may be read by whoever stands before it")
def desk() -> Desk:
    """The center's name and time zone, and whether everything here is invented."""
    with store.present().reading() as session:
        center = session.scalars(door.center()).one_or_none()
        return Desk(center.name, center.time_zone, center.demo) if center else Desk()
