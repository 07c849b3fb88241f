"""An officer writes a referral: short, saved as it is typed, checked, sent; every step in English and Spanish."""

import pytest

from actions.agency import referrals
from domain.fields import ReferralType
from tests.cast import ANSWERS
from tests.pages.conftest import words


@pytest.fixture
def draft(as_, olga):
    with as_(olga) as work:
        return referrals.start(work, ReferralType.LE)


@pytest.fixture
def answers_of(as_, olga):
    def read(draft):
        with as_(olga) as work:
            return referrals.read_draft(work, draft.id).answers

    return read


def box(page, kind, label):
    """The one widget of a kind with this label."""
    return next(each for each in getattr(page, kind) if each.label == label)


def test_an_officer_starts_a_referral_of_a_type(open_page, olga):
    page = open_page(olga, "new_referral")
    page.radio(key="kind_of_referral_en").set_value("le").run()
    page.button(key="start_referral").click().run()

    assert not page.exception
    assert "How soon does the child need to be seen?" in words(page)
    assert "Saved" in words(page)


def test_starting_without_a_type_says_what_to_choose(open_page, olga):
    page = open_page(olga, "new_referral")
    page.button(key="start_referral").click().run()

    assert "Choose what kind of referral it is." in words(page)


def test_the_form_begins_with_the_short_path(open_page, olga, draft):
    page = open_page(olga, "write_referral", r=str(draft.id))

    assert not page.exception
    assert "What was reported to you?" in words(page)
    assert "School or day care" not in words(page)


def test_each_answer_is_saved_when_its_box_is_left(open_page, olga, draft, answers_of):
    page = open_page(olga, "write_referral", r=str(draft.id))
    box(page, "text_input", "First name").set_value(" O’Brien-Ñandú ").run()
    box(page, "radio", "Sex").set_value("F").run()
    box(page, "pills", "What kind of concern is it?").set_value(["neglect", "physical_abuse"]).run()
    box(page, "text_area", "What was reported to you?").set_value("She told her teacher.\nTwice.").run()

    assert not page.exception
    saved = answers_of(draft)
    assert saved["child_first_name"] == " O’Brien-Ñandú "
    assert saved["child_sex"] == "F"
    assert saved["allegation_types"] == ["physical_abuse", "neglect"]
    assert saved["narrative"] == "She told her teacher.\nTwice."


def test_a_reload_finds_every_answer_again(open_page, olga, draft):
    page = open_page(olga, "write_referral", r=str(draft.id))
    box(page, "text_input", "First name").set_value("Ana").run()
    box(page, "selectbox", "Date of birth: month").set_value("2").run()
    box(page, "text_input", "Day").set_value("30").run()

    again = open_page(olga, "write_referral", r=str(draft.id))

    assert box(again, "text_input", "First name").value == "Ana"
    assert box(again, "selectbox", "Date of birth: month").value == "2"
    assert box(again, "text_input", "Day").value == "30"


def test_a_birth_date_is_typed_in_three_parts(open_page, olga, draft, answers_of):
    page = open_page(olga, "write_referral", r=str(draft.id))
    box(page, "selectbox", "Date of birth: month").set_value("3").run()
    box(page, "text_input", "Day").set_value("27").run()
    box(page, "text_input", "Year").set_value("2018").run()

    assert answers_of(draft)["child_dob"] == "2018-03-27"
    assert "Age, if you do not know the date of birth" not in words(page)


def test_a_day_that_does_not_exist_is_kept_as_typed_and_refused_in_words(open_page, olga, draft):
    page = open_page(olga, "write_referral", r=str(draft.id))
    box(page, "selectbox", "Date of birth: month").set_value("2").run()
    box(page, "text_input", "Day").set_value("30").run()
    assert "“Date of birth”" not in words(page)
    box(page, "text_input", "Year").set_value("2018").run()
    assert "“Date of birth”: This date does not exist." in words(page)

    checked = open_page(olga, "check_referral", r=str(draft.id))

    assert "This date does not exist. Check the month and the day." in words(checked)


