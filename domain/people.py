"""Who somebody is at this moment: roles and the actor of a piece of work."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may be; a person may hold several (product: dual access)."""

    REFERRAL_USER = "referral_user"
    AGENCY_LEAD = "agency_lead"
    STAFF = "staff"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Role.REFERRAL_USER: "Referral user",
    Role.AGENCY_LEAD: "Agency lead",
    Role.STAFF: "Intake staff",
    Role.SUPERVISOR: "Supervisor",
    Role.ADMINISTRATOR: "Administrator",
    Role.AUDITOR: "Auditor (read-only)",
}

AGENCY_ROLES = frozenset({Role.REFERRAL_USER, Role.AGENCY_LEAD})
CENTER_ROLES = frozenset({Role.STAFF, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True)
class Actor:
    """The person who acts, as read from the database in the same transaction as the act."""

    user_id: UUID
    name: str
    roles: frozenset[Role]
    agency_id: UUID | None = None
    session_id: UUID | None = None

    @property
    def of_center(self) -> bool:
        return bool(self.roles & CENTER_ROLES)

    @property
    def of_agency(self) -> bool:
        return self.agency_id is not None and bool(self.roles & AGENCY_ROLES)
