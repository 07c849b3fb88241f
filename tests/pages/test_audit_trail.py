"""The audit trail's screen: supervisors read it, staff have none."""

from actions.center import referrals
from tests.pages.conftest import words
from widgets.words import safe


def test_a_supervisor_reads_who_did_what(open_page, sam, olga, sent_referral):
    sent_referral(olga)

    page = open_page(sam, "audit_trail")

    assert not page.exception
    table = page.table[0].value
    assert "Referral sent" in set(table["What"])
    assert safe("Olga Ruiz") in set(table["Who"])


def test_a_record_is_asked_for_by_its_number(as_, open_page, sam, irene, olga, sent_referral):
    first, _ = sent_referral(olga), sent_referral(olga)
    with as_(irene) as work:
        number = referrals.read(work, first).number

    page = open_page(sam, "audit_trail")
    next(entry for entry in page.text_input if entry.label == "Record").set_value(number.lower()).run()
    found = set(page.table[0].value["Record"])
    next(entry for entry in page.text_input if entry.label == "Record").set_value("R-26-9999").run()

    assert found == {safe(f"referral {number}")}
    assert "No record is called so." in words(page)


def test_a_supervisor_checks_the_chain(open_page, sam):
    page = open_page(sam, "audit_trail")

    next(button for button in page.button if button.label.startswith("Check")).click().run()

    assert "are as they were written" in page.success[0].value


def test_staff_have_no_audit_trail(open_page, irene):
    assert "Not your screen" in words(open_page(irene, "audit_trail"))
