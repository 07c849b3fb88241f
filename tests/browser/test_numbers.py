"""The numbers in a real browser: a number leads to its rows, every part reads well, and paper holds what it should."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import grave, grave_colours
from tests.browser.demo import DemoDesk
from tests.browser.person import PATIENCE, Person

FAULT = "Something went wrong"
PARTS = ("now", "speed", "quality", "duplicates", "volume", "loop", "intake")


@pytest.fixture
def sam(demo: DemoDesk, browser: Browser) -> Iterator[Person]:
    person = demo.person(browser, "sam")
    yield person
    person.leave()


def test_a_number_and_a_row_of_a_table_lead_to_just_their_rows(sam: Person) -> None:
    sam.open("/statistics?part=quality&period=this_fiscal_year")
    table = sam.page.get_by_role("table").first
    # The cell as its own table says it: agencies, the sum of all, returned.
    returned = table.get_by_role("row").last.get_by_role("cell").nth(2)
    wanted = returned.inner_text().strip()

    sam.page.get_by_role("link", name=re.compile("Open: Returned at least once")).click()
    expect(sam.page.get_by_role("heading", name="Referral queue", level=1)).to_be_visible(timeout=PATIENCE)
    sam.settle()
    assert f"All ({wanted})" in sam.text
    assert "Returned at least once" in sam.text

    sam.open("/statistics?part=quality&period=this_fiscal_year")
    first = sam.page.get_by_role("table").first.get_by_role("row").nth(1).get_by_role("link").first
    count = first.inner_text()
    sam.open("/" + str(first.get_attribute("href")).lstrip("/"))
    assert f"All ({count})" in sam.text


def test_every_part_is_clean_in_both_themes_and_names_nobody(sam: Person, demo: DemoDesk) -> None:
    troubles = []
    for part in PARTS:
        sam.page.emulate_media(color_scheme="light")
        sam.open(f"/statistics?part={part}&period=this_fiscal_year")
        everything = sam.page.content() + sam.text
        troubles += [f"{part}: {name}" for name in (FAULT, *demo.names()) if name in everything]
        troubles += grave(sam, f"{part} light")
        troubles += grave_colours(sam.in_theme("dark"), f"{part} dark")

    assert troubles == []


def test_paper_holds_who_printed_it_and_no_menu(sam: Person) -> None:
    sam.open("/statistics?part=volume&period=this_fiscal_year")
    head = sam.page.get_by_text("Printed by")
    expect(head).to_be_hidden()

    sam.page.emulate_media(media="print")

    expect(head).to_be_visible()
    expect(sam.page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(sam.button("Print this page")).to_be_hidden()
    expect(sam.page.get_by_role("table").first).to_be_visible()
    expect(sam.page.get_by_text("Referrals that arrived, by the agency that sent them.")).to_be_visible()
