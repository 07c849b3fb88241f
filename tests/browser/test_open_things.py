"""Dialogs, menus, lists and errors while they stand open: no grave finding, light or dark."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import grave, grave_colours
from tests.browser.demo import DemoDesk
from tests.browser.open_things import DIALOGS, ERRORS, MENUS, dialogs
from tests.browser.person import PATIENCE, Person


def test_every_dialog_of_the_desk_is_opened_here():
    assert set(dialogs()) == set(DIALOGS)


def test_an_open_dialog_and_its_refusal_have_no_grave_finding(demo: DemoDesk, browser: Browser) -> None:
    sam = demo.person(browser, "sam")
    found = []

    for name, (opened, button) in DIALOGS.items():
        opened(sam, demo)
        found += grave(sam.in_theme("light"), f"{name} light", within="[role=dialog]")
        if button:
            inside = sam.page.get_by_role("dialog")
            inside.get_by_role("button", name=re.compile(f"^{re.escape(button)}")).click()
            expect(inside.get_by_role("alert").first).to_be_visible(timeout=PATIENCE)
        found += grave(sam.in_theme("dark"), f"{name}, refused, dark", within="[role=dialog]")

    assert found == []
    sam.leave()


@pytest.mark.parametrize("what", [MENUS, ERRORS], ids=["menus", "errors"])
def test_an_open_menu_list_or_error_has_no_grave_finding(demo: DemoDesk, browser: Browser, what) -> None:
    people: dict[str, Person] = {}
    found = []

    for name, (who, opened) in what.items():
        if who not in people:
            people[who] = Person(browser, demo.desk.url) if who == "nobody" else demo.person(browser, who)
        opened(people[who], demo)
        found += grave(people[who].in_theme("light"), f"{name} light")
        found += grave_colours(people[who].in_theme("dark"), f"{name} dark")

    assert found == []
    for person in people.values():
        person.leave()
