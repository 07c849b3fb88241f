"""Two files of one child on their screens: found, compared, merged, told on both files, and undone."""

from uuid import UUID, uuid4

import pytest

from actions.center import client_merges, clients
from domain.intake import WalkInChoices
from tests.conftest import on_sqlite
from tests.pages.center.test_clients import box, press, shown

pytestmark = on_sqlite
JON = {
    "child_first_name": "Jonathan",
    "child_last_name": "Whitfield",
    "child_dob": "2016-03-27",
    "child_sex": "M",
    "caregivers": [
        {"row": "aaaaaaaa", "cg_first_name": "Maria", "cg_last_name": "Whitfield", "cg_phone": "5055550101"}
    ],
}


def on_file(as_, irene, answers) -> UUID:
    with as_(irene) as work:
        clients.keep_walk_in(work, WalkInChoices(answers))
        clients.walk_in_candidates(work)
    with as_(irene) as work:
        return clients.add_walk_in(work, WalkInChoices(answers, "Another child."), uuid4().hex).client_id


@pytest.fixture
def two(as_, irene) -> tuple[UUID, UUID]:
    return on_file(as_, irene, JON), on_file(as_, irene, JON | {"child_first_name": "Jonathon", "child_school": "Elm"})


def merged(as_, irene, two) -> None:
    with as_(irene) as work:
        view = client_merges.propose(work, *two)
        versions = {file.id: file.version for file in view.files}
        client_merges.merge(work, versions, {}, "The same mother.", uuid4().hex)


def test_a_client_leads_to_the_file_that_may_be_the_same_child(open_page, irene, two):
    page = open_page(irene, "merge_clients", c=str(two[0]))

    assert "Who is the same child as C-26-0001?" in shown(page)
    assert page.button(key="doubled-compare-C-26-0002").label == "Compare C-26-0001 and C-26-0002"


def test_another_file_is_found_by_its_number_and_never_the_same_one(open_page, irene, two):
    page = open_page(irene, "merge_clients", c=str(two[0]))

    page.text_input(key="doubles-text").set_value("Whitfield").run()

    assert [button.label for button in page.button if button.label.startswith("Compare with")] == [
        "Compare with C-26-0002"
    ]


def test_two_files_are_merged_by_one_button_once_it_was_said_why(open_page, as_, irene, two):
    page = open_page(irene, "merge_clients", c=f"{two[0]},{two[1]}")
    assert "Goes on: it was made first." in shown(page) and "Stays readable behind C-26-0001." in shown(page)

    box(page, "Why are they the same child?").set_value("The same mother.").run()
    press(page, "Merge C-26-0002 into C-26-0001")

    with as_(irene) as work:
        assert clients.read(work, two[1]).ended.kept == "C-26-0001"


def test_an_ended_file_says_where_work_goes_on_and_lets_nobody_edit_it(open_page, as_, irene, two):
    merged(as_, irene, two)

    page = open_page(irene, "client", c=str(two[1]))

    assert "Merged into C-26-0001: work on this child goes on there." in shown(page)
    assert page.button(key="edit-file").disabled and page.button(key="add-note").disabled
    assert not [button for button in page.button if button.label.startswith(("Edit case", "Same child as"))]


def test_the_file_that_goes_on_tells_of_the_merge_and_undoes_it(open_page, as_, irene, two):
    merged(as_, irene, two)
    page = open_page(irene, "client", c=str(two[0]))
    assert "C-26-0002 was merged into C-26-0001 by Irene Vega" in shown(page)

    page.button(key="undo-files-C-26-0002").click().run()
    box(page, "Why are they separated again?").set_value("Two cousins.").run()
    next(button for button in page.button if button.label == "Undo the merge").click().run()

    with as_(irene) as work:
        assert clients.read(work, two[1]).ended is None
    for each in two:
        history = shown(open_page(irene, "client", c=str(each)))
        assert "Merge undone: C-26-0002 and C-26-0001 are two files again" in history
        assert "The same mother." in history and "Two cousins." in history


def test_the_list_of_clients_says_who_looks_like_one_child_twice(open_page, irene, two):
    page = open_page(irene, "clients")

    page.text_input(key="clients-text").set_value("Jonathan Whitfield 2016-03-27").run()

    assert "C-26-0001 and C-26-0002 look like one child" in shown(page)


@pytest.mark.parametrize("who", ["olga", "ada"])
def test_the_screen_is_closed_to_others(request, open_page, two, who):
    page = open_page(request.getfixturevalue(who), "merge_clients", c=str(two[0]))

    assert "Whitfield" not in shown(page) and "Jonath" not in shown(page)
