"""Choosing a password: one's own new one, one after a reset code, one that replaces an expired one.

Hashing takes a fifth of a second and is done between transactions, never in one.
"""

from collections.abc import Iterable
from uuid import UUID

from actions.accounts.sessions import end_all
from actions.accounts.sign_in import Asked, Opened, next_step
from actions.accounts.throttling import Verdict, book, settle
from actions.accounts.visitors import START_AGAIN, Visitor, open_to_strangers
from actions.work import Work, at_the_door, working
from db import door
from db.tables.people import Agency, User
from db.tables.sessions import EndedBy, HalfOpenKind, Outcome, PasswordAge
from domain import passwords
from domain.codes import digest, digest_of_typed
from domain.refusals import Refused
from domain.usernames import folded


def change_password(session_id: UUID, current: str, new: str, visitor: Visitor) -> None:
    """Change one's own password; ends every other session. Refuses a wrong current one and a weak new one."""
    with working(session_id, visitor.address) as work:
        user = work.session.get_one(User, work.actor.user_id)
        refuse_weak(work, user, new)
    booked = book(user.username, visitor)
    right = passwords.fits(current, booked.kept)
    fresh = passwords.hashed(new) if right else ""
    with working(session_id, visitor.address) as work:
        settle(work, booked, Outcome.RIGHT if right else Outcome.WRONG)
        if right:
            keep(work, work.session.get_one(User, user.id), fresh, but=session_id)
        else:
            work.record("auth.step_up_failed", "user", user.id, result="failed")
    if not right:
        raise Refused("Your current password is not right. Type it again, or ask your administrator for a reset code.")


@open_to_strangers("a person without a password has a one-time code of the administrator")
def use_reset_code(username: str, code: str, new: str, visitor: Visitor) -> Opened | Asked:
    """Choose a password with a one-time code; the old one works until then. Every session ends."""
    booked = book(folded(username), visitor)
    with at_the_door(visitor.address) as work:
        holds_code = booked.user is not None and _good(work, booked.user.id, code)
        if holds_code and booked.user is not None:
            refuse_weak(work, booked.user, new)
        else:
            # Whoever has no code learns nothing about the person from what is refused here.
            passwords.refuse_weak(new, own_words=[*own_words(work, None), folded(username)])
    fresh = passwords.hashed(new)
    with at_the_door(visitor.address) as work:
        user = work.session.get(User, booked.user.id) if booked.user else None
        usable = booked.verdict is Verdict.CHECK and user is not None and user.active
        if usable and user and door.won(work.session, door.use_reset_code(user.id, digest_of_typed(code), work.now)):
            settle(work, booked, Outcome.RIGHT)
            work.record("auth.reset_code_used", "user", user.id)
            keep(work, user, fresh)
            return next_step(work, user, visitor)
        settle(work, booked, Outcome.WRONG)
        work.record("auth.login_failed", "user", user.id if user else None, reason="reset code", result="failed")
    raise Refused(
        "The user name or the reset code is not right, or the code was used or is over a day old. "
        "Ask your administrator for a new one."
    )


@open_to_strangers("the second step of signing in with an expired password")
def choose_password(half_open: str, new: str, visitor: Visitor) -> Opened | Asked:
    """Replace an expired password during sign-in."""
    with at_the_door(visitor.address) as work:
        found = work.session.execute(door.half_open(digest(half_open), work.now)).first()
        if found is None or found[0].kind is not HalfOpenKind.NEW_PASSWORD:
            raise Refused(START_AGAIN)
        refuse_weak(work, found[1], new)
    if passwords.fits(new, found[1].password_hash):
        raise Refused("This is the password that expired. Choose another one.")
    fresh = passwords.hashed(new)
    with at_the_door(visitor.address) as work:
        if not door.won(work.session, door.close_half_open(found[0].id, work.now)):
            raise Refused(START_AGAIN)
        user = work.session.get_one(User, found[1].id)
        keep(work, user, fresh)
        return next_step(work, user, visitor)


def keep(work: Work, user: User, password_hash: str, *, but: UUID | None = None) -> None:
    """Keep a new password hash and end the person's sessions, this one excepted."""
    user.password_hash = password_hash
    age = work.session.scalars(door.password_age(user.id)).one_or_none()
    if age is None:
        work.session.add(PasswordAge(user_id=user.id, set_at=work.now))
    else:
        age.set_at = work.now
    work.session.execute(door.forget_reset_codes(user.id))
    end_all(work, user.id, EndedBy.NEW_PASSWORD, but=but)
    work.record("auth.password_changed", "user", user.id)


def refuse_weak(work: Work, user: User, new: str) -> None:
    """Refuse a password too weak for this person; eight characters are enough beside a second factor."""
    factor = work.session.scalars(door.second_factor(user.id)).one_or_none()
    passwords.refuse_weak(
        new,
        own_words=own_words(work, user),
        second_factor=factor is not None and factor.confirmed_at is not None,
    )


def _good(work: Work, user_id: UUID, code: str) -> bool:
    found = work.session.scalars(door.good_reset_code(user_id, digest_of_typed(code), work.now)).first()
    return found is not None


def own_words(work: Work, user: User | None) -> Iterable[str]:
    """Names that may not make up a password: the center's, the agency's, the person's."""
    center = work.session.scalars(door.center()).one_or_none()
    agency = work.session.get(Agency, user.agency_id) if user and user.agency_id else None
    names = [center.name if center else "", agency.name if agency else ""]
    return [*names, user.name, user.username] if user else names
