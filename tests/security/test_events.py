"""Every event of the catalogue, through its public action, with the person, the record and the result compared.

Each act is tried first with a trail that cannot be written, and then nothing of it may be kept. How to add the scenario
of a new event: `scenarios/stage.py`.
"""

import ast
import importlib
import inspect
import pkgutil
from dataclasses import replace
from pathlib import Path

import pytest

import actions
from actions import site as sites
from actions.work import ACTIONS, system_work
from db import audit
from db.tables.people import User
from domain import passwords
from domain.events import EVENTS
from domain.passwords import Cost
from settings import OutsideSignIn
from tests.conftest import blank_sqlite, on_sqlite
from tests.security.scenarios import clients, door, keeping, people, referrals, site
from tests.security.scenarios.stage import WORD, Stage, Told

GROUPS = {
    "referrals": referrals.TOLD,
    "clients": clients.TOLD,
    "door": door.TOLD,
    "people": people.TOLD,
    "keeping": keeping.TOLD,
}
EVERY: tuple[Told, ...] = (*(one for group in GROUPS.values() for one in group), *site.TOLD, *site.FROM_NOTHING)
ELSEWHERE = {
    "center.demo_made": "tests/actions/test_demo.py",
    "match.weights_learned": "tests/actions/test_match_weights.py",
    "match.weights_taken_back": "tests/actions/test_match_weights.py",
}
"""Compared in the test of another file, because it takes that test's time: event -> file."""

for found in pkgutil.walk_packages(actions.__path__, "actions."):
    importlib.import_module(found.name)


@pytest.fixture
def cheap(monkeypatch):
    """Passwords that cost next to nothing to check."""
    monkeypatch.setattr(passwords, "COST", Cost(memory=64, passes=1))


@pytest.fixture
def stage(cast, store, tmp_path, cheap):
    """The cast's center; Olga, Lena, Peter and Irene have a password, nobody needs a second factor but Sam and Ada."""
    with system_work("the tests") as work:
        for member in (cast.olga, cast.lena, cast.peter, cast.irene):
            work.session.get_one(User, member.user_id).password_hash = passwords.hashed(WORD)
        work.record("setup.done")
    audit.keep_head_at(None)
    provider = OutsideSignIn("https://login.example", "desk", "secret", "https://desk.example", "Example")
    sites.use(replace(sites.present(), settings=replace(sites.present().settings, outside=provider)))
    return Stage(cast, store, tmp_path)


def play(stage: Stage, told: tuple[Told, ...]) -> list[tuple]:
    """Play every scenario; what was told otherwise than expected."""
    wrong = []
    for one in told:
        stage.by, stage.refuses, stage.since = one.by, one.result != "ok", 0
        about = one.act(stage)
        entries = stage.told or stage.keep_what_is_told()
        stage.told = []
        named = getattr(stage.cast, one.by).name if stage.cast and hasattr(stage.cast, one.by) else one.by
        expected = (named, one.kind, about, one.result)
        found = {(e.actor_name, e.object_type, e.object_id, e.result) for e in entries if e.event == one.event}
        if expected not in found:
            wrong.append((one.event, expected, found))
    return wrong


def test_every_event_of_the_catalogue_has_a_scenario():
    assert {one.event for one in EVERY} | ELSEWHERE.keys() == set(EVENTS)
    for event, file in ELSEWHERE.items():
        assert f'"{event}"' in (Path(__file__).parents[2] / file).read_text(), event


@pytest.mark.parametrize("group", GROUPS)
def test_every_event_is_told_by_its_act_and_no_act_happens_untold(stage, group, record_property):
    record_property("attacks", len(GROUPS[group]))

    assert play(stage, GROUPS[group]) == []


@on_sqlite
def test_every_event_of_the_site_is_told(stage, record_property):
    record_property("attacks", len(site.TOLD))

    assert play(stage, site.TOLD) == []


@blank_sqlite
def test_every_event_of_a_new_site_is_told(blank_url, tmp_path, cheap, record_property):
    record_property("attacks", len(site.FROM_NOTHING))

    assert play(Stage(None, None, tmp_path), site.FROM_NOTHING) == []


@on_sqlite
def test_an_act_that_tells_something_else_is_found_out(stage):
    """The control: the comparison itself finds a wrong person, record, kind and result."""
    right = next(one for one in referrals.TOLD if one.event == "referral.noted")
    for other in (
        Told(
            right.event, "sam", "referral", lambda s: s.done("irene", lambda work: None) or right.act(_as(s, "irene"))
        ),
        Told(right.event, "irene", "client", right.act),
        Told(right.event, "irene", "referral", lambda s: right.act(s) and s.cast.irene.user_id),
        Told(right.event, "irene", "referral", right.act, "refused"),
    ):
        assert len(play(stage, (other,))) == 1


def _as(stage, who):
    stage.by = who
    return stage


@on_sqlite
def test_an_act_that_is_kept_without_its_entry_is_found_out(stage):
    """The control: a change that would survive a trail that cannot be written fails the scenario."""

    def keeps_something(s):
        def deed():
            with s.store.writing() as session:
                session.get_one(User, s.cast.olga.user_id).phone = "555-0000"
                session.info["recorded"] = True
            s.does(referrals.referrals.add_note, s.sent(), "x")

        s.tries(deed)

    with pytest.raises(AssertionError, match="something was kept"):
        play(stage, (Told("referral.noted", "irene", "referral", keeps_something),))


def test_every_action_that_tells_something_is_played():
    """So that the trail that cannot be written was tried under each of them, not only under one for each event."""
    telling = {name for name in ACTIONS if "work.record(" in inspect.getsource(inspect.unwrap(_action(name)))}
    played = {name for tables in (clients, door, keeping, people, referrals, site) for name in _played(tables)}

    assert sorted(telling - played) == []


def _action(name):
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


def _played(module):
    """Full names of the actions that a table of scenarios hands to `does`."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "does":
            action = inspect.unwrap(eval(ast.unparse(node.args[0]), vars(module)))
            yield f"{action.__module__}.{action.__qualname__}"
