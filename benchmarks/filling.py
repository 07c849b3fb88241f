"""A store as large as wanted, filled with invented people: what `benchmarks.store` and `benchmarks.at_work` measure on.

Clients are loaded by the product's own action; referrals, their history, cases, facts and keys as the product's own
functions give them, thousands to a transaction. The audit trail gets a true chain.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import event, select

from actions.center import clients
from actions.demo import people
from db import audit, facts, search_keys
from db.model import Base
from db.rows import write_rows
from db.store import Session, Store
from db.tables.audit import AuditEntry
from db.tables.cases import CaseVersion
from db.tables.clients import Case, CasePresenting, Client
from db.tables.referrals import Fact, ImportDecision, Referral, StatusChange, Submission
from domain import fields, intake
from domain.fields import Answers, ReferralType
from domain.lifecycle import CloseOutcome, DeleteReason, Origin, ReturnReason, Status, Step, target
from domain.matching import Person, RecordKind, person_from
from tests.cast import Cast, Member, act

AT_ONCE = 5_000
ENTRIES_AT_ONCE = 50_000
DAYS = 3 * 365
START = datetime.now(UTC) - timedelta(days=DAYS)
FATES = (
    (0.02, None, "", ""),
    (0.08, Step.REJECT, ReturnReason.UNCLEAR, "Please say more."),
    (0.15, Step.CLOSE, CloseOutcome.CONSULT_ONLY, "Advice by phone."),
    (0.03, Step.DELETE, DeleteReason.TEST, ""),
    (0.72, Step.IMPORT, "", ""),
)
"""How often, which step, why. Two of a hundred wait: two thousand at the largest size, far more than any desk has."""
OUT_OF_SEARCH = (Status.DELETED, Status.IMPORTED)
LARGE_CACHE = 3 * 1024 * 1024
"""KiB: where every new row lands on another page, the pages had better be in memory."""

Row = dict[str, Any]
Say = Callable[[str], None]


def fill(store: Store, cast: Cast, *, size: int, entries: int, say: Say) -> None:
    """As many clients as referrals, and so many audit entries."""
    with _hurried(store):
        chance = Random(size)
        children = [people.child(chance, START.date()) for _ in range(size)]
        for start in range(0, size, AT_ONCE):
            with act(cast.sam) as work:
                clients.load_clients(work, [people.profile(child) for child in children[start : start + AT_ONCE]])
        say(f"{size:,} clients")
        known = _client_ids(store)
        for start in range(0, size, AT_ONCE):
            _Part(cast, chance).fill(store, children[start : start + AT_ONCE], known, start)
        say(f"{size:,} referrals")
        _entries(store, cast, entries)
        say(f"{entries:,} audit entries")


@contextmanager
def _hurried(store: Store) -> Iterator[None]:
    """Without waiting for the disk, and with the widest tables' indexes built at the end: filling proves nothing."""
    if store.is_sqlite:
        event.listen(store.engine, "connect", _no_waiting)
        store.engine.dispose()
    indexes = [index for table in (Fact, AuditEntry) for index in Base.metadata.tables[table.__tablename__].indexes]
    with store.engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    yield
    with store.engine.begin() as connection:
        for index in indexes:
            index.create(connection)
    if store.is_sqlite:
        event.remove(store.engine, "connect", _no_waiting)
        store.engine.dispose()


def _no_waiting(connection: Any, _record: Any) -> None:
    for pragma in ("synchronous=OFF", "secure_delete=OFF", f"cache_size=-{LARGE_CACHE}"):
        connection.execute(f"PRAGMA {pragma}")


def _client_ids(store: Store) -> list[UUID]:
    with store.reading() as session:
        return list(session.scalars(select(Client.id).order_by(Client.made_at, Client.number)))


# Referrals


