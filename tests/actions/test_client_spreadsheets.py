import csv
import io
import json
import threading
from datetime import timedelta
from functools import partial
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from actions import hands as whose
from actions.center import client_batches, client_loading, client_spreadsheets, clients, queue, restricted
from actions.hands import Hands
from actions.work import looking, now, system_work
from db.tables.audit import AuditEntry
from db.tables.clients import Client, ClientVersion
from db.tables.referrals import Fact, MatchHint
from db.tables.search import SearchPerson
from db.tables.spreadsheets import ClientBatch, ClientBatchRow
from domain.clients import Cause
from domain.intake import WalkInChoices
from domain.referrals import QueueFilter
from domain.refusals import NotFound, NotPermitted, Refused, TooLate
from domain.spreadsheet.dates import DayOrder
from domain.spreadsheet.fates import BatchStatus, Decision, Fate
from domain.spreadsheet.reading import read_table
from tests.cast import act
from tests.conftest import on_sqlite

HEADER = "Last name,First name,DOB,Sex,Address,City,Phone,Mother"
ANA = "Cruz,Ana,3/27/2016,F,12 Elm St,Denver,505-555-0101,Rosa Cruz"
JON = "Whitfield,Jonathan,3/27/2016,M,,,,"
BEN = "Okafor,Benedict,11/30/2012,M,9 Pine Rd,Aurora,720-555-0102,Grace Okafor"


def silently(_done, _total):
    """Nobody watches the bar."""


@pytest.fixture
def hands():
    """The hands of one of the cast."""
    return lambda member: Hands(partial(looking, member.session_id), partial(act, member))


@pytest.fixture
def read_file(as_):
    """Keep a file of these lines: `read_file(sam, ANA, BEN)` gives its id. Read in this process, to save seconds."""

    def chosen(member, *lines, header=HEADER, name="clients.csv"):
        content = "\n".join((header, *lines)).encode()
        with as_(member) as work:
            return client_spreadsheets.keep_file(work, name, sha256(content).hexdigest(), read_table(content))

    return chosen


@pytest.fixture
def checked(read_file, hands, as_):
    """The same, mapped as proposed and checked."""

    def made(member, *lines, **choices):
        batch = read_file(member, *lines)
        with as_(member) as work:
            proposed = client_spreadsheets.mapping(work, batch).choices
            client_spreadsheets.choose(work, batch, proposed)
        client_spreadsheets.check(hands(member), batch, silently)
        return batch

    return made


@pytest.fixture
def loaded(checked, hands):
    """The same, loaded."""

    def made(member, *lines):
        batch = checked(member, *lines)
        client_loading.load(hands(member), batch)
        return batch

    return made


def counts(as_, who, batch):
    with as_(who) as work:
        return client_batches.read(work, batch).counts


def lines(as_, who, batch, fate):
    with as_(who) as work:
        return client_batches.lines(work, batch, fate).lines


def on_file(as_, who):
    with as_(who) as work:
        return work.session.scalar(select(func.count()).select_from(Client).where(Client.withdrawn.is_(False)))


# The way of a good file


def test_new_children_come_on_file_with_all_that_one_client_gets(as_, sam, irene, loaded):
    batch = loaded(sam, ANA, BEN)

    with as_(irene) as work:
        (line,) = clients.search(work, "Ana Cruz").lines
    with as_(irene) as work:
        file = clients.read(work, line.id)
    assert file.answers["caregivers"][0]["cg_first_name"] == "Rosa"
    assert (file.dob, file.answers["child_phone"]) == ("2016-03-27", ["505-555-0101"])
    assert file.versions[0].cause is Cause.SPREADSHEET
    with as_(sam) as work:
        assert work.session.scalar(select(func.count()).select_from(Fact).where(Fact.record_id == line.id))
        assert work.session.scalar(select(SearchPerson.number).where(SearchPerson.record_id == line.id))
        view = client_batches.read(work, batch)
    assert (view.line.loaded, view.line.first_number, view.line.status) == (2, "C-26-0001", BatchStatus.LOADED)


