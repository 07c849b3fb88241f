"""The merge screen: what differs, who said it, the result beside it, the way back, and who is not the same child."""

from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from actions import unsent
from actions.center import doubles, merges, referrals
from domain.fields import ReferralType
from domain.lifecycle import Status
from domain.matching import RecordKind
from tests.pages.conftest import words

MERGE = "merge_referrals"
R = RecordKind.REFERRAL


@pytest.fixture
def two(sent_referral, olga, peter) -> tuple[UUID, UUID]:
    first = sent_referral(
        olga,
        caregivers=[{"row": "aaaaaaaa", "cg_first_name": "Maria", "cg_last_name": "Soto", "cg_relationship": "mother"}],
        safety_concerns=["weapons"],
    )
    second = sent_referral(
        peter,
        ReferralType.CPS,
        child_first_name="Jonathon",
        urgency="emergency",
        narrative="CPS heard the same.",
        caregivers=[{"row": "bbbbbbbb", "cg_first_name": "María", "cg_last_name": "Soto", "cg_relationship": "mother"}],
        safety_concerns=["drugs"],
        cps_intake_number=["C-77"],
    )
    return first, second


def opened(open_page, member, ids) -> AppTest:
    return open_page(member, MERGE, r=",".join(str(each) for each in ids))


def press(page: AppTest, start: str) -> AppTest:
    return next(button for button in page.button if button.label.startswith(start)).click().run()


def radio(page: AppTest, start: str):
    return next(box for box in page.radio if box.label.startswith(start) or start in box.label)


def shown(page: AppTest) -> str:
    html = "\n".join(str(each.proto.body) for each in page.get("html"))
    text = f"{words(page)}\n{html}"
    return text.translate({ord(sign): None for sign in "\\\u2060\u2068\u2069"})


def status_of(as_, irene, ids) -> list[Status]:
    with as_(irene) as work:
        return [referrals.read(work, each).status for each in ids]


def test_only_what_differs_is_shown_with_who_said_it_and_why_it_is_proposed(open_page, irene, two):
    page = opened(open_page, irene, two)

    assert not page.exception
    said = shown(page)
    assert "Merge R-26-0001 and R-26-0002" in said
    assert "Proposed because: the most urgent of the two" in said
    assert "Juniper County Sheriff" in said and "Alder Child Services" in said
    assert radio(page, "How soon").value == "1"
    assert not any("last name" in box.label for box in page.radio), "both say Whitfield"
    assert "the same everywhere" not in said


def test_what_is_the_same_is_shown_when_asked(open_page, irene, two):
    page = opened(open_page, irene, two)

    page.toggle[0].set_value(True).run()

    assert "the same everywhere" in shown(page) and "only Alder Child Services answered" in shown(page)


def test_the_result_beside_follows_every_choice(open_page, irene, two):
    page = opened(open_page, irene, two)
    assert "CPS heard the same." in shown(page)

    radio(page, "How soon").set_value("0").run()
    narrative = next(box for box in page.radio if "What happened" in box.label or box.key.endswith("-narrative"))
    narrative.set_value("0").run()

    html = "\n".join(str(each.proto.body) for each in page.get("html"))
    assert "No special deadline" in html
    assert not page.exception


def test_merging_leads_to_the_result_and_the_next_referral(open_page, as_, irene, sent_referral, olga, two):
    sent_referral(olga, child_first_name="Ana", child_last_name="Mendoza", child_dob="2011-01-09")
    page = opened(open_page, irene, two)
    radio(page, "How soon").set_value("0").run()

    press(page, "Merge R-26-0001 and R-26-0002")

    assert not page.exception
    said = shown(page)
    assert "R-26-0004 was made by a merge" in said
    assert any(button.label.startswith("Next referral: R-26-0003") for button in page.button)
    assert "chosen by hand" in said
    assert status_of(as_, irene, two) == [Status.MERGED, Status.MERGED]


def test_what_was_chosen_and_typed_is_there_after_a_reload_and_gone_once_it_is_merged(open_page, as_, irene, two):
    page = opened(open_page, irene, two)
    radio(page, "How soon").set_value("0").run()
    page.multiselect[0].set_value([]).run()
    page.text_area[0].set_value("Same mother — she called twice.").run()

    again = opened(open_page, irene, two)

    assert radio(again, "How soon").value == "0"
    assert again.multiselect[0].value == []
    assert again.text_area[0].value == "Same mother — she called twice."
    press(again, "Merge R-26-0001 and R-26-0002")
    with as_(irene) as work:
        assert unsent.kept_about(work, two[0]) == []


def test_a_reason_outlives_a_colleagues_change_and_choices_do_not(open_page, as_, irene, sam, two):
    page = opened(open_page, irene, two)
    radio(page, "How soon").set_value("0").run()
    page.text_area[0].set_value("Same mother.").run()
    with as_(sam) as work:
        referrals.correct(work, two[0], referrals.read(work, two[0]).version, {"child_school": "Elm"})

    again = opened(open_page, irene, two)

    assert radio(again, "How soon").value == "1"
    assert again.text_area[0].value == "Same mother."


def test_words_for_a_merge_that_a_colleague_made_first_can_become_a_note(open_page, as_, irene, sam, two):
    opened(open_page, irene, two).text_area[0].set_value("Same mother.").run()
    with as_(sam) as work:
        versions = {each: referrals.read(work, each).version for each in two}
        merges.merge(work, versions, {}, "Same child.", "once")

    page = open_page(irene, "referral", r=str(two[0]))
    page.button(key="unsent-keep-merge").click().run()

    with as_(irene) as work:
        assert [note.text for note in referrals.read(work, two[0]).notes] == ["Same mother."]


