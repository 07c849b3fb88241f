"""A spreadsheet on its way in is its reader's own: its words reach nobody else, no log and no trail."""

import logging
from functools import partial
from hashlib import sha256

import pytest

from actions.center import audit_trail, client_batches, client_loading, client_spreadsheets, users
from actions.center.audit_trail import Wanted
from actions.hands import Hands
from actions.work import ACTIONS, looking, working
from db.tables.people import User
from domain.people import Role
from domain.refusals import NotFound
from domain.spreadsheet.fates import Fate
from domain.spreadsheet.reading import read_table
from tests.cast import Member, signed_in
from tests.conftest import on_sqlite
from tests.security import test_canaries
from tests.security.test_canaries import said_to

pytestmark = on_sqlite

CANARY = "Kestrel"
HEADER = ("Last name", "First name", "School", "Address", "City", "Mother", "Kestrelnotes")


def lines(count=4):
    """Every cell is a canary of its own; the last line is refused with its words."""
    found = [",".join(f"{CANARY}{line}{place}" for place in range(len(HEADER))) for line in range(count)]
    return "\n".join((",".join(HEADER), *found, found[0], f",,{CANARY}school,,,,")).encode()


@pytest.fixture
def kept(sam):
    """Sam's list, checked, with a line of each fate that needs nobody on file."""
    hands = Hands(partial(looking, sam.session_id), partial(working, sam.session_id))
    with hands.working() as work:
        table = read_table(lines())
        batch = client_spreadsheets.keep_file(work, f"{CANARY}.csv", sha256(lines()).hexdigest(), table)
        client_spreadsheets.choose(work, batch, client_spreadsheets.mapping(work, batch).choices)
    client_spreadsheets.check(hands, batch, lambda *_: None)
    return hands, batch


@pytest.fixture
def another(as_, ada):
    """A second supervisor, who may load clients too."""

    with as_(ada) as work:
        users.make_user(work, "sela", users.Details("Sela Ortiz"), [Role.SUPERVISOR], None)
        user = work.session.query(User).filter_by(username="sela").one()
        return Member(user.id, signed_in(work, user.id).id, user.name, None)


def test_no_action_tells_anybody_else_a_word_of_a_list_on_its_way_in(kept, another, irene, ada, olga, sam, monkeypatch):
    _, batch = kept
    about_clients = {name: permission for name, permission in ACTIONS.items() if "client" in name}
    monkeypatch.setattr(test_canaries, "ACTIONS", about_clients)

    for member in (another, irene, ada, olga):
        assert CANARY not in said_to(member, [batch]), member.name
    assert said_to(sam, [batch]).count(CANARY) > 20, "the control: its reader is told its words"


def test_a_list_of_another_person_cannot_be_told_from_none(kept, another, as_):
    _, batch = kept
    words = set()
    for act_on in (client_batches.read, client_spreadsheets.mapping, client_batches.drop, client_batches.mending_file):
        for each in (batch, another.user_id):
            with pytest.raises(NotFound) as refused, as_(another) as work:
                act_on(work, each)
            words.add(str(refused.value))

    assert words == {client_spreadsheets.NO_SUCH_FILE}


def test_logs_and_trail_hold_no_word_of_a_list(kept, as_, sam, caplog):
    caplog.set_level(logging.DEBUG)
    hands, batch = kept
    with hands.working() as work:
        client_batches.mending_file(work, batch)
    client_loading.load(hands, batch)
    with hands.working() as work:
        assert client_batches.lines(work, batch, Fate.REFUSED).total == 1
        client_loading.undo(work, batch, "The wrong list.")
    with as_(sam) as work:
        trail = audit_trail.export(work, Wanted()).decode()

    assert "client.load" in trail
    assert CANARY not in trail + caplog.text
