"""A store as large as wanted, filled with invented people: what `benchmarks.store` measures on.

Clients are loaded by the product's own action; referrals, their history and their facts by the product's own
functions, many to a transaction. The audit trail gets a true chain.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from actions.center import clients
from actions.demo import people
from db import audit, facts, search_keys
from db.rows import write_rows
from db.store import Store
from db.tables.audit import AuditEntry
from db.tables.referrals import Fact, Referral, Submission
from domain import fields
from domain.fields import ReferralType
from domain.lifecycle import CloseOutcome, DeleteReason, Origin, Status, Step
from domain.matching import RecordKind, person_from
from domain.people import Actor, Role
from tests.cast import Cast, act

AT_ONCE = 500
DAYS = 3 * 365
START = datetime.now(UTC) - timedelta(days=DAYS)
WAITING_SHARE, CLOSED_SHARE, DELETED_SHARE = 0.02, 0.3, 0.03
"""The rest was returned. Two of a hundred wait: two thousand at the largest size, far more than any desk has."""

Say = Callable[[str], None]


def fill(store: Store, cast: Cast, *, size: int, entries: int, say: Say) -> None:
    """As many clients as referrals, and so many audit entries."""
    chance = Random(size)
    children = [people.child(chance, START.date()) for _ in range(size)]
    for start in range(0, size, 5000):
        with act(cast.sam) as work:
            clients.load_clients(work, [people.profile(child) for child in children[start : start + 5000]])
    say(f"{size:,} clients")
    for start in range(0, size, AT_ONCE):
        _referrals(store, cast, chance, children[start : start + AT_ONCE], start)
    say(f"{size:,} referrals")
    _entries(store, cast, entries)
    say(f"{entries:,} audit entries")


def _referrals(store: Store, cast: Cast, chance: Random, children: list[people.Child], start: int) -> None:
    actor = Actor(cast.olga.user_id, cast.olga.name, frozenset({Role.REFERRAL_USER}), cast.sheriff_id)
    staff = Actor(cast.irene.user_id, cast.irene.name, frozenset({Role.STAFF}))
    with store.writing() as session:
        searched, facts_said = [], []
        for number, child in enumerate(children, start + 1):
            at = START + timedelta(minutes=chance.randrange(DAYS * 1440))
            answers = people.answers(chance, child, ReferralType.LE, at.date(), number)
            referral = _sent(cast, number, at)
            session.add(referral)
            session.add(_written(referral, answers, actor))
            facts.write_columns(referral, answers)
            facts_said += facts.rows("referral", referral.id, answers)
            referral.take(Step.SUBMIT, actor, at)
            _decide(referral, staff, at + timedelta(hours=chance.randint(1, 90)), chance)
            if referral.status is not Status.DELETED:
                searched.append((referral.id, person_from(answers)))
        write_rows(session, Fact, facts_said)
        search_keys.write_many(session, RecordKind.REFERRAL, searched)
        audit.append(session, [AuditEntry(**_entry(cast, START, "referral.submitted"))])


def _sent(cast: Cast, number: int, at: datetime) -> Referral:
    return Referral(
        number=f"R-{at:%y}-{number:06}",
        type="le",
        origin=Origin.AGENCY,
        status=Status.DRAFT,
        round=1,
        steps=0,
        agency_id=cast.sheriff_id if number % 3 else cast.services_id,
        made_by=cast.olga.user_id if number % 3 else cast.peter.user_id,
        made_at=at,
        first_submitted_at=at,
        waiting_since=at,
        changed_at=at,
    )


def _written(referral: Referral, answers: dict[str, object], actor: Actor) -> Submission:
    written = Submission(
        referral_id=referral.id,
        ordinal=1,
        round=1,
        kind="submission",
        answers=fields.canonical(answers),
        made_by=actor.user_id,
        made_by_name=actor.name,
        made_at=referral.made_at,
    )
    referral.submission_id = written.id
    return written


def _decide(referral: Referral, staff: Actor, at: datetime, chance: Random) -> None:
    fate = chance.random()
    if fate < WAITING_SHARE:
        return
    if fate < WAITING_SHARE + CLOSED_SHARE:
        referral.take(Step.CLOSE, staff, at, reason=CloseOutcome.CONSULT_ONLY, comment="Advice by phone.")
    elif fate < WAITING_SHARE + CLOSED_SHARE + DELETED_SHARE:
        referral.take(Step.DELETE, staff, at, reason=DeleteReason.TEST)
    else:
        referral.take(Step.REJECT, staff, at, reason="unclear", comment="Please say more.")


def _entries(store: Store, cast: Cast, count: int) -> None:
    """Looks at referrals, a minute apart, in a true chain: sealed as plain values, which takes a tenth of the time."""
    with store.reading() as session:
        seq, mac = audit.last(session)
        looked_at = list(session.scalars(select(Referral.id).order_by(Referral.number).limit(10_000)))
    for start in range(0, count, 20_000):
        rows = []
        for number in range(start, min(start + 20_000, count)):
            seq += 1
            row = _entry(cast, START + timedelta(seconds=number * DAYS * 86_400 / count), "referral.viewed") | {
                "seq": seq,
                "previous_mac": mac,
                "object_id": looked_at[number % len(looked_at)],
            }
            row["mac"] = mac = audit.seal(SimpleNamespace(**row), store.secret)
            rows.append(row)
        with store.writing() as session:
            write_rows(session, AuditEntry, rows)


def _entry(cast: Cast, at: datetime, event: str) -> dict[str, Any]:
    return {
        "at": at,
        "actor_id": cast.irene.user_id,
        "actor_name": cast.irene.name,
        "roles": "staff",
        "agency_id": None,
        "session_id": cast.irene.session_id,
        "address": "",
        "event": event,
        "object_type": "referral",
        "object_id": None,
        "object_version": 1,
        "result": "ok",
        "reason": "",
        "fields": "",
        "count": None,
        "app_version": "0.1.0",
    }


def some_referrals(store: Store, status: Status, count: int) -> Iterator[tuple[UUID, int]]:
    """Ids and versions of some referrals in a state, oldest first."""
    with store.reading() as session:
        wanted = (
            select(Referral.id, Referral.version)
            .where(Referral.status == status)
            .order_by(Referral.first_submitted_at)
            .limit(count)
        )
        yield from [(row.id, row.version) for row in session.execute(wanted)]
