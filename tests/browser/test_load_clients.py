"""A list of clients in a real browser: from the file to clients on file and back, and beside the console."""

import csv
import io
import os
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from tests.browser.demo import DemoDesk
from tests.browser.person import PATIENCE, Person
from tests.browser.running import ROOT

ISOLATES = "\u2068\u2069"
"""Stand around somebody's own words on a page."""
LIKE_ANA = ("Cruz, Ana", "", "", "", "")
"""Likely Ana, and not very likely: a name alone never is."""


@pytest.fixture
def sam(demo: DemoDesk, browser: Browser) -> Iterator[Person]:
    person = Person(browser, demo.desk.url).sign_in("sam", demo.passwords["sam"])
    yield person
    person.leave()


def test_a_list_goes_from_the_file_to_clients_and_back(sam: Person, demo: DemoDesk, tmp_path: Path) -> None:
    sam.open("/load_clients")
    _choose(sam, tmp_path, "report.csv", b"%PDF-1.7 no list")
    sam.sees("This is a PDF. Save the list as an Excel workbook or CSV and choose that file.")
    _choose(sam, tmp_path, "clients.csv", _list(demo))
    sam.page.wait_for_url("**b=*")
    sam.settle()

    _say_the_columns(sam)
    _see_every_fate(sam)
    _decide(sam)
    mending = _lines_to_mend(sam)
    loaded = _load(sam, demo)
    _take_back(sam, demo, loaded)

    why = {row["Name"]: row["What to mend"] for row in mending}
    assert why[""] == "This line has no name. Give the child a first or last name."
    assert why["Nowhere, Ned"].startswith("Date of birth: “40/40/2013” is not a date")


def test_a_file_that_the_console_loads_is_there_in_the_running_app(sam: Person, demo: DemoDesk, tmp_path: Path) -> None:
    file = tmp_path / "from-the-console.csv"
    file.write_text("Last name;First name;DOB\nGwendraeth;Myfanwy;2014-05-03\n", encoding="utf-16")

    done = subprocess.run(
        [sys.executable, "manage.py", "import-clients", str(file), "--as", "sam", "--yes"],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(demo.desk.folder / "data")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    sam.open("/load_clients").sees("1 of 1 line loaded")
    sam.press("Open", nth=0).sees("Gwendraeth")
    _write_why(sam, "Only a trial.")
    sam.sees("Its client is in no list and no search.")
    expect(sam.page.get_by_test_id("stException")).to_have_count(0)


def _list(demo: DemoDesk) -> bytes:
    """Fifty children whose birth dates could all mean two days, and one line of each fate."""
    last, first, born = demo.ask(
        "SELECT last_name, first_name, dob FROM client WHERE withdrawn = 0 AND first_name != '' "
        "AND length(dob) = 10 AND substr(dob, 9) <= '12' ORDER BY number LIMIT 1"
    )[0]
    year, month, day = map(int, born.split("-"))
    lines = [("GARCIA LOPEZ, MARIA DEL CARMEN", "4/5/2014", "F", "", "")]
    lines += [_stranger(Random(number)) for number in range(50)]
    lines += [
        (f"{last}, {first}", f"{month}/{day}/{year}", "", "", ""),
        lines[0],
        ("Cruz, Ana", "3/2/2016", "F", "505-555-0101", "Rosa Cruz"),
        LIKE_ANA,
        ("Nowhere, Ned", "40/40/2013", "", "", ""),
        ("", "1/2/2013", "", "", ""),
    ]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("Name", "Born", "Sex", "Phone", "Mother"), *lines])
    return text.getvalue().encode("utf-8-sig")


def _stranger(chance: Random) -> tuple[str, ...]:
    def word(syllables: int) -> str:
        return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(syllables)).title()

    born = f"{chance.randint(1, 12)}/{chance.randint(1, 12)}/{chance.randint(2009, 2022)}"
    return f"{word(4)}, {word(3)}", born, chance.choice("FM"), "", ""


