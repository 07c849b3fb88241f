"""After a purge no file of the database holds a trace of the child, and every table knows what a purge does to it."""

import shutil
import sqlite3
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import String, Text, text

from actions.agency import referrals as agency_referrals
from actions.center import clients, doubles, holds, imports, referrals
from actions.work import system_work
from db import audit, rewriting
from db.emptying import EMPTIED, REFERRAL_EMPTIED, REMOVED, SHOWN, SHOWN_IN_DRAFTS
from db.model import Base
from db.tables.referrals import Referral
from domain.forgetting import without
from domain.intake import IntakeChoices, Side, WalkInChoices
from domain.lifecycle import ReturnReason
from domain.matching import RecordKind
from domain.referrals import Mark
from tests.cast import act
from tests.faults import desk_work
from tests.keeping import binned, held, imported_and_undone, later, number_of, purged

CANARY = "Zyxwvutcanary"
UNTOUCHED = {
    "addition": "by whom and when; the text is emptied",
    "agency": "an agency, no child",
    "attempt": "a hashed user name",
    "audit_entry": "ids, and names of fields; the trail stays whole",
    "center": "the center's own words",
    "client_batch": "a spreadsheet of present clients, who are never purged",
    "client_column_map": "which column of a spreadsheet means what",
    "client_case": "a number, and who opened it",
    "counter": "the last number of a series",
    "household_start": "the id of a row",
    "known_device": "a hash",
    "late_word": "that it was seen, by whom",
    "learned_weights": "numbers about all, no record",
    "fact": "removed, but of a merged referral, which leaves what was answered and the kind of concern",
    "half_open": "a hash",
    "outside_identity": "of a user",
    "purge": "the certificate, whose reason may name no child",
    "purge_item": "ids and numbers",
    "recovery_code": "a hash",
    "reset_code": "a hash",
    "search_word": "summed up, so that a word nobody has is gone",
    "search_person": "taken out of the search",
    "second_factor": "of a user",
    "setup_code": "a hash",
    "used_key": "a key of a form",
    "user_account": "a user",
    "user_role": "a user",
    "user_session": "of a user",
}
"""Tables with words in them that a purge leaves alone, or empties by other means, and why."""


def test_every_table_that_can_hold_words_knows_what_a_purge_does_to_it():
    ruled = {rule.table.__tablename__ for rule in EMPTIED} | {table.__tablename__ for table, _ in REMOVED}
    ruled |= {table.__tablename__ for table, _ in (*SHOWN, *SHOWN_IN_DRAFTS)} | {"referral", "draft"}
    wordy = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(isinstance(column.type, (String, Text)) and not column.primary_key for column in table.columns)
    }

    assert wordy - ruled - UNTOUCHED.keys() == set(), "say in db/emptying.py what a purge does to it"


def test_every_column_that_a_rule_names_is_there():
    for rule in EMPTIED:
        assert {*rule.by, *rule.values} <= set(rule.table.__table__.columns.keys())
    for table, by in REMOVED:
        assert set(by) <= set(table.__table__.columns.keys())
    assert REFERRAL_EMPTIED.keys() <= set(Base.metadata.tables["referral"].columns.keys())


@pytest.mark.parametrize(
    ("document", "left"),
    [
        ('{"clients": [{"client": "a", "w": 1}, {"client": "b"}]}', '{"clients": [{"client": "b"}]}'),
        ('{"a": {"grade": "likely"}, "b": {"grade": "likely"}}', '{"b": {"grade": "likely"}}'),
        ('{"shown": "{\\"a\\": {\\"words\\": \\"x\\"}}"}', '{"shown": "{}"}'),
        ("no document about a", "no document about a"),
        ("", ""),
    ],
)
def test_what_was_shown_of_a_record_is_taken_out_of_another_ones_document(document, left):
    assert without(document, {"a"}) == left


def lived_through(cast):
    """A referral whose child's name is in every place that a name can get into; and another, to be merged with."""
    said = {
        "child_first_name": CANARY,
        "child_last_name": f"{CANARY}son",
        "narrative": f"{CANARY} told a teacher.",
        "address_county": f"{CANARY} County",
    }
    first = desk_work.sent(cast.olga, **said)
    other = desk_work.sent(cast.peter, **said | {"child_first_name": f"{CANARY} Ann"})
    with system_work("the tests") as work:
        row = work.session.get_one(Referral, first)
        row.reached = row.caller_name = row.hotline_by = row.hotline_number = f"the aunt of {CANARY}"
        work.record("referral.hotline_settled", "referral", first)
    with act(cast.irene) as work:
        referrals.ask(work, first, f"Where does {CANARY} live?")
    with act(cast.olga) as work:
        agency_referrals.answer(work, agency_referrals.read_own(work, first).questions[0].id, f"{CANARY}: at home")
    with act(cast.olga) as work:
        agency_referrals.add_information(work, first, f"{CANARY} was seen again.")
    with act(cast.irene) as work:
        referrals.add_note(work, first, f"A note on {CANARY}.")
        referrals.correct(work, first, referrals.read(work, first).version, {"child_middle_name": f"{CANARY}er"})
    with act(cast.irene) as work:
        mark = Mark("child_dob", f"When was {CANARY} born?")
        seen = referrals.read(work, first).version
        referrals.return_to_agency(work, first, seen, ReturnReason.UNCLEAR, f"{CANARY}?", [mark])
    with act(cast.olga) as work:
        agency_referrals.save_answers(work, first, {"narrative": f"{CANARY} told two teachers."})
    desk_work.resubmit(cast.olga, first)
    with act(cast.irene) as work:
        pair = [(RecordKind.REFERRAL, each) for each in (first, other)]
        decision = doubles.not_same_child(work, *pair, f"{CANARY} has a cousin.")
    with act(cast.irene) as work:
        doubles.take_back_not_same(work, decision)
    return first, other