class _Part:
    """Some thousand referrals with all that hangs on them, gathered row by row and written table by table."""

    def __init__(self, cast: Cast, chance: Random) -> None:
        self.cast, self.chance = cast, chance
        self.rows: dict[type[Base], list[Row]] = {
            table: []
            for table in (Referral, Submission, StatusChange, Case, CaseVersion, CasePresenting, ImportDecision, Fact)
        }
        self.searched: list[tuple[UUID, Person]] = []

    def fill(self, store: Store, children: list[people.Child], known: list[UUID], start: int) -> None:
        for number, child in enumerate(children, start + 1):
            self._one(number, child, known[number - 1])
        with store.writing() as session:
            for table, rows in self.rows.items():
                write_rows(session, table, rows)
            _written_in_search(session, self.searched)
            audit.append(session, [AuditEntry(**_entry(self.cast.irene, START, "referral.submitted"))])

    def _one(self, number: int, child: people.Child, client_id: UUID) -> None:
        at = START + timedelta(minutes=self.chance.randrange(DAYS * 1440))
        answers = people.answers(self.chance, child, ReferralType.LE, at.date(), number)
        mine = number % 3 > 0
        sender, agency_id = (self.cast.olga, self.cast.sheriff_id) if mine else (self.cast.peter, self.cast.services_id)
        referral = self._id()
        written = self._keep(
            Submission, sender, at, referral_id=referral, ordinal=1, round=1, kind="submission", answers=answers
        )
        status, steps, last = self._history(referral, sender, at)
        kept = _referral(referral, number, agency_id, sender, at, last, status, steps, written, answers)
        self.rows[Referral].append(kept)
        self.rows[Fact] += facts.rows("referral", referral, answers)
        if status is Status.IMPORTED:
            self._imported(referral, written, number, client_id, last, answers)
        if status not in OUT_OF_SEARCH:
            self.searched.append((referral, person_from(answers)))

    def _history(self, referral: UUID, sender: Member, at: datetime) -> tuple[Status, int, datetime]:
        _, step, reason, comment = self.chance.choices(FATES, [fate[0] for fate in FATES])[0]
        status = self._step(referral, 1, Status.DRAFT, Step.SUBMIT, sender, at)
        if step is None:
            return status, 1, at
        later = at + timedelta(hours=self.chance.randint(1, 90))
        return self._step(referral, 2, status, step, self.cast.irene, later, reason, comment), 2, later

    def _step(
        self, referral: UUID, ordinal: int, before: Status, step: Step, who: Member, at: datetime, *why: str
    ) -> Status:
        after = target(before, step)
        reason, comment = why or ("", "")
        self.rows[StatusChange].append(
            {
                "id": self._id(),
                "referral_id": referral,
                "ordinal": ordinal,
                "step": step,
                "from_status": before,
                "to_status": after,
                "at": at,
                "by": who.user_id,
                "by_name": who.name,
                "reason": reason,
                "comment": comment,
                "round": 1,
            }
        )
        return after

    def _imported(
        self, referral: UUID, written: UUID, number: int, client: UUID, at: datetime, answers: Answers
    ) -> None:
        irene, case, in_case = self.cast.irene, self._id(), intake.to_case(answers)
        self.rows[Case].append(_case(case, client, number, irene, at))
        self._keep(
            CaseVersion, irene, at, case_id=case, version=1, cause="import", referral_id=referral, answers=in_case
        )
        self.rows[CasePresenting].append(
            {
                "id": self._id(),
                "case_id": case,
                "referral_id": referral,
                "submission_id": written,
                "answers": fields.canonical(intake.presented(answers)),
                "withdrawn": False,
                "frozen_by_name": irene.name,
                "frozen_at": at,
            }
        )
        self.rows[Fact] += facts.rows("case", case, in_case)
        self.rows[ImportDecision].append(_decision(self._id(), referral, client, case, irene, at))

    def _keep(self, table: type[Base], who: Member, at: datetime, *, answers: Answers, **values: Any) -> UUID:
        """A document, with who wrote it and when."""
        key = self._id()
        row = {"id": key, "made_by_name": who.name, "made_at": at, "answers": fields.canonical(answers)} | values
        if "made_by" in table.__table__.columns:
            row["made_by"] = who.user_id
        self.rows[table].append(row)
        return key

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128))


