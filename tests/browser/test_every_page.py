"""Every page of the demo, opened by who may and refused to who may not: readable, narrow enough, and quiet."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import grave, grave_colours
from tests.browser.demo import ROLES, DemoDesk, screens
from tests.browser.person import Person

FAULT = "Something went wrong"
NARROW = (390, 320)
"""Widths of a phone, and of a page enlarged four times (WCAG 1.4.10)."""
TWICE = "document.documentElement.style.fontSize = '{}'"
"""The text twice as large (WCAG 1.4.4), and as it was."""
PARTS = "document.querySelectorAll('[data-testid=stMain] *').length"


@pytest.fixture(scope="module")
def looked_at() -> set[tuple[str, str, int]]:
    """Screens that were looked at from all sides: address, everything a reader is told there, number of parts."""
    return set()


@pytest.mark.parametrize("who", list(ROLES))
def test_every_screen_of_a_role_is_whole_in_both_themes_on_a_phone_and_with_large_text(
    demo: DemoDesk, browser: Browser, who: str, looked_at: set[tuple[str, str, int]], request: pytest.FixtureRequest
) -> None:
    """A screen that is the same for two roles is looked at from all sides once; in the long form for each of them."""
    person = demo.person(browser, who)
    every_time = request.config.getoption("long")
    troubles = []

    for place, screen in enumerate(screen for screen in screens() if screen.open_to(who)):
        address = f"/{screen.address}"
        person.page.set_viewport_size({"width": 1280, "height": 900})
        person.open(address + _record_for(demo, screen.address, who))
        troubles += _faults(person, address)
        told = address, person.page.get_by_test_id("stMain").aria_snapshot(), int(person.page.evaluate(PARTS))
        # With the first screen of a role its menu is looked at.
        if every_time or place == 0 or told not in looked_at:
            looked_at.add(told)
            troubles += _troubles(person, address)

    assert troubles == []
    assert {urlsplit(asked).netloc for asked in person.asked_for} <= {urlsplit(demo.desk.url).netloc, ""}
    person.leave()


def test_a_screen_of_another_role_shows_an_officer_nothing_of_any_child(demo: DemoDesk, browser: Browser) -> None:
    """What the server sends to every role and to strangers is searched in tests/security/test_canaries.py."""
    officer = demo.person(browser, "olga")
    closed = [screen.address for screen in screens() if not screen.open_to("olga")]

    for address in closed:
        officer.open(f"/{address}?r={demo.referral('submitted')}").sees("Not your screen")
        assert [name for name in demo.names() if name in officer.text] == []

    assert closed
    officer.leave()


def _record_for(demo: DemoDesk, address: str, who: str) -> str:
    """The part of the address that names a record this person may open."""
    statuses = {
        "write_referral": ("draft" if who == "olga" else "", who),
        "check_referral": ("draft" if who == "olga" else "", who),
        "receipt": ("submitted", who),
        "sent_referral": ("submitted", who),
        "referral": ("submitted", "%"),
        "import_referral": ("submitted", "%"),
        "intake": ("submitted", "%"),
    }
    if address == "client":
        client = demo.ask("SELECT id FROM client LIMIT 1")[0][0]
        return f"?c={client}"
    status, maker = statuses.get(address, ("", ""))
    return f"?r={demo.referral(status, maker)}" if status else ""


def _faults(person: Person, address: str) -> list[str]:
    """An error, or stars in a label."""
    found = [f"{address}: {FAULT}"] if FAULT in person.text else []
    starred = person.page.locator("[aria-label*='**']").count()
    return found + ([f"{address}: {starred} labels are read with stars"] if starred else [])


def _troubles(person: Person, address: str) -> list[str]:
    """What is wrong with one screen from all sides: grave axe findings, sideways scroll."""
    found = grave(person.in_theme("light"), f"{address} light")
    found += grave_colours(person.in_theme("dark"), f"{address} dark")
    person.page.evaluate(TWICE.format("32px"))
    found += [f"{address}: scrolls sideways with large text"] if person.sideways() > 1 else []
    person.page.evaluate(TWICE.format(""))
    for width in NARROW:
        person.page.set_viewport_size({"width": width, "height": 844})
        person.settle()
        found += [f"{address}: scrolls sideways at {width} px"] if person.sideways() > 1 else []
    return found
