"""Signing in: passwords, second factor, reset codes, sessions. Each attack is tried with and without its defence."""

import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine

from actions import accounts, console, setup, site
from actions.accounts import Asked, Opened, Visitor
from actions.center import users
from actions.work import system_work, working
from db.tables.audit import AuditEntry
from db.tables.people import Center, User, UserRole
from db.tables.sessions import HalfOpenKind, RecoveryCode, SecondFactor, UserSession
from domain import passwords
from domain.codes import token
from domain.door_rules import DoorRules, kept
from domain.passwords import Cost
from domain.people import Role
from domain.refusals import Refused
from settings import OutsideSignIn
from tests.cast import signed_in
from tests.conftest import on_sqlite

WORD = "correct horse battery staple"
CHEAP = Cost(memory=64, passes=1)
"""A hash made at this cost is checked at this cost: a thousand checks in a test cost a second."""
HERE = Visitor("10.1.1.1", "Chrome")
ELSEWHERE = Visitor("10.9.9.9", "Chrome")


DEARER = Cost(memory=128, passes=1)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch):
    """What a check costs is measured in benchmarks/door.py; here it need not cost a fifth of a second."""
    monkeypatch.setattr(passwords, "COST", CHEAP)


@pytest.fixture
def known(cast):
    """The cast, each with a password."""
    with system_work("the tests") as work:
        for member in (cast.olga, cast.irene, cast.sam, cast.ada, cast.peter):
            work.session.get_one(User, member.user_id).password_hash = passwords.hashed(WORD, CHEAP)
        work.record("setup.done")
    return cast


def opened(username="olga", password=WORD, visitor=HERE):
    answer = accounts.sign_in(username, password, visitor)
    assert isinstance(answer, Opened)
    return answer


def session_of(username="olga", visitor=HERE):
    redeemed = accounts.redeem(opened(username, visitor=visitor).ticket, visitor)
    return redeemed, accounts.recognise(redeemed.token)


def events(store, event):
    with store.reading() as session:
        found = [entry for entry in session.query(AuditEntry).order_by(AuditEntry.seq) if entry.event == event]
        session.expunge_all()
    return found


# Passwords


def test_the_right_password_opens_a_session(known, store):
    _, recognised = session_of()

    assert recognised.user_id == known.olga.user_id
    assert events(store, "auth.login")[-1].actor_id == known.olga.user_id
    with working(recognised.session_id) as work:
        assert work.actor.name == "Olga Ruiz"


def test_a_user_name_is_one_name_however_it_is_written(known):
    assert opened(username=" OLGA ")


def test_wrong_unknown_and_deactivated_people_are_told_the_same(known, as_, ada):
    with as_(ada) as work:
        peter = next(one for one in users.users(work) if one.username == "peter")
        users.deactivate(work, peter.id, peter.version)
    said = set()

    for username, password in (("olga", "wrong"), ("nobody", WORD), ("peter", WORD), ("peter", "wrong")):
        with pytest.raises(Refused) as refusal:
            accounts.sign_in(username, password, HERE)
        said.add(refusal.value.message)

    assert len(said) == 1


def test_only_the_hash_of_a_token_is_kept(known, store):
    redeemed, recognised = session_of()

    with store.reading() as session:
        row = session.get_one(UserSession, recognised.session_id)
        kept_of_it = str({column.key: getattr(row, column.key) for column in UserSession.__table__.columns})

    assert redeemed.token not in kept_of_it
    assert len(redeemed.token) >= 43  # 256 bits


def test_an_old_hash_is_renewed_at_sign_in(known, store, monkeypatch):
    monkeypatch.setattr(passwords, "COST", DEARER)

    opened()

    with store.reading() as session:
        renewed = session.get_one(User, known.olga.user_id).password_hash
    assert not passwords.outdated(renewed)
    assert passwords.fits(WORD, renewed)


