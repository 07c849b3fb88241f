"""Two people act on one referral at the same moment: one wins, the other is told who and when, nothing is torn."""

import itertools
import random
import re
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from actions.center import imports
from actions.work import working
from db.tables.audit import AuditEntry
from db.tables.clients import Client
from db.tables.referrals import ImportDecision, Referral, StatusChange
from domain.lifecycle import Status
from domain.refusals import Refused
from tests.faults import desk_work

NAMES = ("Irene Vega", "Sam Okafor", "Olga Ruiz")
TIME = re.compile(r"\d{1,2}:\d\d")


@dataclass
class Racer:
    """One person about to do one thing; `outcome` is what came of it."""

    act: object
    outcome: object = None

    def run(self, start):
        start.wait()
        try:
            self.outcome = self.act()
        except Refused as refusal:
            self.outcome = refusal


def race(*acts):
    """Start all at once and give what came of each."""
    start = threading.Barrier(len(acts))
    racers = [Racer(each) for each in acts]
    threads = [threading.Thread(target=racer.run, args=(start,)) for racer in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [racer.outcome for racer in racers]


def a_child():
    """Somebody whom nobody on file resembles."""
    word = "".join(random.choice("bcdfghjklmnprstvwz") + random.choice("aeiou") for _ in range(4))
    born = date(2009, 1, 1) + timedelta(days=random.randrange(4000))
    return {"child_first_name": word.title(), "child_last_name": word[::-1].title(), "child_dob": born.isoformat()}


class Desk:
    """Referrals in every state, and each act prepared on what its actor saw."""

    def __init__(self, cast):
        self.cast = cast

    def waiting(self, *, looked=True):
        referral_id = desk_work.sent(self.cast.olga, **a_child())
        if looked:
            desk_work.look_for_client(self.cast.irene, referral_id)
            desk_work.look_for_client(self.cast.sam, referral_id)
        return referral_id

    def in_state(self, state, *, looked):
        """A referral in the state from which an act is legal, and the id that the act is about."""
        referral_id = self.waiting(looked=looked or state is Status.IMPORTED)
        seen = desk_work.version(self.cast.irene, referral_id)
        if state is Status.REJECTED:
            desk_work.reject(self.cast.irene, referral_id, seen)
        elif state is Status.DELETED:
            desk_work.delete(self.cast.irene, referral_id, seen)
        elif state is Status.CLOSED:
            desk_work.close(self.cast.irene, referral_id, seen)
        elif state is Status.IMPORTED:
            desk_work.save(self.cast.irene, referral_id, seen)
        elif state is Status.MERGED:
            return desk_work.merge_two(self.cast.irene, referral_id, desk_work.sent(self.cast.peter))
        return referral_id

    def prepared(self, name, referral_id, who):
        """The act as this person would do it now, with the version that they see at this moment."""
        seen = desk_work.version(who, referral_id)
        other = desk_work.sent(self.cast.peter) if name == "merge" else None
        versions = {referral_id: seen, other: desk_work.version(who, other)} if other else {}
        return {
            "import": lambda: desk_work.save(who, referral_id, seen),
            "merge": lambda: desk_work.merge(who, versions),
            "reject": lambda: desk_work.reject(who, referral_id, seen),
            "close": lambda: desk_work.close(who, referral_id, seen),
            "delete": lambda: desk_work.delete(who, referral_id, seen),
            "restore": lambda: desk_work.restore(who, referral_id, seen),
            "resubmit": lambda: desk_work.resubmit(self.cast.olga, referral_id),
            "undo merge": lambda: desk_work.undo_merge(who, referral_id, seen),
            "undo import": lambda: desk_work.undo_import(self.cast.sam, referral_id),
        }[name]


LEGAL_FROM = {
    "import": Status.SUBMITTED,
    "merge": Status.SUBMITTED,
    "reject": Status.SUBMITTED,
    "close": Status.SUBMITTED,
    "delete": Status.SUBMITTED,
    "resubmit": Status.REJECTED,
    "restore": Status.DELETED,
    "undo merge": Status.MERGED,
    "undo import": Status.IMPORTED,
}
PAIRS = list(itertools.combinations_with_replacement(LEGAL_FROM, 2))


def starts(first, second):
    """The states to race from: where the first is legal, and where the second is when that is another one."""
    return sorted({LEGAL_FROM[first], LEGAL_FROM[second]})


@pytest.mark.timeout(6000)
@pytest.mark.parametrize(("first", "second"), PAIRS, ids=lambda name: name)
def test_of_two_acts_on_one_referral_one_wins(store, cast, rounds, first, second):
    desk = Desk(cast)
    for _ in range(rounds(short=1, long=200)):
        for state in starts(first, second):
            referral_id = desk.in_state(state, looked="import" in (first, second))
            outcomes = race(desk.prepared(first, referral_id, cast.irene), desk.prepared(second, referral_id, cast.sam))
            _one_winner(outcomes, first, second)

    assert desk_work.torn(store) == []
    _trail_agrees(store)


MAY_FOLLOW = ({"import", "undo import"}, {"reject", "resubmit"})
"""Acts that go by what is there, not by a version seen: where one comes just after the other, both are right."""


def _one_winner(outcomes, first, second):
    losers = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    if {first, second} in MAY_FOLLOW and not losers:
        return
    assert len(losers) == 1, f"{first} against {second}: {outcomes}"
    sentence = losers[0].message
    assert sentence.endswith("."), sentence
    assert not re.search(r"locked|sqlite|psycopg|Traceback|[0-9a-f]{8}-[0-9a-f]{4}", sentence), sentence


def _trail_agrees(store):
    """History and audit trail both tell of referrals; that they agree entry by entry is not compared here."""
    with store.reading() as session:
        steps = session.scalar(select(func.count()).select_from(StatusChange))
        entries = Counter(session.scalars(select(AuditEntry.object_type).where(AuditEntry.result == "ok")))
    assert entries["referral"] >= 1
    assert steps >= 1


@pytest.mark.timeout(6000)
def test_ten_times_over_the_likeliest_pairs_have_one_winner_and_the_loser_hears_who_and_when(store, cast, rounds):
    desk = Desk(cast)
    for first, second in itertools.combinations(("import", "merge", "reject", "close", "delete"), 2):
        for _ in range(rounds(short=2, long=200)):
            referral_id = desk.waiting()
            outcomes = race(desk.prepared(first, referral_id, cast.irene), desk.prepared(second, referral_id, cast.sam))

            (loser,) = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
            assert any(name in loser.message for name in NAMES), loser.message
            assert TIME.search(loser.message), loser.message


@pytest.mark.timeout(6000)
def test_eight_workers_import_the_same_referrals_and_each_becomes_one_client(store, cast, rounds):
    desk = Desk(cast)
    wanted = [desk.waiting() for _ in range(rounds(short=25, long=500))]
    people = [cast.irene, cast.sam]
    told = [[] for _ in range(8)]

    def worker(number):
        who = people[number % 2]
        for referral_id in wanted:
            try:
                seen = desk_work.version(who, referral_id)
                with working(who.session_id) as work:
                    imports.save_intake(work, referral_id, seen, desk_work.NEW_CLIENT, uuid4().hex)
            except Refused as refusal:
                told[number].append(refusal.message)

    race(*(lambda number=number: worker(number) for number in range(8)))

    with store.reading() as session:
        clients = session.scalar(select(func.count()).select_from(Client))
        decisions = session.scalar(select(func.count()).select_from(ImportDecision))
        imported = session.scalar(select(func.count()).select_from(Referral).where(Referral.status == Status.IMPORTED))
    sentences = [sentence for each in told for sentence in each]
    assert (clients, decisions, imported) == (len(wanted), len(wanted), len(wanted))
    assert len(sentences) == 7 * len(wanted)
    assert all(any(name in sentence for name in NAMES) and TIME.search(sentence) for sentence in sentences)
    assert desk_work.torn(store) == []


@pytest.mark.timeout(3000)
def test_twenty_writers_never_hear_of_a_lock(store, cast, rounds):
    each = rounds(short=3, long=150)
    people = [cast.olga, cast.lena, cast.peter]
    outcomes = race(*(lambda n=n: [desk_work.sent(people[n % 3]) for _ in range(each)] for n in range(20)))

    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == []
    with store.reading() as session:
        numbers = session.scalars(select(Referral.number).where(Referral.number.is_not(None))).all()
    assert len(numbers) == len(set(numbers)) == 20 * each
    assert desk_work.torn(store) == []


@pytest.mark.timeout(3000)
def test_a_double_click_saves_one_client(store, cast, rounds):
    desk = Desk(cast)
    for _ in range(rounds(short=5, long=50)):
        referral_id = desk.waiting()
        seen, key = desk_work.version(cast.irene, referral_id), uuid4().hex

        def click(referral_id=referral_id, seen=seen, key=key):
            with working(cast.irene.session_id) as work:
                return imports.save_intake(work, referral_id, seen, desk_work.NEW_CLIENT, key)

        once, twice = race(click, click)

        assert not isinstance(once, Refused), once.message
        assert not isinstance(twice, Refused), twice.message
        assert once.client_id == twice.client_id
