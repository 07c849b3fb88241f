"""The cast that every test knows: Olga, Lena, Peter, Irene, Sam and Ada, at one center with two agencies."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from actions.agency import referrals as agency_referrals
from actions.work import Work, now, system_work, working
from db.store import Store
from db.tables.people import Agency, Center, User, UserRole
from db.tables.referrals import Referral
from db.tables.sessions import UserSession
from domain.fields import ReferralType
from domain.people import Role

IN_USE: dict[UUID, datetime] = {}
"""When each session was last kept in use: once a minute is enough."""
SHERIFF, CHILD_SERVICES = "Juniper County Sheriff", "Alder Child Services"


@dataclass(frozen=True)
class Member:
    """One of the cast: their account and a live session."""

    user_id: UUID
    session_id: UUID
    name: str
    agency_id: UUID | None


@dataclass(frozen=True)
class Cast:
    """Olga (officer), Lena (leads Olga's agency), Peter (CPS elsewhere), Irene (intake), Sam (supervisor), Ada."""

    olga: Member
    lena: Member
    peter: Member
    irene: Member
    sam: Member
    ada: Member
    sheriff_id: UUID
    services_id: UUID


def bring_in(store: Store) -> Cast:
    """Set up a center with the cast signed in, in one piece of the desk's own work; one that is set up stays so."""
    with system_work("the tests") as work:
        if work.session.get(Center, 1) is None:
            work.session.add(_center(work))
        sheriff = Agency(name=SHERIFF, kind="le", team_partner=True, made_at=work.now)
        services = Agency(name=CHILD_SERVICES, kind="cps", team_partner=False, made_at=work.now)
        work.session.add_all([sheriff, services])
        work.session.flush()
        users = [
            _user(work, "Olga Ruiz", sheriff.id, Role.REFERRAL_USER),
            _user(work, "Lena Marsh", sheriff.id, Role.REFERRAL_USER, Role.AGENCY_LEAD),
            _user(work, "Peter Hall", services.id, Role.REFERRAL_USER),
            _user(work, "Irene Vega", None, Role.STAFF),
            _user(work, "Sam Okafor", None, Role.SUPERVISOR),
            _user(work, "Ada Lund", None, Role.ADMINISTRATOR),
        ]
        work.session.flush()
        sessions = [_session(work, user.id) for user in users]
        work.session.add_all(sessions)
        work.session.flush()
        work.record("setup.done", "center", None)
        members = {
            user.username: Member(user.id, session.id, user.name, user.agency_id)
            for user, session in zip(users, sessions, strict=True)
        }
        return Cast(**members, sheriff_id=sheriff.id, services_id=services.id)


def _center(work: Work) -> Center:
    return Center(
        id=1,
        name="Juniper Child Advocacy Center",
        time_zone="America/Denver",
        on_call_phone="555-0100",
        hotline_phone="555-0199",
        demo=False,
        settings={},
        made_at=work.now,
    )


def _user(work: Work, name: str, agency_id: UUID | None, *roles: Role) -> User:
    user = User(
        username=name.split()[0].lower(),
        name=name,
        phone="555-0111",
        email=f"{name.split()[0].lower()}@example.org",
        agency_id=agency_id,
        made_at=work.now,
    )
    user.roles = [UserRole(user_id=user.id, role=role) for role in roles]
    work.session.add(user)
    return user


def signed_in(work: Work, user_id: UUID) -> UserSession:
    """A live session of this user, as a sign-in would leave it."""
    session = _session(work, user_id)
    work.session.add(session)
    work.session.flush()
    return session


def _session(work: Work, user_id: UUID) -> UserSession:
    return UserSession(
        user_id=user_id,
        made_at=work.now,
        used_at=work.now,
        ends_at=work.now + timedelta(hours=12),
        proved_at=work.now,
    )


def act(member: Member) -> AbstractContextManager[Work]:
    """Work as this member of the cast."""
    return _fresh(member)


@contextmanager
def _fresh(member: Member) -> Iterator[Work]:
    # A test that moves the clock is about referrals, not about idle sessions: keep the session in use.
    if abs(now() - IN_USE.get(member.session_id, datetime.min.replace(tzinfo=UTC))) > timedelta(minutes=1):
        IN_USE[member.session_id] = now()
        with system_work("the tests") as keeping:
            kept = keeping.session.get(UserSession, member.session_id)
            if kept is not None and kept.ended_at is None:
                kept.used_at, kept.ends_at = now(), now() + timedelta(hours=12)
    with working(member.session_id) as work:
        yield work


ANSWERS: dict[str, Any] = {
    "urgency": "routine",
    "child_first_name": "Jonathan",
    "child_last_name": "Whitfield",
    "child_role": "alleged_victim",
    "child_dob": "2016-03-27",
    "child_sex": "M",
    "hotline_report_made": "yes",
    "ao_known": "no",
    "offenders": [{"row": "0ff0ff01", "ao_access": "no"}],
    "allegation_types": ["physical_abuse"],
    "last_contact_120h": "no",
    "narrative": "The child told a teacher that he was hit. The teacher called us.",
    "le_case_number": ["24-1001"],
    "address_county": "Juniper",
}
"""A plain referral that lacks nothing."""

Sender = Callable[..., UUID]


def version_of(work: Work, referral_id: UUID) -> int:
    """What somebody who looks at this referral now has in front of them."""
    return work.session.get_one(Referral, referral_id).version


def send(member: Member, kind: ReferralType = ReferralType.LE, **answers: Any) -> UUID:
    """Send a referral as this officer; keyword arguments replace answers, None leaves one out."""
    with act(member) as work:
        draft = agency_referrals.start(work, kind)
    wanted = {name: value for name, value in (ANSWERS | answers).items() if value is not None}
    with act(member) as work:
        agency_referrals.save_answers(work, draft.id, answers_for(kind, wanted))
    with act(member) as work:
        version = agency_referrals.read_draft(work, draft.id).version
        agency_referrals.submit(work, draft.id, version)
    return draft.id


def answers_for(kind: ReferralType, answers: dict[str, Any]) -> dict[str, Any]:
    """Those of the answers that this type of referral asks for."""
    from domain import fields

    names = {field.group or field.name for field in fields.referral(kind)}
    return {name: value for name, value in answers.items() if name in names}
