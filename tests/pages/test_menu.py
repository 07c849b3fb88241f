"""The menu: everybody gets the screens of their roles, and every address leads a stranger to sign-in."""

from datetime import timedelta

import pytest

from actions.work import now, system_work
from db.tables.sessions import UserSession
from tests.conftest import on_sqlite
from tests.pages.conftest import words


@pytest.mark.parametrize("screen", ["account", "who_may"])
def test_a_stranger_sees_only_sign_in(open_page, cast, screen):
    page = open_page(None, screen)

    assert not page.exception
    assert "Sign in" in [button.label for button in page.button]
    assert "Olga" not in words(page)


def test_a_person_sees_their_own_account(open_page, olga):
    page = open_page(olga, "account")

    assert not page.exception
    assert "Olga Ruiz, user name olga" in words(page)


def test_signing_out_ends_the_session(open_page, olga, as_):
    page = open_page(olga, "account")

    page.button(key="sign_out").click().run()
    again = open_page(olga, "account")

    assert "Sign in" in [button.label for button in again.button]


@on_sqlite
def test_two_minutes_before_the_end_the_person_is_warned_and_can_stay(open_page, olga):
    assert "You will be signed out" not in words(open_page(olga, "account")), "the control: the session is fresh"
    unused_for(olga, timedelta(minutes=12, seconds=30))
    assert "You will be signed out" not in words(open_page(olga, "account"))
    unused_for(olga, timedelta(minutes=13, seconds=30))

    page = open_page(olga, "account")

    assert "You will be signed out in" in words(page)
    assert "Drafts are kept." in words(page)
    assert "Stay signed in" in [button.label for button in page.button]


def unused_for(member, time):
    with system_work("the tests") as work:
        work.session.get_one(UserSession, member.session_id).used_at = now() - time
        work.record("auth.step_up")