def test_not_known_is_a_tick_that_takes_the_place_of_the_answer(open_page, olga, draft, answers_of):
    page = open_page(olga, "write_referral", r=str(draft.id))
    box(page, "text_input", "Last name").set_value("Ruiz").run()
    ticks = [tick for tick in page.checkbox if tick.label == "Not known"]
    ticks[1].check().run()

    assert answers_of(draft)["child_last_name"] == {"tick": "not_known"}
    assert box(page, "text_input", "Last name").value == ""

    box(page, "text_input", "Last name").set_value("Ruiz").run()

    assert answers_of(draft)["child_last_name"] == "Ruiz"
    assert [tick for tick in page.checkbox if tick.label == "Not known"][1].value is False


def test_refusals_are_said_in_spanish_too(open_page, olga, draft):
    page = open_page(olga, "write_referral", r=str(draft.id))
    page.segmented_control(key="language").set_value("es").run()
    box(page, "text_input", "Nombre").set_value("Ana\0").run()

    assert "contiene un carácter que no se puede guardar" in words(page)


def test_a_character_that_cannot_be_kept_is_refused_and_the_rest_stays(open_page, olga, draft, answers_of):
    page = open_page(olga, "write_referral", r=str(draft.id))
    box(page, "text_input", "Last name").set_value("Ruiz").run()
    box(page, "text_input", "First name").set_value("Ana\0").run()

    assert not page.exception
    assert "character that cannot be" in words(page)
    assert answers_of(draft)["child_last_name"] == "Ruiz"


def test_an_answer_typed_after_the_referral_was_sent_elsewhere_is_refused_in_words(open_page, as_, olga, filled):
    page = open_page(olga, "write_referral", r=str(filled.id))
    with as_(olga) as work:
        referrals.submit(work, filled.id, filled.version)
    box(page, "text_input", "First name").set_value("Anna").run()

    assert not page.exception
    assert "sent" in words(page)


def test_more_details_open_on_request(open_page, olga, draft):
    page = open_page(olga, "write_referral", r=str(draft.id))
    next(button for button in page.button if button.label == "Add more details").click().run()

    assert not page.exception
    assert "Where the child lives" in words(page)


def test_an_open_section_keeps_its_title_so_that_it_stays_open(open_page, as_, olga, draft):
    page = open_page(olga, "write_referral", r=str(draft.id))
    next(button for button in page.button if button.label == "Add more details").click().run()
    before = {one.label for one in page.expander}
    with as_(olga) as work:
        referrals.save_answers(work, draft.id, {"address_county": "Juniper"})
    page.run()

    assert {one.label for one in page.expander} == before
    assert "1 answered" in [one.value for one in page.caption]


def test_people_are_added_one_by_one_and_taken_out(open_page, olga, draft, answers_of):
    page = open_page(olga, "write_referral", r=str(draft.id), section="caregivers")
    box(page, "text_input", "First name").set_value("María").run()
    next(button for button in page.button if button.label == "Add: Caregiver").click().run()
    [box_ for box_ in page.text_input if box_.label == "First name"][1].set_value("Luis").run()

    assert [person["cg_first_name"] for person in answers_of(draft)["caregivers"]] == ["María", "Luis"]

    next(button for button in page.button if button.label == "Take out Caregiver 1").click().run()

    assert [person["cg_first_name"] for person in answers_of(draft)["caregivers"]] == ["Luis"]
    assert not page.exception


@pytest.mark.parametrize("kind", list(ReferralType))
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_question_of_every_type_can_be_drawn(open_page, as_, olga, kind, language):
    from domain import fields

    with as_(olga) as work:
        draft = referrals.start(work, kind)
    page = open_page(olga, "write_referral", r=str(draft.id))
    page.segmented_control(key="language").set_value(language).run()
    for section in fields.SECTIONS:
        page.query_params["section"] = section.name
        page.run()
        if section.name == "household":
            next(button for button in page.button if button.label.startswith(("Add:", "Agregar:"))).click().run()
        assert not page.exception
        for field in fields.of_section(section.name, fields.referral(kind)):
            if field.shown_when is None and field.name != "referral_type":
                assert field.label_in(language).rstrip("?:") in words(page), field.name