def test_changing_the_password_ends_every_other_session(known):
    _, first = session_of()
    _, second = session_of()

    accounts.change_password(first.session_id, WORD, "a quite different phrase", HERE)

    assert accounts.live(first.session_id)
    assert not accounts.live(second.session_id)
    assert opened(password="a quite different phrase")


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "fourteen chars",
        "passwordpassword",
        "aaaaaaaaaaaaaaaa",
        "juniper child advocacy center",
        "olga ruiz olga",
        "x" * 129,
    ],
)
def test_a_weak_password_is_refused(known, weak):
    _, mine = session_of()

    with pytest.raises(Refused):
        accounts.change_password(mine.session_id, WORD, weak, HERE)

    assert opened()


# Sessions


def test_a_replayed_token_is_refused_after_sign_out(known, rounds):
    accepted = 0
    for _ in range(rounds(short=10, long=100)):
        redeemed, recognised = session_of()
        assert accounts.recognise(redeemed.token), "the control: before signing out the token is good"
        with working(recognised.session_id) as work:
            accounts.sign_out(work)
        accepted += accounts.recognise(redeemed.token) is not None

    assert accepted == 0


def test_a_ticket_is_good_once_and_for_a_minute(known):
    ticket = opened().ticket
    late = opened().ticket

    assert accounts.redeem(ticket, HERE)
    assert accounts.redeem(ticket, HERE) is None
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61)):
        assert accounts.redeem(late, HERE) is None


def test_two_browsers_cannot_both_use_a_ticket(known):
    ticket, got = opened().ticket, []
    barrier = threading.Barrier(4)

    def try_it():
        barrier.wait()
        got.append(accounts.redeem(ticket, HERE))

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sum(one is not None for one in got) == 1


def test_a_token_from_before_sign_in_is_never_good_after(known):
    before, old = session_of()

    after = accounts.redeem(opened().ticket, HERE, before.token)

    assert after.token != before.token
    assert accounts.recognise(before.token) is None
    assert not accounts.live(old.session_id)


@pytest.mark.parametrize("change", ["deactivate", "roles", "sign_out_everywhere", "code"])
def test_a_changed_person_is_out_at_once(known, as_, ada, change):
    redeemed, mine = session_of("irene")
    with as_(ada) as work:
        irene = next(one for one in users.users(work) if one.username == "irene")
        if change == "deactivate":
            users.deactivate(work, irene.id, irene.version)
        elif change == "roles":
            users.set_roles(work, irene.id, irene.version, [Role.SUPERVISOR])
        elif change == "sign_out_everywhere":
            users.sign_out_everywhere(work, irene.id)
        else:
            code = users.hand_out_code(work, irene.id)
    if change == "code":
        assert accounts.live(mine.session_id), "the old password works until the code is used"
        accounts.use_reset_code("irene", code, "another long phrase here", HERE)

    assert not accounts.live(mine.session_id)
    assert accounts.recognise(redeemed.token) is None
    with pytest.raises(Refused), working(mine.session_id):
        pass


def test_an_unused_session_ends_and_automatic_looks_do_not_keep_it(known, store):
    _, mine = session_of()
    start = datetime.now(UTC)

    with time_machine.travel(start + timedelta(minutes=14), tick=False):
        assert accounts.live(mine.session_id)
    with time_machine.travel(start + timedelta(minutes=16), tick=False):
        assert not accounts.live(mine.session_id)

    assert events(store, "auth.idle_logoff")[-1].object_id == mine.session_id


def test_a_used_session_lives_on_but_not_for_ever(known, store):
    _, mine = session_of()
    start = datetime.now(UTC)

    for minutes in range(10, 12 * 60, 10):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            accounts.used(mine.session_id)
            assert accounts.live(mine.session_id)
    with time_machine.travel(start + timedelta(hours=12, minutes=1), tick=False):
        assert not accounts.live(mine.session_id)

    assert events(store, "auth.expired")[-1].object_id == mine.session_id


