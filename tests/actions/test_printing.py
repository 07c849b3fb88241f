"""A full print of a referral: asked for with a reason, covered, recorded, and refused to whoever may not."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from actions.center import printing, referrals, restricted
from actions.work import now
from db.tables.audit import AuditEntry
from domain.history import timeline
from domain.refusals import NotFound, NotPermitted, Refused, TooLate


def asked(as_, member, referral_id, reason="For the court hearing on Friday."):
    with as_(member) as work:
        return printing.print_referral(work, referral_id, reason)


def test_a_print_says_who_asked_for_it_when_and_why_and_leaves_out_the_reporter(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga, original_reporter="The neighbor, Mrs. Ash")

    printout = asked(as_, irene, referral_id)
    with as_(irene) as work:
        paper = printing.printed(work, printout)

    assert (paper.by, paper.reason, paper.agency) == (
        "Irene Vega",
        "For the court hearing on Friday.",
        "Juniper County Sheriff",
    )
    assert "original_reporter" not in paper.answers and paper.answers["narrative"].startswith("The child told")


def test_a_print_stands_in_the_timeline_and_in_the_audit_trail_without_its_words(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)
    asked(as_, irene, referral_id)

    with as_(irene) as work:
        lines = timeline(referrals.read(work, referral_id))
        entry = work.session.query(AuditEntry).filter_by(event="referral.printed").one()
    assert [(line.by, line.detail) for line in lines if line.kind == "print"] == [
        ("Irene Vega", "For the court hearing on Friday.")
    ]
    assert (entry.actor_name, entry.object_id, entry.reason) == ("Irene Vega", referral_id, "")


@pytest.mark.parametrize("reason", ["", " \n ", "\x00", "x" * 20_001])
def test_a_print_needs_a_reason_that_can_be_kept(as_, irene, olga, sent_referral, reason):
    referral_id = sent_referral(olga)
    with pytest.raises(Refused):
        asked(as_, irene, referral_id, reason)


@pytest.mark.parametrize("who", ["olga", "lena", "peter", "ada"])
def test_only_the_centers_staff_print(request, as_, irene, olga, sent_referral, who):
    referral_id = sent_referral(olga)
    printout = asked(as_, irene, referral_id)
    member = request.getfixturevalue(who)

    with pytest.raises(NotPermitted):
        asked(as_, member, referral_id)
    with pytest.raises(NotPermitted), as_(member) as work:
        printing.printed(work, printout)


def test_a_print_is_for_the_person_who_gave_the_reason_and_for_a_quarter_of_an_hour(
    as_, irene, sam, olga, sent_referral
):
    printout = asked(as_, irene, sent_referral(olga))

    with pytest.raises(TooLate, match="Ask for a new one"), as_(sam) as work:
        printing.printed(work, printout)
    later = time_machine.travel(now() + timedelta(minutes=16))
    with later, pytest.raises(TooLate, match="Ask for a new one"), as_(irene) as work:
        printing.printed(work, printout)


def test_what_one_may_not_see_is_not_printed(as_, irene, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        restricted.restrict(work, "referral", referral_id, [irene.user_id], "A worker's niece.")

    for missing in (referral_id, uuid4()):
        with pytest.raises(NotFound):
            asked(as_, sam, missing)
    with pytest.raises(NotFound), as_(sam) as work:
        printing.printed(work, uuid4())
