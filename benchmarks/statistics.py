"""How long the numbers take on 100,000 referrals with 400,000 status changes, on both databases.

    python -m benchmarks.statistics [--referrals 100000] [--rounds 9] [--only sqlite] [--keep FOLDER]

Prints the server time of the statistics page (all that it reads and counts, no drawing) for each part and period,
beside a bare SQL GROUP BY on the same rows as the floor, and the memory above idle; at the end, the first look at each
part after the program was started, when nothing is kept in its memory yet. Goals: p95 300 ms, of the first look 2 s,
300 MB above idle. Everything is invented by chance; four years of referrals, a tenth of them merged.
`--keep` keeps the filled databases in a folder and measures them again when it is called the next time.
"""

import argparse
import gc
import statistics as plain
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import psutil
from sqlalchemy import func, insert, select, text

from actions.center import statistics
from actions.work import Work
from db.model import Base
from db.store import Store
from db.tables.referrals import Referral, StatusChange
from domain.people import Actor, Role
from domain.statistics import Part, PeriodKind, Wanted
from tests.postgres import kept_server

NOW = datetime(2026, 6, 15, 16, tzinfo=UTC)
YEARS = 4
AT_ONCE = 5_000
FIRST_LOOKS = 3
AGENCIES = 40
COUNTIES = [f"County {number}" for number in range(12)]
WAYS = (
    (0.30, ("submit", "import")),
    (0.30, ("submit", "reject", "resubmit", "import")),
    (0.18, ("submit", "reject", "resubmit", "reject", "resubmit", "import")),
    (0.10, ("submit", "reject", "resubmit", "merge")),
    (0.06, ("submit", "close", "reopen", "reject", "resubmit", "close")),
    (0.03, ("submit", "import", "undo_import", "import")),
    (0.02, ("submit", "reject", "resubmit", "delete", "restore", "import")),
    (0.01, ("submit", "delete")),
)
"""Chances and steps: four changes a referral on average, the two of each merge's result among them."""
AFTER = {
    "submit": "submitted",
    "resubmit": "submitted",
    "reject": "rejected",
    "import": "imported",
    "merge": "merged",
    "close": "closed",
    "delete": "deleted",
    "reopen": "submitted",
    "undo_import": "submitted",
    "restore": "submitted",
}
REASONS = {"reject": "missing_information", "close": "not_eligible"}