@on_sqlite
def test_a_load_is_one_entry_with_its_count(as_, sam, loaded):
    batch = loaded(sam, ANA, BEN)

    with as_(sam) as work:
        entry = work.session.scalars(select(AuditEntry).where(AuditEntry.event == "client.loaded")).one()
    assert (entry.count, entry.object_id) == (2, batch)


def test_the_queue_shows_at_once_that_a_waiting_child_is_known(as_, sam, irene, olga, sent_referral, loaded):
    sent_referral(olga)
    loaded(sam, BEN, JON)

    with as_(irene) as work:
        (row,) = queue.queue(work, QueueFilter()).rows
        hints = work.session.scalars(select(MatchHint)).all()
    assert [hint.other_kind for hint in hints] == ["client"]
    assert row.known_client


@on_sqlite
def test_one_new_child_is_told_to_a_longer_queue(as_, sam, olga, sent_referral, loaded):
    for name in ("Bela", "Cyrus", "Dorothea"):
        sent_referral(olga, child_first_name=name, child_last_name=f"{name}son", child_dob="2010-01-05")
    sent_referral(olga)
    loaded(sam, JON)

    with as_(sam) as work:
        assert len(work.session.scalars(select(MatchHint).where(MatchHint.other_kind == "client")).all()) == 1


@on_sqlite
def test_what_loaded_lines_said_is_kept_once(as_, sam, loaded):
    batch = loaded(sam, ANA, ANA, "?,,,,,,,")

    with as_(sam) as work:
        kept = work.session.scalars(select(ClientBatchRow).where(ClientBatchRow.batch_id == batch)).all()
    said = {row.line: (row.cells, row.child, row.answers) for row in kept}
    assert said[2] == ("[]", "", "")
    assert "Cruz" in said[3][0]


# Fates


def test_every_line_has_a_fate(as_, sam, checked, loaded):
    loaded(sam, ANA)
    batch = checked(sam, ANA, BEN, BEN, ",,3/27/2016,F,,,,", "Lund,Ada,13/13/2013,F,,,,")

    found = counts(as_, sam, batch)
    assert (found.same_on_file, found.new, found.same_earlier, found.refused) == (1, 1, 1, 2)
    assert found.all == 5
    refused = lines(as_, sam, batch, Fate.REFUSED)
    assert [(one.line, one.problem) for one in refused] == [
        (5, "This line has no name. Give the child a first or last name."),
        (6, "Date of birth: “13/13/2013” is not a date that can be read. Write it as 2015-03-27."),
    ]
    (same,) = lines(as_, sam, batch, Fate.SAME_ON_FILE)
    assert same.other.words == "C-26-0001 Ana Cruz, born March 27, 2016"
    (earlier,) = lines(as_, sam, batch, Fate.SAME_EARLIER)
    assert earlier.other.words == "Line 3: Benedict Okafor, born November 30, 2012"


@on_sqlite
def test_the_database_counts_fates_as_the_table_of_fates_says(as_, sam, checked, loaded):
    loaded(sam, ANA)
    batch = checked(sam, ANA, BEN, BEN, ",,3/27/2016,F,,,,", "Cruz,Anna,3/27/2016,F,,,,")

    with as_(sam) as work:
        found = client_batches.read(work, batch).counts
        for fate in Fate:
            listed = client_batches.lines(work, batch, fate)
            if fate is not Fate.TO_DECIDE:
                assert listed.total == found[fate], fate
                assert {one.fate for one in listed.lines} <= {fate}


def test_nothing_on_file_is_changed_by_a_line_that_is_the_same(as_, sam, irene, checked, loaded, hands):
    loaded(sam, ANA)
    batch = checked(sam, ANA.replace("505-555-0101", "505-555-0999"), BEN)
    client_loading.load(hands(sam), batch)

    with as_(sam) as work:
        assert work.session.scalar(select(func.count()).select_from(ClientVersion)) == 2
    with as_(irene) as work:
        (line,) = clients.search(work, "C-26-0001").lines
    with as_(irene) as work:
        assert clients.read(work, line.id).answers["child_phone"] == ["505-555-0101"]


