"""The center's decisions about its door: time without use, second factor, whether passwords expire."""

from actions.accounts import sessions
from actions.accounts.sessions import refuse_stale
from actions.work import Work, permitted
from db import door
from domain.door_rules import DoorRules, kept
from domain.permissions import Permission


@permitted(Permission.MANAGE_SETTINGS)
def door_rules(work: Work) -> DoorRules:
    """The rules as they stand."""
    return sessions.rules(work)


@permitted(Permission.MANAGE_SETTINGS)
def set_door_rules(work: Work, rules: DoorRules) -> None:
    """Decide anew; holds for everybody who signs in from now on. Refuses limits out of bounds."""
    refuse_stale(work)
    center = work.session.scalars(door.center()).one()
    before, after = sessions.rules(work), kept(rules)
    changed = [name for name, value in after.items() if getattr(before, name) != value]
    if changed:
        center.settings = {**center.settings, "door": after}
        work.record("settings.changed", "center", fields=changed)
