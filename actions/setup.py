"""First run: an empty site prints a code on its console; whoever holds it makes the center and its administrator."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from actions.accounts.passwords import keep
from actions.accounts.visitors import Visitor, open_to_strangers
from actions.work import at_the_door, system_work
from db import door, store
from db.tables.people import Center, User, UserRole
from db.tables.sessions import SetupCode
from domain import passwords
from domain.codes import digest_of_typed, typed_code
from domain.door_rules import DoorRules, kept
from domain.people import Role
from domain.refusals import Refused
from domain.usernames import refuse_odd

LONGEST_NAME = 200
ALREADY_DONE = "This center is already set up. Sign in, or ask its administrator."


@dataclass(frozen=True)
class FirstAnswers:
    """What the first page asks."""

    code: str
    center: str
    time_zone: str
    name: str
    username: str
    password: str
    second_factor: bool = True


@open_to_strangers("the first page must know whether it is the first")
def is_set_up() -> bool:
    """Whether this site has anybody who can sign in."""
    with store.present().reading() as session:
        return session.scalars(door.any_person()).first() is not None


def fresh_setup_code() -> str | None:
    """A new code for the console of an empty site; None once it is set up. Every start gives a new one."""
    if is_set_up():
        return None
    code = typed_code(4)
    with system_work("Start of the desk") as work:
        row = work.session.scalars(door.setup_code()).one_or_none()
        if row is None:
            row = SetupCode(id=1, used_at=None)
            work.session.add(row)
        row.code_hash, row.made_at = digest_of_typed(code), work.now
        work.record("setup.code_made", "center")
    return code


@open_to_strangers("on an empty site, with the code that only the console shows")
def set_up(answers: FirstAnswers, visitor: Visitor) -> None:
    """Make the center and its first administrator, once; refuses a wrong code and a second set-up."""
    _refuse_incomplete(answers)
    username = refuse_odd(answers.username)
    passwords.refuse_weak(answers.password, own_words=(answers.center, answers.name, username))
    _refuse_wrong_code(answers.code)
    password_hash = passwords.hashed(answers.password)
    with at_the_door(visitor.address) as work:
        if not door.won(work.session, door.use_setup_code(digest_of_typed(answers.code), work.now)):
            raise Refused(ALREADY_DONE)
        work.session.add(
            Center(
                id=1,
                name=answers.center.strip(),
                time_zone=answers.time_zone,
                settings={"door": kept(DoorRules(second_factor=answers.second_factor))},
                made_at=work.now,
            )
        )
        user = User(username=username, name=answers.name.strip(), made_at=work.now)
        user.roles = [UserRole(user_id=user.id, role=Role.ADMINISTRATOR)]
        work.session.add(user)
        work.session.flush()
        keep(work, user, password_hash)
        work.record("setup.done", "user", user.id)


def time_zones() -> list[str]:
    """Time zones to choose from, those of the United States first."""
    known = available_timezones()
    first = [zone for zone in _USUAL if zone in known]
    return [*first, *sorted(zone for zone in known - set(first) if "/" in zone and not zone.startswith("Etc/"))]


_USUAL = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Pacific/Guam",
)


def _refuse_incomplete(answers: FirstAnswers) -> None:
    if not answers.center.strip():
        raise Refused("Give the center's name.")
    if not answers.name.strip():
        raise Refused("Give your own name.")
    if any(len(one.strip()) > LONGEST_NAME or "\x00" in one for one in (answers.center, answers.name)):
        raise Refused(f"Give names of at most {LONGEST_NAME} characters, without signs that cannot be seen.")
    if answers.time_zone not in available_timezones():
        raise Refused("Choose the center's time zone from the list.")


def _refuse_wrong_code(code: str) -> None:
    if is_set_up():
        raise Refused(ALREADY_DONE)
    with store.present().reading() as session:
        row = session.scalars(door.setup_code()).one_or_none()
        right = row is not None and row.used_at is None and row.code_hash == digest_of_typed(code)
    if not right:
        raise Refused(
            "The set-up code is not right. It was printed where the desk was started; type it as it stands there."
        )
