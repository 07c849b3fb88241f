"""Many signed-in people at work at once, through the real server: errors, time for each screen, memory.

    python -m benchmarks.at_work [--people 25] [--seconds 60] [--processes 1] [--on sqlite] [--pause 5]
    python -m benchmarks.at_work --people 100 --processes 2 --on postgres

Each person has their own session and WebSocket, as a browser would: staff go from the queue to a referral, to who may
be this child and to the clients; officers to their list, to a draft, and save an answer of it. Between two clicks they
read for a few seconds. A screen that raises, a socket that closes or a screen without an end is an error. Two
processes share one PostgreSQL server, each person staying with one of them, as behind a proxy with sticky sessions.
"""

import argparse
import asyncio
import itertools
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from secrets import token_urlsafe

import psutil  # type: ignore[import-untyped]
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from actions import site
from actions.agency import referrals as agency
from actions.work import system_work, working
from db.store import Store
from db.tables.people import User, UserRole
from db.tables.sessions import UserSession
from domain.codes import digest
from domain.fields import ReferralType
from domain.people import Role
from settings import read
from tests.browser.running import ROOT, RunningDesk, running_desk
from tests.cast import Cast, bring_in, send
from tests.postgres import running_server

FAULTS = ("Something went wrong", "Nothing was saved", "does not answer", "very busy")
PATIENCE = 60
"""Seconds after which a screen without an end is an error."""


@dataclass
class Person:
    """Somebody with a session, and where they go, over and over."""

    token: str
    rounds: tuple[tuple[str, str], ...]
    """Screens and what their address names."""


@dataclass
class Seen:
    """What all of them met."""

    taken: list[float] = field(default_factory=list)
    screens: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.at_work", description=__doc__)
    parser.add_argument("--people", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--on", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--pause", type=float, default=5, help="seconds that a person reads, on average")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        database = _database(asked.on, running)
        people = _bring_in(Path(folder), database, asked.people)
        desks = [running.enter_context(_desk(Path(folder), database, number)) for number in range(asked.processes)]
        seen = Seen()
        began = [_cpu(desk.process.pid) for desk in desks]
        asyncio.run(_all_at_work([desk.url for desk in desks], people, asked.seconds, asked.pause, seen))
        spent = sum(_cpu(desk.process.pid) for desk in desks) - sum(began)
        memory = [psutil.Process(desk.process.pid).memory_info().rss / 2**20 for desk in desks]
    _say(asked, seen, spent, memory)
    sys.exit(1 if seen.errors else 0)


def _say(asked: argparse.Namespace, seen: Seen, spent: float, memory: list[float]) -> None:
    taken = sorted(seen.taken)
    at = {share: 1000 * taken[min(len(taken) - 1, int(share * len(taken)))] for share in (0.5, 0.95, 0.99)}
    print(f"{asked.people} people, {asked.processes} process(es), {asked.on}, {asked.seconds:.0f} s")
    print(f"screens {len(taken)}, errors {seen.errors.total()} {dict(seen.errors) or ''}")
    print("milliseconds for a screen: " + ", ".join(f"p{100 * share:.0f} {at[share]:.0f}" for share in at))
    print(f"CPU for a screen: {1000 * spent / max(1, len(taken)):.0f} ms; {spent:.0f} s in all")
    print("memory: " + ", ".join(f"{each:.0f} MB" for each in memory))
    print("opened: " + ", ".join(f"{screen} {count}" for screen, count in seen.screens.most_common()))


# The desk


def _database(kind: str, running: ExitStack) -> str:
    if kind == "sqlite":
        return ""
    server = running.enter_context(running_server(quick=False))
    return server.url(server.new_database())


@contextmanager
def _desk(folder: Path, database: str, number: int) -> Iterator[RunningDesk]:
    """One app process; all of them share keys and, on PostgreSQL, the database."""
    place = folder if number == 0 else folder / f"process-{number}"
    place.mkdir(exist_ok=True)
    with running_desk(place, **_environment(folder, database)) as desk:
        yield desk


def _environment(folder: Path, database: str) -> dict[str, str]:
    return {"DATA_DIR": str(folder / "data"), "KEY_DIR": str(folder / "keys")} | (
        {"DATABASE_URL": database} if database else {}
    )


