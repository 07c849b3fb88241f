"""An officer's form in a real browser: nothing typed is lost, in either language, on a phone, by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from domain.spanish import in_spanish
from tests.browser.axe import grave
from tests.browser.demo import DemoDesk
from tests.browser.person import PATIENCE, Person
from tests.browser.steps import start_referral

SUMMARY = "a[href^='#']"


@pytest.fixture
def officer(demo: DemoDesk, browser: Browser) -> Iterator[Person]:
    olga = demo.person(browser, "olga")
    yield olga
    olga.leave()


def typed(officer: Person, label: str) -> str:
    return officer.page.get_by_label(label, exact=True).first.input_value()


SIGN_OUT = {"English": "Sign out", "Español": in_spanish("Sign out")}


def speak(officer: Person, language: str) -> None:
    """Choose a language and wait until the page speaks it: whoever leaves earlier may leave it unsaid."""
    officer.page.get_by_role("radio", name=language).click(force=True)
    expect(officer.button(SIGN_OUT[language])).to_be_visible(timeout=PATIENCE)
    officer.settle()


def look_through(officer: Person) -> str:
    """Open the form with what is missing said, and read it."""
    officer.open(officer.page.url.split("&")[0] + "&checked=yes")
    return "\n".join(officer.page.locator(SUMMARY).all_inner_texts())


def test_a_reload_and_a_switch_of_language_keep_every_answer(officer: Person) -> None:
    start_referral(officer, "Law enforcement and CPS together")
    officer.fill("First name", "José Ángel")
    officer.fill("Last name", "O’Brien-Ñandú")
    officer.pick("This child is", "Witness")
    officer.choose("Date of birth: month", "February")
    officer.fill("Day", "30")
    officer.fill("Year", "2018")
    officer.pick("Sex", "Male")
    officer.tick("Neglect")

    speak(officer, "Español")
    officer.pick("Sexo", "Femenino")
    officer.page.reload()
    officer.settle()

    assert typed(officer, "Nombre") == "José Ángel"
    assert typed(officer, "Apellidos") == "O’Brien-Ñandú"
    assert typed(officer, "Fecha de nacimiento: mes") == "febrero"
    assert typed(officer, "Día") == "30"
    missing = look_through(officer)
    assert "Esta fecha no existe. Revise el mes y el día." in missing
    assert "«Sexo»" not in missing
    assert "«Este niño o esta niña es»" not in missing
    assert "«¿Qué tipo de preocupación es?»" not in missing
    speak(officer, "English")


def test_the_error_summary_leads_to_the_field_and_has_no_grave_finding(officer: Person) -> None:
    start_referral(officer, "Law enforcement")
    assert "“What was reported to you?” has no answer yet. Type it." in look_through(officer)

    findings = grave(officer, "summary")
    officer.page.locator(SUMMARY, has_text="What was reported to you?").first.click()
    officer.page.wait_for_timeout(500)

    assert findings == []
    assert officer.page.get_by_label("What was reported to you?", exact=True).bounding_box()["y"] < 900


def test_the_form_is_filled_by_keyboard_alone(officer: Person) -> None:
    start_referral(officer, "Law enforcement")
    keys = officer.page.keyboard
    officer.page.get_by_label("First name", exact=True).focus()
    for press in ("Ana", "Tab", "Tab", "Ruiz", "Tab", "Tab", "Space"):
        keys.press(press) if press in ("Tab", "Space") else keys.type(press)
        officer.settle()

    officer.page.reload()
    officer.settle()

    assert typed(officer, "First name") == "Ana"
    assert typed(officer, "Last name") == "Ruiz"
    assert "“This child is”" not in look_through(officer)


def test_the_whole_form_fits_a_narrow_phone(demo: DemoDesk, browser: Browser) -> None:
    on_a_phone = demo.person(browser, "lena", width=320)
    start_referral(on_a_phone, "Law enforcement and CPS together")
    on_a_phone.press("Add more details")
    folded = on_a_phone.page.locator("summary")
    for place in range(folded.count()):
        folded.nth(place).click()
        on_a_phone.settle()

    assert on_a_phone.sideways() <= 1
    on_a_phone.leave()
