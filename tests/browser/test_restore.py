"""A restore by the operator's page, command by command: an emptied machine, a backup file and the recovery key."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from actions import accounts, backups, site
from actions.accounts import Visitor
from actions.work import system_work
from db import copying
from db.store import Store
from db.tables.people import User
from domain import passwords
from domain.passwords import Cost
from domain.recovery_key import written
from tests.browser.machine import Machine
from tests.browser.person import Person
from tests.browser.running import ROOT
from tests.cast import Member, bring_in, send, signed_in
from tests.conftest import blank_postgres

SECTION = (
    (ROOT / "docs" / "operations.md").read_text().partition("## Restore on an empty machine")[2].partition("\n## ")[0]
)
BLOCKS = [block.strip().splitlines() for block in re.findall(r"^```\n(.*?)^```", SECTION, re.M | re.S)]
LINUX, WINDOWS = BLOCKS
WORD = "correct horse battery staple"
HERE = Visitor("127.0.0.1", "a test")
BY_A_RESTORE = {"audit_entry", "user_session"}
BY_A_SIGN_IN = {"attempt", "known_device", "user_account"}
"""Tables to which it adds lines, or in which it notes the day."""


@pytest.fixture
def machine(request, tmp_path):
    """An empty machine: on PostgreSQL with an empty database."""

    def made(name, url):
        return Machine(tmp_path / name, **({} if url.startswith("sqlite") else {"DATABASE_URL": url}))

    return made


@pytest.fixture
def old(machine, blank_url):
    """The machine that is lost: what it held, its last backup, the recovery key, and a session that was open."""
    lost = machine("old", blank_url)
    with site.opened(lost.settings) as opened:
        cast = bring_in(opened.store)
        send(cast.olga, child_last_name="Whitfield")
        with system_work("the tests") as work:
            irene = work.session.get_one(User, cast.irene.user_id)
            irene.password_hash = passwords.hashed(WORD, Cost(memory=64, passes=1))
            work.record("user.updated", "user", irene.id)
        with system_work("the tests") as work:
            ticket = accounts.sessions.open_session(work, work.session.get_one(User, cast.irene.user_id), HERE)
        lost.token = accounts.redeem(ticket, HERE).token
        assert accounts.recognise(lost.token).session_id, "the control: before the restore it lets somebody in"
        lost.key, lost.rows = written(opened.keys.recovery), rows(opened.store)
    (lost.app / "settings.toml").write_text(f'backup_copy_dir = "{lost.home}"\n')
    code, said, wrong = lost.manage("backup")
    assert (code, wrong) == (0, ""), said
    (copied,) = re.findall(r"^Copied to (.*)$", said, re.M)
    lost.file = Path(shutil.move(copied, lost.home.parent / "kept-elsewhere.backup"))
    return lost


@pytest.fixture
def elsewhere(request, blank_url):
    """The address of another empty database of the same kind."""
    if blank_url.startswith("sqlite"):
        yield blank_url
        return
    server = request.getfixturevalue("postgres")
    name = server.new_database()
    yield server.url(name)
    server.drop(name)


def back_again(username):
    """Somebody of the restored site, signed in."""
    with system_work("the tests") as work:
        user = work.session.scalars(select(User).where(User.username == username)).one()
        return Member(user.id, signed_in(work, user.id).id, user.name, user.agency_id)


def rows(store, but=frozenset()):
    with store.reading() as session:
        found = copying.contents(session.connection())
    return {name: content for name, content in found.items() if name not in BY_A_RESTORE | but}


def test_the_page_asks_for_six_commands_at_most():
    for block in BLOCKS:
        assert 3 <= len(block) <= 6
        assert any("restore FILE" in line for line in block)
    assert all(line.startswith(("cd ", "py ", r".venv\Scripts\python ")) for line in WINDOWS)


def test_the_commands_of_the_page_bring_a_site_back_on_an_empty_machine(old, machine, elsewhere, browser):
    new = machine("new", elsewhere)
    get_the_app, *others = LINUX
    assert get_the_app.startswith("git clone "), "done by making the machine"

    with new.plays([line.replace("FILE", str(old.file)) for line in others], f"{old.key}\nyes\n") as desk:
        assert "Restored. Everybody signs in again." in desk.log
        before = Person(browser, desk.url)
        before.context.add_cookies([{"name": "desk", "value": old.token, "url": desk.url}])
        expect(before.open("/queue").button("Sign in")).to_be_visible()
        before.leave()
        irene = Person(browser, desk.url).sign_in("irene", WORD)
        assert "R-26-0001" in irene.open("/queue").text
        irene.leave()

    with site.opened(new.settings) as opened:
        untouched = {name: content for name, content in old.rows.items() if name not in BY_A_SIGN_IN}
        assert rows(opened.store, BY_A_SIGN_IN) == untouched
        assert not backups.check_audit_trail(opened)
    brought = (new.settings.data_dir / "settings-of-the-backup.toml").read_text()
    assert brought == (old.app / "settings.toml").read_text()


def test_what_a_second_restore_replaces_is_kept(old, machine, elsewhere):
    new = machine("new", elsewhere)
    assert new.manage("restore", old.file, typed=f"{old.key}\nyes\n")[0] == 0
    with site.opened(new.settings) as opened:
        send(back_again("olga"), child_last_name="Written-since")
        since = rows(opened.store)

    code, said, wrong = new.manage("restore", old.file, "--yes", typed=f"{old.key}\n")

    assert (code, wrong) == (0, "")
    (kept,) = re.findall(r"^What was there before is kept as (.*)$", said, re.M)
    with site.opened(new.settings) as opened:
        assert rows(opened.store) == old.rows
        if opened.store.is_sqlite:
            replaced = Store(f"sqlite:///{kept}", opened.keys.site)
            assert rows(replaced) == since
            replaced.close()
        else:
            with opened.store.reading() as session:
                count = f"SELECT count(*) FROM {kept}.referral"
                assert session.connection().exec_driver_sql(count).scalar() == since["referral"].rows
    assert sorted(one.name[:14] for one in new.settings.key_dir.parent.glob("keys*")) == ["keys", "keys.replaced-"]


def test_what_cannot_be_restored_is_said_in_a_sentence_and_replaces_nothing(old, tmp_path):
    wrong = {"cut off": old.file.read_bytes()[:-40], "empty": b"", "no backup": b"PK" * 99}
    for name, content in wrong.items():
        (tmp_path / name).write_bytes(content)
    with site.opened(old.settings) as opened:
        kept = rows(opened.store)
    before, yes = old.left(), f"{old.key}\nyes\n"
    cases = [
        (old.file, f"{written(bytes(range(32)))}\nyes\n", "This recovery key does not open this backup."),
        (tmp_path / "cut off", yes, "This backup is damaged or cut off and cannot be trusted."),
        (tmp_path / "no backup", yes, "This file is not a backup of Referral Desk."),
        (tmp_path / "empty", yes, "This file is not a backup of Referral Desk."),
        (tmp_path / "nowhere", yes, "There is no file"),
        (tmp_path, yes, "cannot be read: Is a directory."),
        (old.file, "", "A recovery key has twelve groups of five letters and digits."),
        (old.file, f"{old.key}\nno\n", "Nothing was changed."),
    ]

    code, _, complaint = old.manage("restore", old.file, typed=yes, room=100_000)
    assert (code, complaint.strip()) == (
        *(1, "The backup could not be unpacked: File too large. Make room, and restore it again."),
    )
    for file, typed, sentence in cases if old.settings.sqlite_path else cases[:2]:
        code, said, complaint = old.manage("restore", file, typed=typed)

        assert (code, "Restored" in said) == (1, False), sentence
        assert sentence in complaint and len(complaint.splitlines()) == 1, complaint
    assert old.left() == before
    with site.opened(old.settings) as opened:
        assert rows(opened.store) == kept


@blank_postgres
def test_a_server_whose_programs_are_missing_keeps_its_data(old, tmp_path):
    with site.opened(old.settings) as opened:
        kept = rows(opened.store)
    old.environment["POSTGRES_TOOLS"] = str(tmp_path)

    code, _, complaint = old.manage("restore", old.file, typed=f"{old.key}\nyes\n")

    assert code == 1 and complaint.startswith("pg_restore is missing on this computer.")
    with site.opened(old.settings) as opened:
        assert rows(opened.store) == kept
