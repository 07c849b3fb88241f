"""What the store costs as it grows, on SQLite and PostgreSQL, each figure beside its floor in the same run.

    python -m benchmarks.store [--sizes 1000,10000,100000] [--entries 10] [--on sqlite,postgres] [--rounds 40]
                               [--only queue,submit] [--keep FOLDER]

One line per act: median and 95th percentile of server time in milliseconds, the median as a ratio to its floor (a
signed-in look at nothing; a durable, audited write of nothing), the mean CPU time of app and database together (what a
busy machine does not change), and how many questions it asked the database. At the end each act's growth from size to
size, by CPU. `--entries 10` makes ten audit entries for each referral: a million at the largest size. `--keep` keeps a
filled store in a folder and takes it from there the next time, so that the largest can be measured in pieces.
"""

import argparse
import gc
import pickle
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import psutil  # type: ignore[import-untyped]
from sqlalchemy import event, text

from actions.agency import referrals as agency
from actions.center import audit_trail, clients, imports, merges, queue, referrals
from actions.center import statistics as numbers
from actions.center.audit_trail import Wanted as Trail
from actions.work import Work, looking, working
from benchmarks.filling import fill, some_referrals
from db import audit
from db import store as stores
from db.store import Store
from domain import fields
from domain.fields import ReferralType
from domain.intake import IntakeChoices
from domain.lifecycle import Status
from domain.referrals import QueueFilter
from domain.statistics import Part, Wanted
from domain.statistics.periods import PeriodKind
from tests.cast import ANSWERS, Cast, Member, act, bring_in, send
from tests.conftest import SECRET, make_tables
from tests.postgres import kept_server

NEW = IntakeChoices(decided=True, override_reason="Another child of the same name.")
WHOLE = {
    name: ANSWERS[name]
    for name in dict.fromkeys(field.group or field.name for field in fields.referral(ReferralType.LE))
    if name in ANSWERS
}
LONGEST_LINE = 60
"""Seconds after which a slow act is not repeated any more."""
READ_GOAL, WRITE_GOAL = 300, 500
"""Milliseconds that the 95th percentile of a read, and of a write, must stay under."""

Act = Callable[[], None]
Prepare = Callable[[], Act]
"""Does what comes before the act, untimed, and gives the act."""