JUMPS = [
    timedelta(**{unit: sign * count}) for unit, count in (("hours", 1), ("days", 1), ("days", 400)) for sign in (-1, 1)
]
CALENDAR = {
    "clocks go forward": datetime(2027, 3, 14, 8, tzinfo=UTC),
    "clocks go back": datetime(2026, 11, 1, 7, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 6, tzinfo=UTC),
    "the day after it": datetime(2028, 3, 1, 6, tzinfo=UTC),
    "the turn of the year": datetime(2026, 12, 31, 23, tzinfo=UTC),
    "no leap day": datetime(2027, 2, 28, 23, tzinfo=UTC),
}


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_clock_that_jumps_never_lets_a_session_live_longer(known, jump):
    _, mine = session_of()

    with time_machine.travel(datetime.now(UTC) + jump):
        assert not accounts.live(mine.session_id)


@on_sqlite
@pytest.mark.parametrize("moment", CALENDAR.values(), ids=CALENDAR)
def test_the_calendar_never_lets_a_session_live_longer(known, moment):
    with time_machine.travel(moment - timedelta(hours=6), tick=False):
        _, mine = session_of()
    for minutes in range(14, 12 * 60, 14):
        with time_machine.travel(moment + timedelta(hours=-6, minutes=minutes), tick=False):
            accounts.used(mine.session_id)
            assert accounts.live(mine.session_id)

    with time_machine.travel(moment + timedelta(hours=6, minutes=1), tick=False):
        assert not accounts.live(mine.session_id)


def test_own_sessions_are_listed_and_ended(known, as_, peter):
    _, here = session_of()
    _, there = session_of(visitor=ELSEWHERE)
    with working(here.session_id) as work:
        listed = {one.id: one for one in accounts.own_sessions(work)}
        assert listed[here.session_id].this_one
        assert listed[there.session_id].address == "10.9.9.9"
        accounts.end_own_session(work, there.session_id)

    assert not accounts.live(there.session_id)
    with pytest.raises(Refused), as_(peter) as work:
        accounts.end_own_session(work, here.session_id)
    assert accounts.live(here.session_id)


# Second factor


def enrolled(username, visitor=HERE, moment=None):
    """Enrol at sign-in; gives the seed and the recovery codes."""
    asked = accounts.sign_in(username, WORD, visitor)
    assert isinstance(asked, Asked)
    assert asked.kind is HalfOpenKind.ENROL
    enrolment = accounts.begin_enrolment(asked.token)
    last, codes = accounts.confirm_enrolment(asked.token, pyotp.TOTP(enrolment.key).now(), visitor)
    assert accounts.redeem(accounts.finish_enrolment(last.token, visitor).ticket, visitor)
    return enrolment.key, codes


@pytest.mark.parametrize("username", ["ada", "sam"])
def test_administrators_and_supervisors_enrol_before_their_first_session(known, username):
    assert isinstance(accounts.sign_in(username, WORD, HERE), Asked)


@pytest.mark.parametrize("username", ["olga", "irene"])
def test_officers_and_staff_may_sign_in_without_a_second_factor(known, username):
    assert isinstance(accounts.sign_in(username, WORD, HERE), Opened)


def test_a_center_can_turn_the_requirement_off(known):
    with system_work("the tests") as work:
        work.session.get_one(Center, 1).settings = {"door": kept(DoorRules(second_factor=False))}
        work.record("settings.changed")

    assert isinstance(accounts.sign_in("ada", WORD, HERE), Opened)


def test_a_code_signs_in_once(known):
    key, _ = enrolled("ada")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=False):
        code = pyotp.TOTP(key).now()
        first, second = accounts.sign_in("ada", WORD, HERE), accounts.sign_in("ada", WORD, HERE)

        assert accounts.answer_code(first.token, code, HERE).ticket
        with pytest.raises(Refused):
            accounts.answer_code(second.token, code, HERE)


def test_of_two_threads_with_one_code_exactly_one_signs_in(known):
    key, _ = enrolled("ada")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=False):
        code = pyotp.TOTP(key).now()
        asked = [accounts.sign_in("ada", WORD, HERE).token for _ in range(4)]
        barrier, got = threading.Barrier(4), []

        def try_it(token):
            barrier.wait()
            try:
                got.append(accounts.answer_code(token, code, HERE))
            except Refused:
                got.append(None)

        threads = [threading.Thread(target=try_it, args=(token,)) for token in asked]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]

    assert sum(one is not None for one in got) == 1


