"""One referral on the screen: what was said, what happened, and every decision about it."""

from tests.pages.conftest import words


def test_staff_see_all_that_was_said_and_by_whom(open_page, irene, olga, sent_referral):
    referral_id = sent_referral(olga, child_first_name="Ana", child_last_name="Lopez")

    page = open_page(irene, "referral", r=str(referral_id))

    assert not page.exception
    assert "Ana Lopez" in words(page)
    assert "As sent by" in words(page)
    assert "Olga" in words(page)