@pytest.fixture
def likely(sam, loaded, checked):
    """A file with one line that is likely a client on file: a name alone is never very likely."""
    loaded(sam, ANA)
    return checked(sam, "Cruz,Ana,,,,,,", BEN)


@on_sqlite
def test_a_likely_child_waits_for_the_clerk(as_, sam, likely, hands):
    (asked,) = lines(as_, sam, likely, Fate.TO_DECIDE)
    assert asked.fate is Fate.TO_DECIDE
    assert asked.other.reasons

    with pytest.raises(Refused, match="1 line waits for your decision"):
        client_loading.load(hands(sam), likely)


@on_sqlite
def test_a_new_child_beside_a_likely_one_needs_a_reason(as_, sam, likely, hands):
    with pytest.raises(Refused, match="why this is another child"), as_(sam) as work:
        client_batches.decide(work, likely, 2, Decision.NEW, " ")
    with as_(sam) as work:
        client_batches.decide(work, likely, 2, Decision.NEW, "A cousin, born a day later.")

    assert client_loading.load(hands(sam), likely).count == 2
    with as_(sam) as work:
        row = work.session.get(ClientBatchRow, (likely, 2))
    assert row.reason == "A cousin, born a day later."
    assert set(json.loads(row.evidence)) == {"client", "number", "grade", "probability"}


@pytest.mark.parametrize(
    ("decision", "fate"), [(Decision.SAME, Fate.SAME_ON_FILE), (Decision.LEAVE_OUT, Fate.LEFT_OUT)]
)
def test_the_clerk_says_what_a_likely_line_is(as_, sam, likely, hands, decision, fate):
    with as_(sam) as work:
        client_batches.decide(work, likely, 2, decision)

    assert counts(as_, sam, likely)[fate] == 1
    assert client_loading.load(hands(sam), likely).count == 1


@on_sqlite
def test_a_very_likely_child_is_kept_out_unless_there_is_a_reason(as_, sam, loaded, checked, hands):
    loaded(sam, ANA)
    batch = checked(sam, ANA)

    with pytest.raises(Refused, match="no new client"):
        client_loading.load(hands(sam), batch)
    with pytest.raises(Refused, match="why this is another"), as_(sam) as work:
        client_batches.decide(work, batch, 2, Decision.NEW)
    with as_(sam) as work:
        client_batches.decide(work, batch, 2, Decision.NEW, "Checked by phone: another Ana.")
    assert client_loading.load(hands(sam), batch).count == 1


@on_sqlite
def test_decisions_can_be_taken_back(as_, sam, likely):
    with as_(sam) as work:
        client_batches.decide(work, likely, 2, Decision.LEAVE_OUT)
        client_batches.decide(work, likely, 2, None)

    assert counts(as_, sam, likely).to_decide == 1


@on_sqlite
def test_all_that_waits_can_be_left_out_together(as_, sam, likely):
    with as_(sam) as work:
        assert client_batches.leave_out_undecided(work, likely) == 1

    assert counts(as_, sam, likely).left_out == 1


@on_sqlite
def test_a_refused_line_takes_no_decision(as_, sam, checked):
    batch = checked(sam, ",,3/27/2016,F,,,,", BEN)

    with pytest.raises(Refused, match="Mend it in the file"), as_(sam) as work:
        client_batches.decide(work, batch, 2, Decision.NEW, "Because.")


@on_sqlite
def test_a_line_said_to_be_the_same_as_one_left_out_is_not_lost(as_, sam, checked, hands):
    batch = checked(sam, BEN, BEN, ANA)
    with as_(sam) as work:
        client_batches.decide(work, batch, 2, Decision.LEAVE_OUT)

    with pytest.raises(Refused, match="Line 3 is said to be the same child as line 2, which is left out"):
        client_loading.load(hands(sam), batch)


# Once, whole, and with others at work


def test_loading_twice_loads_once(as_, sam, checked, hands):
    batch = checked(sam, ANA, BEN)

    first = client_loading.load(hands(sam), batch)
    assert client_loading.load(hands(sam), batch) == first
    assert on_file(as_, sam) == 2