def test_an_emergency_shows_whom_to_call_at_once_and_before_sending(open_page, olga, draft):
    page = open_page(olga, "write_referral", r=str(draft.id))
    box(page, "radio", "Could the last incident be within 5 days (120 hours)?").set_value("yes").run()

    assert "Call the center now: **555-0100**" in words(page)

    checked = open_page(olga, "check_referral", r=str(draft.id))

    assert "Call the center now: **555-0100**" in words(checked)
    assert "Whom did you reach at the center, and when?" in words(checked)


def test_a_report_not_made_shows_the_hotline(open_page, as_, peter):
    with as_(peter) as work:
        draft = referrals.start(work, ReferralType.CLIENT)
    page = open_page(peter, "write_referral", r=str(draft.id))
    box(page, "radio", "Has this been reported to the state child abuse hotline?").set_value("no").run()

    assert "555-0199" in words(page)


def test_an_empty_referral_is_not_sent_and_every_sentence_leads_to_its_question(open_page, olga, draft):
    page = open_page(olga, "check_referral", r=str(draft.id))

    assert "There is a problem" in words(page)
    page.button(key="send_referral").click().run()
    assert "Nothing was sent." in words(page)

    again = open_page(olga, "write_referral", r=str(draft.id), section="child", checked="yes")

    assert "“First name” has no answer yet. Type it, or tick “Not known”." in words(again)
    assert "Middle name" in words(again)


@pytest.fixture
def filled(as_, olga, draft):
    with as_(olga) as work:
        saved = {name: value for name, value in ANSWERS.items() if name != "hotline_report_made"}
        referrals.save_answers(work, draft.id, saved)
    return draft


def test_checked_answers_are_sent_and_the_receipt_names_no_child(open_page, olga, filled):
    page = open_page(olga, "check_referral", r=str(filled.id))
    assert "There is a problem" not in words(page)
    page.button(key="send_referral").click().run()

    assert not page.exception
    told = everything(page)
    assert "R-26-0001" in told
    assert "J. W." in told
    assert "Whitfield" not in told


def everything(page):
    """What the page says, with what stands in pieces of HTML."""
    pieces = [element.proto.body for element in page.get("html")]
    return "\n".join([words(page), *pieces])


def test_another_child_of_the_incident_starts_with_the_shared_answers(open_page, olga, filled):
    open_page(olga, "check_referral", r=str(filled.id)).button(key="send_referral").click().run()
    page = open_page(olga, "receipt", r=str(filled.id))
    page.button(key="another_child").click().run()

    assert not page.exception
    assert box(page, "text_input", "First name").value == ""
    assert box(page, "text_area", "What was reported to you?").value == ANSWERS["narrative"]


def test_the_own_agency_is_warned_that_it_already_sent_this_child(open_page, olga, lena, filled, sent_referral):
    sent_referral(olga)
    page = open_page(olga, "check_referral", r=str(filled.id))

    assert "Your agency already sent what looks like the same child." in words(page)


def test_a_draft_is_discarded_after_a_question(open_page, as_, olga, draft):
    page = open_page(olga, "write_referral", r=str(draft.id))
    page.button(key="discard_draft").click().run()

    with as_(olga) as work:
        assert referrals.mine(work) == ()


def test_another_agencys_draft_reads_like_one_that_does_not_exist(open_page, peter, draft):
    theirs = words(open_page(peter, "write_referral", r=str(draft.id)))
    nobodys = words(open_page(peter, "write_referral", r="00000000-0000-4000-8000-000000000000"))

    assert theirs == nobodys
    assert "There is no such referral" in theirs


def test_an_address_that_names_nothing_leads_to_the_list(open_page, olga):
    page = open_page(olga, "write_referral", r="nonsense")

    assert not page.exception
    assert "My referrals" in words(page)


def test_the_whole_form_speaks_spanish(open_page, olga, draft):
    page = open_page(olga, "write_referral", r=str(draft.id))
    page.segmented_control(key="language").set_value("es").run()

    told = words(page)
    assert "Nueva remisión" in told
    assert "¿Qué le reportaron?" in told
    assert "Guardado a las" in told
    assert "What was reported" not in told
    assert "Salir" in told
    again = words(open_page(olga, "new_referral"))
    assert "Nueva remisión" in again
    assert "Salir" in again
