"""The rows of the queue, which are an element of our own: by keyboard, by mouse, and while the list changes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.demo import DemoDesk
from tests.browser.person import Person

ACTS = ["View", "Import", "Reject: return to agency", "Merge with another", "Delete"]


@pytest.fixture
def irene(demo: DemoDesk, browser: Browser) -> Iterator[Person]:
    person = demo.person(browser, "irene").open("/queue")
    yield person
    person.leave()


def opener(irene: Person, nth: int = 0) -> Locator:
    return irene.page.locator(".desk-row-actions").nth(nth)


def items(irene: Person) -> Locator:
    return irene.page.get_by_role("menuitem")


def test_the_menu_of_a_row_is_walked_by_arrows_letters_home_and_end(irene: Person) -> None:
    opener(irene).focus()

    irene.page.keyboard.press("Enter")
    assert items(irene).all_inner_texts() == ACTS
    expect(items(irene).first).to_be_focused()
    expect(opener(irene)).to_have_attribute("aria-expanded", "true")

    for key, focused in (
        ("ArrowDown", "Import"),
        ("ArrowUp", "View"),
        ("ArrowUp", "Delete"),
        ("Home", "View"),
        ("End", "Delete"),
        ("ArrowDown", "View"),
        ("m", "Merge with another"),
        ("r", "Reject: return to agency"),
    ):
        irene.page.keyboard.press(key)
        expect(irene.page.get_by_role("menuitem", name=focused)).to_be_focused()


@pytest.mark.parametrize("key", ["ArrowDown", "ArrowUp"])
def test_an_arrow_at_the_button_opens_the_menu_at_its_near_end(irene: Person, key: str) -> None:
    opener(irene).focus()

    irene.page.keyboard.press(key)

    expect(items(irene).first if key == "ArrowDown" else items(irene).last).to_be_focused()


def test_escape_leaves_the_menu_for_its_button_and_tab_goes_on_from_there(irene: Person) -> None:
    opener(irene).click()
    irene.page.keyboard.press("Escape")
    expect(items(irene)).to_have_count(0)
    expect(opener(irene)).to_be_focused()

    opener(irene).click()
    irene.page.keyboard.press("Tab")
    expect(items(irene)).to_have_count(0)
    expect(irene.page.locator(".desk-row-open").nth(1)).to_be_focused()


def test_one_menu_is_open_at_a_time_and_a_click_elsewhere_closes_it(irene: Person) -> None:
    opener(irene, 0).click()
    opener(irene, 1).focus()
    irene.page.keyboard.press("Enter")
    assert irene.page.get_by_role("menu").count() == 1
    expect(opener(irene, 0)).to_have_attribute("aria-expanded", "false")

    irene.page.get_by_role("heading", name="Referral queue", level=1).click()

    expect(items(irene)).to_have_count(0)


def test_the_menu_of_the_last_row_stays_on_the_screen(irene: Person) -> None:
    last = irene.page.locator(".desk-row-actions").last
    last.scroll_into_view_if_needed()
    irene.page.set_viewport_size({"width": 1280, "height": int(last.bounding_box()["y"]) + 60})

    last.click()

    box = irene.page.get_by_role("menu").bounding_box()
    assert box["y"] + box["height"] <= irene.page.viewport_size["height"]


def test_a_pick_keeps_the_focus_where_it_was_and_counts(irene: Person) -> None:
    first, second = (irene.page.locator(".desk-row-open").nth(nth).inner_text().removeprefix("Open ") for nth in (0, 1))
    irene.from_menu(f"Actions for {first}", "Merge with another")
    irene.sees("Merge: pick one more")
    expect(opener(irene)).to_be_focused()

    irene.tick(f"Pick {second} to merge")
    irene.sees("Merge 2 referrals")
    expect(irene.page.get_by_label(f"Pick {second} to merge")).to_be_focused()

    irene.press("Clear picks")
    expect(irene.page.get_by_label(f"Pick {second} to merge")).to_have_count(0)


def test_another_view_shows_its_own_rows_and_menus(irene: Person) -> None:
    before = irene.page.locator(".desk-row-open").all_inner_texts()

    irene.page.get_by_role("radio", name="Closed").click()
    irene.sees("came")

    expect(irene.page.locator(".desk-row-open").first).not_to_have_text(before[0])
    opener(irene).click()
    assert items(irene).all_inner_texts() == ["View", "Reopen"]


def test_each_name_stands_apart_so_that_its_direction_turns_nothing_beside_it(irene: Person) -> None:
    names = irene.page.locator(".desk-row-head strong bdi")

    assert names.count() == irene.page.locator(".desk-row").count() > 0