def test_eight_presses_at_once_load_once(as_, sam, checked, hands):
    batch, done = checked(sam, ANA, BEN), []
    press = [threading.Thread(target=lambda: done.append(client_loading.load(hands(sam), batch))) for _ in range(8)]
    for one in press:
        one.start()
    for one in press:
        one.join()

    assert len(done) == 8
    assert len(set(done)) == 1
    assert on_file(as_, sam) == 2


def test_who_came_on_file_since_the_check_is_looked_at(as_, sam, irene, checked, hands):
    batch = checked(sam, ANA, BEN)
    came = WalkInChoices({"child_first_name": "Ana", "child_last_name": "Cruz", "child_dob": "2016-03-27"})
    with as_(irene) as work:
        clients.keep_walk_in(work, came)
        clients.walk_in_candidates(work)
    with as_(irene) as work:
        clients.add_walk_in(work, came, uuid4().hex)

    with pytest.raises(TooLate, match="child of line 2"):
        client_loading.load(hands(sam), batch)
    assert on_file(as_, sam) == 1
    with as_(sam) as work:
        client_spreadsheets.check_again(work, batch)
    client_spreadsheets.check(hands(sam), batch, silently)
    assert counts(as_, sam, batch).new == 1
    assert client_loading.load(hands(sam), batch).count == 1


@on_sqlite
def test_a_stranger_who_came_on_file_since_does_not_stop_a_load(as_, sam, irene, checked, hands):
    batch = checked(sam, BEN)
    came = WalkInChoices({"child_first_name": "Zoe", "child_last_name": "Quill", "child_dob": "2009-01-02"})
    with as_(irene) as work:
        clients.keep_walk_in(work, came)
        clients.walk_in_candidates(work)
    with as_(irene) as work:
        clients.add_walk_in(work, came, uuid4().hex)

    assert client_loading.load(hands(sam), batch).count == 1


def test_two_files_of_the_same_children_load_one_set(as_, sam, checked, hands):
    first, second = checked(sam, ANA, BEN), checked(sam, BEN, ANA)

    client_loading.load(hands(sam), first)
    with pytest.raises(TooLate, match="Check again"):
        client_loading.load(hands(sam), second)
    assert on_file(as_, sam) == 2


@on_sqlite
def test_a_decision_stays_where_the_new_check_finds_the_same(as_, sam, likely, hands):
    with as_(sam) as work:
        client_batches.decide(work, likely, 2, Decision.LEAVE_OUT)
        client_spreadsheets.check_again(work, likely)
    client_spreadsheets.check(hands(sam), likely, silently)

    assert counts(as_, sam, likely).left_out == 1


@on_sqlite
def test_a_broken_off_check_goes_on_where_it_stood(as_, sam, read_file, hands, monkeypatch):
    monkeypatch.setattr(client_spreadsheets, "AT_ONCE", 2)
    batch = read_file(sam, ANA, BEN, BEN, ANA, JON)
    with as_(sam) as work:
        client_spreadsheets.choose(work, batch, client_spreadsheets.mapping(work, batch).choices)

    class TabClosed(Exception):
        pass

    def closes(done, _total):
        if done >= 2:
            raise TabClosed

    with pytest.raises(TabClosed):
        client_spreadsheets.check(hands(sam), batch, closes)
    assert counts(as_, sam, batch).unchecked == 3
    with pytest.raises(TooLate, match="Not every line"):
        client_loading.load(hands(sam), batch)
    client_spreadsheets.check(hands(sam), batch, silently)
    found = counts(as_, sam, batch)
    assert (found.new, found.same_earlier) == (3, 2)


def test_a_load_that_dies_leaves_nothing(as_, sam, checked, hands, monkeypatch):
    batch = checked(sam, ANA, BEN)
    with pytest.raises(ZeroDivisionError), monkeypatch.context() as broken:
        broken.setattr(client_loading, "_renew_badges", lambda *_: 1 / 0)
        client_loading.load(hands(sam), batch)

    assert on_file(as_, sam) == 0
    assert client_loading.load(hands(sam), batch).count == 2


# Taking back


