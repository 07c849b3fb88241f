"""The import screen and the intake screen, as intake staff use them."""

from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from actions.center import clients, imports, referrals
from domain.intake import IntakeChoices, Side
from domain.lifecycle import Status
from tests.pages.conftest import folded_up, unfolded, words

IMPORT, INTAKE = "import_referral", "intake"
JOINERS = {ord(sign): None for sign in "\\\u2060\u2068\u2069"}


def shown(page: AppTest) -> str:
    html = "\n".join(str(each.proto.body) for each in page.get("html"))
    return f"{words(page)}\n{html}".translate(JOINERS)


def press(page: AppTest, start: str) -> AppTest:
    return next(button for button in page.button if button.label.startswith(start)).click().run()


def screen(page: AppTest) -> str:
    return page.title[0].value


def importing(open_page, member, referral_id: UUID, screen: str = IMPORT) -> AppTest:
    page = open_page(member, screen, r=str(referral_id))
    assert not page.exception
    return page


def imported(as_, member, referral_id, **choices):
    with as_(member) as work:
        imports.candidates(work, referral_id)
    with as_(member) as work:
        version = referrals.read(work, referral_id).version
        return imports.save_intake(work, referral_id, version, IntakeChoices(decided=True, **choices), uuid4().hex)


def to_intake(open_page, page: AppTest, member, referral_id: UUID) -> AppTest:
    """Press Continue; AppTest stays on the page that it opened, so the next screen is opened as the browser would."""
    page = press(page, "Continue to intake")
    assert not page.exception
    assert screen(page).startswith("Intake of R-")
    return importing(open_page, member, referral_id, INTAKE)


def first_name(page: AppTest):
    return next(each for each in page.text_input if each.label.strip("*") == "First name")


def status(as_, member, referral_id):
    with as_(member) as work:
        return referrals.read(work, referral_id).status


@pytest.fixture
def on_file(as_, irene, olga, sent_referral):
    return imported(as_, irene, sent_referral(olga))


def test_the_search_runs_by_itself_and_says_how_far_it_looked(open_page, irene, olga, sent_referral):
    page = importing(open_page, irene, sent_referral(olga))

    assert screen(page).startswith("Import R-")
    assert "Nobody like this child among 0 clients on file" in shown(page)


def test_a_candidates_own_words_are_shown_letter_for_letter(open_page, as_, irene, olga, sent_referral):
    hostile = "<b onmouseover=alert(1)>Ana</b> *x* & \u202eevil"
    imported(as_, irene, sent_referral(olga, child_first_name=hostile))

    page = importing(open_page, irene, sent_referral(olga, child_first_name=hostile))

    said = next(each.proto.body for each in page.get("html") if "desk-candidate" in each.proto.body)
    assert "&lt;b onmouseover=alert(1)&gt;Ana&lt;/b&gt; *x* &amp; [RLO]evil" in said
    assert "<b onmouseover" not in said


def test_a_known_child_is_shown_with_verdict_reasons_and_both_values(open_page, irene, olga, sent_referral, on_file):
    page = importing(open_page, irene, sent_referral(olga, child_first_name="Jonathon"))

    text = shown(page)
    assert "Very likely the same child" in text
    assert on_file.client_number in text
    assert "Jonath<u>o</u>n" in text
    assert "Jonath<u>a</u>n" in text
    assert "strongly for" in text


def test_a_new_client_after_a_strong_match_needs_a_reason(open_page, irene, olga, sent_referral, on_file):
    page = importing(open_page, irene, sent_referral(olga))

    assert page.button(key="add-new").disabled

    page.text_area[0].set_value("A cousin of the same name.").run()
    assert not page.button(key="add-new").disabled


def test_the_whole_way_to_a_new_client(open_page, as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)
    page = importing(open_page, irene, referral_id)

    press(page, "Add new client")
    assert "A new client gets a first case" in shown(page)
    page = to_intake(open_page, page, irene, referral_id)
    assert "Still missing for reports" in shown(page)
    press(page, "Save: add the client")

    assert not page.exception
    assert status(as_, irene, referral_id) is Status.IMPORTED
    with as_(irene) as work:
        assert clients.search(work, "Whitfield").total == 1


def test_the_whole_way_to_a_client_on_file(open_page, as_, irene, olga, sent_referral, on_file):
    referral_id = sent_referral(olga, child_last_name="Whitefield")
    page = importing(open_page, irene, referral_id)

    press(page, "Import to")
    assert "1 still to choose: Last name" in shown(page)
    assert page.button(key="to-intake").disabled
    choice = next(radio for radio in page.radio if radio.label == "Last name")
    choice.set_value(Side.REFERRAL).run()
    assert not page.exception
    page = to_intake(open_page, page, irene, referral_id)
    press(page, "Save into")

    assert not page.exception
    with as_(irene) as work:
        file = clients.read(work, on_file.client_id)
    assert file.answers["child_last_name"] == "Whitefield"
    assert len(file.cases) == 2


