"""`manage.py weekly-summary` as it is used: sentences without a name, recorded as a supervisor's, refused to others."""

import pytest
from sqlalchemy import select

import manage
from actions import site
from db.tables.audit import AuditEntry
from settings import read
from tests.cast import bring_in, send


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("week")
    settings = read({"DATA_DIR": str(folder / "data")}, folder / "none.toml")
    with site.opened(settings) as opened:
        cast = bring_in(opened.store)
        send(cast.olga, child_first_name="Zyxcanary", child_last_name="Qwvcanary", narrative="Narrativecanary spoke.")
    return folder, settings


@pytest.fixture
def console(desk, monkeypatch, capsys):
    """Run the command on this desk: its ending, what it printed, what it refused with."""
    _, settings = desk
    monkeypatch.setattr(manage, "current", lambda: settings)

    def run(*arguments):
        ending = manage.main(["weekly-summary", *map(str, arguments)])
        said = capsys.readouterr()
        return ending, said.out, said.err

    return run


def test_the_week_is_printed_in_sentences_without_a_name(console, desk):
    ending, said, refused = console("--as", "sam")

    assert (ending, refused) == (0, "")
    assert said.startswith("The week of ")
    assert "Waiting now: 1." in said
    for canary in ("Zyxcanary", "Qwvcanary", "Narrativecanary", "R-26", "Juniper", "Olga", "Sam"):
        assert canary not in said


def test_it_is_written_to_a_file_and_recorded_as_the_supervisors(console, desk):
    folder, settings = desk
    kept = folder / "week.txt"

    assert console(kept, "--as", "sam")[0] == 0

    assert kept.read_text(encoding="utf-8").startswith("The week of ")
    with site.opened(settings) as opened, opened.store.reading() as session:
        newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert (newest.event, newest.actor_name, newest.address) == ("export.totals", "Sam Okafor", "console")


@pytest.mark.parametrize("person", ["irene", "lena", "olga", "ada", "nobody", "' OR 1=1 --", ""])
def test_it_is_refused_to_everybody_else(console, desk, person):
    ending, said, refused = console("--as", person)

    assert (ending, said) == (1, "")
    assert refused.strip().endswith(".")


def test_a_file_that_cannot_be_written_is_refused_in_a_sentence(console, desk):
    ending, _, refused = console(desk[0] / "none" / "week.txt", "--as", "sam")

    assert ending == 1
    assert "Name another file." in refused


def test_twice_gives_the_same_sentences(console):
    assert console("--as", "sam")[1] == console("--as", "sam")[1]
