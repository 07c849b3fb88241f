"""The door and one's own account speak Spanish: as the address or the browser asks, and as the account keeps it."""

import pytest

from actions.form_help import choose_language
from domain.spanish_door import DOOR
from tests.pages.conftest import words

SAID = [english for english in DOOR if "{}" not in english and len(english) > 9]


def english_left(page):
    return [sentence for sentence in SAID if sentence in words(page)]


def test_an_address_that_asks_for_spanish_gets_a_spanish_door(open_page, cast):
    page = open_page(None, "queue", lang="es")

    assert not page.exception
    for said in ("Nombre de usuario", "Contraseña", "Entrar", "Tengo un código de un solo uso"):
        assert said in words(page)
    assert english_left(page) == []


@pytest.mark.parametrize("asked", ["fr", "", "<b>"])
def test_another_language_is_english_at_the_door(open_page, cast, asked):
    assert "User name" in words(open_page(None, "queue", lang=asked))


def test_the_switch_at_the_door_goes_there_and_back(open_page, cast):
    page = open_page(None, "queue")
    page.button(key="other_language").click().run()
    assert "Nombre de usuario" in words(page)

    page.button(key="other_language").click().run()
    assert "User name" in words(page)


def test_ones_own_account_speaks_the_language_of_the_account(open_page, as_, olga):
    with as_(olga) as work:
        choose_language(work, "es")

    page = open_page(olga, "account")

    assert not page.exception
    assert "Dónde tiene la sesión abierta" in words(page)
    assert english_left(page) == []


def test_what_was_chosen_at_the_door_is_kept_with_an_agencys_account(open_page, olga):
    assert "Su cuenta" in words(open_page(olga, "account", lang="es"))
    assert "Su cuenta" in words(open_page(olga, "account"))


def test_the_center_reads_english(open_page, irene):
    assert "Your account" in words(open_page(irene, "account", lang="es"))
