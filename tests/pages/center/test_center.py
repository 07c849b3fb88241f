"""The center's own screen: an administrator writes down whom an emergency must reach."""

from actions.work import system_work
from db import door
from tests.keeping import later
from tests.pages.conftest import words


def write(page, label, text):
    next(box for box in page.text_input if box.label.startswith(label)).set_value(text)


def save(page):
    return next(button for button in page.button if button.label == "Save").click().run()


def without_a_number():
    with system_work("the tests") as work:
        work.session.scalars(door.center()).one().on_call_phone = ""
        work.record("settings.changed", "center")


def test_an_administrator_writes_the_on_call_number_down(open_page, ada):
    without_a_number()
    page = open_page(ada, "center")
    assert "There is no on-call number yet" in words(page)

    write(page, "On-call number", "719-555-0142")
    page = save(page)

    assert not page.exception
    assert "Saved. Forms say it from now on." in words(page)
    assert "There is no on-call number yet" not in words(page)
    assert "719-555-0142" in [box.value for box in open_page(ada, "center").text_input]


def test_a_refusal_is_said_and_what_was_typed_stays(open_page, ada):
    page = open_page(ada, "center")

    write(page, "On-call number", "ask the desk")
    page = save(page)

    assert "The on-call number is not one that can be called" in words(page)
    assert "ask the desk" in [box.value for box in page.text_input]


def test_the_password_is_asked_for_first_and_what_is_there_is_shown(open_page, ada):
    with later(minutes=6):
        page = open_page(ada, "center")

    assert "To change the center, type your password first." in words(page)
    assert "On-call number: 555-0100" in words(page)
    assert not any(box.label.startswith("On-call") for box in page.text_input)


def test_it_is_no_screen_of_anybody_else(open_page, sam, irene, olga):
    for who in (sam, irene, olga):
        page = open_page(who, "center")
        assert "Not your screen" in words(page)
        assert "555-0100" not in words(page)