class Filling:
    """Rows of every table in the making, written when there are enough."""

    def __init__(self, store: Store, count: int) -> None:
        self.store, self.count, self.random = store, count, Random(7)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.people = [self.id() for _ in range(3)]
        self.agencies = [self.id() for _ in range(AGENCIES)]
        self.seq = 0

    def id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))

    def add(self, table: str, **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def write(self) -> None:
        with self.store.engine.begin() as connection:
            for name, rows in self.rows.items():
                for start in range(0, len(rows), AT_ONCE):
                    connection.execute(insert(Base.metadata.tables[name]), rows[start : start + AT_ONCE])
        self.rows.clear()

    def fill(self) -> None:
        self._ground()
        self.write()
        merged: list[tuple[UUID, datetime]] = []
        for number in range(self.count):
            received = NOW - timedelta(days=YEARS * 365) * (1 - number / self.count)
            self._referral(number, min(NOW, received + timedelta(minutes=self.random.randrange(600))), merged)
            if number % AT_ONCE == AT_ONCE - 1:
                self.write()
        for start in range(0, len(merged) - 1, 2):
            self._merge(merged[start : start + 2], start)
        self.write()
        with self.store.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")

    def _ground(self) -> None:
        self.add(
            "center",
            id=1,
            name="C",
            time_zone="America/New_York",
            on_call_phone="",
            hotline_phone="",
            demo=False,
            settings={},
            version=1,
            made_at=NOW,
        )
        for place, agency in enumerate(self.agencies):
            self.add(
                "agency",
                id=agency,
                name=f"Agency {place}",
                kind="le",
                team_partner=False,
                active=True,
                version=1,
                made_at=NOW,
            )
        for place, person in enumerate(self.people):
            self.add(
                "user_account",
                id=person,
                username=f"u{place}",
                name=f"U {place}",
                title="",
                phone="",
                email="",
                agency_id=None,
                password_hash="",
                language="en",
                active=True,
                version=1,
                made_at=NOW,
            )

    def _referral(self, number: int, received: datetime, merged: list[tuple[UUID, datetime]]) -> None:
        referral, agency = self.id(), self.random.choice(self.agencies)
        way = self._way()
        moments = [received]
        for _ in way[1:]:
            moments.append(moments[-1] + timedelta(hours=self.random.expovariate(1 / 30)))
        steps = [(step, at) for step, at in zip(way, moments, strict=True) if at <= NOW]
        status, at = AFTER[steps[-1][0]], steps[-1][1]
        self._kept(referral, f"R-{number}", agency, "agency", status, received, at)
        before = "draft"
        for place, (step, moment) in enumerate(steps, start=1):
            self._change(referral, place, step, before, AFTER[step], moment)
            before = AFTER[step]
            if step == "reject":
                change = self.rows["status_change"][-1]["id"]
                self.add(
                    "return_mark",
                    id=self.id(),
                    change_id=change,
                    referral_id=referral,
                    field="child_dob",
                    row="",
                    comment="",
                )
        self._looked(referral, agency, received, at)
        self._answers(referral, received)
        if status == "imported":
            self._imported(referral, number, at)
        if status == "merged":
            merged.append((referral, at))

    def _way(self) -> tuple[str, ...]:
        drawn = self.random.random()
        for chance, way in WAYS:
            drawn -= chance
            if drawn < 0:
                return way
        return WAYS[0][1]

    def _kept(
        self, key: UUID, number: str, agency: UUID | None, origin: str, status: str, received: datetime, at: datetime
    ) -> None:
        self.add(
            "referral",
            id=key,
            number=number,
            type=self.random.choice(["client", "le", "cps"]),
            origin=origin,
            status=status,
            version=1,
            round=1,
            steps=2,
            agency_id=agency,
            made_by=self.people[0],
            made_at=received,
            first_submitted_at=received,
            waiting_since=received,
            changed_at=at,
            urgency_rank=self.random.choice([0, 1, 2, 2, 2]),
            within_120_hours=False,
            county=self.random.choice(COUNTIES),
            child_first_name="Canary",
            child_last_name="Canary",
            child_dob="",
            search_text="",
            caller_name="",
            reached="",
            hotline_open=False,
            hotline_number="",
            hotline_by="",
            restricted=False,
        )

    def _change(self, key: UUID, place: int, step: str, before: str | None, after: str, at: datetime) -> None:
        self.add(
            "status_change",
            id=self.id(),
            referral_id=key,
            ordinal=place,
            step=step,
            from_status=before,
            to_status=after,
            at=at,
            by=self.people[0],
            by_name="U",
            reason=REASONS.get(step, ""),
            comment="",
            round=1,
        )

    def _looked(self, key: UUID, agency: UUID, received: datetime, at: datetime) -> None:
        for side, moment in ((None, received + timedelta(hours=2)), (agency, at + timedelta(hours=9))):
            self.seq += 1
            self.add(
                "audit_entry",
                seq=self.seq,
                at=moment,
                actor_name="U",
                roles="",
                agency_id=side,
                address="",
                event="referral.viewed",
                object_type="referral",
                object_id=key,
                result="ok",
                reason="",
                fields="",
                app_version="",
                previous_mac="",
                mac="",
            )

    def _answers(self, key: UUID, received: datetime) -> None:
        born = (received - timedelta(days=self.random.randrange(400, 7000))).date()
        codes = [
            ("allegation_types", self.random.choice(["sexual_abuse", "neglect", "other"]), None),
            ("child_sex", "F", None),
            ("child_dob", "", born),
            ("ao_relationship", "parent", None),
        ]
        for field, code, on in codes:
            self._fact("referral", key, field, code, on)

    def _fact(self, kind: str, key: UUID, field: str, code: str, on: date | None = None) -> None:
        self.add("fact", id=self.id(), record_kind=kind, record_id=key, field=field, ordinal=0, code=code, on=on)

    def _imported(self, key: UUID, number: int, at: datetime) -> None:
        client, case = self.id(), self.id()
        self.add(
            "client",
            id=client,
            number=f"C-{number}",
            first_name="Canary",
            middle_name="",
            last_name="Canary",
            dob="",
            sex="",
            search_text="",
            version=1,
            withdrawn=False,
            restricted=False,
            made_at=at,
            made_by=self.people[0],
            changed_at=at,
        )
        self.add(
            "client_case",
            id=case,
            client_id=client,
            number=f"K-{number}",
            opened_at=at,
            opened_by_name="U",
            withdrawn=False,
            version=1,
        )
        self.add(
            "import_decision",
            id=self.id(),
            referral_id=key,
            client_id=client,
            case_id=case,
            new_client=True,
            new_case=True,
            strongest_grade="",
            override_reason="",
            evidence="[]",
            client_version_before=0,
            client_version_after=1,
            made_by=self.people[0],
            made_by_name="U",
            made_at=at,
            undone_by_name="",
            undone_reason="",
        )
        self.add(
            "fact",
            id=self.id(),
            record_kind="client",
            record_id=client,
            field="child_sex",
            ordinal=0,
            code="F",
            on=None,
        )

    def _merge(self, sources: list[tuple[UUID, datetime]], number: int) -> None:
        result, decision, at = self.id(), self.id(), max(moment for _, moment in sources)
        self._kept(result, f"M-{number}", None, "merge", "imported", at, at)
        self._change(result, 1, "combine", None, "submitted", at)
        self._change(result, 2, "import", "submitted", "imported", at)
        self.add(
            "merge_decision",
            id=decision,
            result_id=result,
            choices="{}",
            reason="",
            made_by=self.people[0],
            made_by_name="U",
            made_at=at,
            undone_by_name="",
            undone_reason="",
        )
        for place, (source, _) in enumerate(sources):
            self.add("merge_source", merge_id=decision, referral_id=source, position=place)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--referrals", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=9)
    asked.add_argument("--only", choices=["sqlite", "postgres"])
    asked.add_argument("--keep", type=Path, help="keep filled databases in this folder")
    given = asked.parse_args()
    # The app freezes what it imported, so that Python does not look through it again and again.
    gc.collect()
    gc.freeze()
    for kind in ("sqlite", "postgres"):
        if given.only in (None, kind):
            with _filled(kind, given.referrals, given.keep) as store:
                _measure(store, given.rounds)


def _measure(store: Store, rounds: int) -> None:
    with store.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Referral, StatusChange)]
        agency = session.scalar(select(Referral.agency_id).where(Referral.agency_id.is_not(None)).limit(1))
    print(f"{store.engine.dialect.name}, {counts[0]:,} referrals, {counts[1]:,} status changes; {rounds} rounds;")
    print("seconds: median and p95 by the clock, median of the processor (the database server's included)")
    print(f"  {'floor: bare GROUP BY of all steps':54}{_timed(store, lambda: _floor(store), rounds)}", flush=True)
    first, begun = (NOW - timedelta(days=YEARS * 366)).date(), psutil.Process().memory_info().rss / 1e6
    everything = {"kind": PeriodKind.ANY, "first": first, "last": NOW.date()}
    with _memory() as above:
        for part in Part:
            _page(store, Wanted(part=part))
    print(f"  {'each part looked at for the first time':78}   {above[0]:4.0f} MB above idle", flush=True)
    most = above[1]
    for label, wanted in {
        "this month": Wanted(),
        "fiscal year": Wanted(kind=PeriodKind.THIS_FISCAL_YEAR),
        "four years": Wanted(**everything),
        "filter change: one agency, fiscal year": Wanted(kind=PeriodKind.THIS_FISCAL_YEAR, agency_id=agency),
        "filter change: one county, four years": Wanted(**everything, county=COUNTIES[0]),
    }.items():
        for part in Part:
            chosen = Wanted(wanted.kind, wanted.first, wanted.last, wanted.agency_id, wanted.county, "", part)
            with _memory() as above:
                said = _timed(store, lambda chosen=chosen: _page(store, chosen), rounds)  # type: ignore[misc]
            most = max(most, above[1])
            print(f"  {label + ', ' + part.label:54}{said}   {above[0]:4.0f} MB above idle", flush=True)
    print(f"  most memory, what is kept for the next look among it: {most - begun:.0f} MB above the start", flush=True)
    for part in Part:
        said = _timed(store, lambda part=part: _started_anew(store, Wanted(part=part)), FIRST_LOOKS)  # type: ignore[misc]
        print(f"  {'first look after a start, ' + part.label:54}{said}", flush=True)


