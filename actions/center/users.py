"""The people who sign in: made, changed, deactivated and helped back in by an administrator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from actions import site as sites
from actions.accounts import second_factor
from actions.accounts.sessions import end_all, refuse_stale
from actions.work import Work, permitted
from db import door
from db.tables.people import Agency, User, UserRole
from db.tables.sessions import EndedBy, OutsideIdentity, ResetCode
from domain.codes import digest, digest_of_typed, typed_code
from domain.people import AGENCY_ROLES, Role
from domain.permissions import Permission
from domain.refusals import NotFound, Refused, TooLate
from domain.usernames import refuse_odd

RESET_CODE_LIVES = timedelta(hours=24)
LAST_ADMINISTRATOR = "This is the last active administrator. Make somebody else an administrator first."
LONGEST_NAME = 200
LONGEST_SUBJECT = 255


@dataclass(frozen=True)
class Person:
    """One person in the list of users."""

    id: UUID
    version: int
    username: str
    name: str
    title: str
    phone: str
    email: str
    agency_id: UUID | None
    agency: str
    roles: frozenset[Role]
    active: bool
    second_factor: bool
    has_password: bool
    outside: bool
    """Whether an account of the center's identity provider is connected."""
    last_used_at: datetime | None


@dataclass(frozen=True)
class Details:
    """What an administrator writes about a person."""

    name: str
    title: str = ""
    phone: str = ""
    email: str = ""


@permitted(Permission.SEE_USERS)
def users(work: Work) -> list[Person]:
    """Everybody who has or had an account, by name."""
    agencies = {agency.id: agency.name for agency in work.session.scalars(door.agencies())}
    enrolled = set(work.session.scalars(door.people_with_second_factor()))
    used = {row[0]: row[1] for row in work.session.execute(door.last_use())}
    outside = set(work.session.scalars(door.people_with_outside_account()))
    return [
        _person(user, agencies, user.id in enrolled, user.id in outside, used.get(user.id))
        for user in work.session.scalars(door.people())
    ]


@permitted(Permission.MANAGE_USERS)
def make_user(work: Work, username: str, details: Details, roles: Iterable[Role], agency_id: UUID | None) -> str:
    """Make a person; gives the one-time code with which they choose their password.

    Refuses a user name that anybody has or ever had, and an agency role without an agency.
    """
    refuse_stale(work)
    folded, held = refuse_odd(username), frozenset(roles)
    _refuse_unfit(held, agency_id)
    if work.session.scalars(door.person_called(folded)).first() is not None:
        raise Refused("This user name is taken or was somebody's before. Choose another one.")
    if agency_id is not None:
        _active_agency(work, agency_id)
    user = User(username=folded, agency_id=agency_id, active=True, made_at=work.now, **_written(details))
    user.roles = [UserRole(user_id=user.id, role=role) for role in held]
    work.session.add(user)
    work.session.flush()
    work.record("user.created", "user", user.id, fields=sorted(held))
    return fresh_code(work, user)


@permitted(Permission.MANAGE_USERS)
def change_user(work: Work, user_id: UUID, version: int, details: Details) -> None:
    """Change how a person is called and reached."""
    refuse_stale(work)
    user = _user(work, user_id, version)
    written = _written(details)
    changed = [name for name, value in written.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, written[name])
    if changed:
        work.record("user.updated", "user", user.id, version=user.version, fields=changed)


@permitted(Permission.MANAGE_USERS)
def set_roles(work: Work, user_id: UUID, version: int, roles: Iterable[Role]) -> None:
    """Give a person these roles and no others; their sessions end, so that the change holds at once."""
    refuse_stale(work)
    user, wanted = _user(work, user_id, version), frozenset(roles)
    _refuse_unfit(wanted, user.agency_id)
    for role in sorted(wanted - user.held):
        work.record("user.role_added", "user", user.id, fields=[role])
    for role in sorted(user.held - wanted):
        work.record("user.role_removed", "user", user.id, fields=[role])
    if wanted == user.held:
        return
    door.in_line(work.session, "administrators")
    user.roles = [UserRole(user_id=user.id, role=role) for role in wanted]
    refuse_no_administrator(work)
    end_all(work, user.id, EndedBy.ROLES_CHANGED)


@permitted(Permission.MANAGE_USERS)
def deactivate(work: Work, user_id: UUID, version: int) -> None:
    """Switch a person off: every session ends at once, the history keeps their name."""
    refuse_stale(work)
    user = _user(work, user_id, version)
    if not user.active:
        return
    door.in_line(work.session, "administrators")
    switch_off(work, user)
    refuse_no_administrator(work)


@permitted(Permission.MANAGE_USERS)
def reactivate(work: Work, user_id: UUID, version: int) -> None:
    """Switch a person on again; their password is as it was."""
    refuse_stale(work)
    user = _user(work, user_id, version)
    if user.agency_id is not None:
        _active_agency(work, user.agency_id)
    if not user.active:
        user.active = True
        work.record("user.reactivated", "user", user.id, version=user.version)


@permitted(Permission.MANAGE_USERS)
def hand_out_code(work: Work, user_id: UUID) -> str:
    """A one-time code with which a person chooses a new password within 24 hours; an earlier code dies.

    Their old password works until then.
    """
    refuse_stale(work)
    user = _user(work, user_id)
    if not user.active:
        raise Refused("This person is switched off. Switch them on first.")
    return fresh_code(work, user)