def _bring_in(folder: Path, database: str, count: int) -> list[Person]:
    """A center with forty referrals, and so many people: two of five are staff."""
    settings = read(_environment(folder, database), folder / "settings.toml")
    with site.opened(settings) as opened:
        cast = bring_in(opened.store)
        sent = [str(send(cast.olga, child_first_name=f"Child{number}")) for number in range(40)]
        return [_person(opened.store, cast, number, sent) for number in range(count)]


def _person(store: Store, cast: Cast, number: int, sent: list[str]) -> Person:
    staff = number % 5 < 2
    token = token_urlsafe(32)
    with system_work("the benchmark") as work:
        user = User(
            username=f"person{number}",
            name=f"Person {number}",
            phone="555-0111",
            email=f"person{number}@example.org",
            agency_id=None if staff else cast.sheriff_id,
            made_at=work.now,
        )
        user.roles = [UserRole(user_id=user.id, role=Role.STAFF if staff else Role.REFERRAL_USER)]
        work.session.add(user)
        work.session.flush()
        session = UserSession(
            user_id=user.id,
            token_hash=digest(token),
            made_at=work.now,
            used_at=work.now,
            idle_seconds=3600,
            ends_at=work.now + timedelta(hours=12),
            proved_at=work.now,
        )
        work.session.add(session)
        work.record("user.created", "user", user.id)
    mine = f"r={sent[number % len(sent)]}"
    if staff:
        return Person(token, (("queue", ""), ("referral", mine), ("import_referral", mine), ("clients", "")))
    with working(session.id) as work:
        draft = agency.start(work, ReferralType.LE)
    return Person(token, (("my_referrals", ""), ("write_referral", f"r={draft.id}"), ("new_referral", "")))


# The people


async def _all_at_work(urls: list[str], people: list[Person], seconds: float, pause: float, seen: Seen) -> None:
    end = time.monotonic() + seconds
    await asyncio.gather(
        *(
            _at_work(urls[number % len(urls)], person, Random(number), end, pause, seen)
            for number, person in enumerate(people)
        )
    )


async def _at_work(url: str, person: Person, chance: Random, end: float, pause: float, seen: Seen) -> None:
    await asyncio.sleep(chance.random() * pause)
    try:
        async with websockets.connect(
            f"{url.replace('http', 'ws')}/_stcore/stream",
            additional_headers={"Cookie": f"desk={person.token}", "Origin": url},
            subprotocols=[websockets.Subprotocol("streamlit")],
            max_size=None,
        ) as socket:
            for screen, record in itertools.cycle(person.rounds):
                if time.monotonic() >= end:
                    return
                await _open(socket, screen, record, seen)
                await asyncio.sleep(pause * (0.5 + chance.random()))
    except (OSError, TimeoutError, websockets.WebSocketException) as error:
        seen.errors[type(error).__name__] += 1


async def _open(socket: websockets.ClientConnection, screen: str, record: str, seen: Seen) -> None:
    """Open a screen as the browser's address line would, and where it has a box for text, type and leave it."""
    boxes = await _run(socket, BackMsgs.opening(screen, record), screen, seen)
    if screen == "write_referral" and boxes:
        await _run(socket, BackMsgs.typing(screen, record, boxes[0], f"Typed at {time.time():.0f}"), "an answer", seen)


class BackMsgs:
    """What a browser says."""

    @staticmethod
    def opening(screen: str, record: str) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = record
        message.rerun_script.page_name = screen
        return message

    @staticmethod
    def typing(screen: str, record: str, box: str, words: str) -> BackMsg:
        message = BackMsgs.opening(screen, record)
        message.rerun_script.widget_states.widgets.add(id=box, string_value=words)
        return message


async def _run(socket: websockets.ClientConnection, message: BackMsg, name: str, seen: Seen) -> list[str]:
    """Send one message and hear the script to its end; gives the ids of the boxes for text that were drawn."""
    began, boxes = time.perf_counter(), []
    await socket.send(message.SerializeToString())
    async with asyncio.timeout(PATIENCE):
        while True:
            heard = ForwardMsg.FromString(await socket.recv())
            if heard.WhichOneof("type") == "script_finished":
                break
            element = heard.delta.new_element
            kind = element.WhichOneof("type")
            if kind == "exception" or (kind == "alert" and any(fault in element.alert.body for fault in FAULTS)):
                seen.errors[name] += 1
            if kind == "text_input":
                boxes.append(element.text_input.id)
    seen.taken.append(time.perf_counter() - began)
    seen.screens[name] += 1
    return boxes


def _cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
