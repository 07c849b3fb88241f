"""Every action, tried by every set of roles, on one's own record, another agency's, and one that does not exist."""

import importlib
import pkgutil
from datetime import timedelta
from itertools import combinations
from uuid import uuid4

import pytest

import actions
from actions.accounts.sessions import PROVE_FIRST
from actions.agency import referrals
from actions.work import ACTIONS, now, system_work, working
from db.tables.people import User, UserRole
from db.tables.sessions import UserSession
from domain.people import AGENCY_ROLES, CENTER_ROLES, Role
from domain.permissions import GRANTS, WORDS, Permission
from domain.refusals import NotFound, NotPermitted, Refused
from tests.cast import Member, signed_in
from tests.conftest import on_sqlite
from tests.security.samples import call, takes_a_record

for found in pkgutil.walk_packages(actions.__path__, "actions."):
    importlib.import_module(found.name)

EVERY_SET = [frozenset(some) for size in range(len(Role) + 1) for some in combinations(Role, size)]
ALONE = [some for some in EVERY_SET if len(some) == 1]


class TakenBack(Exception):
    """Raised after each try, so that nothing it did is kept."""


@pytest.fixture
def person(cast):
    """Make somebody with these roles, of Olga's agency where a role needs one."""

    def make(roles):
        with system_work("the tests") as work:
            name = "".join(sorted(role.value[:3] for role in roles)) or "nobody"
            agency = cast.sheriff_id if roles & AGENCY_ROLES else None
            user = User(username=name, name=name, agency_id=agency, made_at=work.now)
            user.roles = [UserRole(user_id=user.id, role=role) for role in roles]
            work.session.add(user)
            work.session.flush()
            session = signed_in(work, user.id).id
            work.record("user.created", "user", user.id)
        return Member(user.id, session, name, agency)

    return make


def action(name):
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


def outcome(member, name, record):
    """What came of a try: denied, missing, or let through (whatever the action then found wrong)."""
    try:
        with working(member.session_id) as work:
            try:
                call(action(name), work, record)
            except (NotPermitted, NotFound):
                raise
            except Exception:  # noqa: BLE001  (let through; what the sample values lack is not asked here)
                raise TakenBack from None
            raise TakenBack
    except NotPermitted:
        return "denied"
    except NotFound:
        return "missing"
    except (TakenBack, Refused):
        return "let through"


def test_the_table_is_whole():
    assert set(GRANTS) == set(Permission) == set(WORDS)
    assert all(granted <= AGENCY_ROLES | CENTER_ROLES for granted in GRANTS.values())
    assert set(ACTIONS.values()) <= set(GRANTS)


def test_every_action_times_every_role_set_as_the_table_says(person, sent_referral, olga, peter, record_property):
    records = {"own": sent_referral(olga), "other": sent_referral(peter), "none": uuid4()}
    cells, wrong = 0, []
    for roles in EVERY_SET:
        member = person(roles)
        denied = [name for name, permission in ACTIONS.items() if not roles & GRANTS[permission]]
        with working(member.session_id) as work:
            for name in denied:
                for relation, record in records.items():
                    cells += 1
                    try:
                        call(action(name), work, record)
                    except NotPermitted:
                        continue
                    wrong.append((name, roles, relation))

    record_property("attacks", cells)
    assert not wrong
    assert cells > 5_000


def test_whoever_is_granted_an_action_is_let_through(person):
    refused = []
    for roles in ALONE:
        member = person(roles)
        for name, permission in ACTIONS.items():
            if roles & GRANTS[permission] and outcome(member, name, None) == "denied":
                refused.append((name, sorted(roles)))

    assert not refused, "the control of the test above: it is not that everybody is denied everything"


