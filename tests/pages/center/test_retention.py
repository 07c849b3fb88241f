"""The retention page: what each role sees and can do there, and the notice on a held record."""

from tests.conftest import on_sqlite
from tests.faults import desk_work
from tests.keeping import asked, binned, later, number_of, proven
from tests.pages.conftest import words

pytestmark = on_sqlite


def press(page, label):
    return next(button for button in page.button if button.label == label).click().run()


def write(page, label, text):
    next(box for box in (*page.text_area, *page.text_input) if box.label.startswith(label)).set_value(text)


def test_a_purge_from_the_asking_to_the_certificate(open_page, cast, sent_referral):
    referral_id = sent_referral(cast.olga, child_first_name="Zyxwvut")
    number = number_of(cast.irene, referral_id)
    binned(cast.irene, referral_id)
    with later(days=31):
        page = open_page(proven(cast.ada), "retention")
        assert "**Referrals in the bin**: 1 due, the oldest left alone for" in words(page)
        assert f"Due: {number}" in words(page)
        assert "Zyxwvut" not in words(page)
        write(page, "Why this is purged now", "The period is over.")
        page = press(page, "Ask to purge 1 record")
        assert not page.exception
        assert "Somebody else has to agree" in words(page)
        assert "Agree and purge" not in [button.label for button in page.button]

        other = open_page(proven(cast.sam), "retention")
        assert "asked for a purge" in words(other)
        other = press(other, "Agree and purge")
        assert not other.exception
        paper = next(button for button in other.button if button.label.startswith("P-"))
        paper.click().run()
        assert not other.exception

        shown = words(open_page(cast.sam, "retention", p=paper.key.removeprefix("certificate-")))
    assert "Certificate P-" in shown
    assert all(part in shown for part in (number, "Ada Lund", "Sam Okafor", "The period is over."))
    assert "Not yet" not in shown, "the files were written anew"


def test_a_request_is_withdrawn(open_page, cast, sent_referral):
    binned(cast.irene, sent_referral(cast.olga))
    with later(days=31):
        asked(cast.ada)
        page = press(open_page(proven(cast.sam), "retention"), "Do not purge")

    assert not page.exception
    assert "asked for a purge" not in words(page)


def test_the_password_is_asked_for_first(open_page, cast):
    with later(minutes=6):
        page = open_page(cast.ada, "retention")
        assert "type your password first" in words(page)


def test_a_hold_is_placed_and_lifted_on_the_page_and_shown_on_the_record(open_page, cast, sent_referral):
    referral_id = sent_referral(cast.olga)
    number = number_of(cast.irene, referral_id)
    page = open_page(cast.sam, "retention")
    write(page, "Number", number)
    write(page, "Why: the court", "Order of the district court.")
    page = press(page, "Place the hold")
    assert not page.exception
    assert "Reason: Order of the district court." in words(page)

    assert "Legal hold: nothing of this record is purged" in words(
        open_page(cast.irene, "referral", r=str(referral_id))
    )

    write(page, "Why it is lifted", "The court released it.")
    page = press(page, "Lift the hold")
    assert "No legal hold stands." in words(page)


def test_returns_that_nobody_answered_are_closed_on_the_page(open_page, cast, sent_referral):
    referral_id = sent_referral(cast.olga)
    desk_work.reject(cast.irene, referral_id, desk_work.version(cast.irene, referral_id))
    with later(days=181):
        page = open_page(proven(cast.sam), "retention")
        write(page, "What was tried", "Phoned three times; the supervisor decided.")
        page = press(page, "Close 1 return")

    assert not page.exception
    assert "Closing loses nothing" not in words(page)


def test_periods_are_set_on_the_page(open_page, cast):
    page = open_page(proven(cast.ada), "retention")
    next(box for box in page.number_input if box.label == "Days in the bin").set_value(60)
    page = press(page, "Save these periods")

    assert not page.exception
    assert next(box for box in page.number_input if box.label == "Days in the bin").value == 60


def test_staff_have_no_retention_page_and_a_refusal_keeps_what_was_typed(open_page, cast):
    assert "Not your screen" in words(open_page(cast.irene, "retention"))
    page = open_page(cast.sam, "retention")
    write(page, "Number", "R-99-9999")
    write(page, "Why: the court", "Order of the district court.")
    page = press(page, "Place the hold")

    assert "There is no referral of this number" in words(page)
    assert any(box.value == "Order of the district court." for box in page.text_area)