@dataclass
class Desk:
    """A filled store with its people, and what was measured on it."""

    store: Store
    cast: Cast
    rounds: int
    only: tuple[str, ...]
    asked: int = 0
    cpu: dict[str, float] = field(default_factory=dict)
    server: list[psutil.Process] = field(default_factory=list)
    """The PostgreSQL server's first process."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--entries", type=int, default=10)
    parser.add_argument("--on", default="sqlite,postgres")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="", help="measure only acts whose names hold one of these words")
    parser.add_argument("--keep", type=Path, help="keep filled stores in this folder")
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    for kind in asked.on.split(","):
        costs = []
        for size in sizes:
            with _filled(kind, size, size * asked.entries, asked.keep) as (store, cast):
                desk = Desk(store, cast, asked.rounds, tuple(filter(None, asked.only.split(","))))
                _measure(desk, f"{kind}, {size:,} referrals and clients, {size * asked.entries:,} audit entries")
                costs.append(desk.cpu)
        _growth(kind, sizes, costs)


# Filling


@contextmanager
def _filled(kind: str, size: int, entries: int, keep: Path | None) -> Iterator[tuple[Store, Cast]]:
    with tempfile.TemporaryDirectory() as folder:
        place = keep / f"{kind}-{size}-{entries}" if keep else Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        if kind == "postgres":
            with kept_server(place) as server:
                yield from _kept(place, server.url("desk"), partial(server.say, "CREATE DATABASE desk"), size, entries)
        else:
            yield from _kept(place, f"sqlite:///{place / 'desk.db'}", lambda: None, size, entries)


def _kept(place: Path, url: str, make: Act, size: int, entries: int) -> Iterator[tuple[Store, Cast]]:
    people = place / "cast"
    if not people.exists():
        make()
        people.write_bytes(pickle.dumps(_fill(url, size, entries)))
    store = stores.use(Store(url, SECRET))
    cast: Cast = pickle.loads(people.read_bytes())
    for member in (each for each in vars(cast).values() if isinstance(each, Member)):
        with act(member):
            """Keeps the session of somebody whose store was filled some hours ago in use."""
    yield store, cast
    store.close()


def _fill(url: str, size: int, entries: int) -> Cast:
    make_tables(url)
    store = stores.use(Store(url, SECRET))
    cast = bring_in(store)
    began = time.process_time()
    fill(store, cast, size=size, entries=entries, say=lambda said: print(f"  {said}", flush=True))
    with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE" if not store.is_sqlite else "PRAGMA optimize"))
    store.close()
    print(f"  filled in {time.process_time() - began:.0f} s of the app's CPU", flush=True)
    return cast


# Measuring


def _measure(desk: Desk, title: str) -> None:
    print(f"\n{title}\n{'act':38}{'median':>9}{'p95':>9}{'ratio':>8}{'cpu':>8}{'questions':>11}")

    @event.listens_for(desk.store.engine, "before_cursor_execute")
    def _count(*_arguments: object) -> None:
        desk.asked += 1

    gc.freeze()
    floor = _line(desk, "a look at nothing", lambda: lambda: _nothing_read(desk), None, READ_GOAL)
    for name, prepare in _reads(desk).items():
        if _wanted(desk, name):
            _line(desk, name, prepare, floor, READ_GOAL)
    floor = _line(desk, "a durable write of nothing", lambda: lambda: _nothing_written(desk), None, WRITE_GOAL)
    for name, prepare in _writes(desk).items():
        if _wanted(desk, name):
            _line(desk, name, prepare, floor, WRITE_GOAL)
    if _wanted(desk, "audit chain"):
        _chain(desk)


def _chain(desk: Desk) -> None:
    """The whole audit trail, entry by entry, as every night."""
    began = time.perf_counter()
    with desk.store.reading() as session:
        broken, (entries, _mac) = audit.first_broken(session), audit.last(session)
    said = "whole" if broken is None else f"broken at {broken}"
    print(f"{'audit chain':38}{said}, {entries:,} entries checked in {time.perf_counter() - began:.1f} s", flush=True)


def _wanted(desk: Desk, name: str) -> bool:
    return not desk.only or any(word in name for word in desk.only)


def _line(desk: Desk, name: str, prepare: Prepare, floor: float | None, goal: int) -> float:
    taken: list[float] = []
    prepare()()
    cpu, end = 0.0, time.monotonic() + LONGEST_LINE
    while len(taken) < desk.rounds and time.monotonic() < end:
        act = prepare()
        before, worked, began = desk.asked, _cpu(desk), time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - began))
        cpu += 1000 * (_cpu(desk) - worked)
        asked = desk.asked - before
    taken.sort()
    median, p95 = statistics.median(taken), taken[-(-95 * len(taken) // 100) - 1]
    desk.cpu[name] = cpu / len(taken)
    ratio = median / floor if floor else 1.0
    over = "" if p95 < goal else f"  over the goal of {goal}"
    print(f"{name:38}{median:9.1f}{p95:9.1f}{ratio:7.1f}x{desk.cpu[name]:8.1f}{asked:11}{over}", flush=True)
    return median


def _cpu(desk: Desk) -> float:
    """Seconds of CPU of this process and of its PostgreSQL server (in hundredths: a mean tells, not a single act)."""
    return time.process_time() + sum(_seconds(process) for process in _server(desk))


def _server(desk: Desk) -> list[psutil.Process]:
    if not desk.server and not desk.store.is_sqlite:
        with desk.store.engine.connect() as connection:
            backend = psutil.Process(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
        desk.server.append(backend.parents()[0])
    return [process for postmaster in desk.server for process in (postmaster, *postmaster.children())]


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _growth(kind: str, sizes: list[int], costs: list[dict[str, float]]) -> None:
    if len(sizes) < 2:
        return
    steps = " ".join(f"{f'{small:,} to {large:,}':>20}" for small, large in pairwise(sizes))
    print(f"\n{kind}: growth of CPU time while the data grow {sizes[1] // sizes[0]} times\n{'':38}{steps}")
    for name in costs[-1]:
        growth = [after[name] / max(before[name], 0.01) for before, after in pairwise(costs)]
        print(f"{name:38}" + " ".join(f"{times:19.1f}x" for times in growth))


# The acts


def _nothing_read(desk: Desk) -> None:
    with looking(desk.cast.irene.session_id):
        pass


def _nothing_written(desk: Desk) -> None:
    with working(desk.cast.irene.session_id) as work:
        work.record("referral.viewed", "referral", desk.cast.irene.user_id)


def _reads(desk: Desk) -> dict[str, Prepare]:
    store, cast = desk.store, desk.cast
    waiting = [each for each, _ in some_referrals(store, Status.SUBMITTED, 20)]
    number = iter(range(10**9))
    with looking(cast.sam.session_id) as work:
        on_file = [line.id for line in clients.search(work).lines]

    def looked(what: Callable[[Work], object], who: Member = cast.irene) -> Prepare:
        def act() -> None:
            with working(who.session_id) as work:
                what(work)

        return lambda: act

    def one(ids: list[UUID]) -> UUID:
        return ids[next(number) % len(ids)]

    narrow = QueueFilter(agency_id=cast.sheriff_id, urgency="urgent", county="Juniper")

    def numbers_of_a_year(part: Part) -> Prepare:
        """A part of the page, right after somebody sent a referral: what is kept for it must be brought up to date."""
        count = looked(lambda work: numbers.part(work, Wanted(kind=PeriodKind.LAST_FISCAL_YEAR, part=part)), cast.sam)

        def prepare() -> Act:
            send(cast.olga)
            return count()

        return prepare

    return {
        "queue": looked(lambda work: queue.queue(work, QueueFilter())),
        "queue, filtered": looked(lambda work: queue.queue(work, narrow)),
        "queue, the filters' choices": looked(queue.choices),
        "queue, all closed, page 50": looked(lambda work: queue.queue(work, QueueFilter(view="closed", page=50))),
        "queue, a name": looked(lambda work: queue.queue(work, QueueFilter(view="all", text="garcia"))),
        "queue, a name nobody has": looked(lambda work: queue.queue(work, QueueFilter(view="all", text="xyzzyx"))),
        "referral": looked(lambda work: referrals.read(work, one(waiting))),
        "same incident as": looked(lambda work: referrals.same_incident(work, one(waiting))),
        "clients, a name": looked(lambda work: clients.search(work, "maria garcia")),
        "clients, a name nobody has": looked(lambda work: clients.search(work, "xyzzyx qwertz")),
        "client": looked(lambda work: clients.read(work, one(on_file))),
        "candidates at import": looked(lambda work: imports.candidates(work, one(waiting))),
        **{f"statistics of a year, {part.value}": numbers_of_a_year(part) for part in Part},
        "audit trail": looked(lambda work: audit_trail.find(work, Trail()), cast.sam),
        "my referrals (agency)": looked(lambda work: (agency.how_many(work), agency.mine(work, 0, 15)), cast.peter),
    }


def _writes(desk: Desk) -> dict[str, Prepare]:
    cast = desk.cast

    def version(referral_id: UUID) -> int:
        with working(cast.irene.session_id) as work:
            return referrals.read(work, referral_id).version

    def submit() -> Act:
        with working(cast.olga.session_id) as work:
            draft = agency.start(work, ReferralType.LE)
        with working(cast.olga.session_id) as work:
            agency.save_answers(work, draft.id, WHOLE)

        def act() -> None:
            with working(cast.olga.session_id) as work:
                agency.submit(work, draft.id, agency.read_draft(work, draft.id).version)

        return act

    def import_one() -> Act:
        referral_id = send(cast.olga)
        with working(cast.irene.session_id) as work:
            imports.candidates(work, referral_id)
        seen = version(referral_id)

        def act() -> None:
            with working(cast.irene.session_id) as work:
                imports.save_intake(work, referral_id, seen, NEW, uuid4().hex)

        return act

    def merge_two() -> Act:
        versions = {each: version(each) for each in (send(cast.olga), send(cast.peter))}

        def act() -> None:
            with working(cast.irene.session_id) as work:
                merges.merge(work, versions, {}, "Same child.", uuid4().hex)

        return act

    return {"submit": submit, "import": import_one, "merge": merge_two}


if __name__ == "__main__":
    main()