def _written_in_search(session: Session, searched: list[tuple[UUID, Person]]) -> None:
    pending = search_keys.Pending()
    search_keys.write_new(session, RecordKind.REFERRAL, searched, pending)
    pending.write(session)


def _referral(
    referral: UUID,
    number: int,
    agency: UUID,
    sender: Member,
    at: datetime,
    last: datetime,
    status: Status,
    steps: int,
    written: UUID,
    answers: Answers,
) -> Row:
    # The columns of a new referral as the product sets them, without the mapper's work for each.
    kept: Any = SimpleNamespace(number=f"R-{at:%y}-{number:06}", hotline_on=None, hotline_number="", hotline_open=False)
    facts.write_columns(kept, answers)
    none: Row = dict.fromkeys(("called_at", "incident_group_id", "merged_into_id", "assignee_id", "purge_id"))
    row: Row = (
        vars(kept)
        | none
        | dict.fromkeys(("caller_name", "reached", "hotline_by"), "")
        | {
            "id": referral,
            "type": ReferralType.LE.value,
            "origin": Origin.AGENCY,
            "status": status,
            "version": 1 + steps,
            "round": 1,
            "steps": steps,
            "agency_id": agency,
            "made_by": sender.user_id,
            "made_at": at,
            "first_submitted_at": at,
            "waiting_since": at,
            "changed_at": last,
            "submission_id": written,
            "restricted": False,
        }
    )
    return row


def _case(case: UUID, client: UUID, number: int, who: Member, at: datetime) -> Row:
    return {
        "id": case,
        "client_id": client,
        "number": f"{at:%y}-{number:06}",
        "opened_at": at,
        "opened_by_name": who.name,
        "closed_at": None,
        "withdrawn": False,
        "version": 1,
    }


def _decision(key: UUID, referral: UUID, client: UUID, case: UUID, who: Member, at: datetime) -> Row:
    empty: Row = dict.fromkeys(("strongest_grade", "override_reason", "undone_by_name", "undone_reason"), "")
    return empty | {
        "id": key,
        "referral_id": referral,
        "client_id": client,
        "case_id": case,
        "new_client": False,
        "new_case": True,
        "evidence": "[]",
        "client_version_before": 1,
        "client_version_after": 1,
        "made_by": who.user_id,
        "made_by_name": who.name,
        "made_at": at,
        "undone_at": None,
    }


# The audit trail


def _entries(store: Store, cast: Cast, count: int) -> None:
    """Looks at referrals, evenly over the years, in a true chain."""
    with store.reading() as session:
        seq, mac = audit.last(session)
        looked_at = list(session.scalars(select(Referral.id).order_by(Referral.number).limit(10_000)))
    seal = partial(audit.seal, secret=store.secret)
    for start in range(0, count, ENTRIES_AT_ONCE):
        rows = []
        for number in range(start, min(start + ENTRIES_AT_ONCE, count)):
            seq += 1
            row = _entry(cast.irene, START + timedelta(seconds=number * DAYS * 86_400 / count), "referral.viewed")
            row |= {"seq": seq, "previous_mac": mac, "object_id": looked_at[number % len(looked_at)]}
            row["mac"] = mac = seal(SimpleNamespace(**row))
            rows.append(row)
        with store.writing() as session:
            write_rows(session, AuditEntry, rows)


def _entry(who: Member, at: datetime, named: str) -> Row:
    return {
        "at": at,
        "actor_id": who.user_id,
        "actor_name": who.name,
        "roles": "staff",
        "agency_id": None,
        "session_id": who.session_id,
        "address": "",
        "event": named,
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