def test_a_recovery_code_signs_in_once(known, store):
    _, codes = enrolled("ada")

    asked = accounts.sign_in("ada", WORD, HERE)
    assert accounts.answer_code(asked.token, codes[3].lower().replace("-", " "), HERE).ticket
    again = accounts.sign_in("ada", WORD, HERE)
    with pytest.raises(Refused):
        accounts.answer_code(again.token, codes[3], HERE)

    assert len(codes) == 10
    assert events(store, "auth.recovery_code_used")[-1].object_id == known.ada.user_id


def test_a_seed_is_sealed_where_it_is_kept(known, store):
    key, codes = enrolled("ada")

    with store.reading() as session:
        kept_seeds = [row.sealed_seed for row in session.query(SecondFactor)]
        kept_codes = [row.code_hash for row in session.query(RecoveryCode)]

    assert all(key not in seed for seed in kept_seeds)
    assert not set(kept_codes) & set(codes)


def test_guessing_codes_is_throttled_like_passwords(known):
    enrolled("ada")
    asked = accounts.sign_in("ada", WORD, HERE)
    checked = 0
    for _ in range(12):
        with pytest.raises(Refused):
            accounts.answer_code(asked.token, "000000", HERE)
    with pytest.raises(Refused), time_machine.travel(datetime.now(UTC) + timedelta(seconds=20), tick=False):
        accounts.sign_in("ada", WORD, HERE)
        checked += 1

    assert checked == 0


# Reset codes


def test_a_one_time_code_works_once_within_a_day_and_dies_with_the_next(known, as_, ada):
    with as_(ada) as work:
        irene = next(one for one in users.users(work) if one.username == "irene").id
        first = users.hand_out_code(work, irene)
        second = users.hand_out_code(work, irene)

    with pytest.raises(Refused):
        accounts.use_reset_code("irene", first, "a quite different phrase", HERE)
    assert opened("irene"), "the old password works until the code is used"
    with pytest.raises(Refused), time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        accounts.use_reset_code("irene", second, "a quite different phrase", ELSEWHERE)
    assert accounts.use_reset_code("irene", second.lower(), "a quite different phrase", HERE)
    with pytest.raises(Refused):
        accounts.use_reset_code("irene", second, "yet another phrase here", HERE)
    assert opened("irene", "a quite different phrase")
    assert len(second.replace("-", "")) >= 20


@pytest.mark.parametrize("new", ["olga ruiz olga ruiz", "juniper county sheriff", "{own}", "eight888", WORD])
def test_without_a_code_the_reset_form_tells_nothing_about_a_person(known, new):
    said = []
    for username in ("olga", "nobody", "ada"):
        with pytest.raises(Refused) as refusal:
            accounts.use_reset_code(
                username, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", new.format(own=f"{username}-{username}-12-34-567"), HERE
            )
        said.append(refusal.value.message)

    assert len(set(said)) == 1


def test_an_expired_password_is_replaced_at_sign_in(known):
    _, mine = session_of()
    accounts.change_password(mine.session_id, WORD, "a quite different phrase", HERE)
    with system_work("the tests") as work:
        work.session.get_one(Center, 1).settings = {"door": kept(DoorRules(password_days=90))}
        work.record("settings.changed")

    assert opened(password="a quite different phrase")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=91)):
        asked = accounts.sign_in("olga", "a quite different phrase", HERE)
        assert asked.kind is HalfOpenKind.NEW_PASSWORD
        with pytest.raises(Refused):
            accounts.choose_password(asked.token, "a quite different phrase", HERE)
        assert isinstance(accounts.choose_password(asked.token, "the third long phrase", HERE), Opened)


# The last administrator


