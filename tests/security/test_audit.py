"""The audit trail: every event is listed, tampering is found each time, and no act is saved without its entry."""

import ast
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from actions.center import audit_trail, referrals, users
from actions.center.audit_trail import Chain, Wanted
from actions.work import system_work
from db import audit
from db.tables.audit import AuditEntry
from db.tables.people import User
from db.tables.sessions import UserSession
from domain.events import EVENTS
from domain.people import Role
from domain.refusals import NotFound, NotPermitted, Refused

ACTIONS = Path(__file__).parents[2] / "actions"


def _name(function):
    return getattr(function, "attr", getattr(function, "id", ""))


def written_events():
    """Every event that the source hands to `record`, with the file that does."""
    for file in ACTIONS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) in ("record", "_record") and node.args:
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and "." in part.value:
                        yield part.value, file.name


def test_every_event_that_the_code_writes_is_in_the_catalogue():
    assert not sorted({(event, file) for event, file in written_events() if event not in EVENTS})


def test_an_event_that_is_not_in_the_catalogue_is_refused(cast):
    assert "referral.viewed" in {event for event, _ in written_events()}, "the control: the reading finds events"
    with pytest.raises(LookupError), system_work("the tests") as work:
        work.record("referral.vanished")


# The chain


@pytest.fixture
def trail(cast, store):
    """A trail of a good length, each entry in a transaction of its own."""
    with system_work("the tests") as work:
        for number in range(60):
            work.record("referral.viewed", "referral", uuid4(), count=number)
    return store


@pytest.fixture
def head(tmp_path):
    audit.keep_head_at(tmp_path / "audit-head")
    yield
    audit.keep_head_at(None)


def edit(session, chance, last):
    entry = session.get_one(AuditEntry, chance.randint(1, last))
    entry.reason = entry.reason + "x"


def forge(session, chance, last):
    entry = session.get_one(AuditEntry, chance.randint(1, last))
    entry.actor_name, entry.mac = "Somebody Else", f"{chance.getrandbits(256):064x}"


def delete(session, chance, last):
    session.delete(session.get_one(AuditEntry, chance.randint(1, last - 1)))


def swap(session, chance, last):
    one, other = (session.get_one(AuditEntry, number) for number in chance.sample(range(1, last + 1), 2))
    kept = {name: getattr(one, name) for name in ("event", "actor_name", "object_id", "at", "count")}
    for name in kept:
        setattr(one, name, getattr(other, name))
        setattr(other, name, kept[name])


def cut_off(session, chance, last):
    session.query(AuditEntry).filter(AuditEntry.seq > last - chance.randint(1, 5)).delete()


class TakenBack(Exception):
    pass


@pytest.mark.parametrize("tamper", [edit, forge, delete, swap, cut_off])
def test_tampering_is_found_every_time(trail, head, tamper, rounds, record_property):
    with system_work("the tests") as work:
        work.record("app.started")
    tries, found = rounds(short=20, long=100), 0
    for number in range(tries):
        chance = random.Random(number)
        try:
            with system_work("the tests") as work:
                last = audit.last(work.session)[0]
                tamper(work.session, chance, last)
                work.session.flush()
                work.session.expire_all()
                found += audit_trail.examine(work).chain is not Chain.WHOLE
                raise TakenBack
        except TakenBack:
            pass

    record_property("attacks", tries)
    assert found == tries
    with system_work("the tests") as work:
        assert audit_trail.examine(work).chain is Chain.WHOLE, "the control: untouched, it is whole"


def test_without_the_copy_outside_a_cut_off_tail_would_not_be_seen(trail):
    try:
        with system_work("the tests") as work:
            cut_off(work.session, random.Random(1), audit.last(work.session)[0])
            assert audit_trail.examine(work).chain is Chain.WHOLE
            raise TakenBack
    except TakenBack:
        pass


def test_what_cannot_be_written_down_does_not_happen(cast, as_, ada, monkeypatch):
    def broken(*_):
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(audit, "append", broken)
    with pytest.raises(RuntimeError), as_(ada) as work:
        users.make_user(work, "abel", users.Details("Abel Stone"), [Role.STAFF], None)
    monkeypatch.undo()

    with as_(ada) as work:
        assert "abel" not in {one.username for one in users.users(work)}