def _page(store: Store, wanted: Wanted) -> None:
    actor = Actor(UUID(int=1), "Benchmark", frozenset({Role.SUPERVISOR}))
    with store.reading() as session:
        work = Work(actor, session, NOW)
        statistics.offer(work)
        statistics.part(work, wanted)


def _started_anew(store: Store, wanted: Wanted) -> None:
    """The page in a program that has just been started: what is kept in memory belongs to its store."""
    fresh = Store(store.url, store.secret, store.key)
    _page(fresh, wanted)
    fresh.close()


def _floor(store: Store) -> None:
    with store.reading() as session:
        session.execute(
            select(Referral.agency_id, StatusChange.step, func.count())
            .join(StatusChange, StatusChange.referral_id == Referral.id)
            .group_by(Referral.agency_id, StatusChange.step)
        ).all()


def _timed(store: Store, act: Callable[[], None], rounds: int) -> str:
    taken, busy = [], []
    for _ in range(rounds):
        began, used = time.perf_counter(), _processor(store)
        act()
        taken.append(time.perf_counter() - began)
        busy.append(_processor(store) - used)
    p95 = plain.quantiles(taken, n=20, method="inclusive")[-1] if rounds > 1 else taken[0]
    return f"{plain.median(taken):7.2f} {p95:7.2f} {plain.median(busy):7.2f}"


