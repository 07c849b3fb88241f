"""The queue on the screen: what staff see before anything is opened, and what they can do from a row."""

import re

import pytest

from actions.center import queue as queue_actions
from actions.center import referrals
from domain.fields import ReferralType
from domain.lifecycle import CloseOutcome, Status
from domain.referrals import QueueFilter
from tests.pages.conftest import rows_of, tell_row, words


@pytest.fixture
def ana(sent_referral, olga):
    return sent_referral(olga, child_first_name="Ana", child_last_name="López", urgency="emergency")


def button(page, start):
    return next(one for one in page.button if one.label.startswith(start))


def by_key(elements, start):
    return next(one for one in elements if str(one.key).startswith(start))


def said_in(page, name):
    """What the address says under a name, whether AppTest gives it alone or in a list."""
    said = page.query_params[name]
    return said[0] if isinstance(said, list) else said


def status_of(as_, member, referral_id):
    with as_(member) as work:
        return referrals.read(work, referral_id).status


def test_staff_see_who_waits_and_how_it_stands(open_page, irene, ana):
    page = open_page(irene, "queue")

    assert not page.exception
    for said in ("Ana", "López", "Emergency", "Submitted (1)", "Rejected (0)", "waiting", "Juniper County Sheriff"):
        assert said in words(page)


def test_the_exact_time_is_at_hand(open_page, irene, ana):
    page = open_page(irene, "queue")

    assert re.search(r"since \w{3} \d{1,2}, 20\d\d, \d{1,2}:\d\d\s[AP]M", words(page))


@pytest.mark.parametrize("outsider", ["olga", "peter", "ada", None])
def test_nobody_else_sees_the_queue_or_anyone_in_it(open_page, cast, ana, outsider):
    page = open_page(getattr(cast, outsider) if outsider else None, "queue")

    assert "Ana" not in words(page)
    assert "R-26" not in words(page)


def test_a_badge_tells_of_a_double_before_anything_is_opened(open_page, irene, olga, peter, sent_referral):
    sent_referral(olga)
    sent_referral(peter, ReferralType.CPS)

    page = open_page(irene, "queue")

    assert words(page).count("May be the same as R-") == 2


def test_an_empty_queue_says_why_and_what_to_do(open_page, irene, ana):
    closed = open_page(irene, "queue", view="closed")
    narrowed = open_page(irene, "queue", type="cps")

    assert "No referral has been closed." in words(closed)
    assert "Clear the filters" in words(narrowed)
    assert "Ana" not in words(narrowed)


def test_clearing_the_filters_shows_everybody_again(open_page, irene, ana):
    page = open_page(irene, "queue", type="cps", urgency="routine")

    page.button(key="queue-clear").click().run()

    assert "Ana" in words(page)
    assert page.query_params == {}


@pytest.mark.parametrize(
    "address",
    [
        {"view": "no-such-view", "page": "-3", "sort": "'; --"},
        {"agency": "not-an-id", "assignee": "../../etc/passwd"},
        {
            "since": "yesterday",
            "until": "2026-99-99",
            "urgency": "<script>",
            "named": "x",
            "type": "x",
            "page": "9" * 99,
        },
    ],
)
def test_an_address_that_makes_no_sense_shows_the_queue(open_page, irene, ana, address):
    page = open_page(irene, "queue", **address)

    assert not page.exception
    assert "Ana" in words(page)


def test_a_typed_name_never_stands_in_the_address(open_page, irene, ana):
    page = open_page(irene, "queue")

    page.text_input[0].set_value("López").run()

    assert "Ana" in words(page)
    assert "pez" not in str(page.query_params)


def test_a_view_and_its_filter_stand_in_the_address(open_page, irene, ana):
    page = open_page(irene, "queue")

    page.segmented_control[0].set_value("closed").run()

    assert said_in(page, "view") == "closed"


def test_open_leads_to_the_referral(open_page, irene, ana):
    page = open_page(irene, "queue")

    # AppTest forgets the other pages when only a fragment runs, so the click is told to the whole page.
    page.session_state["memory"].queue.chosen = ("View", ana)
    page.run()

    assert "As sent by" in words(page)
    assert said_in(page, "r") == str(ana)


def test_what_is_chosen_on_a_row_is_kept_for_the_part_that_answers_it(open_page, irene, ana):
    page = open_page(irene, "queue")

    tell_row(page, "chosen", [str(ana), "Delete"])

    assert page.session_state["memory"].queue.dialog == "delete"
    assert page.session_state["memory"].queue.about == ana


@pytest.mark.parametrize("event", ["chosen", "picked", "no such event"])
@pytest.mark.parametrize(
    "said",
    [
        None,
        True,
        7,
        "View",
        [],
        {},
        ["View"],
        [None, None],
        [["x"], {"y": []}],
        ["00000000-0000-0000-0000-000000000000", "View"],
        ["' OR 1=1; --", "Import"],
        ["<script>alert(1)</script>", True],
        ["x" * 100_000, "y" * 100_000],
    ],
    ids=lambda said: repr(said)[:30],
)
def test_a_browser_that_speaks_of_no_row_is_not_heard(open_page, irene, ana, event, said):
    page = open_page(irene, "queue")

    tell_row(page, event, said)

    assert not page.exception
    assert page.session_state["memory"].queue.dialog == ""
    assert page.session_state["memory"].queue.picked == {}
    assert "Ana" in words(page)


