"""Guessing at passwords: slowed per account, address and site, and never a way to lock somebody else out."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from actions import accounts
from actions.accounts import Visitor, throttling
from actions.center import users
from actions.work import system_work
from db.tables.people import User
from db.tables.sessions import Attempt, Outcome
from domain import passwords, throttle
from domain.passwords import Cost
from domain.refusals import Refused

WORD = "correct horse battery staple"
CHEAP = Cost(memory=64, passes=1)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch):
    monkeypatch.setattr(passwords, "COST", CHEAP)


@pytest.fixture
def known(cast):
    with system_work("the tests") as work:
        for member in (cast.olga, cast.peter, cast.irene):
            work.session.get_one(User, member.user_id).password_hash = passwords.hashed(WORD, CHEAP)
        work.record("setup.done")
    return cast


def guess(username, visitor, password="wrong"):
    try:
        return accounts.sign_in(username, password, visitor)
    except Refused as refusal:
        return refusal.message


def checks(store):
    """How many guesses reached the password."""
    with store.reading() as session:
        return session.query(Attempt).filter(Attempt.outcome == Outcome.WRONG).count()


def test_a_day_of_guesses_from_one_address_reaches_at_most_110_checks(known, store, rounds, record_property):
    guesses, start = rounds(short=300, long=1000), datetime.now(UTC)
    for number in range(guesses):
        with time_machine.travel(start + timedelta(days=1) * number / guesses, tick=False):
            guess("olga", Visitor("10.0.0.1"))

    record_property("attacks", guesses)
    assert 5 < checks(store) <= 110


def test_a_day_of_guesses_from_many_addresses_reaches_at_most_110_checks(known, store, rounds, record_property):
    guesses, start = rounds(short=300, long=1000), datetime.now(UTC)
    for number in range(guesses):
        with time_machine.travel(start + timedelta(days=1) * number / guesses, tick=False):
            guess("olga", Visitor(f"10.0.{number % 250}.{number % 7}"))

    record_property("attacks", guesses)
    assert checks(store) <= 110


def test_without_the_throttle_every_guess_reaches_the_password(known, store, monkeypatch):
    monkeypatch.setattr(throttle, "free_at", lambda *_args, **_kwargs: None)

    for number in range(40):
        guess("olga", Visitor(f"10.0.0.{number}"))

    assert checks(store) == 40


def test_a_storm_from_fifty_addresses_keeps_no_known_device_out(known, rounds, record_property):
    first = accounts.redeem(accounts.sign_in("olga", WORD, Visitor("10.5.5.5")).ticket, Visitor("10.5.5.5"))
    start = datetime.now(UTC)
    guesses = rounds(short=400, long=10_000)
    record_property("attacks", guesses)
    for number in range(guesses):
        with time_machine.travel(start + timedelta(seconds=number), tick=False):
            guess("olga", Visitor(f"10.66.0.{number % 50}"))

        if number % 100 == 99:
            with time_machine.travel(start + timedelta(seconds=number), tick=False):
                stranger = guess("olga", Visitor("10.5.5.5"), WORD)
                owner = guess("olga", Visitor("10.5.5.5", device=first.device), WORD)
            assert not isinstance(owner, str), "the owner's own browser is let in at once"

    assert isinstance(stranger, str), "the control: without a known device the same address has to wait"


def test_wrong_guesses_on_a_known_device_are_slowed_too(known, store):
    first = accounts.redeem(accounts.sign_in("olga", WORD, Visitor("10.5.5.5")).ticket, Visitor("10.5.5.5"))
    thief = Visitor("10.5.5.5", device=first.device)
    for _ in range(20):
        guess("olga", thief)

    assert checks(store) == throttle.FREE_TRIES
    assert isinstance(guess("olga", thief, WORD), str)


def test_another_persons_device_is_no_known_device(known):
    first = accounts.redeem(accounts.sign_in("peter", WORD, Visitor("10.5.5.5")).ticket, Visitor("10.5.5.5"))
    for _ in range(6):
        guess("olga", Visitor("10.5.5.5", device=first.device))

    assert isinstance(guess("olga", Visitor("10.5.5.5", device=first.device), WORD), str)


def test_a_made_up_device_token_becomes_nobodys_device(known):
    chosen = "a-token-that-the-attacker-chose"

    redeemed = accounts.redeem(
        accounts.sign_in("olga", WORD, Visitor("10.5.5.5", device=chosen)).ticket, Visitor("10.5.5.5", device=chosen)
    )

    assert redeemed.device != chosen


def test_nothing_is_locked_for_ever(known):
    for _ in range(200):
        guess("olga", Visitor("10.0.0.1"))

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        assert not isinstance(guess("olga", Visitor("10.0.0.1"), WORD), str)


def test_an_administrator_frees_a_slowed_account_at_once(known, as_, ada):
    for _ in range(8):
        guess("olga", Visitor("10.0.0.1"))
    assert isinstance(guess("olga", Visitor("10.0.0.1"), WORD), str)

    with as_(ada) as work:
        users.unlock(work, known.olga.user_id)

    assert not isinstance(guess("olga", Visitor("10.0.0.1"), WORD), str)


def test_many_guesses_at_once_do_not_slip_past_the_count(known, store):
    barrier = threading.Barrier(12)

    def try_it():
        barrier.wait()
        guess("olga", Visitor("10.0.0.1"))

    threads = [threading.Thread(target=try_it) for _ in range(12)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert checks(store) == throttle.FREE_TRIES


def test_known_unknown_deactivated_and_waiting_people_cost_the_same_work(known, as_, ada, monkeypatch):
    """Counts the password computations, which are the work; benchmarks/door.py prints the medians in time."""
    with as_(ada) as work:
        peter = next(one for one in users.users(work) if one.username == "peter")
        users.deactivate(work, peter.id, peter.version)
    for _ in range(6):
        guess("irene", Visitor("10.0.0.9"))
    done = []
    real = passwords.fits
    monkeypatch.setattr(passwords, "fits", lambda word, kept: done.append(bool(kept)) or real(word, kept))
    said = set()

    for username, address in (("olga", 1), ("nobody", 2), ("peter", 3), ("irene", 9)):
        said.add(guess(username, Visitor(f"10.0.0.{address}")))

    assert len(done) == 4, "one computation each, whoever it is"
    assert len(said) == 1, "and the same words"


def test_a_booked_guess_that_never_ends_counts_as_wrong(known, store):
    for _ in range(throttle.FREE_TRIES):
        throttling.book("olga", Visitor("10.0.0.1"))

    assert throttling.book("olga", Visitor("10.0.0.1")).verdict is throttling.Verdict.WAIT
