"""The screens for users and agencies: administrators change them, others may not even look."""

from domain.people import Role
from tests.pages.conftest import words


def test_an_administrator_makes_an_agency_and_a_user(open_page, ada):
    page = open_page(ada, "agencies")
    next(box for box in page.text_input if box.label == "Name of the agency").set_value("Elm City Police")
    next(button for button in page.button if button.label == "Make this agency").click().run()

    assert not page.exception
    assert "Elm City Police" in words(page)

    users = open_page(ada, "users")
    typed = {"User name": "tomas", "Name": "Tomas Reyes"}
    for box in users.text_input:
        if box.label in typed:
            box.set_value(typed[box.label])
    users.multiselect[0].set_value([Role.STAFF])
    next(button for button in users.button if button.label == "Make this user").click().run()

    assert not users.exception
    assert "Tomas Reyes · user name tomas · Intake staff · has not signed in yet" in words(users)
    assert "Hand this one-time code over" in words(users)
    assert [box.value for box in users.text_input if box.label in typed] == ["", ""]


def test_staff_have_no_users_screen(open_page, irene):
    page = open_page(irene, "users")

    assert "Not your screen" in words(page)
    assert "Olga Ruiz" not in words(page)
