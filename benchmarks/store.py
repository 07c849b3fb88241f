"""What the store costs as it grows, on SQLite and PostgreSQL, each figure beside its floor in the same run.

    python -m benchmarks.store [--sizes 1000,10000,100000] [--entries 10] [--on sqlite,postgres] [--rounds 40]

One line per act: median and 95th percentile in milliseconds of server time, the median as a ratio to its floor
(a signed-in look at nothing; a durable, audited write of nothing), and how many questions it asked the database.
`--entries 10` makes ten audit entries for each referral: a million at the largest size.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import event, text

from actions.agency import referrals as agency
from actions.center import audit_trail, clients, imports, merges, queue, referrals
from actions.center import statistics as numbers
from actions.center.audit_trail import Wanted as Trail
from actions.work import looking, working
from benchmarks.filling import fill, some_referrals
from db import store as stores
from db.store import Store
from domain.intake import IntakeChoices
from domain.lifecycle import Status
from domain.referrals import QueueFilter
from domain.statistics import Wanted
from domain.statistics.periods import PeriodKind
from tests.cast import Cast, bring_in, send
from tests.conftest import SECRET, make_tables
from tests.postgres import running_server

NEW = IntakeChoices(decided=True, override_reason="Another child of the same name.")


@dataclass
class Asked:
    """How many questions went to the database."""

    count: int = 0


@dataclass
class Desk:
    """A filled store with its people and its counter."""

    store: Store
    cast: Cast
    asked: Asked
    rounds: int


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--entries", type=int, default=10)
    parser.add_argument("--on", default="sqlite,postgres")
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    for kind in asked.on.split(","):
        for size in map(int, asked.sizes.split(",")):
            with _store(kind) as store:
                _measure(store, kind, size, size * asked.entries, asked.rounds)


@contextmanager
def _store(kind: str) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield from _opened(f"sqlite:///{Path(folder) / 'desk.db'}")
            return
        with running_server(quick=False) as server:
            yield from _opened(server.url(server.new_database()))


def _opened(url: str) -> Iterator[Store]:
    make_tables(url)
    store = stores.use(Store(url, SECRET))
    yield store
    store.close()


def _measure(store: Store, kind: str, size: int, entries: int, rounds: int) -> None:
    cast = bring_in(store)
    began = time.perf_counter()
    fill(store, cast, size=size, entries=entries, say=lambda said: print(f"  {said}", flush=True))
    if not store.is_sqlite:
        with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("ANALYZE"))
    print(
        f"\n{kind}, {size:,} referrals and clients, {entries:,} entries (filled in {time.perf_counter() - began:.0f} s)"
    )
    print(f"{'act':34}{'median':>9}{'p95':>9}{'ratio':>8}{'questions':>11}")
    desk = Desk(store, cast, _counting(store), rounds)
    floor = _line(desk, "a look at nothing", lambda: _nothing_read(desk), None)
    for name, act in _reads(desk).items():
        _line(desk, name, act, floor)
    floor = _line(desk, "a durable write of nothing", lambda: _nothing_written(desk), None)
    for name, act in _writes(desk).items():
        _line(desk, name, act, floor)


def _counting(store: Store) -> Asked:
    asked = Asked()

    @event.listens_for(store.engine, "before_cursor_execute")
    def _count(*_arguments: object) -> None:
        asked.count += 1

    return asked


def _line(desk: Desk, name: str, act: Callable[[], None], floor: float | None) -> float:
    taken = []
    act()
    for _ in range(desk.rounds):
        before = desk.asked.count
        began = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - began))
    taken.sort()
    median, p95 = statistics.median(taken), taken[int(0.95 * (len(taken) - 1))]
    ratio = f"{median / floor:7.1f}x" if floor else f"{1:7.1f}x"
    print(f"{name:34}{median:9.1f}{p95:9.1f}{ratio}{desk.asked.count - before:11}", flush=True)
    return median


def _nothing_read(desk: Desk) -> None:
    with looking(desk.cast.irene.session_id):
        pass


def _nothing_written(desk: Desk) -> None:
    with working(desk.cast.irene.session_id) as work:
        work.record("referral.viewed", "referral", desk.cast.irene.user_id)


def _reads(desk: Desk) -> dict[str, Callable[[], None]]:
    store, cast = desk.store, desk.cast
    waiting = [each for each, _ in some_referrals(store, Status.SUBMITTED, 20)]
    number = iter(range(10**9))
    with looking(cast.sam.session_id) as work:
        clients_on_file = [line.id for line in clients.search(work).lines]

    def looked(what: Callable[[object], object], who: object = cast.irene) -> Callable[[], None]:
        def act() -> None:
            with working(who.session_id) as work:  # type: ignore[attr-defined]
                what(work)

        return act

    def one(ids: list[object]) -> object:
        return ids[next(number) % len(ids)]

    narrow = QueueFilter(agency_id=cast.sheriff_id, urgency="urgent", county="Juniper")
    year = Wanted(kind=PeriodKind.LAST_FISCAL_YEAR)
    return {
        "queue": looked(lambda work: queue.queue(work, QueueFilter())),
        "queue, filtered": looked(lambda work: queue.queue(work, narrow)),
        "queue, all closed, last page": looked(lambda work: queue.queue(work, QueueFilter(view="closed", page=50))),
        "queue, text": looked(lambda work: queue.queue(work, QueueFilter(view="all", text="garcia"))),
        "referral": looked(lambda work: referrals.read(work, one(waiting))),
        "clients, text": looked(lambda work: clients.search(work, "maria garcia")),
        "client": looked(lambda work: clients.read(work, one(clients_on_file))),
        "candidates at import": looked(lambda work: imports.candidates(work, one(waiting))),
        "statistics": looked(lambda work: numbers.page(work, year), cast.sam),
        "audit trail": looked(lambda work: audit_trail.find(work, Trail()), cast.sam),
        "my referrals (agency)": looked(lambda work: agency.mine(work), cast.peter),
    }


def _writes(desk: Desk) -> dict[str, Callable[[], None]]:
    cast = desk.cast
    sent = iter([send(cast.olga) for _ in range(4 * (desk.rounds + 1))])

    def prepared(referral_id: object) -> int:
        with working(cast.irene.session_id) as work:
            return referrals.read(work, referral_id).version

    def import_one() -> None:
        referral_id = next(sent)
        with working(cast.irene.session_id) as work:
            imports.candidates(work, referral_id)
        seen = prepared(referral_id)
        with working(cast.irene.session_id) as work:
            imports.save_intake(work, referral_id, seen, NEW, uuid4().hex)

    def merge_two() -> None:
        versions = {each: prepared(each) for each in (next(sent), next(sent))}
        with working(cast.irene.session_id) as work:
            merges.merge(work, versions, {}, "Same child.", uuid4().hex)

    return {
        "start, answer and send a referral": lambda: _send(cast),
        "look for the child and import": import_one,
        "open two and merge them": merge_two,
    }


def _send(cast: Cast) -> None:
    send(cast.olga)


if __name__ == "__main__":
    main()