def test_a_whole_file_is_taken_back_while_nobody_worked_on_it(as_, sam, irene, olga, sent_referral, loaded):
    sent_referral(olga)
    batch = loaded(sam, JON, BEN)
    with as_(sam) as work:
        assert client_loading.undo(work, batch, "The wrong list.") == 2

    assert on_file(as_, sam) == 0
    with as_(sam) as work:
        assert (
            work.session.scalar(select(func.count()).select_from(SearchPerson).where(SearchPerson.kind == "client"))
            == 0
        )
        assert work.session.scalars(select(MatchHint).where(MatchHint.other_kind == "client")).all() == []
        entry = work.session.scalars(select(AuditEntry).where(AuditEntry.event == "client.load_undone")).one()
    assert entry.count == 2
    assert entry.reason == "", "what somebody wrote may name a child: it stays on the file, not in the trail"
    with as_(irene) as work:
        assert clients.search(work, "Okafor").lines == ()


@on_sqlite
def test_taking_back_needs_a_reason_and_happens_once(as_, sam, loaded):
    batch = loaded(sam, ANA)
    with pytest.raises(Refused, match="Write why"), as_(sam) as work:
        client_loading.undo(work, batch, "  ")
    with as_(sam) as work:
        client_loading.undo(work, batch, "The wrong list.")
    with pytest.raises(TooLate, match="nothing to take back"), as_(sam) as work:
        client_loading.undo(work, batch, "The wrong list.")


def note(work, client_id):
    clients.add_note(work, client_id, "The mother called.")


def rename(work, client_id):
    clients.change(work, client_id, 1, {"child_middle_name": "Luz"})


@pytest.mark.parametrize("touch", [note, rename])
def test_a_client_who_was_worked_on_keeps_the_file_on_file(as_, sam, irene, loaded, touch):
    batch = loaded(sam, ANA, BEN)
    with as_(irene) as work:
        (line,) = clients.search(work, "Cruz").lines
    with as_(irene) as work:
        touch(work, line.id)

    with pytest.raises(Refused, match="C-26-0001 of this file was worked on"), as_(sam) as work:
        client_loading.undo(work, batch, "The wrong list.")
    assert on_file(as_, sam) == 2


# What is left over


@on_sqlite
def test_lines_to_mend_come_back_as_a_file_that_can_be_loaded(as_, sam, checked, hands, read_file):
    batch = checked(sam, "=1+1,Zoe,3/27/2016,F,,,,", "O'Hara,-Kim,99/99/2016,F,,,,", BEN)

    with as_(sam) as work:
        content = client_batches.mending_file(work, batch)

    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert table[0][:4] == ["Line in the file", "What to mend", "Last name", "First name"]
    assert [row[0] for row in table[1:]] == ["2", "3"]
    assert table[1][2] == "'=1+1"
    assert table[2][3] == "'-Kim"
    mended = content.decode("utf-8-sig").replace("99/99/2016", "3/27/2016").encode()
    again = client_spreadsheets.begin(hands(sam), "lines-to-mend.csv", mended)
    with as_(sam) as work:
        view = client_spreadsheets.mapping(work, again)
    assert view.choices.columns[:4] == ("", "", "child_last_name", "child_first_name")
    assert view.columns[3].samples == ("Zoe", "-Kim")


@on_sqlite
def test_a_file_to_mend_is_fetched_once_by_its_own_session(as_, sam, irene, checked):
    from actions import exports

    batch = checked(sam, ",,1/2/2003,F,,,,", BEN)
    with as_(sam) as work:
        link = client_batches.offer_mending_file(work, batch).rsplit("/", 1)[1]

    assert exports.fetch(link, irene.session_id) is None
    assert exports.fetch(link, sam.session_id).name == "lines-to-mend.csv"
    assert exports.fetch(link, sam.session_id) is None


@on_sqlite
def test_nothing_to_mend_is_said(as_, sam, checked):
    batch = checked(sam, BEN)
    with pytest.raises(Refused, match="no line to mend"), as_(sam) as work:
        client_batches.mending_file(work, batch)


