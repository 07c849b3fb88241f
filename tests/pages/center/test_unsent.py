"""Nothing typed in a dialog is lost: not by a reload, a new sign-in or a colleague who was faster."""

import pytest

from actions import unsent
from actions.center import referrals
from domain.lifecycle import CloseOutcome, DeleteReason, ReturnReason
from tests.pages.conftest import words

TYPED = "The school’s name — O’Brien?"


@pytest.fixture
def ana(sent_referral, olga):
    return sent_referral(olga, child_first_name="Ana", child_last_name="López")


def opened(open_page, member, referral, dialog):
    """The referral's page in a browser that was just loaded anew, with a dialog opened."""
    page = open_page(member, "referral", r=str(referral))
    page.session_state["memory"].queue.open(dialog, referral)
    return page.run()


def box(page, name):
    key = f"{page.session_state['memory'].queue.dialog}-{name}-"
    return next(
        one
        for kind in (page.text_area, page.radio, page.selectbox, page.text_input, page.date_input)
        for one in kind
        if str(one.key).startswith(key)
    )


def press(page, name):
    return next(one for one in page.button if str(one.key).startswith(name)).click().run()


@pytest.mark.parametrize(
    ("dialog", "chosen"),
    [
        ("return", ReturnReason.UNCLEAR),
        ("close", CloseOutcome.SERVED_ELSEWHERE),
        ("delete", DeleteReason.DUPLICATE),
        ("ask", None),
        ("note", None),
    ],
)
def test_a_comment_comes_back_after_a_reload(open_page, irene, sam, ana, dialog, chosen):
    page = opened(open_page, irene, ana, dialog)
    box(page, "comment").input(TYPED)
    if chosen:
        box(page, "reason").set_value(chosen)
    page.run()

    again = opened(open_page, irene, ana, dialog)

    assert not again.exception
    assert box(again, "comment").value == TYPED
    assert chosen is None or box(again, "reason").value == chosen
    assert "did not send it" in words(again)
    assert box(opened(open_page, sam, ana, dialog), "comment").value == ""


def test_what_was_sent_does_not_come_back(open_page, irene, ana, as_):
    page = opened(open_page, irene, ana, "note")
    box(page, "comment").input(TYPED).run()
    press(page, "note-do-")

    with as_(irene) as work:
        assert unsent.kept_about(work, ana) == []
        assert TYPED in [note.text for note in referrals.read(work, ana).notes]
    assert box(opened(open_page, irene, ana, "note"), "comment").value == ""


def test_starting_afresh_empties_the_boxes(open_page, irene, ana):
    page = opened(open_page, irene, ana, "close")
    box(page, "comment").input(TYPED).run()

    again = press(opened(open_page, irene, ana, "close"), "close-afresh-")

    assert box(again, "comment").value == ""
    assert box(opened(open_page, irene, ana, "close"), "comment").value == ""


def test_a_half_made_correction_comes_back(open_page, irene, ana):
    page = opened(open_page, irene, ana, "correct")
    box(page, "section").set_value("child").run()
    next(one for one in page.text_input if one.label == "Last name").input("Lopez-Ruiz").run()

    again = opened(open_page, irene, ana, "correct")

    assert "Lopez-Ruiz" in [one.value for one in again.text_input]


def test_words_that_came_too_late_are_shown_and_become_a_note(open_page, irene, sam, ana, as_):
    page = opened(open_page, irene, ana, "return")
    box(page, "comment").input(TYPED).run()
    with as_(sam) as work:
        view = referrals.read(work, ana)
        referrals.close(work, ana, view.version, CloseOutcome.NOT_ELIGIBLE, "Told the agency.")

    later = open_page(irene, "referral", r=str(ana))
    assert TYPED in words(later)
    assert TYPED not in words(open_page(sam, "referral", r=str(ana)))
    press(later, "unsent-keep-return")

    with as_(irene) as work:
        assert TYPED in [note.text for note in referrals.read(work, ana).notes]
        assert unsent.kept_about(work, ana) == []
    assert "You were writing this" not in words(open_page(irene, "referral", r=str(ana)))


def test_the_page_says_what_was_begun(open_page, irene, ana):
    page = opened(open_page, irene, ana, "ask")
    box(page, "comment").input(TYPED).run()

    assert "You began and did not send: question to the agency" in words(open_page(irene, "referral", r=str(ana)))
