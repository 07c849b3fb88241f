"""`manage.py import-clients` as it is used: a process of its own, beside the running app."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from actions import site
from actions.center import client_batches, client_loading
from actions.center.loading_at_the_console import Wanted, prepare
from actions.hands import Hands
from actions.work import looking
from db.tables.audit import AuditEntry
from db.tables.clients import Client
from domain.refusals import Refused
from domain.spreadsheet.fates import BatchStatus, Fate
from settings import APP_FOLDER, read
from tests.cast import act, bring_in

LIST = """Familienname;Given;Born;Race;Remarks
Cruz;Ana;27/3/2016;Klingon;x
Whitfield;Jonathan;5/4/2014;White;x
Cruz;Ana;27/3/2016;White;x
Whitfield;J;5/4/2014;;x
;;1/2/2015;;x
Okafor;Benedict;40/1/2012;;x
"""
RACE = "child_race_ethnicity"
MAPPING = {
    "columns": {"Familienname": "child_last_name", "Given": "child_first_name", "Born": "child_dob", "Race": RACE},
    "dates": {"Born": "day_first"},
    "words": {"Race": {"klingon": ""}},
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk that runs in this process, with its cast and a list beside it."""
    folder = tmp_path_factory.mktemp("console")
    settings = read({"DATA_DIR": str(folder / "data")}, folder / "none.toml")
    (folder / "clients.csv").write_text(LIST, encoding="cp1252")
    (folder / "unclear.csv").write_text("Last name,Born\nCruz,3/4/2016\n", encoding="utf-8")
    (folder / "map.json").write_text(json.dumps(MAPPING), encoding="utf-8")
    (folder / "strange.json").write_text('{"columns": {"Given": "child_pony"}}', encoding="utf-8")
    (folder / "report.csv").write_bytes(b"%PDF-1.7 no list")
    with site.serving(settings) as running:
        yield folder, running, bring_in(running.store)


@pytest.fixture
def console(desk):
    """Start the command in a process of its own: `console("clients.csv", "--as", "sam")`."""
    folder, _, _ = desk

    def begun(*arguments):
        return subprocess.Popen(
            [sys.executable, str(APP_FOLDER / "manage.py"), "import-clients", *arguments],
            cwd=folder,
            env=os.environ | {"DATA_DIR": str(folder / "data")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    return begun


def ended(process, typed=""):
    said, wrong = process.communicate(typed, timeout=120)
    return process.returncode, said, wrong


def on_file(running):
    with running.store.reading() as session:
        return session.scalar(select(func.count()).select_from(Client).where(Client.withdrawn.is_(False)))


def files(cast):
    with looking(cast.sam.session_id) as work:
        return client_batches.files(work)


def test_a_dry_run_tells_every_fate_and_loads_nothing(desk, console):
    folder, running, cast = desk

    code, said, wrong = ended(
        console("clients.csv", "--as", "sam", "--mapping", "map.json", "--dry-run", "--mending", "mend.csv")
    )

    assert (code, wrong) == (0, "")
    assert "Familienname                    Last name" in said
    assert "Remarks                         (not loaded)" in said
    assert "Line 6 of 6" in said.split("\r")[-1]
    for count, fate in ((2, Fate.NEW), (1, Fate.SAME_EARLIER), (1, Fate.TO_DECIDE), (2, Fate.REFUSED)):
        assert f"{count:8} {fate.label}\n" in said
    assert "line 6: This line has no name. Give the child a first or last name." in said
    assert "line 7: Date of birth: “40/1/2012” is not a date" in said
    assert said.endswith("Nothing was loaded: this was a dry run.\n")
    assert "Okafor" in (folder / "mend.csv").read_text(encoding="utf-8-sig")
    assert (on_file(running), files(cast)) == (0, ())


def test_what_cannot_be_done_is_one_sentence_and_an_ending_that_scripts_see(desk, console):
    _, running, _ = desk

    begun = {
        "This is a PDF": console("report.csv", "--as", "sam", "--yes"),
        "Your role does not allow this": console("clients.csv", "--as", "irene", "--yes"),
    }

    for words, process in begun.items():
        code, _, wrong = ended(process)
        assert (code, wrong.count("\n")) == (1, 1), wrong
        assert words in wrong
        assert "Traceback" not in wrong
    assert on_file(running) == 0


def hands(cast):
    return Hands(partial(looking, cast.sam.session_id), partial(act, cast.sam))


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(Path("missing.csv")), "missing.csv cannot be read"),
        (Wanted(Path("unclear.csv")), "Say for “Born” whether"),
        (Wanted(Path("clients.csv"), mapping=Path("missing.json")), "mapping file cannot be used"),
        (Wanted(Path("clients.csv"), mapping=Path("clients.csv")), "mapping file cannot be used"),
        (Wanted(Path("clients.csv"), mapping=Path("strange.json")), "names no field of ours: child_pony"),
    ],
)
def test_a_file_or_a_mapping_that_cannot_be_used_leaves_nothing_behind(desk, monkeypatch, wanted, words):
    folder, _, cast = desk
    monkeypatch.chdir(folder)

    with pytest.raises(Refused, match=words):
        prepare(hands(cast), wanted, lambda _words: None)

    assert files(cast) == ()


def test_a_file_is_loaded_beside_the_running_app_and_taken_back_there(desk, console):
    _, running, cast = desk
    asked = ("clients.csv", "--as", "sam", "--mapping", "map.json")

    waits = ended(console(*asked, "--yes"))
    refused = ended(console(*asked, "--leave-out"), "no\n")
    loaded = ended(console(*asked, "--leave-out"), "yes\n")

    assert waits[0] == 1
    assert "1 line waits for a decision. Sign in as sam" in waits[2]
    assert refused[0] == 1
    assert "Nothing was loaded. The checked file waits under “Load clients”." in refused[2]
    assert loaded[0] == 0, loaded[2]
    assert loaded[1].endswith("2 clients were loaded: C-26-0001 to C-26-0002.\n")
    assert on_file(running) == 2
    newest = files(cast)[0]
    assert (newest.status, newest.by, newest.loaded) == (BatchStatus.LOADED, "Sam Okafor", 2)
    with running.store.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "client.loaded")).one()
        assert (entry.actor_name, entry.address, entry.count) == ("Sam Okafor", "console", 2)

    with act(cast.sam) as work:
        assert client_loading.undo(work, newest.id, "The list of last year.") == 2

    assert on_file(running) == 0