def test_another_agencys_record_answers_like_one_that_does_not_exist(person, sent_referral, olga, peter):
    own, other = sent_referral(olga), sent_referral(peter)
    for roles in (frozenset({Role.REFERRAL_USER}), frozenset({Role.AGENCY_LEAD}), AGENCY_ROLES):
        member = olga if roles == {Role.REFERRAL_USER} else person(roles)
        for name, permission in ACTIONS.items():
            if not roles & GRANTS[permission] or not takes_a_record(action(name)):
                continue
            assert outcome(member, name, other) == outcome(member, name, None) == "missing", name
    reached = [name for name in ACTIONS if takes_a_record(action(name)) and outcome(olga, name, own) == "let through"]

    assert len(reached) >= 4, "the control: her own referral is there for her"


def test_staff_reach_both_agencies_records(sent_referral, olga, peter, irene):
    for record in (sent_referral(olga), sent_referral(peter)):
        assert outcome(irene, "actions.center.referrals.read", record) == "let through"


def test_another_agencys_record_is_refused_in_the_same_words(sent_referral, peter, as_, olga):
    referral_id = sent_referral(olga)
    said = []
    for record in (referral_id, uuid4()):
        with pytest.raises(NotFound) as refusal, as_(peter) as work:
            referrals.read_own(work, record)
        said.append(refusal.value.message)

    assert said[0] == said[1]


def test_an_administrator_alone_sees_no_child(person, sent_referral, olga):
    referral_id, ada = sent_referral(olga), person(frozenset({Role.ADMINISTRATOR}))

    about_children = [name for name, permission in ACTIONS.items() if permission in ABOUT_CHILDREN]
    assert len(about_children) > 40
    assert {outcome(ada, name, referral_id) for name in about_children} == {"denied"}


ASK_AGAIN = {
    "accounts.second_factor": ["begin_own_enrolment", "confirm_own_enrolment"],
    "center.agencies": ["make_agency", "change_agency", "switch_agency_off", "switch_agency_on"],
    "center.audit_trail": ["export"],
    "center.center_details": ["change_center_details"],
    "center.door_rules": ["set_door_rules"],
    "center.restricted": ["open_in_an_emergency"],
    "center.retention": ["set_periods", "request", "approve"],
    "center.users": [
        "make_user",
        "change_user",
        "set_roles",
        "deactivate",
        "reactivate",
        "hand_out_code",
        "unlock",
        "take_second_factor_away",
        "connect_outside",
        "disconnect_outside",
    ],
}
"""What asks for the password again when it was given over five minutes ago."""


@on_sqlite
def test_acts_that_change_who_may_enter_ask_for_the_password_again(person, record_property):
    member = person(frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}))
    names = [f"actions.{module}.{name}" for module, found in ASK_AGAIN.items() for name in found]
    assert PROVE_FIRST not in {said_of(member, name) for name in names}, "the control: a fresh password is enough"
    with system_work("the tests") as work:
        work.session.get_one(UserSession, member.session_id).proved_at = now() - timedelta(minutes=6)
        work.record("auth.step_up")

    record_property("attacks", len(names))
    assert [name for name in names if said_of(member, name) != PROVE_FIRST] == []


def said_of(member, name):
    """With which words an action refuses; nothing is kept of what it does."""
    try:
        with working(member.session_id) as work:
            try:
                call(action(name), work, member.user_id)
            except Refused:
                raise
            except Exception:  # noqa: BLE001  (let through; what the sample values lack is not asked here)
                raise TakenBack from None
            raise TakenBack
    except Refused as refusal:
        return refusal.message
    except TakenBack:
        return ""


ABOUT_CHILDREN = {
    Permission.WRITE_REFERRALS,
    Permission.SEE_OWN_REFERRALS,
    Permission.SEE_QUEUE,
    Permission.REVIEW_REFERRALS,
    Permission.PHONE_IN_REFERRALS,
    Permission.DELETE_REFERRALS,
    Permission.MERGE_REFERRALS,
    Permission.IMPORT_REFERRALS,
    Permission.UNDO_IMPORTS,
    Permission.SEE_CLIENTS,
    Permission.EDIT_CLIENTS,
    Permission.LOAD_CLIENTS,
    Permission.BREAK_GLASS,
}
