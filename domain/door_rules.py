"""What a center may decide about its door: time limits, who needs a second factor, whether passwords expire."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from domain.people import Role
from domain.refusals import Refused
from domain.second_factor import ASKED_OF

SHORTEST_IDLE, LONGEST_IDLE = 5, 30
WARNED_BEFORE = timedelta(minutes=2)


@dataclass(frozen=True)
class DoorRules:
    """The center's decisions about sign-in, kept under "door" in its settings."""

    idle_minutes: float = 15
    lifetime_hours: float = 12
    second_factor: bool = True
    """Whether administrators and supervisors must have a second factor; offered to all in any case."""
    password_days: int = 0
    """Days until a password expires, for centers bound to that; 0 is never."""

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.idle_minutes)

    @property
    def lifetime(self) -> timedelta:
        return timedelta(hours=self.lifetime_hours)

    def asks_second_factor(self, roles: Iterable[Role]) -> bool:
        """Whether somebody with these roles may not enter without a second factor."""
        return self.second_factor and bool(ASKED_OF.intersection(roles))


def door_rules(settings: Mapping[str, Any]) -> DoorRules:
    """The rules as a center keeps them; what it never decided is as the product ships it."""
    return DoorRules(**settings.get("door", {}))


def kept(rules: DoorRules) -> dict[str, Any]:
    """The rules as they are kept in the center's settings; refuses limits out of bounds."""
    if not SHORTEST_IDLE <= rules.idle_minutes <= LONGEST_IDLE:
        raise Refused(f"Choose between {SHORTEST_IDLE} and {LONGEST_IDLE} minutes without use.")
    if rules.password_days < 0:
        raise Refused("Give the number of days after which a password expires, or 0 for never.")
    return asdict(rules)
