"""A referral that is phoned in: who called, the same form as the agencies', and its way into the queue."""

import pytest

from actions.center import referrals
from domain.fields import ReferralType
from tests.cast import ANSWERS
from tests.pages.conftest import words


@pytest.fixture
def draft_id(as_, irene, cast):
    with as_(irene) as work:
        draft = referrals.phone_in(work, ReferralType.LE, cast.sheriff_id, "Deputy Hill", work.now)
    answers = {name: said for name, said in ANSWERS.items() if name != "hotline_report_made"}
    with as_(irene) as work:
        referrals.save_phoned(work, draft.id, answers)
    return draft.id


def test_staff_say_who_called_before_the_form_is_drawn(open_page, irene):
    page = open_page(irene, "phone_in")

    page.button(key="phone-start").click().run()

    assert not page.exception
    assert "Choose the agency, the time of the call and the type of referral first." in words(page)


def test_the_form_is_that_of_the_agencies(open_page, irene, draft_id):
    page = open_page(irene, "phone_in", r=str(draft_id))

    assert not page.exception
    assert "Saved" in words(page)
    assert "Jonathan" in words(page)


def test_a_phoned_referral_is_checked_and_sent_to_the_queue(open_page, irene, draft_id):
    page = open_page(irene, "phone_in", r=str(draft_id), step="check")

    page.button(key="phone-send").click().run()

    assert not page.exception
    assert "phoned in by" in words(page)


def test_a_draft_that_was_begun_can_be_gone_on_with(open_page, irene, draft_id):
    page = open_page(irene, "phone_in")

    assert "Begun and not sent" in words(page)
    page.button(key=f"phone-{draft_id}").click().run()
    assert "Saved" in words(page)


@pytest.mark.parametrize("outsider", ["olga", "peter", "ada", "sam"])
def test_nobody_else_sees_the_draft(open_page, cast, draft_id, outsider):
    page = open_page(getattr(cast, outsider), "phone_in", r=str(draft_id))

    assert "Jonathan" not in words(page)
