"""Events of the door, each through its public action, with the person, the record and the result written down."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine

from actions import accounts, exports
from actions.accounts import Visitor
from actions.center import agencies, audit_trail, door_rules, referrals, restricted, users
from actions.center.audit_trail import Wanted
from actions.work import system_work, working
from db.tables.audit import AuditEntry
from db.tables.people import User
from domain import passwords
from domain.door_rules import DoorRules
from domain.passwords import Cost
from domain.people import Role
from domain.refusals import Refused

WORD = "correct horse battery staple"
HERE = Visitor("10.1.1.1", "Chrome")


@pytest.fixture
def known(cast, monkeypatch):
    monkeypatch.setattr(passwords, "COST", Cost(memory=64, passes=1))
    with system_work("the tests") as work:
        for member in (cast.olga, cast.irene, cast.sam, cast.ada):
            work.session.get_one(User, member.user_id).password_hash = passwords.hashed(WORD)
        work.record("setup.done")
    return cast


@pytest.fixture
def last(store):
    """The newest entry of an event: who, about what, with which result."""

    def newest(event):
        with store.reading() as session:
            found = session.query(AuditEntry).filter_by(event=event).order_by(AuditEntry.seq.desc()).first()
            assert found is not None, event
            return found.actor_name, found.object_id, found.result

    return newest


def test_signing_in_and_out(known, last):
    olga = known.olga
    with pytest.raises(Refused):
        accounts.sign_in("olga", "wrong", HERE)
    assert last("auth.login_failed") == ("Somebody not signed in", olga.user_id, "failed")
    redeemed = accounts.redeem(accounts.sign_in("olga", WORD, HERE).ticket, HERE)
    session = accounts.recognise(redeemed.token).session_id
    assert last("auth.login") == ("Olga Ruiz", olga.user_id, "ok")
    assert last("auth.new_device") == ("Olga Ruiz", olga.user_id, "ok")
    with pytest.raises(Refused):
        accounts.prove_again(session, "wrong", HERE)
    assert last("auth.step_up_failed") == ("Olga Ruiz", None, "failed")
    accounts.prove_again(session, WORD, HERE)
    assert last("auth.step_up") == ("Olga Ruiz", None, "ok")
    with working(session) as work:
        accounts.end_other_sessions(work)
    assert last("auth.session_revoked") == ("Olga Ruiz", olga.user_id, "ok")
    accounts.change_password(session, WORD, "a quite different phrase", HERE)
    assert last("auth.password_changed") == ("Olga Ruiz", olga.user_id, "ok")
    with working(session) as work:
        accounts.sign_out(work)
    assert last("auth.logout") == ("Olga Ruiz", session, "ok")


def test_waiting_and_the_end_of_time(known, last):
    session = accounts.recognise(accounts.redeem(accounts.sign_in("olga", WORD, HERE).ticket, HERE).token).session_id
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=20)):
        accounts.live(session)
    assert last("auth.idle_logoff") == ("Olga Ruiz", session, "ok")
    other = accounts.recognise(accounts.redeem(accounts.sign_in("olga", WORD, HERE).ticket, HERE).token).session_id
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=13)):
        accounts.live(other)
    assert last("auth.expired") == ("Olga Ruiz", other, "ok")
    for _ in range(7):
        with pytest.raises(Refused):
            accounts.sign_in("irene", "wrong", HERE)
    assert last("auth.throttled") == ("Somebody not signed in", known.irene.user_id, "refused")


def test_the_second_factor(known, last, as_):
    ada = known.ada
    asked = accounts.sign_in("ada", WORD, HERE)
    key = accounts.begin_enrolment(asked.token).key
    assert last("auth.totp_begun")[1] == ada.user_id
    _, codes = accounts.confirm_enrolment(asked.token, pyotp.TOTP(key).now(), HERE)
    assert last("auth.totp_enrolled")[1:] == (ada.user_id, "ok")
    assert last("auth.recovery_codes_made")[1:] == (ada.user_id, "ok")
    again = accounts.sign_in("ada", WORD, HERE)
    accounts.answer_code(again.token, codes[0], HERE)
    assert last("auth.recovery_code_used")[1:] == (ada.user_id, "ok")
    with as_(ada) as work:
        users.take_second_factor_away(work, ada.user_id)
    assert last("auth.totp_removed") == ("Ada Lund", ada.user_id, "ok")


def test_what_an_administrator_does(known, last, as_, ada):
    with as_(ada) as work:
        agency = agencies.make_agency(work, "Elm City Police", "le")
    assert last("agency.created") == ("Ada Lund", agency, "ok")
    with as_(ada) as work:
        agencies.change_agency(work, agency, 1, "Elm Police", "le", team_partner=True)
    assert last("agency.updated") == ("Ada Lund", agency, "ok")
    with as_(ada) as work:
        code = users.make_user(work, "tomas", users.Details("Tomas Reyes"), [Role.STAFF], None)
        tomas = next(one for one in users.users(work) if one.username == "tomas").id
    assert last("user.created") == ("Ada Lund", tomas, "ok")
    assert last("auth.reset_code_issued") == ("Ada Lund", tomas, "ok")
    accounts.use_reset_code("tomas", code, "a quite different phrase", HERE)
    assert last("auth.reset_code_used")[1:] == (tomas, "ok")
    acts = [
        ("user.updated", lambda work, one: users.change_user(work, one.id, one.version, users.Details("Tomas R."))),
        ("user.role_added", lambda work, one: users.set_roles(work, one.id, one.version, [Role.STAFF, Role.AUDITOR])),
        ("user.role_removed", lambda work, one: users.set_roles(work, one.id, one.version, [Role.STAFF])),
        ("user.unlocked", lambda work, one: users.unlock(work, one.id)),
        ("auth.outside_mapped", lambda work, one: users.connect_outside(work, one.id, "https://login.example", "s")),
        ("auth.outside_unmapped", lambda work, one: users.disconnect_outside(work, one.id)),
        ("user.deactivated", lambda work, one: users.deactivate(work, one.id, one.version)),
        ("user.reactivated", lambda work, one: users.reactivate(work, one.id, one.version)),
    ]
    for event, act in acts:
        with as_(ada) as work:
            act(work, next(one for one in users.users(work) if one.username == "tomas"))
        assert last(event) == ("Ada Lund", tomas, "ok")
    for event, act in (
        ("agency.deactivated", agencies.switch_agency_off),
        ("agency.reactivated", agencies.switch_agency_on),
    ):
        with as_(ada) as work:
            act(work, agency, next(one.version for one in agencies.agencies(work) if one.id == agency))
        assert last(event) == ("Ada Lund", agency, "ok")
    with as_(ada) as work:
        door_rules.set_door_rules(work, DoorRules(idle_minutes=10))
    assert last("settings.changed") == ("Ada Lund", None, "ok")


def test_the_trail_and_restricted_records(known, last, as_, sam, irene, olga, sent_referral):
    referral_id = sent_referral(olga)
    with as_(sam) as work:
        audit_trail.find(work, Wanted(person=olga.user_id))
    assert last("audit.read") == ("Sam Okafor", olga.user_id, "ok")
    with as_(sam) as work:
        audit_trail.check(work)
    assert last("audit.verified") == ("Sam Okafor", None, "ok")
    with as_(sam) as work:
        link = exports.offer(work, "trail.csv", "text/csv", audit_trail.export(work, Wanted()))
    assert last("audit.exported") == ("Sam Okafor", None, "ok")
    assert exports.fetch(link.removeprefix("/export/"), irene.session_id) is None
    assert exports.fetch(link.removeprefix("/export/"), sam.session_id).content
    assert exports.fetch(link.removeprefix("/export/"), sam.session_id) is None
    assert last("export.downloaded")[1:] == (sam.session_id, "ok")
    with as_(irene) as work:
        number = referrals.read(work, referral_id).number
        restricted.restrict(work, "referral", referral_id, [irene.user_id], "A worker's niece.")
    assert last("referral.restricted") == ("Irene Vega", referral_id, "ok")
    with as_(sam) as work:
        restricted.open_in_an_emergency(work, number, "The child is at the door.")
    assert last("record.break_glass_opened") == ("Sam Okafor", referral_id, "ok")
    with as_(irene) as work:
        restricted.lift(work, "referral", referral_id, "It was a mistake.")
    assert last("referral.unrestricted") == ("Irene Vega", referral_id, "ok")
    with pytest.raises(Refused), as_(irene) as work:
        users.users(work)
    assert last("authz.denied") == ("Irene Vega", None, "refused")
    with pytest.raises(Refused), as_(irene) as work:
        referrals.read(work, olga.user_id)
    assert last("input.rejected") == ("Irene Vega", None, "refused")
