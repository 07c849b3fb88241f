"""A referral that came back: its page shows both rounds and what changed between them."""

from actions.agency import referrals as own
from actions.center import referrals
from domain.lifecycle import ReturnReason
from domain.referrals import Mark


def test_staff_see_what_the_agency_corrected(olga, irene, as_, sent_referral, open_page):
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        version = referrals.read(work, referral_id).version
        marks = [Mark("child_school", "Which school?")]
        referrals.return_to_agency(
            work, referral_id, version, ReturnReason.MISSING_INFORMATION, "The school, please.", marks
        )
    with as_(olga) as work:
        own.save_answers(work, referral_id, {"child_school": "Juniper Elementary"})
    with as_(olga) as work:
        own.submit(work, referral_id, own.read_draft(work, referral_id).version)

    page = open_page(irene, "referral", r=str(referral_id))

    assert not page.exception
    shown = " ".join(str(element.value) for element in (*page.markdown, *page.caption, *page.get("html")))
    assert "Round 2" in shown
    assert "School or day care" in shown
