"""What the match costs on the screens: the import page with its ten candidates, and the badges of the queue.

    python -m benchmarks.match_pages [--clients 100000] [--candidates 10] [--referrals 30] [--filled FOLDER]

An empty desk is filled with generated families through the product's own bulk load, and an officer sends referrals,
half of them of children on file; and as many of children of whom only the name is known, which ten children on file
bear: of these, those are opened where so many candidates are shown. Then, as an intake worker who is signed in, each
referral's import page is opened whole (pages/menu.py first, as a browser would), beside a page of one line, which costs
what Streamlit's own test bench costs: milliseconds of the server, without the browser. The queue is opened by turns as
it is, and with its badges neither asked for nor drawn.

Last, the real server is started on the same desk, and the same screens are asked for over one WebSocket, as a browser
asks: CPU of the whole server process for each, from the message that came in to the last one that went out.

With --filled the filled desk is kept in FOLDER, and later runs work on a copy of it.
"""

import argparse
import asyncio
import csv
import gc
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil  # type: ignore[import-untyped]
import websockets
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from actions import site
from actions.center import queue
from actions.work import system_work
from benchmarks import match, people
from benchmarks.at_work import GOES_ON, BackMsgs
from db.tables.sessions import UserSession
from domain.codes import digest
from settings import read
from tests.browser.running import RunningDesk, running_desk
from tests.cast import Cast, Member, bring_in, send

MENU = Path(__file__).parents[1] / "pages" / "menu.py"
TOKEN = "the-session-of-the-benchmark-0123456789abcdef"
EMPTY = "import streamlit as st\nst.title('One line')\n"
Took = list[tuple[float, float]]
"""Milliseconds by the clock and of CPU."""


def opened(member: Member, screen: str, **query: str) -> AppTest:
    """Open a screen as somebody who is signed in."""
    page = AppTest.from_file(str(MENU), default_timeout=120)
    page.user = {"session": str(member.session_id), "address": "127.0.0.1"}
    page._page_hash = calc_hash(screen)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    if page.exception:
        raise SystemExit(f"{screen} could not be opened: {page.exception}")
    return page


def timed(open_it: Callable[[], Any], took: Took) -> None:
    """Add the time of one opening."""
    began, cpu = time.perf_counter(), time.process_time()
    open_it()
    took.append(((time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000))


@contextmanager
def without_badges() -> Iterator[None]:
    """The queue as it would be if nobody asked who a child may be."""
    asked = queue._hints
    queue._hints = lambda work, ids: ({}, {})
    try:
        yield
    finally:
        queue._hints = asked


def sent(cast: Cast, queries: Sequence[match.Row], many: int) -> list[UUID]:
    """Referrals about children of whom every second is on file."""
    on_file = [row for row in queries if row["truth"]]
    new = [row for row in queries if not row["truth"]]
    mixed = [row for pair in zip(on_file, new, strict=False) for row in pair][:many]
    return [send(cast.olga, **_answers(row)) for row in mixed]


def namesakes(store: Path, many: int, others: int) -> list[match.Row]:
    """The first children of a file, each of whom gets so many namesakes in it, born in other years."""
    children = list(islice(match.lines(store), many))
    with store.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(children[0]), restval="")
        for child in children:
            named = {part: child[part] for part in ("first_name", "last_name")}
            writer.writerows(
                named | {"id": f"{child['id']}-{year}", "dob": f"{year}-05-17"} for year in range(2017 - others, 2017)
            )
    return [{"first_name": child["first_name"], "last_name": child["last_name"]} for child in children]