def _processor(store: Store) -> float:
    """Seconds that this process has used, and those of the server that serve this database."""
    used = time.process_time()
    if store.is_sqlite:
        return used
    with store.reading() as session:
        pids = session.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")).all()
    for pid in pids:
        with suppress(psutil.Error):
            times = psutil.Process(pid).cpu_times()
            used += times.user + times.system
    return used


@contextmanager
def _memory() -> Iterator[list[float]]:
    """The most memory that this process held, above what it held before and in all, in MB, sampled every 10 ms."""
    process, found, done = psutil.Process(), [0.0, 0.0], threading.Event()
    idle = process.memory_info().rss

    def watch() -> None:
        while not done.wait(0.01):
            held = process.memory_info().rss
            found[:] = max(found[0], (held - idle) / 1e6), max(found[1], held / 1e6)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield found
    finally:
        done.set()
        watching.join()


@contextmanager
def _filled(kind: str, referrals: int, keep: Path | None) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = keep / f"{kind}-{referrals}" if keep else Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with _store(kind, folder) as store:
            if not (folder / "filled").exists():
                Base.metadata.create_all(store.engine)
                began = time.perf_counter()
                Filling(store, referrals).fill()
                (folder / "filled").touch()
                print(f"\n{kind}: filled in {time.perf_counter() - began:.0f} s", flush=True)
            yield store


@contextmanager
def _store(kind: str, folder: Path) -> Iterator[Store]:
    if kind == "sqlite":
        store = Store(f"sqlite:///{folder / 'desk.db'}")
        yield store
        store.close()
        return
    with kept_server(folder) as server:
        store = Store(server.url("postgres"))
        yield store
        store.close()


if __name__ == "__main__":
    main()
