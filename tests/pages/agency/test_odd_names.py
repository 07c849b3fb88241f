"""Whatever a child is called, the screens show it as typed and stay whole."""

import pytest
from streamlit.testing.v1 import AppTest

from actions.agency import referrals
from domain.fields import ReferralType
from tests.domain.test_fields_answers import NAMES
from tests.pages.agency.test_writing import box, everything


def test_300_names_are_shown_without_effect():
    def page(names):
        from widgets.plain_text import described, linked, plain

        described((name, name) for name in names)
        linked((f"place-{number}", name) for number, name in enumerate(names))
        for name in names:
            plain(name)

    drawn = AppTest.from_function(page, args=(NAMES,), default_timeout=60).run()

    assert not drawn.exception
    bodies = [element.proto.body for element in drawn.get("html")]
    assert len(bodies) == len(NAMES) + 2
    assert not any("<b>" in body or "<script" in body for body in bodies)
    assert any("García López" in body for body in bodies)


@pytest.mark.parametrize("name", ["محمد\u202e", "<b>Ana</b> :red[x] $y$", "👨‍👩‍👧‍👦\u0007O'Brien"])
def test_an_odd_name_goes_through_form_and_check(open_page, as_, olga, name):
    with as_(olga) as work:
        draft = referrals.start(work, ReferralType.LE)
    page = open_page(olga, "write_referral", r=str(draft.id))
    box(page, "text_input", "First name").set_value(name).run()

    checked = open_page(olga, "check_referral", r=str(draft.id))
    again = open_page(olga, "write_referral", r=str(draft.id))

    assert not page.exception
    assert not checked.exception
    assert "Check your answers" in everything(checked)
    assert box(again, "text_input", "First name").value == name
