"""Many signed-in people at work at once, through the real server: errors, time for each screen, memory.

    python -m benchmarks.at_work [--people 25] [--seconds 60] [--processes 1] [--on sqlite] [--pause 5]
    python -m benchmarks.at_work --people 100 --processes 2 --on postgres

Each person has their own session and WebSocket, as a browser would: staff go from the queue to a referral, to who may
be this child, press Save of an import and Merge of two referrals, and look at the clients; every fourth of them is a
supervisor and looks at the numbers besides; officers go to their list, to a draft, save an answer of it, and send
another one. Between two clicks they read for a few seconds. A screen that
raises, a button that is not there, a socket that closes or a screen without an end is an error, and so is an act whose
answer came and that is not in the store at the end, or one in the store that nobody pressed. Two processes share one
PostgreSQL server, each person staying with one of them, as behind a proxy with sticky sessions.
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
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from secrets import token_urlsafe
from uuid import UUID

import psutil  # type: ignore[import-untyped]
import websockets
from sqlalchemy import select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from actions import site
from actions.agency import referrals as agency
from actions.center import imports
from actions.work import system_work, working
from db.store import Store
from db.tables.people import User, UserRole
from db.tables.referrals import StatusChange
from db.tables.sessions import UserSession
from domain.codes import digest
from domain.fields import ReferralType
from domain.intake import IntakeChoices
from domain.lifecycle import Step
from domain.people import Role
from domain.statistics import Part
from settings import read
from tests.browser.running import ROOT, RunningDesk, running_desk
from tests.cast import ANSWERS, Cast, Member, answers_for, bring_in, send
from tests.faults import desk_work
from tests.postgres import running_server

FAULTS = ("Something went wrong", "Nothing was saved", "does not answer", "very busy")
SEND, SAVE, MERGE = "Send referral", "Save: add the client", "Merge R-"
DONE = {SEND: Step.SUBMIT, SAVE: Step.IMPORT, MERGE: Step.COMBINE}
"""Which step of a history each button leaves."""
GOES_ON = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
PATIENCE = 60
"""Seconds after which a screen without an end is an error."""


@dataclass
class Person:
    """Somebody with a session, and where they go, over and over."""

    token: str
    rounds: "tuple[Stop, ...]"


@dataclass
class Stop:
    """A screen, what its address names, and the button that is pressed there, once for each record."""

    screen: str
    records: list[str] = field(default_factory=lambda: [""])
    press: str = ""


@dataclass
class Seen:
    """What all of them met."""

    taken: list[float] = field(default_factory=list)
    screens: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    pressed: Counter[str] = field(default_factory=Counter)
    """Buttons whose answer came."""
    unanswered: Counter[str] = field(default_factory=Counter)
    """Buttons that were pressed and whose answer never came: nobody knows whether it was done."""
    cpu: float = 0.0
    """Seconds of all app processes."""
    memory: list[float] = field(default_factory=list)
    """Megabytes of each at the end."""


@dataclass
class Drawn:
    """What a screen offers: boxes for text by their ids, buttons by their labels."""

    boxes: list[str] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.at_work", description=__doc__)
    parser.add_argument("--people", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--on", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--pause", type=float, default=5, help="seconds that a person reads, on average")
    asked = parser.parse_args()
    seen = at_work(asked.people, asked.seconds, processes=asked.processes, on=asked.on, pause=asked.pause)
    print(f"{asked.people} people, {asked.processes} process(es), {asked.on}, {asked.seconds:.0f} s")
    _say(seen)
    sys.exit(1 if seen.errors else 0)


def at_work(people: int, seconds: float, *, processes: int = 1, on: str = "sqlite", pause: float = 5) -> Seen:
    """Let so many people work for so long, and tell what they met."""
    seen = Seen()
    with tempfile.TemporaryDirectory() as place, ExitStack() as running:
        folder, database = Path(place), _database(on, running)
        them = _bring_in(folder, database, people, acts=int(seconds / pause / 4) + 2)
        before = _in_store(folder, database)
        desks = [running.enter_context(_desk(folder, database, number)) for number in range(processes)]
        began = [_cpu(desk.process.pid) for desk in desks]
        asyncio.run(_all_at_work([desk.url for desk in desks], them, seconds, pause, seen))
        seen.cpu = sum(_cpu(desk.process.pid) for desk in desks) - sum(began)
        seen.memory = [psutil.Process(desk.process.pid).memory_info().rss / 2**20 for desk in desks]
        after = _in_store(folder, database)
    for button, step in DONE.items():
        answered, kept = seen.pressed[button], after[step] - before[step]
        if not answered <= kept <= answered + seen.unanswered[button]:
            asked = f"{answered} answered, {seen.unanswered[button]} without an answer"
            seen.errors[f"{button}: {asked}, {kept} in the store"] += 1
    return seen


def _say(seen: Seen) -> None:
    taken = sorted(seen.taken)
    at = {share: 1000 * taken[min(len(taken) - 1, int(share * len(taken)))] for share in (0.5, 0.95, 0.99)}
    print(f"screens {len(taken)}, errors {seen.errors.total()} {dict(seen.errors) or ''}")
    print("milliseconds for a screen: " + ", ".join(f"p{100 * share:.0f} {at[share]:.0f}" for share in at))
    print(f"CPU for a screen: {1000 * seen.cpu / max(1, len(taken)):.0f} ms; {seen.cpu:.0f} s in all")
    print("memory: " + ", ".join(f"{each:.0f} MB" for each in seen.memory))
    print("pressed: " + ", ".join(f"{button} {count}" for button, count in seen.pressed.most_common()))
    print("pressed, without an answer:", seen.unanswered.total())
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


def _bring_in(folder: Path, database: str, count: int, acts: int) -> list[Person]:
    """A center with forty referrals, and so many people with enough to do: two of five are staff."""
    settings = read(_environment(folder, database), folder / "settings.toml")
    with site.opened(settings) as opened:
        cast = bring_in(opened.store)
        sent = [str(send(cast.olga, child_first_name=f"Child{number}")) for number in range(40)]
        return [_person(cast, number, sent, acts) for number in range(count)]


def _in_store(folder: Path, database: str) -> Counter[Step]:
    """How often each step was taken, as the store has it."""
    settings = read(_environment(folder, database), folder / "settings.toml")
    with closing(Store(settings.database_url)) as store, store.reading() as session:
        return Counter(session.scalars(select(StatusChange.step)))


def _person(cast: Cast, number: int, sent: list[str], acts: int) -> Person:
    staff, supervisor = number % 5 < 2, number % 10 == 1
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
        role = Role.SUPERVISOR if supervisor else Role.STAFF if staff else Role.REFERRAL_USER
        user.roles = [UserRole(user_id=user.id, role=role)]
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
    mine, me = f"r={sent[number % len(sent)]}", Member(user.id, session.id, user.name, user.agency_id)
    if not staff:
        drafts = [_draft(me, whole=number > 0) for number in range(acts + 1)]
        to_send = Stop("check_referral", [f"r={draft}" for draft in drafts[1:]], SEND)
        writing = Stop("write_referral", [f"r={drafts[0]}"])
        return Person(token, (Stop("my_referrals"), writing, Stop("new_referral"), to_send))
    to_import = Stop("intake", [f"r={each}" for each in _half_imported(cast, me, acts)], SAVE)
    to_merge = Stop("merge_referrals", [f"r={','.join(pair)}" for pair in _doubles(cast, acts)], MERGE)
    looks = (Stop("queue"), Stop("referral", [mine]), Stop("import_referral", [mine]), Stop("clients"))
    numbers = (
        [Stop("desk_counts"), *(Stop("statistics", [f"part={part.value}"]) for part in Part)] if supervisor else []
    )
    return Person(token, (*looks, to_import, to_merge, *numbers))


def _draft(officer: Member, *, whole: bool) -> UUID:
    with working(officer.session_id) as work:
        draft = agency.start(work, ReferralType.LE)
    if whole:
        with working(officer.session_id) as work:
            agency.save_answers(work, draft.id, answers_for(ReferralType.LE, ANSWERS | desk_work.a_child()))
    return draft.id


def _half_imported(cast: Cast, staff: Member, count: int) -> list[UUID]:
    """Referrals of whom this person has chosen to add a new client: only Save is left."""
    found: list[UUID] = desk_work.sent_many(cast.olga, [desk_work.a_child() for _ in range(count)])
    for referral_id in found:
        with working(staff.session_id) as work:
            imports.candidates(work, referral_id)
            work.session.flush()
            imports.keep_intake(work, referral_id, IntakeChoices(decided=True))
    return found


def _doubles(cast: Cast, count: int) -> list[tuple[str, str]]:
    """Referrals of two agencies about the same child."""
    children = [desk_work.a_child() for _ in range(count)]
    both = [desk_work.sent_many(who, children) for who in (cast.olga, cast.peter)]
    return [(str(one), str(other)) for one, other in zip(*both, strict=True)]


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
            for stop in itertools.cycle(person.rounds):
                if time.monotonic() >= end:
                    return
                await _open(socket, stop, seen)
                await asyncio.sleep(pause * (0.5 + chance.random()))
    except (OSError, TimeoutError, websockets.WebSocketException) as error:
        seen.errors[type(error).__name__] += 1


async def _open(socket: websockets.ClientConnection, stop: Stop, seen: Seen) -> None:
    """Open a screen as the browser's address line would, and press its button, or type where there is a box."""
    screen = stop.screen
    if stop.press and not stop.records:
        return
    record = stop.records.pop() if stop.press else stop.records[0]
    drawn = await _run(socket, BackMsgs.opening(screen, record), screen, seen)
    if stop.press:
        button = next((key for label, key in drawn.buttons.items() if label.startswith(stop.press)), None)
        if button is None:
            seen.errors[f"no button {stop.press} on {screen}"] += 1
            return
        seen.unanswered[stop.press] += 1
        await _run(socket, BackMsgs.pressing(screen, record, button), stop.press, seen)
        seen.unanswered[stop.press] -= 1
        seen.pressed[stop.press] += 1
    elif screen == "write_referral" and drawn.boxes:
        words = f"Typed at {time.time():.0f}"
        await _run(socket, BackMsgs.typing(screen, record, drawn.boxes[0], words), "an answer", seen)


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

    @staticmethod
    def pressing(screen: str, record: str, button: str) -> BackMsg:
        message = BackMsgs.opening(screen, record)
        message.rerun_script.widget_states.widgets.add(id=button, trigger_value=True)
        return message


async def _run(socket: websockets.ClientConnection, message: BackMsg, name: str, seen: Seen) -> Drawn:
    """Send one message and hear the script to its end, on whatever screen it ends; gives what was drawn."""
    began, drawn = time.perf_counter(), Drawn()
    await socket.send(message.SerializeToString())
    async with asyncio.timeout(PATIENCE):
        while True:
            heard = ForwardMsg.FromString(await socket.recv())
            if heard.WhichOneof("type") == "script_finished" and heard.script_finished != GOES_ON:
                break
            element = heard.delta.new_element
            kind = element.WhichOneof("type")
            if kind == "exception" or (kind == "alert" and any(fault in element.alert.body for fault in FAULTS)):
                seen.errors[name] += 1
            if kind == "text_input":
                drawn.boxes.append(element.text_input.id)
            if kind == "button":
                drawn.buttons[element.button.label] = element.button.id
    seen.taken.append(time.perf_counter() - began)
    seen.screens[name] += 1
    return drawn


def _cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
