"""Every guess is booked before it is checked, so that many at once cannot slip past the limit."""

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from actions.accounts.visitors import TOO_MANY_FROM_HERE, Visitor
from actions.work import Work, at_the_door
from db import door
from db.tables.people import User
from db.tables.sessions import Attempt, Outcome
from domain import throttle
from domain.codes import digest
from domain.refusals import Refused


class Verdict(Enum):
    """Whether a guess may be checked."""

    CHECK = "check"
    WAIT = "wait"
    """This account cannot be tried from here just now; it must look and cost like a wrong password."""
    CROWDED = "crowded"
    """This address, or the whole site, has guessed too much: said openly, it tells nothing about an account."""


@dataclass(frozen=True)
class Booked:
    """A guess that was booked, with the person it is about when there is one."""

    attempt_id: UUID
    verdict: Verdict
    user: User | None

    @property
    def kept(self) -> str:
        """The password hash to compare with; none for nobody, the deactivated and whoever has to wait."""
        checked = self.verdict is Verdict.CHECK and self.user is not None
        return self.user.password_hash if checked and self.user else ""


def book(account: str, visitor: Visitor) -> Booked:
    """Book a guess at an account; refuses when this address or the site has guessed too much."""
    with at_the_door(visitor.address) as work:
        door.in_line(work.session, account)
        user = work.session.scalars(door.person_called(account)).one_or_none()
        device_id = _device(work, visitor, user)
        verdict = _verdict(work, digest(account), visitor.address, device_id)
        attempt = Attempt(
            account=digest(account),
            address=visitor.address,
            device_id=device_id,
            at=work.now,
            outcome=Outcome.OPEN if verdict is Verdict.CHECK else Outcome.THROTTLED,
        )
        if verdict is not Verdict.CROWDED:
            work.session.add(attempt)
        if verdict is not Verdict.CHECK:
            work.record("auth.throttled", "user", user.id if user else None, reason=verdict.value, result="refused")
        booked = Booked(attempt.id, verdict, user)
    if booked.verdict is Verdict.CROWDED:
        raise Refused(TOO_MANY_FROM_HERE)
    return booked


def settle(work: Work, booked: Booked, outcome: Outcome) -> None:
    """Write down what became of a booked guess."""
    attempt = work.session.get(Attempt, booked.attempt_id)
    if attempt is not None and attempt.outcome is Outcome.OPEN:
        attempt.outcome = outcome
    work.session.execute(door.forget_attempts(work.now - throttle.DAY))


def _device(work: Work, visitor: Visitor, user: User | None) -> UUID | None:
    if not visitor.device or user is None:
        return None
    known = work.session.scalars(door.known_device(digest(visitor.device), user.id)).first()
    return known.id if known else None


def _verdict(work: Work, account: str, address: str, device_id: UUID | None) -> Verdict:
    moments = work.session.scalars
    day, window = work.now - throttle.DAY, work.now - throttle.WINDOW
    here = moments(door.wrong_guesses(account, day, address=address, device_id=device_id)).all()
    if device_id is not None:
        return Verdict.WAIT if _waits(throttle.Guesses(here=here), work, known=True) else Verdict.CHECK
    crowd = throttle.Guesses(
        from_address=moments(door.guesses_from(address, window)).all(),
        at_site=moments(door.guesses_by_strangers(window)).all(),
    )
    if _waits(crowd, work, known=False):
        return Verdict.CROWDED
    own = throttle.Guesses(here=here, at_account=moments(door.guesses_at(account, day)).all())
    return Verdict.WAIT if _waits(own, work, known=False) else Verdict.CHECK


def _waits(guesses: throttle.Guesses, work: Work, *, known: bool) -> bool:
    free = throttle.free_at(guesses, known_device=known)
    return free is not None and free > work.now
