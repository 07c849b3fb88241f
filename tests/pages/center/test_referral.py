"""One referral on the screen: what was said, what happened, and every decision about it."""

from actions.center import merges, referrals
from domain.lifecycle import CloseOutcome, DeleteReason, ReturnReason
from domain.referrals import Mark
from tests.pages.conftest import words


def test_staff_see_all_that_was_said_and_by_whom(open_page, irene, olga, sent_referral):
    referral_id = sent_referral(olga, child_first_name="Ana", child_last_name="Lopez")

    page = open_page(irene, "referral", r=str(referral_id))

    assert not page.exception
    assert "Ana Lopez" in words(page)
    assert "As sent by" in words(page)
    assert "Olga" in words(page)


def decided(as_, sam, referral_id, act):
    with as_(sam) as work:
        act(work, referral_id, referrals.read(work, referral_id).version)


def test_a_returned_referral_says_who_returned_it_why_and_what_was_marked(
    open_page, as_, irene, sam, olga, sent_referral
):
    sent, marks = sent_referral(olga), [Mark("child_school", "Which school?")]
    back = ReturnReason.MISSING_INFORMATION
    decided(as_, sam, sent, lambda *at: referrals.return_to_agency(*at, back, "We cannot find the family.", marks))

    said = words(open_page(irene, "referral", r=str(sent)))

    assert "Returned to the agency: Information is missing" in said
    assert "Sam" in said and "We cannot find the family." in said
    assert "nobody has taken it" not in said


def test_a_closed_and_a_deleted_referral_say_why_and_what_brings_them_back(
    open_page, as_, irene, sam, olga, sent_referral
):
    shut, binned = sent_referral(olga), sent_referral(olga)
    outcome, test = CloseOutcome.CONSULT_ONLY, DeleteReason.TEST
    decided(as_, sam, shut, lambda *at: referrals.close(*at, outcome, "Spoke with the sheriff."))
    decided(as_, sam, binned, lambda *at: referrals.delete(*at, test, "Training."))

    closed, deleted = (words(open_page(irene, "referral", r=str(each))) for each in (shut, binned))

    assert "Spoke with the sheriff." in closed and "Reopen puts it back into the queue." in closed
    assert "Training." in deleted and "Restore puts it back where it was." in deleted


def test_a_merged_referral_is_not_proposed_to_be_linked_with_its_own_result(
    open_page, as_, irene, olga, peter, sent_referral
):
    numbers = {"le_case_number": ["24-7001"]}
    two = sent_referral(olga, **numbers), sent_referral(peter, **numbers)
    with as_(irene) as work:
        result = merges.merge(work, {each: referrals.read(work, each).version for each in two}, {}, "One.", "once")

    with as_(irene) as work:
        assert referrals.same_incident(work, two[0]) == ()
        assert referrals.same_incident(work, result) == ()