def test_two_clicks_on_merge_give_one_result(open_page, as_, irene, two):
    page = opened(open_page, irene, two)
    button = next(each for each in page.button if each.label.startswith("Merge R-"))
    button.click()
    page.run()
    with as_(irene) as work:
        first = referrals.read(work, two[0]).merged_into

    page = opened(open_page, irene, two)

    assert "was merged by Irene Vega" in shown(page)
    with as_(irene) as work:
        assert referrals.read(work, two[0]).merged_into == first


def test_undoing_asks_why_and_puts_both_back(open_page, as_, irene, two):
    page = opened(open_page, irene, two)
    press(page, "Merge R-")
    press(page, "Undo this merge")

    assert "exactly what it was" in shown(page)
    press(page, "Undo the merge")
    assert "Say in a few words why" in shown(page)
    page.text_area[0].set_value("Cousins.")
    next(button for button in page.button if button.label == "Undo the merge").click().run()

    assert "This merge was undone by" in shown(page) and "Cousins" in shown(page)
    assert status_of(as_, irene, two) == [Status.SUBMITTED, Status.SUBMITTED]


def test_children_who_do_not_look_alike_are_warned_about_and_need_a_reason(
    open_page, as_, irene, sent_referral, olga, two
):
    other = sent_referral(olga, child_first_name="Ana", child_last_name="Mendoza", child_dob="2011-01-09")
    page = opened(open_page, irene, [two[0], other])

    assert any("do not look like the same child" in each.value for each in page.warning)
    press(page, "Merge R-")

    assert any("Say in a few words why" in each.value for each in page.error)
    assert status_of(as_, irene, [two[0], other]) == [Status.SUBMITTED, Status.SUBMITTED]


def test_not_the_same_child_stops_the_merge_until_it_is_taken_back(open_page, as_, irene, two):
    page = opened(open_page, irene, two)
    press(page, "Not the same child")
    next(area for area in page.text_area if "two children" in area.label).set_value("Cousins of one name.")
    next(button for button in page.button if button.key and button.key.startswith("not_same_child-do")).click().run()

    assert not page.exception
    assert "are not the same child: Cousins of one name" in shown(page)
    assert not any(button.label.startswith("Merge R-") for button in page.button)
    press(page, "Take “not the same child” back")
    assert any(button.label.startswith("Merge R-") for button in page.button)


def test_decisions_are_listed_and_taken_back(open_page, as_, irene, sam, two):
    with as_(irene) as work:
        doubles.not_same_child(work, (R, two[0]), (R, two[1]), "Cousins.")

    page = open_page(sam, MERGE)

    assert "Cousins" in words(page)
    press(page, "Take back: R-")
    assert "Nobody has said" in words(page)
    assert "Taken back (1)" in [each.label for each in page.expander]


def test_the_decisions_are_one_click_from_a_merge(open_page, irene, two):
    page = opened(open_page, irene, two)

    press(page, "Earlier decisions")

    assert "Nobody has said" in words(page)


def test_one_referral_in_the_address_shows_who_may_be_the_same(open_page, irene, two):
    page = open_page(irene, MERGE, r=str(two[0]))

    assert "Who may be the same child as R-26-0001?" in words(page)
    page.checkbox[0].check().run()
    press(page, "Compare R-26-0001 and R-26-0002")
    assert "Merge R-26-0001 and R-26-0002" in words(page)


@pytest.mark.parametrize("who", ["olga", "peter", "ada"])
def test_who_may_not_merge_sees_none_of_it(open_page, cast, irene, two, who):
    page = opened(open_page, getattr(cast, who), two)

    assert "Not your screen" in words(page)
    assert "Whitfield" not in shown(page) and "R-26-0001" not in shown(page)


def test_a_stranger_sees_only_sign_in(open_page, cast, two):
    page = opened(open_page, None, two)

    assert "Sign in" in [button.label for button in page.button]
    assert "Whitfield" not in shown(page)


@pytest.mark.parametrize("address", ["nonsense", "", "../../etc", f"{UUID(int=7)},{UUID(int=8)}"])
def test_an_address_that_names_nothing_breaks_nothing(open_page, irene, two, address):
    page = open_page(irene, MERGE, r=address)

    assert not page.exception
    assert "Whitfield" not in shown(page)


@pytest.mark.parametrize(
    "name", ["O'Brien", "X", "a" * 200, "محمد", "👧🏽", "a_b*c`d[e](f)", "<b>x</b>", "‮evil", ":red[x] $y$ http://a.b"]
)
def test_names_are_shown_as_typed(open_page, irene, sent_referral, olga, name):
    ids = [sent_referral(olga, child_first_name=name), sent_referral(olga, child_first_name=f"{name[:99]}b")]

    page = opened(open_page, irene, ids)

    next(area for area in page.text_area if "Why are they" in area.label).set_value("The same child.")
    press(page, "Merge R-")
    assert not page.exception
    assert "was made by a merge" in words(page)


def test_a_merge_of_results_undoes_the_outer_one_first(open_page, as_, irene, sent_referral, olga, two):
    with as_(irene) as work:
        versions = {each: referrals.read(work, each).version for each in two}
        inner = merges.merge(work, versions, {}, "Same.", "k1")
    third = sent_referral(olga, narrative="Third.")
    page = opened(open_page, irene, [inner, third])
    press(page, "Merge R-")

    page = open_page(irene, MERGE, m=str(inner))

    assert "Undo the merge that it became part of first" in words(page)
    assert not any(button.label == "Undo this merge" for button in page.button)
