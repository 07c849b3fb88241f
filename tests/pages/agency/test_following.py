"""An officer follows what was sent: where it stands, what the center asks, and the way to answer."""

from datetime import timedelta

from actions.agency import referrals
from actions.center import referrals as center_referrals
from db.tables.referrals import Draft
from domain.fields import ReferralType
from domain.lifecycle import ReturnReason
from domain.referrals import Mark
from tests.pages.agency.test_writing import box, everything
from tests.pages.conftest import words


def given_back(as_, irene, referral):
    with as_(irene) as work:
        version = center_referrals.read(work, referral).version
        marks = [Mark("child_dob", "The school says 2017."), Mark("address_line1", "Where does he sleep?")]
        center_referrals.return_to_agency(
            work, referral, version, ReturnReason.UNCLEAR, "Please look at two answers.", marks
        )


def test_the_list_says_where_each_referral_stands_and_what_happens_next(open_page, olga, sent_referral):
    sent_referral(olga)
    page = open_page(olga, "my_referrals")

    assert not page.exception
    assert "R-26-0001" in words(page)
    assert "Sent" in words(page)
    assert "The center will look at it." in words(page)
    assert "Jonathan Whitfield" in everything(page)


def test_a_lead_sees_who_wrote_each_referral(open_page, olga, lena, sent_referral):
    sent_referral(olga)
    sent_referral(lena, child_first_name="Maya", child_last_name="Stone", child_dob="2012-01-02")

    assert "Olga" in words(open_page(lena, "my_referrals"))


def test_an_old_draft_says_when_it_may_be_deleted_in_both_languages(open_page, as_, olga):
    with as_(olga) as work:
        draft = referrals.start(work, ReferralType.LE)
        work.session.flush()
        work.session.get_one(Draft, draft.id).saved_at -= timedelta(days=70)
    page = open_page(olga, "my_referrals")

    assert "on it may be deleted for good, unless you go on with it" in words(page)
    page.segmented_control(key="language").set_value("es").run()
    assert "puede borrarse para siempre" in words(page)


def test_a_receipt_says_whom_to_call_only_until_the_center_has_looked(open_page, as_, olga, irene, sent_referral):
    referral = sent_referral(olga, last_contact_120h="yes")
    assert "Call the center now" in words(open_page(olga, "receipt", r=str(referral)))

    given_back(as_, irene, referral)

    assert "Call the center now" not in words(open_page(olga, "receipt", r=str(referral)))


def test_an_empty_list_says_why(open_page, olga):
    assert "Nothing here yet." in words(open_page(olga, "my_referrals"))


def test_returned_referrals_come_first_with_the_marks_at_their_fields(open_page, as_, olga, irene, sent_referral):
    first = sent_referral(olga)
    sent_referral(olga, child_first_name="Second")
    given_back(as_, irene, first)

    page = open_page(olga, "my_referrals")
    assert words(page).index("R-26-0001") < words(page).index("R-26-0002")
    assert "Returned to you" in words(page)

    page.button(key=f"correct-{first.hex}").click().run()

    assert not page.exception
    told = everything(page)
    assert "Please look at two answers." in told
    assert "The school says 2017." in told
    assert "Where does he sleep?" in told
    assert "Street address, with apartment or unit" in told


def test_a_corrected_referral_is_sent_as_the_next_round(open_page, as_, olga, irene, sent_referral):
    referral = sent_referral(olga)
    given_back(as_, irene, referral)

    page = open_page(olga, "write_referral", r=str(referral))
    box(page, "text_input", "Year").set_value("2017").run()
    checked = open_page(olga, "check_referral", r=str(referral))
    checked.button(key="send_referral").click().run()

    assert not checked.exception
    with as_(irene) as work:
        seen = center_referrals.read(work, referral)
    assert seen.round == 2
    assert seen.answers["child_dob"] == "2017-03-27"


def test_a_question_of_the_center_is_answered(open_page, as_, olga, irene, sent_referral):
    referral = sent_referral(olga)
    with as_(irene) as work:
        center_referrals.ask(work, referral, "Which school?")

    page = open_page(olga, "sent_referral", r=str(referral))
    assert "Which school?" in everything(page)
    box(page, "text_area", "Your answer").set_value("Juniper Elementary.").run()
    next(button for button in page.button if button.label == "Send the answer").click().run()

    assert not page.exception
    assert "Juniper Elementary." in everything(page)


def test_information_is_added_after_sending(open_page, as_, olga, sent_referral):
    referral = sent_referral(olga)

    page = open_page(olga, "sent_referral", r=str(referral))
    box(page, "text_area", "What did you learn since you sent it?").set_value("The uncle moved out.").run()
    next(button for button in page.button if button.label == "Add it").click().run()

    assert "The uncle moved out." in everything(page)
    with as_(olga) as work:
        assert referrals.read_own(work, referral).additions[0].text == "The uncle moved out."


def test_words_that_were_not_sent_are_there_after_a_reload_and_nobody_elses(open_page, as_, olga, lena, sent_referral):
    referral = sent_referral(olga)
    page = open_page(olga, "sent_referral", r=str(referral))
    box(page, "text_area", "What did you learn since you sent it?").set_value("The uncle").run()

    again = open_page(olga, "sent_referral", r=str(referral))
    assert box(again, "text_area", "What did you learn since you sent it?").value == "The uncle"
    leads = open_page(lena, "sent_referral", r=str(referral))
    assert box(leads, "text_area", "What did you learn since you sent it?").value == ""
    next(button for button in again.button if button.label == "Add it").click().run()

    after = open_page(olga, "sent_referral", r=str(referral))
    assert box(after, "text_area", "What did you learn since you sent it?").value == ""


def test_a_referral_is_withdrawn_with_a_reason(open_page, as_, olga, sent_referral):
    referral = sent_referral(olga)

    page = open_page(olga, "sent_referral", r=str(referral))
    page.text_area(key=f"withdraw-{referral.hex}").set_value("Sent to the wrong county.")
    page.button(key="withdraw").click().run()

    assert not page.exception
    with as_(olga) as work:
        assert not referrals.read_own(work, referral).may_withdraw


def test_another_agencys_referral_reads_like_a_number_that_does_not_exist(open_page, olga, peter, sent_referral):
    referral = sent_referral(olga)

    theirs = everything(open_page(peter, "sent_referral", r=str(referral)))
    nobodys = everything(open_page(peter, "sent_referral", r="00000000-0000-4000-8000-000000000000"))

    assert theirs == nobodys
    assert "Whitfield" not in theirs
    assert "There is no such referral" in theirs


def test_staff_have_no_agency_screens(open_page, irene):
    for screen in ("new_referral", "my_referrals", "write_referral", "check_referral", "receipt", "sent_referral"):
        assert "Not your screen" in words(open_page(irene, screen))


def test_what_was_sent_is_shown_in_spanish_too(open_page, olga, sent_referral):
    referral = sent_referral(olga)
    page = open_page(olga, "sent_referral", r=str(referral))
    page.segmented_control(key="language").set_value("es").run()

    told = everything(page)
    assert "Lo que usted envió" in told
    assert "27 de marzo de 2016" in told
    assert "Enviada" in told
