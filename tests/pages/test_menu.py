"""The menu: everybody gets the screens of their roles, and every address leads a stranger to sign-in."""

import pytest

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
