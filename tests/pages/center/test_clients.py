"""The clients screen, a client's file, and adding a client who came without a referral."""

from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from actions.center import clients, imports, referrals
from domain.intake import IntakeChoices, WalkInChoices
from domain.lifecycle import Status
from tests.pages.conftest import words

JOINERS = {ord(sign): None for sign in "\\\u2060\u2068\u2069"}
ANA = {
    "child_first_name": "Ana",
    "child_last_name": "Cruz",
    "child_dob": "2016-03-27",
    "child_sex": "F",
    "caregivers": [
        {"row": "aaaaaaaa", "cg_first_name": "Rosa", "cg_alleged_offender": "yes", "cg_phone": "505-555-0101"}
    ],
}


def shown(page: AppTest) -> str:
    html = "\n".join(str(each.proto.body) for each in page.get("html"))
    return f"{words(page)}\n{html}".translate(JOINERS)


def press(page: AppTest, start: str) -> AppTest:
    return next(button for button in page.button if button.label.startswith(start)).click().run()


def box(page: AppTest, start: str):
    return next(each for each in (*page.text_input, *page.text_area) if each.label.strip("*").startswith(start))


def opened(open_page, member, client_id: UUID) -> AppTest:
    page = open_page(member, "client", c=str(client_id))
    assert not page.exception
    return page


@pytest.fixture
def ana(as_, irene) -> UUID:
    with as_(irene) as work:
        clients.keep_walk_in(work, WalkInChoices(ANA))
        clients.walk_in_candidates(work)
    with as_(irene) as work:
        return clients.add_walk_in(work, WalkInChoices(ANA), uuid4().hex).client_id


@pytest.fixture
def jonathan(as_, irene, olga, sent_referral) -> tuple[UUID, UUID]:
    """A client made by an import, and the referral."""
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        imports.candidates(work, referral_id)
    with as_(irene) as work:
        version = referrals.read(work, referral_id).version
        made = imports.save_intake(work, referral_id, version, IntakeChoices(decided=True), uuid4().hex)
    return made.client_id, referral_id


def test_clients_are_listed_last_changed_first(open_page, irene, ana):
    page = open_page(irene, "clients")

    assert "Ana Cruz" in shown(page)
    assert "1 client on file" in shown(page)


def test_clients_are_found_by_what_is_typed(open_page, irene, ana, jonathan):
    page = open_page(irene, "clients")

    page.text_input(key="clients-text").set_value("Whitfield").run()

    assert "Jonathan Whitfield" in shown(page)
    assert "Ana Cruz" not in shown(page)


def test_clients_with_another_spelling_are_told_apart(open_page, irene, jonathan):
    page = open_page(irene, "clients")

    page.text_input(key="clients-text").set_value("Jon Whitefield").run()

    assert "Also like what you typed" in shown(page)
    assert "Jonathan Whitfield" in shown(page)


def test_an_empty_answer_says_what_to_do(open_page, irene, ana):
    page = open_page(irene, "clients")

    page.text_input(key="clients-text").set_value("Zzyzx").run()

    assert "Nobody on file fits these words" in shown(page)


def test_a_file_shows_profile_cases_referrals_and_history(open_page, irene, jonathan):
    page = opened(open_page, irene, jonathan[0])

    text = shown(page)
    assert "Jonathan Whitfield" in text
    assert "Case 26-0001" in text
    assert "Presented: R-26-0001, Juniper County Sheriff" in text
    assert "Imported from a referral" in text
    assert "Round 1 as it was written" in text


def test_the_phone_of_an_alleged_offender_is_covered(open_page, irene, ana):
    text = shown(opened(open_page, irene, ana))

    assert "Do not call: ask the team" in text
    assert "555-0101" not in text


def test_a_part_of_the_file_is_edited_in_a_dialog(open_page, as_, irene, ana):
    page = press(opened(open_page, irene, ana), "Edit the file")
    page.selectbox[0].set_value("child").run()
    box(page, "Last name").set_value("Cruz Ortiz").run()
    press(page, "Save the changes")

    assert not page.exception
    assert "Cruz → Cruz Ortiz" in shown(page)
    with as_(irene) as work:
        assert clients.read(work, ana).answers["child_last_name"] == "Cruz Ortiz"


def test_a_wrong_answer_is_refused_in_the_dialog_and_kept(open_page, irene, ana):
    page = press(opened(open_page, irene, ana), "Edit the file")
    page.selectbox[0].set_value("child").run()
    box(page, "Year").set_value("2999").run()

    press(page, "Save the changes")

    assert "Nothing was saved" in shown(page)
    assert box(page, "Year").value == "2999"


def test_a_case_is_closed_and_reopened(open_page, irene, jonathan):
    page = press(opened(open_page, irene, jonathan[0]), "Close case")
    assert "Closed" in shown(page)

    press(page, "Reopen case")

    assert not page.exception
    assert any(button.label.startswith("Close case") for button in page.button)


def test_a_note_is_added(open_page, irene, ana):
    page = press(opened(open_page, irene, ana), "Add a note")
    page.text_area[0].set_value("Called the school.").run()

    press(page, "Add the note")

    assert "Called the school." in shown(page)


def test_a_supervisor_undoes_an_import(open_page, as_, sam, irene, jonathan):
    page = press(opened(open_page, sam, jonathan[0]), "Undo the import")
    page.text_area[0].set_value("Another child.").run()

    next(button for button in page.button if button.label == "Undo the import").click().run()

    assert "Withdrawn" in shown(page)
    with as_(irene) as work:
        assert referrals.read(work, jonathan[1]).status is Status.SUBMITTED


def test_staff_are_not_offered_the_undo(open_page, irene, jonathan):
    page = opened(open_page, irene, jonathan[0])

    assert not any(button.label.startswith("Undo the import") for button in page.button)


def test_a_walk_in_is_searched_for_and_saved(open_page, as_, irene):
    page = open_page(irene, "walk_in")
    assert "Type the child's name or birth date first" in shown(page)
    assert page.button(key="save").disabled

    box(page, "First name").set_value("Luz").run()
    assert "Nobody like this child" in shown(page)
    press(page, "Save: add the client")

    assert not page.exception
    with as_(irene) as work:
        assert clients.search(work, "Luz").total == 1


def test_a_walk_in_who_is_on_file_asks_for_a_reason(open_page, as_, irene, ana):
    with as_(irene) as work:
        clients.keep_walk_in(work, WalkInChoices(ANA))

    page = open_page(irene, "walk_in")
    assert "Very likely the same child" in shown(page)
    press(page, "Save: add the client")
    assert "Write why this is another child" in shown(page)

    box(page, "Why is this another child").set_value("A cousin.").run()
    press(page, "Save: add the client")
    assert not page.exception
    with as_(irene) as work:
        assert clients.search(work, "Ana Cruz").total == 2


@pytest.mark.parametrize("who", ["olga", "peter", "ada", None])
@pytest.mark.parametrize("screen", ["clients", "client", "walk_in"])
def test_others_see_nothing_of_clients(request, open_page, ana, cast, who, screen):
    member = request.getfixturevalue(who) if who else None

    page = open_page(member, screen, c=str(ana))

    assert not page.exception
    assert "Cruz" not in shown(page)


def test_a_client_who_is_not_there_is_said_in_a_sentence(open_page, irene, cast):
    page = open_page(irene, "client", c=str(uuid4()))

    assert "There is no such client, or you may not see the file." in shown(page)