def test_a_change_that_records_nothing_is_refused(cast, store):
    with pytest.raises(audit.Unrecorded), system_work("the tests") as work:
        work.session.get_one(User, cast.olga.user_id).name = "Somebody Else"


def test_a_refused_act_is_written_down_although_nothing_else_is(cast, as_, irene, sam):
    with pytest.raises(NotPermitted), as_(irene) as work:
        users.make_user(work, "abel", users.Details("Abel Stone"), [Role.STAFF], None)

    with as_(sam) as work:
        found = audit_trail.find(work, Wanted(person=irene.user_id, result="refused"))

    assert [entry.event for entry in found.entries] == ["authz.denied"]


# The screen's questions


def test_a_supervisor_finds_entries_by_person_record_event_and_time(as_, sam, olga, irene, sent_referral):
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        referrals.read(work, referral_id)

    with as_(sam) as work:
        by_record = audit_trail.find(work, Wanted(record=referral_id)).entries
        by_person = audit_trail.find(work, Wanted(person=irene.user_id)).entries
        by_event = audit_trail.find(work, Wanted(events=("referral.submitted",))).entries
        later = audit_trail.find(work, Wanted(since=datetime.now(UTC) + timedelta(minutes=1))).entries
        lookers = audit_trail.who_looked(work, referral_id)

    assert {"referral.submitted", "referral.viewed"} <= {entry.event for entry in by_record}
    assert {entry.person for entry in by_person} == {"Irene Vega"}
    assert {entry.event for entry in by_event} == {"referral.submitted"}
    assert not later
    assert [(look.person, look.times) for look in lookers] == [("Irene Vega", 1)]


def test_a_record_is_meant_by_its_number_its_user_name_or_its_id(as_, sam, olga, irene, sent_referral):
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        number = referrals.read(work, referral_id).number

    with as_(sam) as work:
        meant = [audit_trail.record_called(work, typed) for typed in (number, f" {number.lower()} ", str(referral_id))]
        person = audit_trail.record_called(work, "Olga")
        called = {entry.called for entry in audit_trail.find(work, Wanted(record=referral_id)).entries}
        of_person = {entry.called for entry in audit_trail.find(work, Wanted(record=irene.user_id)).entries}

    assert meant == [referral_id] * 3
    assert person == olga.user_id
    assert called == {number}
    assert of_person <= {"irene"}


@pytest.mark.parametrize("typed", ["R-26-9999", "%", "' OR 1=1 --", "x" * 5000, "الأولى", "\u202e", "\x00"])
def test_what_no_record_is_called_is_one_sentence(as_, sam, olga, sent_referral, typed):
    sent_referral(olga)

    with pytest.raises(NotFound, match="No record is called so"), as_(sam) as work:
        audit_trail.record_called(work, typed)


def test_the_export_holds_what_was_asked_and_no_formula(as_, sam, ada):
    with as_(ada) as work:
        work.record("user.updated", "user", ada.user_id, reason='=HYPERLINK("http://evil.example")')
    with as_(sam) as work:
        written = audit_trail.export(work, Wanted()).decode("utf-8-sig")

    assert "user.updated" in written
    assert "'=HYPERLINK" in written
    assert ",=" not in written


def test_exporting_needs_the_password_again(as_, sam):
    with system_work("the tests") as work:
        work.session.get_one(UserSession, sam.session_id).proved_at = datetime.now(UTC) - timedelta(minutes=6)
        work.record("auth.step_up")

    with pytest.raises(Refused), as_(sam) as work:
        audit_trail.export(work, Wanted())


def test_no_entry_ever_holds_a_childs_words(as_, sam, olga, irene, sent_referral):
    referral_id = sent_referral(olga, child_first_name="Canarybird", narrative="Canarynarrative was told. Twice.")
    with as_(irene) as work:
        referrals.read(work, referral_id)

    with as_(sam) as work:
        assert "anary" not in audit_trail.export(work, Wanted()).decode()
