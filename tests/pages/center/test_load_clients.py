"""Loading clients from a spreadsheet, screen by screen."""

from functools import partial
from uuid import UUID

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from actions.center import client_batches, client_spreadsheets, clients
from actions.hands import Hands
from actions.work import looking
from domain.spreadsheet.fates import Fate
from tests.cast import act
from tests.conftest import on_sqlite
from tests.pages import conftest

pytestmark = on_sqlite

FILE = b"Nombre,Apellidos,DOB,Race\nAna,Cruz,03/04/2015,Klingon\nAna,Cruz,03/04/2015,White\n,,13/13/2013,\n"


JOINERS = {ord(sign): None for sign in "\\\u2060\u2068\u2069"}


def words(page):
    return conftest.words(page).translate(JOINERS)


def press(page, start):
    return next(button for button in page.button if button.label.startswith(start)).click().run()


@pytest.fixture
def begun(sam):
    """A file that was chosen."""

    def chosen(content=FILE):
        hands = Hands(partial(looking, sam.session_id), partial(act, sam))
        return client_spreadsheets.begin(hands, "Our *clients*.csv", content)

    return chosen


@pytest.fixture
def open_file(open_page, sam):
    def opened(batch: UUID):
        page = open_page(sam, "load_clients", b=str(batch))
        assert not page.exception
        return page

    return opened


def test_the_first_step_says_what_to_choose(open_page, sam):
    page = open_page(sam, "load_clients")

    assert not page.exception
    assert "**1. Choose the file**" in words(page)
    assert "No file was chosen yet" in words(page)


def test_a_chosen_file_is_read_and_gone_from_the_server(open_page, sam, monkeypatch):
    removed = []
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", lambda _self, _session, file: removed.append(file))
    page = open_page(sam, "load_clients")
    page.file_uploader[0].set_value(("clients.csv", FILE, "text/csv")).run()

    assert not page.exception
    assert "**2. Say what the columns are**" in words(page)
    assert "test_load_clients" not in words(page)


def test_a_file_that_is_none_is_refused_in_a_sentence(open_page, sam):
    page = open_page(sam, "load_clients")
    page.file_uploader[0].set_value(("clients.csv", b"%PDF-1.7 nothing", "text/csv")).run()

    assert "This is a PDF" in page.error[0].value
    assert "**1. Choose the file**" in words(page)


def test_the_columns_are_proposed_and_unclear_answers_asked_about(open_file, begun):
    page = open_file(begun())

    said = words(page)
    assert [box.value for box in page.selectbox][:4] == [
        "child_first_name",
        "child_last_name",
        "child_dob",
        "child_race_ethnicity",
    ]
    assert "What comes first in 03/04/2015?" in said
    assert "“Klingon”" in said

    page = press(page, "Check every line")
    assert "begins with the month or the day" in page.error[0].value


def walked(page):
    """Through the columns and the check."""
    next(radio for radio in page.radio if "What comes first" in radio.label).set_value("day_first").run()
    return press(page, "Check every line")


def test_a_file_goes_from_columns_to_clients_and_back(open_file, begun, as_, sam):
    batch = begun()
    page = walked(open_file(batch))

    assert not page.exception
    said = words(page)
    assert "1 new client would be loaded." in said
    assert "Same as an earlier line (1)" in said
    assert "Cannot be loaded (1)" in said

    page = press(page, "Load 1 new client")
    assert "1 new client loaded by Sam Okafor" in words(page)
    with as_(sam) as work:
        assert clients.search(work, "Cruz").lines[0].dob == "2015-04-03"

    next(box for box in page.text_input if box.label.startswith("Why is the file")).set_value("The wrong list.")
    page = press(page, "Take it back")
    assert "Taken back by Sam Okafor" in words(page)
    with as_(sam) as work:
        assert clients.search(work, "Cruz").lines == ()


def test_what_was_chosen_comes_back_after_a_reload(open_file, begun):
    batch = begun()
    page = open_file(batch)
    page.selectbox[3].set_value("").run()

    again = open_file(batch)
    assert again.selectbox[3].value == ""
    assert "“Klingon”" not in words(again)


def test_a_line_is_left_out_and_taken_in_again(open_file, begun):
    batch = begun()
    page = walked(open_file(batch))

    page = press(page, "Leave out")
    assert "No new client would be loaded." in words(page)
    page.segmented_control(key=f"fate-{batch}").set_value(Fate.LEFT_OUT).run()
    page = press(page, "Load it after all")
    assert "1 new client would be loaded." in words(page)


def test_lines_to_mend_are_offered_once(open_file, begun):
    page = walked(open_file(begun()))
    page = press(page, "Get the line to mend")

    assert not page.exception
    assert "/export/" in str([each.proto for each in page.get("link_button")])


def test_a_file_is_thrown_away(open_file, begun, as_, sam):
    page = press(open_file(begun()), "Throw this file away")

    assert not page.exception
    with as_(sam) as work:
        assert client_batches.files(work) == ()


def test_names_and_file_names_are_shown_letter_for_letter(open_file, begun):
    page = walked(open_file(begun(b"First,Last,DOB\n**Ana**,[x](http://evil),03/04/2015\nBo,Ek,01/02/2015\n")))

    said = conftest.words(page)
    assert "**Ana**" not in said
    assert "](http" not in said
    assert "Our *clients*" not in said


def test_staff_without_the_permission_find_no_such_screen(open_page, irene, olga, ada):
    for member in (irene, olga, ada):
        page = open_page(member, "load_clients")
        assert "Load clients from a spreadsheet" not in words(page)
        assert not page.file_uploader


def test_a_wrong_address_is_told(open_page, sam):
    page = open_page(sam, "load_clients", b="0f0f0f0f-0000-0000-0000-000000000000")

    assert "There is no such file of clients" in page.error[0].value
