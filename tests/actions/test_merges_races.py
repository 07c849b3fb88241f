"""Two people at the same referrals at the same moment: one wins, the other hears who did it, nothing is half done."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest

from actions.center import doubles, merges, referrals
from db.tables.referrals import MergeDecision, NotSameChild, Referral
from domain.lifecycle import CloseOutcome, DeleteReason, Status
from domain.matching import RecordKind
from domain.refusals import Refused

R = RecordKind.REFERRAL


@pytest.fixture
def two(sent_referral, olga):
    return sent_referral(olga), sent_referral(olga, narrative="The same child, told by a neighbour this time.")


def at_once(as_, *acts: tuple[Any, Callable[[Any], Any]]) -> list[Any]:
    """Do all of these at the same moment, each as its person; what each led to, or its refusal."""
    barrier, came = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, member: Any, act: Callable[[Any], Any]) -> None:
        barrier.wait()
        try:
            with as_(member) as work:
                came[place] = act(work)
        except Refused as refused:
            came[place] = refused

    threads = [Thread(target=run, args=(place, *each)) for place, each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def versions(as_, irene, ids):
    with as_(irene) as work:
        return {each: work.session.get(Referral, each).version for each in ids}


def merging(seen, key):
    return lambda work: merges.merge(work, seen, {}, "Same child.", key)


def test_two_people_merge_the_same_two_and_one_result_comes_of_it(as_, irene, sam, two):
    seen = versions(as_, irene, two)
    again = dict(reversed(seen.items()))

    came = at_once(as_, (irene, merging(seen, "k1")), (sam, merging(again, "k2")))

    refused = [each for each in came if isinstance(each, Refused)]
    assert len(refused) == 1 and "was merged by" in refused[0].message
    with as_(irene) as work:
        assert work.session.query(MergeDecision).count() == 1


def test_the_same_click_at_the_same_moment_gives_one_result(as_, irene, two):
    seen = versions(as_, irene, two)

    came = at_once(as_, *[(irene, merging(seen, "one-key"))] * 3)

    assert len({str(each) for each in came}) == 1 and not isinstance(came[0], Refused)


def test_two_merges_that_share_one_referral_do_not_both_get_it(as_, irene, sam, sent_referral, olga, two):
    third = sent_referral(olga, narrative="And a third report about the same child at school.")
    left, right = versions(as_, irene, two), versions(as_, irene, (two[1], third))

    came = at_once(as_, (irene, merging(left, "k1")), (sam, merging(right, "k2")))

    assert sum(isinstance(each, Refused) for each in came) == 1
    with as_(irene) as work:
        merged = [referrals.read(work, each).status for each in (*two, third)].count(Status.MERGED)
    assert merged == 2


@pytest.mark.parametrize("act", ["close", "delete", "undo_or_close"])
def test_a_merge_and_another_decision_at_once_leave_one_of_them(as_, irene, sam, two, act):
    seen = versions(as_, irene, two)
    acts = {
        "close": lambda work: referrals.close(work, two[0], seen[two[0]], CloseOutcome.CONSULT_ONLY, "Told Olga."),
        "delete": lambda work: referrals.delete(work, two[0], seen[two[0]], DeleteReason.TEST),
    }
    if act == "undo_or_close":
        with as_(irene) as work:
            result_id = merges.merge(work, seen, {}, "Same child.", uuid4().hex)
        result = versions(as_, irene, [result_id])[result_id]
        came = at_once(
            as_,
            (irene, lambda work: merges.undo_merge(work, result_id, result, "Two.")),
            (sam, lambda work: referrals.close(work, result_id, result, CloseOutcome.CONSULT_ONLY, "Told.")),
        )
    else:
        came = at_once(as_, (irene, merging(seen, "k")), (sam, acts[act]))

    assert sum(isinstance(each, Refused) for each in came) == 1, came
    with as_(irene) as work:
        statuses = [referrals.read(work, each).status for each in two]
    assert (statuses[0] is Status.MERGED) == (statuses[1] is Status.MERGED)


def test_two_undo_the_same_merge_and_one_hears_that_it_is_done(as_, irene, sam, two):
    with as_(irene) as work:
        result_id = merges.merge(
            work, {each: work.session.get(Referral, each).version for each in two}, {}, "Same child.", "k"
        )
    version = versions(as_, irene, [result_id])[result_id]

    def undo(work):
        return merges.undo_merge(work, result_id, version, "Two.")

    came = at_once(as_, (irene, undo), (sam, undo))

    refused = [each for each in came if isinstance(each, Refused)]
    assert len(refused) == 1 and "undid this merge already" in refused[0].message


def test_two_say_not_the_same_child_at_once_and_it_is_kept_once(as_, irene, sam, two):
    def say(first, second):
        return lambda work: doubles.not_same_child(work, (R, first), (R, second), "Cousins.")

    came = at_once(as_, (irene, say(*two)), (sam, say(*reversed(two))))

    assert not any(isinstance(each, Refused) for each in came)
    with as_(irene) as work:
        assert work.session.query(NotSameChild).count() == 1