@on_sqlite
def test_a_file_thrown_away_is_gone(as_, sam, checked):
    batch = checked(sam, ANA)
    with as_(sam) as work:
        client_batches.drop(work, batch)

    with as_(sam) as work:
        assert work.session.scalar(select(func.count()).select_from(ClientBatchRow)) == 0
        assert client_batches.files(work) == ()
    with pytest.raises(NotFound), as_(sam) as work:
        client_batches.read(work, batch)


def test_words_of_old_files_are_forgotten(as_, sam, checked, loaded):
    waiting, done = checked(sam, BEN), loaded(sam, ANA, ",,1/2/2003,F,,,,")
    with as_(sam) as work:
        for batch in work.session.scalars(select(ClientBatch)):
            batch.made_at = now() - timedelta(days=31)
        work.record("client.spreadsheet_read")
    with system_work("the night") as work:
        assert client_batches.forget_old(work) == 2
    with system_work("the night") as work:
        assert client_batches.forget_old(work) == 0

    with as_(sam) as work:
        kept = work.session.scalars(select(ClientBatchRow)).all()
        assert {row.batch_id for row in kept} == {done}
        assert {(row.cells, row.child, row.evidence) for row in kept} == {("[]", "", "")}
        assert work.session.get(ClientBatch, waiting).status is BatchStatus.DROPPED


# What the columns are


def test_the_columns_of_a_header_are_remembered(as_, sam, read_file):
    header = "Familienname,Vorname,Geboren"
    first = read_file(sam, "Huber,Anna,1.2.2015", header=header)
    with as_(sam) as work:
        proposed = client_spreadsheets.mapping(work, first)
        assert (proposed.choices.columns, proposed.remembered) == (("", "", ""), "")
        chosen = type(proposed.choices)(
            ("child_last_name", "child_first_name", "child_dob"), days={"2": DayOrder.DAY_FIRST}
        )
        client_spreadsheets.choose(work, first, chosen)

    second = read_file(sam, "Berger,Eva,3.4.2016", header=header.upper())
    with as_(sam) as work:
        again = client_spreadsheets.mapping(work, second)
    assert again.choices.columns == chosen.columns
    assert again.remembered == "Sam Okafor"


@on_sqlite
def test_an_unclear_date_is_asked_about_once_for_its_column(as_, sam, read_file, hands):
    batch = read_file(sam, "Cruz,Ana,03/04/2015,,,,,", "Cruz,Luz,05/06/2012,,,,,")
    with as_(sam) as work:
        choices = client_spreadsheets.mapping(work, batch).choices
    with pytest.raises(Refused, match="whether 03/04/2015 begins with the month or the day"), as_(sam) as work:
        client_spreadsheets.choose(work, batch, choices)

    answered = type(choices)(choices.columns, days={"2": DayOrder.DAY_FIRST}, names=choices.names)
    with as_(sam) as work:
        client_spreadsheets.choose(work, batch, answered)
    client_spreadsheets.check(hands(sam), batch, silently)
    (ana, _luz) = lines(as_, sam, batch, Fate.NEW)
    assert dict(ana.facts)["Date of birth"] == "April 3, 2015"


@on_sqlite
def test_a_first_line_that_is_a_child_is_loaded_too(as_, sam, read_file, hands):
    batch = client_spreadsheets.begin(hands(sam), "x.csv", b"Cruz,Ana,2016-03-27\nOkafor,Ben,2012-11-30\n")
    with as_(sam) as work:
        view = client_spreadsheets.mapping(work, batch)
        assert view.choices.first_is_child
        named = ("child_last_name", "child_first_name", "child_dob")
        client_spreadsheets.choose(work, batch, type(view.choices)(named, first_is_child=True))
    client_spreadsheets.check(hands(sam), batch, silently)

    assert counts(as_, sam, batch).new == 2


# Who may


@on_sqlite
def test_only_people_who_may_load_clients_do(as_, irene, ada, olga, sam, hands, checked):
    batch = checked(sam, ANA)
    for member in (irene, ada, olga):
        with pytest.raises(NotPermitted):
            client_spreadsheets.begin(hands(member), "clients.csv", b"Last,First\nCruz,Ana\n")
        with pytest.raises(NotPermitted):
            client_loading.load(hands(member), batch)
        with pytest.raises(NotPermitted):
            client_spreadsheets.check(hands(member), batch, silently)
    assert on_file(as_, sam) == 0


