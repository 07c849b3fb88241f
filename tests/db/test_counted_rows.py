"""What is kept for the numbers is what the database holds: after every act, in every order, on both databases."""

import threading
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import delete, event, select, update

from actions.agency import referrals as agency
from actions.center import clients, referrals
from actions.work import system_work, working
from db import counted_rows as kept
from db.counted_rows import TABLES, CountedRows, counted_rows
from db.event_tables import event_tables
from db.frames import ids_of
from db.store import Store
from db.tables.audit import AuditEntry
from db.tables.referrals import Referral, StatusChange
from domain.refusals import Refused
from domain.statistics import Choice, Period
from tests.cast import send
from tests.counted import as_words, keep_all, wrongly_kept
from tests.faults import desk_work
from tests.faults.desk_work import version

EVERY = Choice(Period(date(2020, 1, 1), date(2030, 1, 1)))


@contextmanager
def asked_of(store):
    """The statements that are asked in a block."""
    said = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA", "SET", "SHOW")):
            said.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield said
    event.remove(store.engine, "before_cursor_execute", note)


def looks_of(store):
    """What is kept now, in words, by table."""
    with store.reading() as session:
        found = counted_rows(session).up_to_date(session, TABLES)
    return {name: as_words(found, name) for name in TABLES}


def a_week_of_work(cast):
    """Every kind of act, a piece at a time."""
    first, second, third, fourth = (desk_work.sent(cast.olga, **desk_work.a_child()) for _ in range(4))
    yield "sent"
    desk_work.reject(cast.irene, first, version(cast.irene, first))
    yield "returned"
    with working(cast.olga.session_id) as work:
        agency.read_own(work, first)
    yield "opened by its agency"
    desk_work.resubmit(cast.olga, first)
    yield "sent again"
    desk_work.bring_in_client(cast.irene, first)
    yield "imported"
    desk_work.undo_import(cast.sam, first)
    yield "import undone"
    desk_work.bring_in_client(cast.irene, first)
    yield "imported again"
    merged = desk_work.merge_two(cast.irene, second, third)
    yield "merged"
    desk_work.undo_merge(cast.sam, merged, version(cast.sam, merged))
    yield "parted"
    merged = desk_work.merge_two(cast.irene, second, third)
    desk_work.bring_in_client(cast.irene, merged)
    yield "merged again and imported"
    with working(cast.irene.session_id) as work:
        referrals.ask(work, fourth, "Which school?")
    yield "asked"
    seen = version(cast.irene, fourth)
    with working(cast.irene.session_id) as work:
        referrals.correct(work, fourth, seen, {"address_county": "Pine"})
    yield "corrected"
    desk_work.delete(cast.irene, fourth, version(cast.irene, fourth))
    yield "deleted"
    desk_work.restore(cast.irene, fourth, version(cast.irene, fourth))
    yield "restored"


def test_after_every_act_what_is_kept_is_what_is_there(store, cast):
    keep_all(store)

    acts = 0
    for act in a_week_of_work(cast):
        assert wrongly_kept(store) == {}, act
        acts += 1

    assert acts > 10
    assert all(looks_of(store)[name] for name in TABLES if name not in ("marks", "questions"))


def test_no_name_no_narrative_and_no_number_is_kept(store, cast):
    words = ("Canarina", "Xylophage", "a canary sang", "24-CANARY", "Canary Lane")
    referral_id = desk_work.sent(
        cast.olga,
        child_first_name=words[0],
        child_last_name=words[1],
        narrative=f"The child said that {words[2]}.",
        le_case_number=[words[3]],
        address_street=words[4],
    )
    desk_work.bring_in_client(cast.irene, referral_id)

    said = str(looks_of(store)).casefold()

    assert "physical_abuse" in said
    assert [word for word in words if word.casefold() in said] == []


def test_acts_that_nobody_looked_at_in_between_are_followed_at_once(store, cast):
    keep_all(store)
    for _act in a_week_of_work(cast):
        pass

    assert wrongly_kept(store) == {}


