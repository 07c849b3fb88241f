"""What an agency says after the merge: told on the result, taken over in its own words, left as it is; never lost."""

from uuid import uuid4

import pytest

from actions.agency import referrals as agency
from actions.center import late_words, merges, queue, referrals
from domain.fields import ReferralType
from domain.referrals import LateKind, QueueFilter
from domain.refusals import NotFound, NotPermitted, Refused, TooLate
from tests.actions.test_merges import merged, undone


@pytest.fixture
def made(as_, irene, olga, peter, sent_referral):
    """Olga's and Peter's referrals and what became of them."""
    first, second = sent_referral(olga), sent_referral(peter, ReferralType.CPS)
    return merged(as_, irene, (first, second)), first, second


def added(as_, member, referral_id, text="The mother moved to Elm Road."):
    with as_(member) as work:
        agency.add_information(work, referral_id, text)


def read(as_, who, referral_id):
    with as_(who) as work:
        return referrals.read(work, referral_id)


def take(as_, who, result_id, late):
    with as_(who) as work:
        version = referrals.read(work, result_id).version
        late_words.take_over(work, result_id, version, late.id)


def test_what_an_agency_adds_to_its_source_waits_on_the_result(as_, irene, olga, made):
    result_id, first, _second = made
    added(as_, olga, first)

    late = read(as_, irene, result_id).late
    assert [(one.kind, one.number, one.agency, one.by, one.text) for one in late] == [
        (LateKind.ADDITION, "R-26-0001", "Juniper County Sheriff", "Olga Ruiz", "The mother moved to Elm Road.")
    ]
    with as_(irene) as work:
        row = queue.queue(work, QueueFilter()).rows[0]
    assert (row.id, row.late, row.withdrawal_asked) == (result_id, 1, False)


def test_one_click_takes_it_over_under_the_agencys_name(as_, irene, olga, made):
    result_id, first, _second = made
    added(as_, olga, first)
    before = read(as_, irene, result_id)

    take(as_, irene, result_id, before.late[0])

    after = read(as_, irene, result_id)
    assert after.late == ()
    assert after.answers["narrative"].startswith(before.answers["narrative"])
    assert "Added by Olga Ruiz, Juniper County Sheriff (R-26-0001)" in after.answers["narrative"]
    assert after.answers["narrative"].endswith("The mother moved to Elm Road.")
    assert [(one.kind, one.by) for one in after.rounds][-1] == ("correction", "Irene Vega")
    assert [one.text for one in after.additions] == ["The mother moved to Elm Road."]
    with as_(irene) as work:
        assert queue.queue(work, QueueFilter()).rows[0].late == 0


def test_an_answer_is_taken_over_with_its_question(as_, irene, olga, made):
    result_id, first, _second = made
    with as_(irene) as work:
        referrals.ask(work, first, "Which school?")
    with as_(olga) as work:
        agency.answer(work, agency.read_own(work, first).questions[0].id, "Elm School")
    late = read(as_, irene, result_id).late
    assert [(one.kind, one.question) for one in late] == [(LateKind.ANSWER, "Which school?")]

    take(as_, irene, result_id, late[0])

    assert read(as_, irene, result_id).answers["narrative"].endswith("Asked: Which school?\nAnswered: Elm School")


def test_a_withdrawal_by_one_agency_is_told_to_staff_who_decide(as_, irene, peter, made):
    result_id, _first, second = made
    with as_(peter) as work:
        agency.withdraw(work, second, agency.read_own(work, second).line.version, "Sent to the wrong center.")

    late = read(as_, irene, result_id).late
    assert [(one.kind, one.agency) for one in late] == [(LateKind.WITHDRAWAL, "Alder Child Services")]
    with as_(irene) as work:
        assert queue.queue(work, QueueFilter()).rows[0].withdrawal_asked
    with pytest.raises(Refused, match="undo the merge, close the result, or leave it"):
        take(as_, irene, result_id, late[0])
    with as_(irene) as work:
        late_words.leave_as_it_is(work, result_id, late[0].id)
    assert read(as_, irene, result_id).late == ()


def test_what_was_said_before_the_merge_is_not_late(as_, irene, olga, peter, sent_referral):
    first, second = sent_referral(olga), sent_referral(peter)
    added(as_, olga, first)

    result_id = merged(as_, irene, (first, second))

    assert read(as_, irene, result_id).late == ()


def test_late_words_follow_a_second_merge_and_go_home_when_it_is_undone(as_, irene, olga, peter, sent_referral, made):
    inner, first, _second = made
    added(as_, olga, first, "Before the second merge.")
    outer = merged(as_, irene, (inner, sent_referral(peter)))
    added(as_, olga, first, "After it.")

    assert [one.text for one in read(as_, irene, outer).late] == ["Before the second merge.", "After it."]
    undone(as_, irene, outer)
    assert [one.text for one in read(as_, irene, inner).late] == ["Before the second merge.", "After it."]
    undone(as_, irene, inner)
    assert read(as_, irene, first).late == ()


def test_the_second_to_decide_is_told_who_was_first(as_, irene, sam, olga, made):
    result_id, first, _second = made
    added(as_, olga, first)
    late = read(as_, irene, result_id).late[0]
    take(as_, irene, result_id, late)

    with pytest.raises(TooLate, match="Irene Vega has looked at this already at"):
        take(as_, sam, result_id, late)
    with pytest.raises(TooLate, match="Irene Vega has looked at this already at"), as_(sam) as work:
        late_words.leave_as_it_is(work, result_id, late.id)


def test_what_is_not_there_or_on_another_referral_is_refused(as_, irene, olga, made):
    result_id, first, _second = made
    added(as_, olga, first)
    late = read(as_, irene, result_id).late[0]

    for where, word in ((result_id, uuid4()), (first, late.id)):
        with pytest.raises(NotFound, match="no such late information"), as_(irene) as work:
            late_words.leave_as_it_is(work, where, word)
    with pytest.raises(NotFound), as_(irene) as work:
        late_words.leave_as_it_is(work, uuid4(), late.id)


@pytest.mark.parametrize("who", ["olga", "lena", "peter", "ada"])
def test_only_the_centers_people_decide_about_it(request, as_, irene, olga, made, who):
    result_id, first, _second = made
    added(as_, olga, first)
    late = read(as_, irene, result_id).late[0]

    with pytest.raises(NotPermitted), as_(request.getfixturevalue(who)) as work:
        late_words.leave_as_it_is(work, result_id, late.id)
    with pytest.raises(NotPermitted):
        take(as_, request.getfixturevalue(who), result_id, late)


def test_no_agency_learns_that_its_words_went_anywhere(as_, irene, olga, made):
    result_id, first, _second = made
    added(as_, olga, first)
    with as_(olga) as work:
        before = agency.read_own(work, first)
    take(as_, irene, result_id, read(as_, irene, result_id).late[0])

    with as_(olga) as work:
        after = agency.read_own(work, first)
    assert (after.line, after.additions, after.rounds) == (before.line, before.additions, before.rounds)
    with as_(irene) as work:
        assert merges.decided(work, result_id).added_since[0].text == "The mother moved to Elm Road."