def test_only_what_stands_in_the_menu_of_a_row_is_done(open_page, as_, irene, ana):
    with as_(irene) as work:
        referrals.close(work, ana, referrals.read(work, ana).version, CloseOutcome.CONSULT_ONLY, "Told the officer.")
    page = open_page(irene, "queue", view="closed")

    for what in ("Import", "Delete", "Restore", "Merge with another", "Purge", 7, None, ["View"]):
        tell_row(page, "chosen", [str(ana), what])
    tell_row(page, "picked", [str(ana), True])

    assert rows_of(page)[0]["acts"] == ["View", "Reopen"]
    assert page.session_state["memory"].queue.dialog == ""
    assert page.session_state["memory"].queue.chosen is None
    assert page.session_state["memory"].queue.picked == {}


def test_a_test_referral_is_deleted_from_its_row_with_a_reason_and_taken_back(open_page, as_, irene, ana):
    page = open_page(irene, "queue")

    page.session_state["memory"].queue.dialog = "delete"
    page.session_state["memory"].queue.about = ana
    page.run()
    button(page, "Delete R-").click().run()
    assert "Choose why it is deleted." in words(page)

    by_key(page.radio, "delete-reason").set_value("A test, not a real child").run()
    button(page, "Delete R-").click().run()
    assert status_of(as_, irene, ana) is Status.DELETED
    assert "was deleted" in words(page)

    page.button(key="decided-undo").click().run()
    assert status_of(as_, irene, ana) is Status.SUBMITTED


def test_a_colleague_who_was_faster_is_named_and_nothing_is_done_twice(open_page, as_, irene, sam, ana):
    page = open_page(irene, "queue")
    page.session_state["memory"].queue.dialog = "delete"
    page.session_state["memory"].queue.about = ana
    page.run()
    by_key(page.radio, "delete-reason").set_value("A test, not a real child")
    by_key(page.text_area, "delete-comment").set_value("typed before the clash").run()
    with as_(sam) as work:
        version = referrals.read(work, ana).version
        referrals.assign(work, ana, version, sam.user_id)

    button(page, "Delete R-").click().run()

    assert status_of(as_, irene, ana) is Status.SUBMITTED
    assert "what you typed is still here" in words(page)
    assert by_key(page.text_area, "delete-comment").value == "typed before the clash"


def test_two_picked_referrals_go_to_the_merge_with_their_ids(open_page, irene, olga, peter, sent_referral):
    first, second = sent_referral(olga), sent_referral(peter, ReferralType.CPS)
    page = open_page(irene, "queue")
    assert {row["picked"] for row in rows_of(page)} == {None}

    tell_row(page, "chosen", [str(first), "Merge with another"])
    page.run()
    assert {row["id"]: row["picked"] for row in rows_of(page)} == {str(first): True, str(second): False}
    assert page.button(key="queue-merge").disabled
    tell_row(page, "picked", [str(second), True])
    page.run()
    page.button(key="queue-merge").click().run()

    assert {str(first), str(second)} <= set(str(page.query_params["r"]).replace("'", " ").replace(",", " ").split(" "))


def test_a_pick_is_taken_back_by_the_same_tick_and_all_by_one_button(open_page, irene, olga, peter, sent_referral):
    first, second = sent_referral(olga), sent_referral(peter, ReferralType.CPS)
    page = open_page(irene, "queue")
    tell_row(page, "chosen", [str(first), "Merge with another"]).run()
    tell_row(page, "picked", [str(second), True]).run()
    tell_row(page, "picked", [str(second), True]).run()

    tell_row(page, "picked", [str(first), False])
    assert list(page.session_state["memory"].queue.picked) == [second]

    page.run()
    page.button(key="queue-unpick").click().run()
    assert page.session_state["memory"].queue.picked == {}


def test_the_next_referral_is_one_click_away_after_a_decision(open_page, as_, irene, olga, ana, sent_referral):
    following = sent_referral(olga, child_first_name="Ben")
    page = open_page(irene, "queue")
    with as_(irene) as work:
        version = referrals.read(work, ana).version
        page.session_state["memory"].queue.decided = referrals.close(
            work, ana, version, CloseOutcome.CONSULT_ONLY, "Told the officer."
        )
    page.run()

    button(page, "Next referral").click().run()

    assert said_in(page, "r") == str(following)
    assert "Ben" in words(page)


def test_hostile_names_do_not_break_the_list(open_page, irene, olga, sent_referral):
    name = "![x](https://evil.example/a.png) <script>alert(1)</script> :red[x] `y` ‮z"
    sent_referral(olga, child_first_name=name)

    page = open_page(irene, "queue")

    assert not page.exception
    assert rows_of(page)[0]["child"].startswith(
        "![x](https://evil.example/a.png) <script>alert(1)</script> :red[x] `y`"
    )
    assert "‮" not in words(page)


def test_the_rows_are_those_of_the_queue(open_page, as_, irene, olga, sent_referral):
    for first in ("Ana", "Ben", "Cleo"):
        sent_referral(olga, child_first_name=first)
    with as_(irene) as work:
        rows = queue_actions.queue(work, QueueFilter()).rows

    page = open_page(irene, "queue")

    assert [row["number"] for row in rows_of(page)] == [row.number for row in rows]