def test_the_last_administrator_stays(known, as_, ada):
    for act_on_ada in (
        lambda work, one: users.deactivate(work, one.id, one.version),
        lambda work, one: users.set_roles(work, one.id, one.version, [Role.STAFF]),
    ):
        with pytest.raises(Refused), as_(ada) as work:
            act_on_ada(work, next(one for one in users.users(work) if one.username == "ada"))

    with as_(ada) as work:
        assert Role.ADMINISTRATOR in next(one for one in users.users(work) if one.username == "ada").roles


def test_the_console_lets_a_locked_out_administrator_in_again(known, store):
    """What `manage.py recover` does: switched off, without their phone, they come back with the code it prints."""
    _, mine = session_of("olga")
    enrolled("ada")
    with system_work("the tests") as work:
        work.session.get_one(User, known.ada.user_id).active = False
        work.record("user.deactivated", "user", known.ada.user_id)

    code = console.recover("Ada")

    assert accounts.use_reset_code("ada", code, "a new one after the fire", HERE)
    assert not accounts.live(known.ada.session_id)
    assert accounts.live(mine.session_id), "the control: only hers were ended"
    assert events(store, "user.recovered")
    with pytest.raises(Refused):
        accounts.use_reset_code("ada", code, "a second time with the code", HERE)


def test_the_console_helps_administrators_only(known):
    for username in ("olga", "irene", "nobody"):
        with pytest.raises(Refused, match="no administrator of this name"):
            console.recover(username)


def test_two_administrators_who_demote_each_other_leave_one(known, as_, ada, rounds):
    with as_(ada) as work:
        users.make_user(work, "abel", users.Details("Abel Stone"), [Role.ADMINISTRATOR], None)
    for _ in range(rounds(short=3, long=25)):
        with system_work("the tests") as work:
            everybody = {one.username: one for one in work.session.query(User).all()}
            pair = [everybody["ada"], everybody["abel"]]
            for user in pair:
                user.active = True
                if Role.ADMINISTRATOR not in user.held:
                    user.roles = [UserRole(user_id=user.id, role=Role.ADMINISTRATOR)]
            work.session.flush()
            sessions = [signed_in(work, user.id).id for user in pair]
            work.record("user.updated")
        barrier, outcomes = threading.Barrier(2), []

        def demote(mine, other, barrier=barrier, outcomes=outcomes):
            barrier.wait()
            try:
                with working(mine) as work:
                    users.deactivate(work, other.id, other.version)
                outcomes.append("done")
            except Refused:
                outcomes.append("refused")

        threads = [
            threading.Thread(target=demote, args=(sessions[0], pair[1])),
            threading.Thread(target=demote, args=(sessions[1], pair[0])),
        ]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]

        assert sorted(outcomes) == ["done", "refused"]


# First run


ANSWERS = {
    "center": "Willow House",
    "time_zone": "America/Chicago",
    "name": "Ada Park",
    "username": "ada",
    "password": WORD,
}


def test_first_run_makes_a_center_and_its_administrator_once(store):
    code = setup.fresh_setup_code()

    with pytest.raises(Refused):
        setup.set_up(setup.FirstAnswers(code="WRONG-CODE", **ANSWERS), HERE)
    setup.set_up(setup.FirstAnswers(code=code.lower(), **ANSWERS), HERE)
    with pytest.raises(Refused):
        setup.set_up(setup.FirstAnswers(code=code, **(ANSWERS | {"username": "eve"})), HERE)

    assert isinstance(accounts.sign_in("ada", WORD, HERE), Asked)
    assert setup.fresh_setup_code() is None


@pytest.mark.parametrize(
    "changed", [{"center": "x" * 201}, {"name": "x" * 201}, {"center": "a\x00b"}, {"name": "a\x00b"}]
)
def test_first_run_refuses_names_that_cannot_be_kept(store, changed):
    answers = setup.FirstAnswers(code=setup.fresh_setup_code(), **(ANSWERS | changed))

    with pytest.raises(Refused, match="at most 200 characters"):
        setup.set_up(answers, HERE)

    assert not setup.is_set_up()