def test_what_did_not_change_is_not_read_again(store, cast):
    ids = [desk_work.sent(cast.olga, **desk_work.a_child()) for _ in range(3)]
    with asked_of(store) as whole:
        keep_all(store)
    with asked_of(store) as nothing_new:
        keep_all(store)
    version(cast.irene, ids[0])
    with asked_of(store) as opened:
        keep_all(store)
    desk_work.reject(cast.irene, ids[0], version(cast.irene, ids[0]))
    with asked_of(store) as returned:
        keep_all(store)

    assert len(whole) == len(TABLES) + 1
    assert len(nothing_new) == len(opened) == 1
    of_referrals = [table for table in TABLES.values() if "referral" in table.records.values()]
    assert len(returned) == len(of_referrals) + 1
    with store.reading() as session:
        assert len(counted_rows(session).up_to_date(session, TABLES).tables["views"]) == 1


def test_a_referral_that_is_opened_again_and_again_among_many_has_each_look_counted(store, cast):
    first, *_others = desk_work.sent_many(cast.olga, [desk_work.a_child() for _ in range(20)])
    keep_all(store)
    with working(cast.irene.session_id) as work:
        for _ in range(2):
            work.record("referral.viewed", "referral", first)

    assert wrongly_kept(store) == {}
    assert len(looks_of(store)["views"]) == 2


def test_a_table_that_nobody_asked_for_is_not_read(store, cast):
    desk_work.sent(cast.olga)
    with store.reading() as session:
        found = counted_rows(session).up_to_date(session, ["changes"])

    assert set(found.tables) == {"referrals", "changes"}


@pytest.mark.parametrize(("limit", "value"), [("AT_MOST", 1), ("FEW_RECORDS", 1)])
def test_where_much_changed_everything_is_read_anew(store, cast, monkeypatch, limit, value):
    keep_all(store)
    monkeypatch.setattr(kept, limit, value)
    for _ in range(2):
        desk_work.sent(cast.olga, **desk_work.a_child())

    with asked_of(store) as said:
        keep_all(store)

    assert not [one for one in said if " IN (" in one and "referral_id IN" in one]
    assert wrongly_kept(store) == {}


@pytest.mark.parametrize("name", sorted(kept.ANEW))
def test_an_event_that_names_no_single_record_has_everything_read_anew(store, cast, name):
    referral_id = desk_work.sent(cast.olga)
    keep_all(store)
    with system_work("the tests") as work:
        work.session.connection().execute(update(Referral.__table__).values(county="Elsewhere"))
        work.record(name, "site")

    assert wrongly_kept(store) == {}
    with store.reading() as session:
        found = counted_rows(session).up_to_date(session, ["referrals"])
        assert found.tables["referrals"]["county"].tolist() == ["Elsewhere"]
        assert ids_of(found.places["referral"]).tolist() == [referral_id.hex.encode()]


def test_clients_that_are_loaded_without_a_name_in_the_trail_are_read(store, cast):
    desk_work.bring_in_client(cast.irene, desk_work.sent(cast.olga))
    keep_all(store)
    with working(cast.sam.session_id) as work:
        clients.load_clients(work, [{"child_first_name": "Ana", "child_last_name": "Cruz", "child_sex": "F"}])

    assert wrongly_kept(store) == {}
    assert len(looks_of(store)["clients"]) == 2


def test_a_record_that_is_gone_is_kept_no_longer(store, cast):
    gone, stays = (desk_work.sent(cast.olga, **desk_work.a_child()) for _ in range(2))
    keep_all(store)
    with system_work("the tests") as work:
        work.session.connection().execute(update(Referral.__table__).where(Referral.id == gone).values(status="draft"))
        work.record("referral.draft_discarded", "referral", gone)

    assert wrongly_kept(store) == {}
    with store.reading() as session:
        places = counted_rows(session).up_to_date(session, ["referrals"]).places
        assert ids_of(places["referral"]).tolist() == [stays.hex.encode()]


def test_who_began_earlier_does_not_turn_back_what_is_kept(store, cast):
    keep_all(store)
    with store.reading() as early:
        early.execute(select(Referral.id)).all()
        other = threading.Thread(target=lambda: (desk_work.sent(cast.olga), keep_all(store)))
        if store.is_sqlite:
            other.start()
            # A reader of SQLite keeps writers from their commit for as long as it reads.
        else:
            other.start()
            other.join()
        found = counted_rows(early).up_to_date(early, TABLES)
        sent_as_seen = len(early.execute(select(Referral.id)).all())
    other.join()

    assert sent_as_seen == 0
    assert len(found.tables["referrals"]) == (0 if store.is_sqlite else 1)
    assert wrongly_kept(store) == {}
    assert len(looks_of(store)["referrals"]) == 1