def test_a_referral_is_added_to_an_open_case(open_page, as_, irene, olga, sent_referral, on_file):
    referral_id = sent_referral(olga)
    page = importing(open_page, irene, referral_id)

    press(page, "Import to")
    radio = next(each for each in page.radio if each.label == "This referral")
    assert len(radio.options) == 2
    with as_(irene) as work:
        case = clients.read(work, on_file.client_id).cases[0]
    radio.set_value(case.id).run()
    page = to_intake(open_page, page, irene, referral_id)
    press(page, "Save into")

    assert not page.exception
    with as_(irene) as work:
        assert len(clients.read(work, on_file.client_id).cases) == 1


def test_the_words_of_the_search_can_be_changed(open_page, irene, olga, sent_referral, on_file):
    referral_id = sent_referral(olga, child_first_name="Beatrix", child_last_name="Quimby", child_dob="2012-01-05")
    page = unfolded(importing(open_page, irene, referral_id))
    assert on_file.client_number not in shown(page)

    for box, text in (("First name", "Jonathan"), ("Last name", "Whitfield"), ("Date of birth", "2016-03-27")):
        next(each for each in page.text_input if each.label.startswith(box)).set_value(text)
    page.run()

    assert on_file.client_number in shown(page)
    assert on_file.client_number in shown(folded_up(page))


def test_a_phone_that_must_not_be_called_is_nowhere_on_the_screen(open_page, irene, olga, sent_referral):
    caregiver = {"row": "aaaaaaaa", "cg_first_name": "Rosa", "cg_phone": "505-555-0177", "cg_alleged_offender": "yes"}
    sent = [sent_referral(olga, caregivers=[caregiver]) for _ in range(2)]

    page = unfolded(importing(open_page, irene, sent[0]))

    assert "555-0177" not in shown(page)
    assert page.text_input
    assert "0177" not in str([box.value for box in page.text_input])


def test_intake_without_a_search_leads_back_to_it(open_page, irene, olga, sent_referral):
    page = importing(open_page, irene, sent_referral(olga), INTAKE)

    assert screen(page).startswith("Import R-")


def test_what_is_typed_at_intake_is_there_again(open_page, as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)
    page = press(importing(open_page, irene, referral_id), "Add new client")
    page = to_intake(open_page, page, irene, referral_id)

    first_name(page).set_value("Jonathan James").run()
    again = importing(open_page, irene, referral_id, INTAKE)

    assert first_name(again).value == "Jonathan James"
    assert status(as_, irene, referral_id) is Status.SUBMITTED


def test_fields_that_reports_count_are_marked_in_words(open_page, irene, olga, sent_referral):
    referral_id = sent_referral(olga)
    page = press(importing(open_page, irene, referral_id), "Add new client")

    page = to_intake(open_page, page, irene, referral_id)

    assert "Counted in reports." in shown(page)


def test_the_second_to_save_is_told_who_was_first(open_page, as_, irene, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    page = press(importing(open_page, irene, referral_id), "Add new client")
    page = to_intake(open_page, page, irene, referral_id)
    first_name(page).set_value("Jonathan James").run()
    imported(as_, sam, referral_id)

    press(page, "Save: add the client")

    assert not page.exception
    assert "was imported by Sam Okafor" in shown(page)
    assert "Jonathan James" in shown(page)

    press(page, "Keep it as a note")
    with as_(irene) as work:
        assert "First name: Jonathan James" in referrals.read(work, referral_id).notes[0].text


def test_an_open_hotline_task_is_told(open_page, irene, olga, sent_referral):
    from domain.fields import ReferralType

    referral_id = sent_referral(olga, ReferralType.CLIENT, hotline_report_made="no", le_case_number=None)

    page = press(importing(open_page, irene, referral_id), "Add new client")

    assert "The hotline report is not settled" in shown(page)
    page = to_intake(open_page, page, irene, referral_id)
    assert page.button(key="save").disabled


@pytest.mark.parametrize("screen", [IMPORT, INTAKE])
@pytest.mark.parametrize("who", ["olga", "peter", "ada", None])
def test_others_see_nothing_of_an_import(request, open_page, irene, olga, sent_referral, who, screen):
    referral_id = sent_referral(olga)
    member = request.getfixturevalue(who) if who else None

    page = open_page(member, screen, r=str(referral_id))

    text = shown(page)
    assert not page.exception
    assert "Whitfield" not in text
    assert "2016" not in text


def test_a_referral_that_is_not_there_is_said_in_a_sentence(open_page, irene, cast):
    page = open_page(irene, IMPORT, r=str(uuid4()))

    assert "There is no such referral, or you may not see it." in shown(page)


def test_a_client_said_to_be_another_child_is_told_and_a_new_one_needs_no_second_reason(
    open_page, as_, irene, olga, on_file, sent_referral
):
    referral_id = sent_referral(olga)
    page = open_page(irene, "import_referral", r=str(referral_id))
    next(button for button in page.button if button.label.startswith("Not the same child as")).click().run()
    next(each for each in page.text_area if each.label.startswith("How do you know")).set_value("Met both boys.").run()
    next(button for button in page.button if button.label == "Not the same child").click().run()

    page = open_page(irene, "import_referral", r=str(referral_id))

    assert "child by Irene Vega" in shown(page) and "Met both boys" in shown(page)
    assert not page.button(key="add-new").disabled
