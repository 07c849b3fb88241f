"""What is told of clients, their cases, and records opened in an emergency."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from actions.center import clients, imports, referrals, restricted
from actions.work import system_work
from db.tables.referrals import Named
from domain.clients import Looked
from domain.intake import WalkInChoices
from tests.security.scenarios.stage import Stage, Told


def _version(s: Stage, client_id):
    return client_id, s.done("irene", clients.read, client_id).version


def _of_referral(s: Stage, referral_id):
    return s.done("irene", referrals.read, referral_id).client_id


def _searched_for(s: Stage):
    sent = s.sent()
    s.does(imports.candidates, sent)
    return sent


def _searched_at_the_door(s: Stage):
    s.done("irene", clients.keep_walk_in, WalkInChoices({"child_first_name": "Ana", "child_last_name": "Cruz"}))
    s.does(clients.walk_in_candidates)


def _made(s: Stage):
    ready = s.ready()
    s.does(imports.save_intake, *ready)
    return _of_referral(s, ready[0])


def _undone(s: Stage):
    imported = s.imported()
    client = _of_referral(s, imported)
    s.does(imports.undo_import, *s.seen(imported), "It was another child.")
    return client


def _imported_to(s: Stage):
    client = s.client()
    on_file = s.done("irene", clients.read, client).answers
    same = {name: on_file[name] for name in ("child_first_name", "child_last_name")}
    s.does(imports.save_intake, *s.ready(client, **same))
    return client


def _added(s: Stage):
    s.does(clients.add_walk_in, s.searched_walk_in(), uuid4().hex)
    return s.gave.client_id


def _closed_case(s: Stage):
    case, version = s.case()
    s.done("irene", clients.close_case, case, version)
    return case, version + 1


def _restricted(s: Stage):
    client = s.client()
    s.done("irene", restricted.restrict, "client", client, [s.cast.irene.user_id], "A worker's niece.")
    return client


def _opened(s: Stage):
    client = _restricted(s)
    number = s.done("irene", clients.read, client).number
    s.does(restricted.open_in_an_emergency, number, "The child is at the door.")
    return client


def _ended(s: Stage):
    client = _restricted(s)
    number = s.done("irene", clients.read, client).number
    s.done("sam", restricted.open_in_an_emergency, number, "The child is at the door.")
    with system_work("the tests") as work:
        for row in work.session.query(Named).filter_by(record_id=client, user_id=s.cast.sam.user_id):
            row.until = datetime.now(UTC) - timedelta(minutes=1)
        work.record("app.started")
    s.does(restricted.close_what_is_over)
    return client


TOLD = (
    Told("client.searched", "irene", "", lambda s: s.does(clients.search, "Whitfield")),
    Told("client.searched", "irene", "", lambda s: s.does(clients.find, Looked(first_name="Ana", last_name="Cruz"))),
    Told("client.searched", "irene", "referral", _searched_for),
    Told("client.searched", "irene", "", _searched_at_the_door),
    Told("client.viewed", "irene", "client", lambda s: s.does(clients.read, s.client())),
    Told("client.viewed", "irene", "client", lambda s: s.does(imports.look_into, s.client())),
    Told("client.made", "irene", "client", _made),
    Told("client.imported_to", "irene", "client", _imported_to),
    Told("client.import_undone", "sam", "client", _undone),
    Told("client.added", "irene", "client", _added),
    Told(
        "client.changed",
        "irene",
        "client",
        lambda s: s.does(clients.change, *_version(s, s.client()), {"child_school": "Juniper Middle"}),
    ),
    Told(
        "client.loaded",
        "sam",
        "client",
        lambda s: s.does(clients.load_clients, [{"child_first_name": s.word(), "child_last_name": "Loaded"}]),
    ),
    Told("client.noted", "irene", "client", lambda s: s.does(clients.add_note, s.client(), "Called twice.")),
    Told(
        "client.restricted",
        "irene",
        "client",
        lambda s: s.does(restricted.restrict, "client", s.client(), [s.cast.irene.user_id], "A worker's niece."),
    ),
    Told(
        "client.unrestricted",
        "irene",
        "client",
        lambda s: s.does(restricted.lift, "client", _restricted(s), "It was a mistake."),
    ),
    Told(
        "case.changed",
        "irene",
        "case",
        lambda s: s.does(clients.change_case, *s.case(), {"le_case_number": ["24-7"]}),
    ),
    Told("case.closed", "irene", "case", lambda s: s.does(clients.close_case, *s.case())),
    Told("case.reopened", "irene", "case", lambda s: s.does(clients.reopen_case, *_closed_case(s))),
    Told("record.break_glass_opened", "sam", "client", _opened),
    Told("record.break_glass_ended", "sam", "client", _ended),
)