def _answers(row: match.Row) -> dict[str, Any]:
    said = match.answers_of(row)
    born = said["child_dob"] if len(said.get("child_dob", "")) == 10 else None
    return {
        "child_first_name": said.get("child_first_name", "Baby Boy"),
        "child_middle_name": said.get("child_middle_name"),
        "child_last_name": said.get("child_last_name"),
        "child_dob": born,
        "child_age_years": None if born else "9",
        "address_line1": said.get("address_line1"),
        "address_city": said.get("address_city"),
        "address_zip": said.get("address_zip"),
        "caregivers": said.get("caregivers"),
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--candidates", type=int, default=10)
    parser.add_argument("--referrals", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument(
        "--filled", type=Path, help="a folder for filled desks, each made by the first run that wants it"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="desk-pages-") as kept:
        folder = Path(kept)
        made = f"{asked.clients}-{asked.candidates}-{asked.referrals}-{asked.seed}"
        filled = (asked.filled or folder) / made
        if not (filled / "whole").exists():
            fill(filled, asked)
        shutil.copytree(filled, folder / "desk")
        with _site(folder / "desk") as desk:
            cast = bring_in(desk.store)
            ids = sent(cast, match.rows(filled / "queries.csv"), asked.referrals)
            named = [send(cast.olga, **_answers(row)) for row in match.rows(filled / "by_name.csv")]
            by_name = [one for one in named if candidates(cast, one) >= asked.candidates]
            measure(cast, ids, by_name, asked.rounds)
            let_in(cast.irene)
        with running_desk(folder / "desk") as running:
            each = {"the import page by name": [f"r={one}" for one in by_name], "the queue": [""]}
            asyncio.run(through_the_door(running, each, asked.rounds))


def fill(folder: Path, asked: argparse.Namespace) -> None:
    """Make a desk with clients on file and nobody at work."""
    folder.mkdir(parents=True)
    store, _ = people.save(people.families(asked.seed, asked.clients, 4 * asked.referrals), folder)
    only_named = namesakes(store, asked.referrals, asked.candidates - 1)
    with (folder / "by_name.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["first_name", "last_name"])
        writer.writeheader()
        writer.writerows(only_named)
    with _site(folder) as desk:
        print(f"clients {len(match.fill(desk.store, store).names):,}")
    (folder / "whole").touch()


def _site(folder: Path) -> AbstractContextManager[site.Site]:
    return site.opened(read({"DATA_DIR": str(folder / "data")}, folder / "none.toml"))


def measure(cast: Cast, ids: Sequence[UUID], by_name: Sequence[UUID], rounds: int) -> None:
    """Open everything by turns and print the medians."""
    empty: Took = []
    page: Took = []
    full: Took = []
    badges: Took = []
    bare: Took = []
    for _ in range(3):
        opened(cast.irene, "import_referral", r=str(ids[0]))
        opened(cast.irene, "queue")
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for one, other in zip(ids, cycle(by_name), strict=False):
            timed(lambda: AppTest.from_string(EMPTY, default_timeout=60).run(), empty)
            timed(partial(opened, cast.irene, "import_referral", r=str(one)), page)
            timed(partial(opened, cast.irene, "import_referral", r=str(other)), full)
            timed(lambda: opened(cast.irene, "queue"), badges)
            with without_badges():
                timed(lambda: opened(cast.irene, "queue"), bare)
    print(f"{'a page of one line':28} {_said(empty)}")
    for name, took, sample in (("the import page", page, ids), ("the same, by name alone", full, by_name)):
        shown = [candidates(cast, one) for one in sample]
        beyond = statistics.median(cpu for _, cpu in took) - statistics.median(cpu for _, cpu in empty)
        print(f"{name:28} {_said(took)}")
        print(f"{'  candidates':28} median {statistics.median(shown):.0f}, most {max(shown)}")
        print(f"{'  beyond a page of one line':28} ms of CPU {beyond:.1f}")
    print(f"{'the queue':28} {_said(badges)}")
    print(f"{'the queue without badges':28} {_said(bare)}")
    ratio = statistics.median(cpu for _, cpu in badges) / statistics.median(cpu for _, cpu in bare)
    print(f"badges cost the queue page   {100 * (ratio - 1):.0f} % of CPU")


def candidates(cast: Cast, referral_id: UUID) -> int:
    """How many candidates the import page of a referral shows."""
    page = opened(cast.irene, "import_referral", r=str(referral_id))
    return sum(1 for button in page.button if str(button.key).startswith("choose-"))


# Through the real server


def let_in(member: Member) -> None:
    """Give the session of somebody the cookie that a browser would bring."""
    with system_work("the benchmark") as work:
        work.session.get_one(UserSession, member.session_id).token_hash = digest(TOKEN)


async def through_the_door(desk: RunningDesk, screens: dict[str, list[str]], rounds: int) -> None:
    """Open screens over one WebSocket and print what each cost the server's process."""
    server = psutil.Process(desk.process.pid)
    async with websockets.connect(
        f"{desk.url.replace('http', 'ws')}/_stcore/stream",
        additional_headers={"Cookie": f"desk={TOKEN}", "Origin": desk.url},
        subprotocols=[websockets.Subprotocol("streamlit")],
        max_size=None,
    ) as socket:
        for name, records in screens.items():
            screen = "import_referral" if records[0] else "queue"
            many = rounds * max(len(records), 20)
            for place in range(10):
                await _run_through(socket, screen, records[place % len(records)])
            began, sent_out = _cpu(server), 0
            for place in range(many):
                sent_out += await _run_through(socket, screen, records[place % len(records)])
            spent = 1000 * (_cpu(server) - began) / many
            print(f"{f'{name}, real server':38} ms of CPU {spent:.1f} a run, {sent_out / many:.0f} messages")


async def _run_through(socket: websockets.ClientConnection, screen: str, record: str) -> int:
    """Ask for one screen and hear it to its end; the number of messages."""
    await socket.send(BackMsgs.opening(screen, record).SerializeToString())
    heard = 0
    async with asyncio.timeout(60):
        while True:
            message = ForwardMsg.FromString(await socket.recv())
            heard += 1
            if message.delta.new_element.WhichOneof("type") == "exception":
                raise SystemExit(f"{screen} could not be opened")
            if message.WhichOneof("type") == "script_finished" and message.script_finished != GOES_ON:
                return heard


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


# On paper


def _said(took: Took) -> str:
    clock, cpu = sorted(each for each, _ in took), sorted(each for _, each in took)
    place = int(0.95 * len(took))
    return (
        f"ms p50 {statistics.median(clock):6.1f}  p95 {clock[place]:6.1f}   "
        f"of CPU p50 {statistics.median(cpu):6.1f}  p95 {cpu[place]:6.1f}"
    )


if __name__ == "__main__":
    main()
