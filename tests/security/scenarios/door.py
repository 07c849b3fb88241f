"""What is told at the door: signing in and out, second factors, refusals."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp
import time_machine

from actions import accounts
from actions.accounts import Visitor, throttling
from actions.agency import referrals as own
from actions.center import referrals, users
from actions.work import system_work
from db.tables.people import User
from domain import passwords
from domain.passwords import Cost
from tests.security.scenarios.stage import HERE, NOBODY, WORD, Stage, Told


def _signs_in(s: Stage, who: str, password: str = WORD, visitor: Visitor = HERE) -> UUID:
    s.tries(lambda: accounts.sign_in(who, password, visitor))
    return getattr(s.cast, who).user_id


def _throttled(s: Stage):
    for _ in range(5):
        throttling.book("irene", Visitor("10.9.9.9"))
    return _signs_in(s, "irene", WORD, Visitor("10.9.9.9"))


def _signs_out(s: Stage):
    session = s.signed_in("olga")
    s.does(accounts.sign_out, session=session)
    return session


def _later(s: Stage, **passed: int):
    session = s.signed_in("olga")
    with time_machine.travel(datetime.now(UTC) + timedelta(**passed)):
        s.tries(lambda: accounts.live(session))
    return session


def _on_a_new_device(s: Stage):
    ticket = accounts.sign_in("olga", WORD, HERE).ticket
    s.tries(lambda: accounts.redeem(ticket, HERE))
    return s.cast.olga.user_id


def _proves(s: Stage, password: str):
    session = s.signed_in("olga")
    s.tries(lambda: accounts.prove_again(session, password, HERE))


def _changes_password(s: Stage, current: str):
    session = s.signed_in("lena")
    s.tries(lambda: accounts.change_password(session, current, f"a quite different {s.word()}", HERE))
    _set_password(s, "lena")
    return s.cast.lena.user_id


def _set_password(s: Stage, who: str, cost: Cost | None = None):
    with system_work("the tests") as work:
        user = work.session.get_one(User, getattr(s.cast, who).user_id)
        user.password_hash = passwords.hashed(WORD, cost or passwords.COST)
        work.record("app.started")


def _rehashed(s: Stage):
    _set_password(s, "peter", Cost(memory=32, passes=1))
    return _signs_in(s, "peter")


def _uses_code(s: Stage):
    user = s.user()
    code = s.done("ada", users.hand_out_code, user.id)
    s.tries(lambda: accounts.use_reset_code(user.username, code, "a quite different phrase", HERE))
    return user.id


def _begins_at_the_door(s: Stage):
    user, half_open = _unenrolled(s)
    s.tries(lambda: accounts.begin_enrolment(half_open))
    return user


def _confirms_at_the_door(s: Stage):
    user, half_open = _unenrolled(s)
    key = accounts.begin_enrolment(half_open).key
    s.tries(lambda: accounts.confirm_enrolment(half_open, pyotp.TOTP(key).now(), HERE))
    s.gave = key
    return user


def _recovers(s: Stage):
    user, half_open = _unenrolled(s)
    _, codes = accounts.confirm_enrolment(half_open, pyotp.TOTP(accounts.begin_enrolment(half_open).key).now(), HERE)
    asked = accounts.sign_in(s.gave, "a quite different phrase", HERE)
    s.tries(lambda: accounts.answer_code(asked.token, codes[0], HERE))
    return user


def _unenrolled(s: Stage):
    """A new supervisor at their first sign-in, who must enrol."""
    from domain.people import Role

    user = s.user(Role.SUPERVISOR)
    code = s.done("ada", users.hand_out_code, user.id)
    s.gave = user.username
    return user.id, accounts.use_reset_code(user.username, code, "a quite different phrase", HERE).token


def _enrols(s: Stage):
    key = s.done("irene", accounts.begin_own_enrolment).key
    s.does(accounts.confirm_own_enrolment, pyotp.TOTP(key).now())
    return s.cast.irene.user_id


def _makes_codes(s: Stage):
    s.does(accounts.new_recovery_codes)
    return s.cast.irene.user_id


def _removes_own(s: Stage):
    s.does(accounts.remove_own_second_factor)
    return s.cast.irene.user_id


def _begins_own(s: Stage):
    s.does(accounts.begin_own_enrolment)
    return s.cast.olga.user_id


def _ends_others(s: Stage):
    s.does(accounts.end_other_sessions)
    return s.cast.olga.user_id


TOLD = (
    Told("auth.login", "olga", "user", lambda s: _signs_in(s, "olga")),
    Told("auth.login_failed", NOBODY, "user", lambda s: _signs_in(s, "olga", "wrong"), "failed"),
    Told("auth.throttled", NOBODY, "user", _throttled, "refused"),
    Told("auth.logout", "olga", "session", _signs_out),
    Told("auth.idle_logoff", "olga", "session", lambda s: _later(s, minutes=20)),
    Told("auth.expired", "olga", "session", lambda s: _later(s, hours=13)),
    Told("auth.session_revoked", "olga", "session", lambda s: s.does(accounts.end_own_session, s.signed_in("olga"))),
    Told("auth.session_revoked", "olga", "user", _ends_others),
    Told("auth.session_revoked", "sam", "user", lambda s: s.does(users.sign_out_everywhere, s.user().id)),
    Told("auth.new_device", "olga", "user", _on_a_new_device),
    Told("auth.step_up", "olga", "", lambda s: _proves(s, WORD)),
    Told("auth.step_up_failed", "olga", "", lambda s: _proves(s, "wrong"), "failed"),
    Told("auth.step_up_failed", "lena", "user", lambda s: _changes_password(s, "wrong"), "failed"),
    Told("auth.password_changed", "lena", "user", lambda s: _changes_password(s, WORD)),
    Told("auth.password_rehashed", NOBODY, "user", _rehashed),
    Told("auth.reset_code_issued", "ada", "user", lambda s: s.does(users.hand_out_code, s.user().id)),
    Told("auth.reset_code_used", NOBODY, "user", _uses_code),
    Told("auth.totp_begun", NOBODY, "user", _begins_at_the_door),
    Told("auth.totp_begun", "olga", "user", _begins_own),
    Told("auth.totp_enrolled", NOBODY, "user", _confirms_at_the_door),
    Told("auth.recovery_codes_made", NOBODY, "user", _confirms_at_the_door),
    Told("auth.recovery_code_used", NOBODY, "user", _recovers),
    Told("auth.totp_enrolled", "irene", "user", _enrols),
    Told("auth.recovery_codes_made", "irene", "user", _makes_codes),
    Told("auth.totp_removed", "irene", "user", _removes_own),
    Told("auth.totp_removed", "ada", "user", lambda s: s.does(users.take_second_factor_away, s.user().id)),
    Told("auth.outside_mapped", "ada", "user", lambda s: s.does(users.connect_outside, s.user().id, s.word())),
    Told("auth.outside_unmapped", "ada", "user", lambda s: s.does(users.disconnect_outside, s.user().id)),
    Told("authz.denied", "olga", "referral", lambda s: s.does(referrals.read, s.sent()), "refused"),
    Told("authz.denied", "irene", "", lambda s: s.does(users.users), "refused"),
    Told("input.rejected", "peter", "referral", lambda s: s.does(own.read_own, s.sent()), "refused"),
    Told("input.rejected", "irene", "referral", lambda s: s.does(referrals.ask, s.sent(), " "), "refused"),
)