def test_two_set_ups_at_once_make_one_administrator(store):
    code, barrier, outcomes = setup.fresh_setup_code(), threading.Barrier(3), []

    def try_it(username):
        barrier.wait()
        try:
            setup.set_up(setup.FirstAnswers(code=code, **(ANSWERS | {"username": username})), HERE)
            outcomes.append("made")
        except Refused:
            outcomes.append("refused")

    threads = [threading.Thread(target=try_it, args=(name,)) for name in ("ada", "eve", "ida")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(outcomes) == ["made", "refused", "refused"]
    with store.reading() as session:
        assert session.query(User).count() == 1


def test_an_empty_site_has_no_default_account(store):
    for username, password in (("admin", "admin"), ("admin", "password"), ("", "")):
        with pytest.raises(Refused):
            accounts.sign_in(username, password, HERE)


# Outside identities


ISSUER = "https://login.example"


@pytest.fixture
def provider(store):
    """The desk has an identity provider."""
    trusted = OutsideSignIn(ISSUER, "desk", "secret", "https://desk.example", "Example")
    site.use(replace(site.present(), settings=replace(site.present().settings, outside=trusted)))


def vouched(**other):
    """The claims of a token that the provider has just made for this desk."""
    claims = {"iss": ISSUER, "aud": "desk", "sub": "subject-1", "nonce": token(), "iat": int(time.time())}
    return claims | other


def test_an_outside_account_opens_a_session_only_for_a_person_made_beforehand(known, as_, ada, provider):
    with pytest.raises(Refused, match="Nobody at this center"):
        accounts.sign_in_from_outside(vouched(), HERE)
    with as_(ada) as work:
        users.connect_outside(work, known.irene.user_id, "subject-1")

    answer = accounts.sign_in_from_outside(vouched(), HERE)

    assert isinstance(answer, Opened)


def test_a_proof_from_outside_is_taken_once(known, as_, ada, provider):
    with as_(ada) as work:
        users.connect_outside(work, known.irene.user_id, "subject-1")
    claims = vouched()
    accounts.sign_in_from_outside(claims, HERE)

    with pytest.raises(Refused, match="used before"):
        accounts.sign_in_from_outside(claims, HERE)


def test_of_two_threads_with_one_proof_one_gets_a_session(known, as_, ada, provider):
    with as_(ada) as work:
        users.connect_outside(work, known.irene.user_id, "subject-1")
    claims, opened, barrier = vouched(), [], threading.Barrier(2)

    def try_it():
        barrier.wait()
        with suppress(Refused):
            opened.append(accounts.sign_in_from_outside(claims, HERE))

    threads = [threading.Thread(target=try_it) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(opened) == 1


def test_without_a_provider_nobody_is_vouched_for_or_connected(known, as_, ada):
    with pytest.raises(Refused, match="could not be proved"):
        accounts.sign_in_from_outside(vouched(), HERE)
    with pytest.raises(Refused, match="no identity provider"), as_(ada) as work:
        users.connect_outside(work, known.irene.user_id, "subject-1")
    assert accounts.outside_sign_in() == ""


@pytest.mark.parametrize("subject", ["", " ", "x" * 256, "a\nb", "a\x00b"])
def test_an_outside_account_needs_its_code(known, as_, ada, provider, subject):
    with pytest.raises(Refused, match="Give the account's code"), as_(ada) as work:
        users.connect_outside(work, known.irene.user_id, subject)


def test_an_outside_account_is_nobody_elses_and_disconnecting_ends_sessions(known, as_, ada, provider, irene):
    with as_(ada) as work:
        users.connect_outside(work, known.irene.user_id, "subject-1")
    with pytest.raises(Refused, match="belongs to somebody"), as_(ada) as work:
        users.connect_outside(work, known.olga.user_id, "subject-1")

    with as_(ada) as work:
        users.disconnect_outside(work, known.irene.user_id)

    with pytest.raises(Refused, match="Nobody at this center"):
        accounts.sign_in_from_outside(vouched(), HERE)
    with pytest.raises(Refused, match="signed out"), working(irene.session_id):
        pass
