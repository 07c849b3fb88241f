"""Figures of the door, in CPU time and ratios: `python -m benchmarks.door`.

Equal work at sign-in (medians of 200 trials of each kind), what the guard costs per frame, how long an open screen
takes to be cleared, and how 50,000 entries of the trail answer.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from actions import accounts
from actions.accounts import Visitor
from actions.center import audit_trail, users
from actions.center.audit_trail import Wanted
from actions.work import system_work, working
from db import store
from db.model import Base
from db.store import Store
from db.tables.people import User
from db.tables.sessions import Attempt
from domain import passwords
from domain.refusals import Refused
from tests.cast import Cast, bring_in

TRIALS = 200
ENTRIES = 50_000


@contextmanager
def center() -> Iterator[Cast]:
    """The cast's center on a fresh SQLite file, each with a password at today's cost."""
    with tempfile.TemporaryDirectory() as folder:
        opened = store.use(Store(f"sqlite:///{Path(folder) / 'desk.db'}", b"benchmark"))
        Base.metadata.create_all(opened.engine)
        cast = bring_in(opened)
        with system_work("the benchmark") as work:
            for member in (cast.olga, cast.peter, cast.irene, cast.sam):
                work.session.get_one(User, member.user_id).password_hash = passwords.hashed("correct horse battery")
            work.record("setup.done")
        yield cast
        opened.close()


def sign_in(cast: Cast) -> dict[str, float]:
    """CPU milliseconds of one refused sign-in, by kind: the median of the trials."""
    with working(cast.ada.session_id) as work:
        peter = next(one for one in users.users(work) if one.username == "peter")
        users.deactivate(work, peter.id, peter.version)
    took: dict[str, list[float]] = {"known": [], "unknown": [], "deactivated": [], "waiting": []}
    names = {"known": "olga", "unknown": "nobody", "deactivated": "peter", "waiting": "irene"}
    for trial in range(TRIALS):
        for kind, username in names.items():
            _forget_attempts()
            visitor = Visitor(f"10.0.{trial % 200}.1")
            for _ in range(5 if kind == "waiting" else 0):
                accounts.throttling.book(username, visitor)
            took[kind].append(_cpu(lambda name=username, who=visitor: _refused(name, who)))
    return {kind: statistics.median(found) for kind, found in took.items()}


def guard(cast: Cast) -> float:
    """CPU milliseconds that the guard's look at a session costs per frame."""
    return statistics.median(_cpu(lambda: accounts.live(cast.olga.session_id)) for _ in range(1000))


def trail(cast: Cast) -> tuple[float, float]:
    """CPU milliseconds of a page of the trail, and of its check, with 50,000 entries."""
    for _ in range(ENTRIES // 1000):
        with system_work("the benchmark") as work:
            for number in range(1000):
                work.record("referral.viewed", "referral", uuid4(), count=number)
    with working(cast.sam.session_id) as work:
        page = _cpu(lambda: audit_trail.find(work, Wanted(events=("referral.viewed",))))
        check = _cpu(lambda: audit_trail.examine(work))
    return page, check


def main() -> None:
    with center() as cast:
        medians = sign_in(cast)
        spread = max(medians.values()) / min(medians.values())
        for kind, median in medians.items():
            print(f"refused sign-in, {kind:12} {median:8.1f} ms CPU")
        print(f"largest to smallest median  {spread:8.3f}   (goal at most 1.10)")
        print(f"the guard, per frame        {guard(cast):8.2f} ms CPU   (goal at most 5)")
        page, check = trail(cast)
        print(f"a page of 50,000 entries    {page:8.1f} ms CPU   (goal at most 2,000)")
        print(f"checking 50,000 entries     {check:8.1f} ms CPU")


def _refused(username: str, visitor: Visitor) -> None:
    try:
        accounts.sign_in(username, "a wrong password", visitor)
    except Refused:
        return
    raise AssertionError("a wrong password was right")


def _forget_attempts() -> None:
    with system_work("the benchmark") as work:
        work.session.query(Attempt).delete()


def _cpu(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main()