def imported_elsewhere_and_undone(cast, referral_id):
    """The referral goes into the file of another child by mistake, and comes back."""
    other = desk_work.bring_in_client(cast.irene, desk_work.sent(cast.olga, child_first_name="Ana"))
    desk_work.look_for_client(cast.irene, referral_id)
    with act(cast.irene) as work:
        before = clients.read(work, other.client_id)
    into = IntakeChoices(
        decided=True,
        client_id=other.client_id,
        client_version=before.version,
        edited={"child_middle_name": f"{CANARY}y", "child_first_name": CANARY},
    )
    with act(cast.irene) as work:
        seen = referrals.read(work, referral_id).version
        imports.save_intake(work, referral_id, seen, settled(work, referral_id, into), uuid4().hex)
    desk_work.undo_import(cast.sam, referral_id)


def settled(work, referral_id, into):
    """Every difference between file and referral decided for the referral."""
    imports.keep_intake(work, referral_id, into)
    work.session.flush()
    view = imports.intake_of(work, referral_id)
    return replace(into, settled={each.key: Side.REFERRAL for each in view.unsettled})


def files_with(store, request, word):
    """Names of the database's files that hold a word; PostgreSQL's write-ahead log apart, which only ages out."""
    if store.is_sqlite:
        folder = request.getfixturevalue("tmp_path")
        found = [path for path in folder.rglob("*") if path.is_file() and path.name.startswith("desk.db")]
    else:
        server = request.getfixturevalue("postgres")
        server.say("CHECKPOINT")
        found = [path for path in (server.data / "base").rglob("*") if path.is_file()]
    return [path.name for path in found if word.lower() in _text_of(path)]


def _text_of(path):
    try:
        return path.read_bytes().decode("latin-1").lower()
    except FileNotFoundError:
        # The server removed it since it was listed: PostgreSQL throws its own caches away at any moment.
        return ""


def _left_by_other_tests(store, request):
    """On PostgreSQL the tests share a server: tables that they emptied are written anew, other databases are theirs."""
    if store.is_sqlite:
        return set()
    with store.outside_transactions() as connection:
        connection.rollback()
        connection.autocommit = True
        connection.execute("VACUUM FULL")
    return set(files_with(store, request, CANARY))


def test_no_file_of_the_database_holds_a_purged_childs_words(store, cast, request, file_key):
    others = _left_by_other_tests(store, request)
    first, other = lived_through(cast)
    imported_elsewhere_and_undone(cast, first)
    imported_and_undone(cast.irene, cast.sam, first)
    result = desk_work.merge_two(cast.irene, first, other)
    hold_id = held(cast.sam, number_of(cast.irene, result))
    with act(cast.sam) as work:
        holds.lift(work, hold_id, f"The case of {CANARY} is over.")
    desk_work.undo_merge(cast.irene, result, desk_work.version(cast.irene, result))
    with act(cast.irene) as work:
        clients.keep_walk_in(work, WalkInChoices(answers={"child_first_name": CANARY}))
    binned(cast.irene, first, other)
    _sampled_by_the_planner(store)
    encrypted = store.is_sqlite and file_key is not None
    assert encrypted or files_with(store, request, CANARY), "the control: the words are there to be found"

    with later(days=91):
        paper = purged(cast.ada, cast.sam)
    assert store.is_sqlite or files_with(store, request, CANARY), "the control: rows that are gone are still in files"
    rewriting.write_anew(store)

    assert set(files_with(store, request, CANARY)) <= others
    assert sum(paper.purged.values()) == 4
    with store.reading() as session:
        assert audit.first_broken(session) is None
    with act(cast.irene) as work:
        assert clients.search(work, "Ana").total == 1


def _sampled_by_the_planner(store):
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def test_without_secure_delete_the_words_would_be_found(tmp_path):
    """The control of the test above: deleting alone leaves them between the rows."""
    path = tmp_path / "careless.db"
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE said (id INTEGER PRIMARY KEY, words TEXT)")
        connection.executemany("INSERT INTO said (words) VALUES (?)", [(f"{CANARY} told a teacher.",)] * 50)
    for secure, found in (("OFF", True), ("ON", False)):
        copy = tmp_path / f"{secure}.db"
        shutil.copyfile(path, copy)
        deleting = sqlite3.connect(copy)
        deleting.execute(f"PRAGMA secure_delete={secure}")
        with deleting:
            deleting.execute("DELETE FROM said")
        deleting.close()
        assert (CANARY.encode() in copy.read_bytes()) is found
    connection.close()
