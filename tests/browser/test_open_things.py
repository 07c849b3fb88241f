"""Dialogs, menus, lists and errors while they stand open: no grave finding, light or dark."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.demo import DemoDesk
from tests.browser.open_things import DIALOGS, ERRORS, MENUS, NOT_IN_THE_DEMO, dialogs
from tests.browser.person import PATIENCE, Person

GRAVE = ("serious", "critical")


def grave(person: Person, where: str, *, dark: bool, within: str | None = None) -> list[str]:
    """What axe finds serious or critical now, in one theme."""
    person.in_theme("dark" if dark else "light")
    violations = Axe().run(person.page, context=within).response["violations"]
    theme = "dark" if dark else "light"
    return [
        f"{where} {theme}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations if one["impact"] in GRAVE
    ]


def test_every_dialog_of_the_desk_is_opened_here():
    assert set(dialogs()) == set(DIALOGS) | NOT_IN_THE_DEMO


def test_an_open_dialog_and_its_refusal_have_no_grave_finding(demo: DemoDesk, browser: Browser) -> None:
    sam = Person(browser, demo.desk.url).sign_in("sam", demo.passwords["sam"])
    found = []

    for name, (opened, button) in DIALOGS.items():
        opened(sam, demo)
        found += grave(sam, name, dark=False, within="[role=dialog]")
        if button:
            inside = sam.page.get_by_role("dialog")
            inside.get_by_role("button", name=re.compile(f"^{re.escape(button)}")).click()
            expect(inside.get_by_role("alert").first).to_be_visible(timeout=PATIENCE)
        found += grave(sam, f"{name}, refused", dark=True, within="[role=dialog]")

    assert found == []
    sam.leave()


@pytest.mark.parametrize("what", [MENUS, ERRORS], ids=["menus", "errors"])
def test_an_open_menu_list_or_error_has_no_grave_finding(demo: DemoDesk, browser: Browser, what) -> None:
    people: dict[str, Person] = {}
    found = []

    for name, (who, opened) in what.items():
        if who not in people:
            people[who] = Person(browser, demo.desk.url)
            if who != "nobody":
                people[who].sign_in(who, demo.passwords[who])
        opened(people[who], demo)
        found += grave(people[who], name, dark=False) + grave(people[who], name, dark=True)

    assert found == []
    for person in people.values():
        person.leave()