@permitted(Permission.MANAGE_USERS)
def unlock(work: Work, user_id: UUID) -> None:
    """Forget the wrong guesses at a person's account, so that they need not wait."""
    refuse_stale(work)
    user = _user(work, user_id)
    work.session.execute(door.forget_guesses_at(digest(user.username)))
    work.record("user.unlocked", "user", user.id)


@permitted(Permission.MANAGE_USERS)
def take_second_factor_away(work: Work, user_id: UUID) -> None:
    """For a lost phone and lost recovery codes: the person enrols anew. Their sessions end."""
    refuse_stale(work)
    user = _user(work, user_id)
    second_factor.forget(work, user)
    end_all(work, user.id, EndedBy.REVOKED)


@permitted(Permission.MANAGE_USERS)
def connect_outside(work: Work, user_id: UUID, subject: str) -> None:
    """Let an account of the center's identity provider prove who this person is (OpenID Connect).

    `subject` is the provider's own name for the account; the sign-in page shows it to whoever is not connected yet.
    """
    refuse_stale(work)
    user, written = _user(work, user_id), subject.strip()
    provider = sites.present().settings.outside
    if provider is None:
        raise Refused("This desk has no identity provider. docs/security.md says how one is named.")
    if not written or len(written) > LONGEST_SUBJECT or not written.isprintable():
        raise Refused("Give the account's code as the sign-in page showed it to the person.")
    if work.session.scalars(door.person_behind(provider.issuer, written)).first() is not None:
        raise Refused("This outside account belongs to somebody already.")
    work.session.add(OutsideIdentity(user_id=user.id, issuer=provider.issuer, subject=written, mapped_at=work.now))
    work.record("auth.outside_mapped", "user", user.id)


@permitted(Permission.MANAGE_USERS)
def disconnect_outside(work: Work, user_id: UUID) -> None:
    """Let no outside account prove who this person is any more."""
    refuse_stale(work)
    user = _user(work, user_id)
    work.session.execute(door.forget_outside(user.id))
    end_all(work, user.id, EndedBy.REVOKED)
    work.record("auth.outside_unmapped", "user", user.id)


@permitted(Permission.END_SESSIONS)
def sign_out_everywhere(work: Work, user_id: UUID) -> None:
    """End every session of a person at once."""
    user = _user(work, user_id)
    end_all(work, user.id, EndedBy.REVOKED)
    work.record("auth.session_revoked", "user", user.id)


def switch_off(work: Work, user: User) -> None:
    """Deactivate a person and end their sessions."""
    user.active = False
    end_all(work, user.id, EndedBy.DEACTIVATED)
    work.record("user.deactivated", "user", user.id, version=user.version)


def refuse_no_administrator(work: Work) -> None:
    """Refuse a change that would leave nobody to administer the site."""
    work.session.flush()
    if work.session.scalars(door.active_administrators()).one() == 0:
        raise Refused(LAST_ADMINISTRATOR)


def _user(work: Work, user_id: UUID, version: int | None = None) -> User:
    user = work.session.get(User, user_id)
    if user is None:
        raise NotFound("There is no such user.")
    if version is not None and user.version != version:
        raise TooLate(
            "Somebody else changed this user in the meantime. Look at the list as it is now, then do it again."
        )
    return user


def _active_agency(work: Work, agency_id: UUID) -> Agency:
    agency = work.session.get(Agency, agency_id)
    if agency is None or not agency.active:
        raise Refused("This agency is not active. Choose another, or switch it on first.")
    return agency


def _refuse_unfit(roles: frozenset[Role], agency_id: UUID | None) -> None:
    if not roles:
        raise Refused("Choose at least one role. To keep somebody out, switch them off.")
    if roles & AGENCY_ROLES and agency_id is None:
        raise Refused("Choose the agency that this person refers for.")
    if agency_id is not None and not roles & AGENCY_ROLES:
        raise Refused("Somebody who belongs to an agency needs the role of a referral user.")


def _written(details: Details) -> dict[str, str]:
    written = {
        "name": details.name.strip(),
        "title": details.title.strip(),
        "phone": details.phone.strip(),
        "email": details.email.strip(),
    }
    if not written["name"]:
        raise Refused("Give the person's name.")
    if any(len(value) > LONGEST_NAME for value in written.values()) or len(written["phone"]) > 60:
        raise Refused("Name, title and mail address may have 200 characters, the phone number 60.")
    if any("\x00" in value for value in written.values()):
        raise Refused("This text holds a character that cannot be saved (NUL). Remove it and type it again.")
    return written


def fresh_code(work: Work, user: User) -> str:
    """A one-time code with which this person chooses a new password; earlier ones die."""
    work.session.flush()
    work.session.execute(door.forget_reset_codes(user.id))
    code = typed_code(5)
    work.session.add(
        ResetCode(user_id=user.id, code_hash=digest_of_typed(code), until=work.now + RESET_CODE_LIVES, used_at=None)
    )
    work.record("auth.reset_code_issued", "user", user.id)
    return code


def _person(user: User, agencies: dict[UUID, str], second_factor: bool, outside: bool, used: datetime | None) -> Person:
    return Person(
        id=user.id,
        version=user.version,
        username=user.username,
        name=user.name,
        title=user.title,
        phone=user.phone,
        email=user.email,
        agency_id=user.agency_id,
        agency=agencies.get(user.agency_id, "") if user.agency_id else "",
        roles=user.held,
        active=user.active,
        second_factor=second_factor,
        has_password=bool(user.password_hash),
        outside=outside,
        last_used_at=used,
    )
