"""The queue on the screen: what staff see before anything is opened, and what they can do from a row."""

import pytest

from tests.pages.conftest import words


def test_staff_see_who_waits(open_page, irene, olga, sent_referral):
    sent_referral(olga, child_first_name="Ana", child_last_name="Lopez", urgency="emergency")

    page = open_page(irene, "queue")

    assert not page.exception
    assert "Ana Lopez" in words(page)
    assert "Emergency" in words(page)
    assert "Submitted (1)" in words(page)
