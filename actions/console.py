"""What only the console may do: whoever sits at the site's computer gets back in, and prints the sheet again."""

from actions import site as sites
from actions.accounts import second_factor
from actions.accounts.sessions import end_all
from actions.center.users import fresh_code
from actions.work import system_work
from db import door
from db.tables.sessions import EndedBy
from domain.people import Role
from domain.refusals import Refused
from domain.usernames import folded

CONSOLE = "The console"


def recover(username: str) -> str:
    """A one-time code for an administrator who is locked out: switched on, second factor and sessions taken away."""
    with system_work(CONSOLE) as work:
        user = work.session.scalars(door.person_called(folded(username))).one_or_none()
        if user is None or Role.ADMINISTRATOR not in user.held:
            raise Refused("There is no administrator of this name. Others are helped by theirs, in the app.")
        user.active = True
        second_factor.forget(work, user)
        end_all(work, user.id, EndedBy.REVOKED)
        work.record("user.recovered", "user", user.id)
        return fresh_code(work, user)


def recovery_sheet() -> str:
    """The recovery sheet; that it was printed is recorded."""
    with system_work(CONSOLE) as work:
        work.record("key.sheet_printed", "site")
    return sites.present().recovery_sheet