def test_another_trail_has_everything_read_anew(store, cast):
    """A backup that was restored under a running desk: other entries with the same numbers, or fewer of them."""
    desk_work.sent(cast.olga, **desk_work.a_child())
    keep_all(store)
    second = desk_work.sent(cast.olga, **desk_work.a_child())
    before = looks_of(store)
    with store.engine.begin() as connection:
        newest = connection.execute(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1)).scalar()
        connection.execute(update(AuditEntry).where(AuditEntry.seq == newest).values(mac="f" * 64))
        connection.execute(update(Referral).values(county="Restored"))
    assert wrongly_kept(store) == {}
    assert looks_of(store) != before

    with store.engine.begin() as connection:
        connection.execute(delete(AuditEntry).where(AuditEntry.seq > newest - 1))
        connection.execute(update(StatusChange).where(StatusChange.referral_id == second).values(reason="restored"))

    assert wrongly_kept(store) == {}
    assert "restored" in str(looks_of(store)["changes"])


def test_what_a_transaction_changed_itself_is_counted_in_it_and_kept_only_when_it_is_saved(store, cast):
    referral_id = desk_work.sent(cast.olga)
    seen = version(cast.irene, referral_id)
    keep_all(store)

    with pytest.raises(Refused, match="Not after all"), working(cast.irene.session_id) as work:
        referrals.close(work, referral_id, seen, referrals.CloseOutcome.CONSULT_ONLY, "By phone.")
        within = counted_rows(work.session).up_to_date(work.session, ["referrals"])
        raise Refused("Not after all.")

    assert within.tables["referrals"]["status"].tolist() == ["closed"]
    assert wrongly_kept(store) == {}
    with store.reading() as session:
        found = counted_rows(session).up_to_date(session, ["referrals"])
    assert found.tables["referrals"]["status"].tolist() == ["submitted"]


def test_what_is_done_with_the_tables_of_a_count_does_not_change_what_is_kept(store, cast):
    for _ in range(3):
        desk_work.sent(cast.olga, **desk_work.a_child())
    before = looks_of(store)
    with store.reading() as session:
        earliest = min(session.scalars(select(Referral.made_at)))
        tables = event_tables(session, EVERY, earliest, earliest.date(), ["facts", "looks", "answered"])
    for one in (tables.referrals, tables.changes, tables.facts, tables.answered):
        one.loc[:, one.columns[0]] = 7
        one["more"] = 1

    assert looks_of(store) == before


def test_what_another_process_changed_is_followed(store, cast):
    other = Store(store.url, store.secret, store.key)
    keep_all(other)

    for act in a_week_of_work(cast):
        assert wrongly_kept(other) == {}, act

    other.close()


def test_two_stores_keep_their_own(store, cast):
    desk_work.sent(cast.olga)
    keep_all(store)
    with store.reading() as session:
        assert counted_rows(session) is counted_rows(session)
        alone = CountedRows()
        assert alone is not counted_rows(session)
        assert alone.up_to_date(session, ["referrals"]).tables["referrals"].shape[0] == 1


def test_many_who_count_while_others_write_count_what_was_there(store, cast, rounds):
    """Each count lies between what was sent before it and what was sent after it, and it never goes back."""
    keep_all(store)
    sent, counted, wrong = [], [], []
    done = threading.Event()

    def write():
        for _ in range(rounds(short=8, long=60)):
            sent.append(send(cast.olga, **desk_work.a_child()))

    def count():
        latest = 0
        while not done.is_set():
            least = len(sent)
            with store.reading() as session:
                found = len(counted_rows(session).up_to_date(session, TABLES).tables["referrals"])
            wrong.extend([(least, found)] if not max(least, latest) <= found <= len(sent) + 2 else [])
            latest = found
            counted.append(found)

    writers = [threading.Thread(target=write) for _ in range(2)]
    readers = [threading.Thread(target=count) for _ in range(3)]
    for one in (*writers, *readers):
        one.start()
    for one in writers:
        one.join()
    done.set()
    for one in readers:
        one.join()

    assert wrong == []
    assert len(counted) > 5
    assert wrongly_kept(store) == {}