def _choose(sam: Person, folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    sam.page.set_input_files("input[type=file]", str(folder / name))


def _say_the_columns(sam: Person) -> None:
    sam.sees("How the names are split")
    row = sam.page.get_by_role("row").filter(has_text="GARCIA LOPEZ, MARIA DEL CARMEN")
    expect(row).to_have_count(1)
    parts = [part.strip(ISOLATES) for part in row.get_by_role("cell").all_inner_texts()]
    assert parts == ["GARCIA LOPEZ, MARIA DEL CARMEN", "MARIA DEL CARMEN", "GARCIA LOPEZ"]
    sam.press("Check every line").sees("begins with the month or the day")
    sam.page.get_by_text("The month (March 4)").click()
    sam.settle()
    frames = _frames_received(sam)
    sam.press("Check every line")
    expect(sam.button("Check again")).to_be_visible(timeout=PATIENCE)

    # How often a quick check is painted is the browser's affair; that each line is counted is the action's test.
    assert any(b" of 57" in frame for frame in frames)
    assert sam.settle() and "progressbar" not in sam.page.get_by_test_id("stMain").inner_html()


def _frames_received(sam: Person) -> list[bytes]:
    """What the desk sends to the page from now on, growing."""
    frames: list[bytes] = []
    protocol = sam.context.new_cdp_session(sam.page)
    protocol.on(
        "Network.webSocketFrameReceived", lambda told: frames.append(b64decode(told["response"]["payloadData"]))
    )
    protocol.send("Network.enable")
    return frames


def _see_every_fate(sam: Person) -> None:
    expect(_way_on(sam)).to_be_disabled()
    assert [one["id"] for one in Axe().run(sam.page).response["violations"] if one["impact"] == "critical"] == []
    for fate, words in (
        ("Same as on file", "These children are on file already."),
        ("Same as an earlier line", "Same as line 2"),
        ("Cannot be loaded", "This line has no name."),
        ("New client", "Loading makes a client of each of these lines."),
        ("You decide", "Somebody who is likely the same child was found"),
    ):
        _lines_to_look_at(sam, fate).sees(words)


def _decide(sam: Person) -> None:
    """The first likely one is another child, with the reason; the others are left out."""
    cards = sam.page.locator("[class*=st-key-line-]").filter(has_text="Leave out")
    first = cards.first
    first.get_by_text("Another child: a new client").click()
    sam.settle().sees("Write why this is another child")
    expect(_way_on(sam)).to_be_disabled()
    sam.fill("Why is this another child?", "A cousin, known to us since spring.")
    for place in range(1, cards.count()):
        cards.nth(place).get_by_text("Leave out", exact=True).click()
        sam.settle()
    expect(_way_on(sam)).to_be_enabled()


def _lines_to_mend(sam: Person) -> list[dict[str, str]]:
    sam.press(re.compile(r"^Get the \d+ lines to mend"))
    with sam.page.expect_download() as fetching:
        sam.page.get_by_role("link", name=re.compile("Fetch lines-to-mend.csv")).click()
    content = Path(fetching.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def _load(sam: Person, demo: DemoDesk) -> int:
    before = _on_file(demo)
    label = _way_on(sam).inner_text()
    _way_on(sam).click()
    sam.sees(re.compile(r"\d+ new clients loaded by \W?Sam Okafor"))
    loaded = int(re.search(r"(\d+) new client", label)[1])  # type: ignore[index]
    assert loaded >= 52
    assert _on_file(demo) - before == loaded
    sam.settle().sees("Each of these lines became a client.")
    return loaded


def _take_back(sam: Person, demo: DemoDesk, loaded: int) -> None:
    before = _on_file(demo)
    _write_why(sam, "")
    sam.sees("Write why the file is taken back.")
    _write_why(sam, "The list of the other center.")
    sam.sees(f"Its {loaded} clients are in no list and no search.")
    assert before - _on_file(demo) == loaded


def _write_why(sam: Person, reason: str) -> None:
    sam.settle()
    if not sam.page.locator("details[open]", has_text="Take this file back").count():
        sam.unfold("Take this file back")
    sam.fill("Why is the file taken back?", reason)
    sam.press(re.compile("^Take (it )?back"))


def _lines_to_look_at(sam: Person, fate: str) -> Person:
    sam.page.get_by_test_id("stMain").get_by_text(re.compile(rf"^{fate} \(\d+\)$")).click()
    return sam.settle()


def _way_on(sam: Person) -> Locator:
    return sam.button(re.compile(r"Load \d+ new client"))


def _on_file(demo: DemoDesk) -> int:
    return int(demo.ask("SELECT count(*) FROM client WHERE withdrawn = 0")[0][0])
