"""Outside agencies: made, changed and switched off by an administrator."""

from dataclasses import dataclass
from uuid import UUID

from actions.accounts.sessions import refuse_stale
from actions.center.users import refuse_no_administrator, switch_off
from actions.work import Work, permitted
from db import door
from db.tables.people import Agency
from domain.agency_kinds import AGENCY_KINDS
from domain.permissions import Permission
from domain.refusals import NotFound, Refused, TooLate


@dataclass(frozen=True)
class AgencyLine:
    """One agency in the list."""

    id: UUID
    version: int
    name: str
    kind: str
    team_partner: bool
    active: bool
    people: int

    @property
    def kind_in_words(self) -> str:
        return AGENCY_KINDS.get(self.kind, self.kind)


@permitted(Permission.SEE_USERS)
def agencies(work: Work) -> list[AgencyLine]:
    """Every agency by name, with how many active people it has."""
    people = {row[0]: row[1] for row in work.session.execute(door.people_per_agency())}
    return [
        AgencyLine(one.id, one.version, one.name, one.kind, one.team_partner, one.active, people.get(one.id, 0))
        for one in work.session.scalars(door.agencies())
    ]


@permitted(Permission.MANAGE_AGENCIES)
def make_agency(work: Work, name: str, kind: str, *, team_partner: bool = False) -> UUID:
    """Make an agency; refuses a name that another one has."""
    refuse_stale(work)
    agency = Agency(
        name=_free_name(work, name, None), kind=_known(kind), team_partner=team_partner, active=True, made_at=work.now
    )
    work.session.add(agency)
    work.record("agency.created", "agency", agency.id)
    return agency.id


@permitted(Permission.MANAGE_AGENCIES)
def change_agency(work: Work, agency_id: UUID, version: int, name: str, kind: str, *, team_partner: bool) -> None:
    """Rename an agency, or change its kind or what it may see of outcomes."""
    refuse_stale(work)
    agency = _agency(work, agency_id, version)
    wanted = {"name": _free_name(work, name, agency.id), "kind": _known(kind), "team_partner": team_partner}
    changed = [field for field, value in wanted.items() if getattr(agency, field) != value]
    for field in changed:
        setattr(agency, field, wanted[field])
    if changed:
        work.record("agency.updated", "agency", agency.id, version=agency.version, fields=changed)


@permitted(Permission.MANAGE_AGENCIES)
def switch_agency_off(work: Work, agency_id: UUID, version: int) -> int:
    """Switch an agency off with everybody in it; gives how many people that were. Its referrals stay."""
    refuse_stale(work)
    agency = _agency(work, agency_id, version)
    door.in_line(work.session, "administrators")
    agency.active = False
    work.record("agency.deactivated", "agency", agency.id, version=agency.version)
    members = work.session.scalars(door.active_people_of(agency.id)).all()
    for member in members:
        switch_off(work, member)
    refuse_no_administrator(work)
    return len(members)


@permitted(Permission.MANAGE_AGENCIES)
def switch_agency_on(work: Work, agency_id: UUID, version: int) -> None:
    """Switch an agency on again; its people are switched on one by one."""
    refuse_stale(work)
    agency = _agency(work, agency_id, version)
    agency.active = True
    work.record("agency.reactivated", "agency", agency.id, version=agency.version)


def _agency(work: Work, agency_id: UUID, version: int) -> Agency:
    agency = work.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound("There is no such agency.")
    if agency.version != version:
        raise TooLate("Somebody else changed this agency in the meantime. Look at it as it is now, then do it again.")
    return agency


def _free_name(work: Work, name: str, own: UUID | None) -> str:
    wanted = name.strip()
    if not wanted or len(wanted) > 200 or "\x00" in wanted:
        raise Refused("Give the agency's name, at most 200 characters.")
    others = [one for one in work.session.scalars(door.agencies()) if one.id != own]
    if any(one.name.casefold() == wanted.casefold() for one in others):
        raise Refused("Another agency has this name. Choose one that tells them apart.")
    return wanted


def _known(kind: str) -> str:
    if kind not in AGENCY_KINDS:
        raise Refused("Choose the kind of agency from the list.")
    return kind