@pytest.fixture
def another_supervisor(cast):
    from db.tables.people import User, UserRole
    from domain.people import Role
    from tests.cast import Member, signed_in

    with system_work("the tests") as work:
        user = User(username="sue", name="Sue Park", made_at=work.now)
        user.roles = [UserRole(user_id=user.id, role=Role.SUPERVISOR)]
        work.session.add(user)
        work.session.flush()
        session = signed_in(work, user.id).id
        work.record("user.created", "user", user.id)
    return Member(user.id, session, "Sue Park", None)


@on_sqlite
def test_a_file_on_its_way_in_is_its_readers_own(as_, sam, another_supervisor, checked, hands):
    batch = checked(sam, ANA)

    for act_on in (
        lambda work: client_batches.read(work, batch),
        lambda work: client_batches.lines(work, batch, Fate.NEW),
        lambda work: client_spreadsheets.mapping(work, batch),
        lambda work: client_batches.drop(work, batch),
        lambda work: client_batches.decide(work, batch, 2, Decision.LEAVE_OUT),
    ):
        with pytest.raises(NotFound), as_(another_supervisor) as work:
            act_on(work)
    with pytest.raises(NotFound):
        client_loading.load(hands(another_supervisor), batch)


@on_sqlite
def test_another_supervisor_takes_a_loaded_file_back(as_, another_supervisor, sam, loaded):
    batch = loaded(sam, ANA)
    with as_(another_supervisor) as work:
        assert client_batches.files(work)[0].mine is False
        assert client_loading.undo(work, batch, "The wrong list.") == 1


def test_a_restricted_file_is_told_and_not_shown(as_, sam, another_supervisor, loaded, checked, hands):
    loaded(another_supervisor, ANA)
    with as_(another_supervisor) as work:
        (line,) = clients.search(work, "Ana Cruz").lines
        restricted.restrict(work, "client", line.id, [another_supervisor.user_id], "A colleague's child.")

    batch = checked(sam, ANA, BEN)
    (asked,) = lines(as_, sam, batch, Fate.TO_DECIDE)
    assert asked.other.words == "A restricted file may match: ask the supervisor"
    assert "C-26-0001" not in repr(asked)
    with pytest.raises(Refused, match="as new, or leave it out"), as_(sam) as work:
        client_batches.decide(work, batch, 2, Decision.SAME)
    with as_(sam) as work:
        client_batches.decide(work, batch, 2, Decision.LEAVE_OUT)
    assert client_loading.load(hands(sam), batch).count == 1


def test_a_file_restricted_since_is_no_longer_shown_among_the_loaded(as_, sam, another_supervisor, loaded):
    batch = loaded(sam, ANA, BEN)
    with as_(another_supervisor) as work:
        (line,) = clients.search(work, "Ana Cruz").lines
        restricted.restrict(work, "client", line.id, [another_supervisor.user_id], "A colleague's child.")

    shown = lines(as_, sam, batch, Fate.NEW)
    assert [one.child for one in shown] == ["", "Benedict Okafor"]
    with pytest.raises(Refused, match="A restricted client of this file was worked on"), as_(sam) as work:
        client_loading.undo(work, batch, "The wrong list.")


@on_sqlite
def test_the_console_acts_as_a_named_person(as_, sam, store):
    hands = whose.of_person("Sam")
    batch = client_spreadsheets.begin(hands, "clients.csv", f"{HEADER}\n{ANA}\n".encode())
    with as_(sam) as work:
        entry = work.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "client.spreadsheet_read", AuditEntry.object_id == batch)
        ).one()
    assert (entry.actor_name, entry.address) == ("Sam Okafor", "console")
    with pytest.raises(Refused, match="no active user"):
        client_spreadsheets.begin(whose.of_person("nobody"), "x.csv", b"a,b\n1,2\n")
    with pytest.raises(NotPermitted):
        client_spreadsheets.begin(whose.of_person("irene"), "x.csv", b"a,b\n1,2\n")
