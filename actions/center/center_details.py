"""What everybody is told of the center: its name, its clock, and whom an emergency or a report must reach by phone."""

from dataclasses import asdict, dataclass

from actions.accounts.sessions import refuse_stale
from actions.setup import LONGEST_NAME, time_zones
from actions.work import Work, permitted
from db import door
from db.tables.people import Center
from domain.permissions import Permission
from domain.phone_numbers import can_be_called
from domain.refusals import Refused, TooLate

LONGEST_PHONE = 60


@dataclass(frozen=True)
class CenterDetails:
    """The center as its administrator writes it down. An empty phone is one that nobody has given yet."""

    name: str
    time_zone: str
    on_call_phone: str = ""
    hotline_phone: str = ""


@permitted(Permission.MANAGE_SETTINGS)
def center_details(work: Work) -> tuple[int, CenterDetails]:
    """The details as they stand, with the version to give back with a change."""
    center = _center(work)
    return center.version, CenterDetails(center.name, center.time_zone, center.on_call_phone, center.hotline_phone)


@permitted(Permission.MANAGE_SETTINGS)
def change_center_details(work: Work, version: int, details: CenterDetails) -> None:
    """Write the details anew; forms and receipts say them from now on. Refuses what nobody could read or call."""
    refuse_stale(work)
    center = _center(work)
    if center.version != version:
        raise TooLate("Somebody else changed the center in the meantime. Look at it as it is now, then do it again.")
    wanted = {field: value.strip() for field, value in asdict(details).items()}
    _refuse_odd(CenterDetails(**wanted))
    changed = [field for field, value in wanted.items() if getattr(center, field) != value]
    for field in changed:
        setattr(center, field, wanted[field])
    if changed:
        work.record("settings.changed", "center", fields=changed)


def _center(work: Work) -> Center:
    return work.session.scalars(door.center()).one()


def _refuse_odd(details: CenterDetails) -> None:
    name = details.name
    if not name or len(name) > LONGEST_NAME or "\x00" in name:
        raise Refused(f"Give the center's name, at most {LONGEST_NAME} characters.")
    if details.time_zone not in time_zones():
        raise Refused("Choose the center's time zone from the list.")
    for phone, whose in ((details.on_call_phone, "on-call number"), (details.hotline_phone, "hotline's number")):
        if phone and (len(phone) > LONGEST_PHONE or not can_be_called(phone)):
            raise Refused(
                f"The {whose} is not one that can be called: give digits, letters and + ( ) . # / - only, "
                f"at most {LONGEST_PHONE} characters. Or leave it empty."
            )
