"""How long a click takes until the last row is painted, as a ratio to a stock empty Streamlit page in the same run.

    python -m benchmarks.click [--referrals 20000] [--clients 20000] [--rounds 15]

A new desk is filled with invented referrals and clients. Then, by turns in one Chromium: the stock page, in a process
of its own and without the desk's settings, is clicked; the queue is run anew in full; its rows are changed by another
view; a row's menu opens the Delete dialog; and both are loaded into an empty browser. A click ends two animation frames
after the last element of the answer stands in the page. Printed: medians in milliseconds, and ratios.
"""

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from playwright.sync_api import Browser, Page
from sqlalchemy import insert

import settings
from actions import site
from actions.work import Work, now, system_work
from db.tables.clients import Client
from db.tables.people import Agency, Center, User, UserRole
from db.tables.referrals import MatchHint, Referral, StatusChange, Submission
from db.tables.sessions import UserSession
from domain import fields
from domain.codes import digest
from domain.lifecycle import Origin, Status, Step
from domain.people import Role
from tests.browser.running import chromium, running_desk

TOKEN = "the-session-of-the-benchmark-0123456789abcdef"
GIVEN = "Ana Ben Cleo Dan Eva Finn Gia Hugo Inés Jon Kim Leo Mia Noah Olga Paz Quinn Rosa Sam Tess Uma Vera".split()
FAMILY = "Adams Baker Castro Diaz Evans Flores García Hall Ito Jones Kelly López Moore Núñez Ortiz Price Reyes".split()
STATUSES = (
    [Status.SUBMITTED] * 5 + [Status.IMPORTED] * 11 + [Status.REJECTED, Status.MERGED, Status.CLOSED, Status.DELETED]
)

STOCK = """
import streamlit as st
st.title("Empty")
st.button("Again")
st.session_state.times = st.session_state.get("times", 0) + 1
st.text(f"Run {st.session_state.times}")
"""

PAINTED = """
([start, done]) => new Promise((painted) => {
    const press = new Function(start), stands = new Function("return " + done);
    const began = performance.now();
    const look = () => stands()
        ? requestAnimationFrame(() => requestAnimationFrame(() => painted(performance.now() - began)))
        : requestAnimationFrame(look);
    press();
    look();
})
"""
"""Press something, wait until what it leads to stands in the page, and two frames more; milliseconds."""


def fill(folder: Path, referrals: int, clients: int) -> None:
    """Make a desk in the folder with invented referrals and clients, and one signed-in member of staff."""
    chance = random.Random(41)
    own = settings.read({"DATA_DIR": str(folder / "data")}, folder / "none.toml")
    with site.opened(own), system_work("The benchmark") as work:
        irene, agencies = _people(work)
        ids = _referrals(work, chance, referrals, irene, agencies)
        _clients(work, chance, clients, irene)
        _hints(work, chance, ids)
        work.record("center.demo_made", "center", count=referrals + clients)


def _people(work: Work) -> tuple[UUID, list[UUID]]:
    center = Center(
        id=1, name="Benchmark", time_zone="America/Denver", on_call_phone="", hotline_phone="", settings={}, demo=False,
        made_at=work.now,
    )  # fmt: skip
    agencies = [Agency(name=f"Agency {number}", kind="le", team_partner=True, made_at=work.now) for number in range(12)]
    irene = User(username="irene", name="Irene Vega", made_at=work.now)
    irene.roles = [UserRole(user_id=irene.id, role=Role.STAFF)]
    work.session.add_all([center, *agencies, irene])
    work.session.flush()
    work.session.add(
        UserSession(
            user_id=irene.id,
            token_hash=digest(TOKEN),
            made_at=work.now,
            used_at=work.now,
            ends_at=work.now + timedelta(hours=12),
            proved_at=work.now,
        )
    )
    return irene.id, [agency.id for agency in agencies]


def _referrals(work: Work, chance: random.Random, count: int, irene: UUID, agencies: list[UUID]) -> list[UUID]:
    rows, written, steps = [], [], []
    for number in range(1, count + 1):
        at = now() - timedelta(minutes=chance.randrange(60 * 24 * 900))
        first, last, status = chance.choice(GIVEN), chance.choice(FAMILY), chance.choice(STATUSES)
        answers = _answers(chance, first, last)
        row = _referral(number, at, status, irene, chance, agencies) | {
            "child_first_name": first,
            "child_last_name": last,
            "child_dob": answers["child_dob"],
            "county": answers["address_county"],
            "search_text": f"r-26-{number:05} {first} {last} {number}".lower(),
        }
        rows.append(row)
        steps.append(_sent(row, irene))
        written.append(_written(row, answers, irene))
    for table, values in ((Referral, rows), (Submission, written), (StatusChange, steps)):
        work.session.execute(insert(table), values)
    return [row["id"] for row in rows if row["status"] is Status.SUBMITTED]


def _answers(chance: random.Random, first: str, last: str) -> dict[str, Any]:
    return {
        "child_first_name": first,
        "child_last_name": last,
        "child_dob": f"{chance.randrange(2009, 2026)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
        "address_county": chance.choice(("Alder", "Juniper", "Mesa", "Pinyon")),
        "narrative": "The child told a teacher. " * 20,
    }


def _referral(
    number: int, at: datetime, status: Status, irene: UUID, chance: random.Random, agencies: list[UUID]
) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "number": f"R-26-{number:05}",
        "type": chance.choice([kind.value for kind in fields.ReferralType]),
        "origin": Origin.AGENCY,
        "status": status,
        "version": 2,
        "round": 1,
        "steps": 1,
        "agency_id": chance.choice(agencies),
        "made_by": irene,
        "made_at": at,
        "first_submitted_at": at,
        "waiting_since": at,
        "changed_at": at,
        "urgency_rank": chance.choice((0, 1, 1, 2, 2, 2, 2, 2)),
        "submission_id": uuid4(),
    }


def _sent(row: dict[str, Any], irene: UUID) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "referral_id": row["id"],
        "ordinal": 1,
        "step": Step.SUBMIT,
        "from_status": Status.DRAFT,
        "to_status": Status.SUBMITTED,
        "at": row["made_at"],
        "by": irene,
        "by_name": "Irene Vega",
        "round": 1,
    }


def _written(row: dict[str, Any], answers: dict[str, Any], irene: UUID) -> dict[str, Any]:
    return {
        "id": row["submission_id"],
        "referral_id": row["id"],
        "ordinal": 1,
        "round": 1,
        "kind": "round",
        "answers": fields.canonical(answers),
        "made_by": irene,
        "made_by_name": "Irene Vega",
        "made_at": row["made_at"],
    }


def _clients(work: Work, chance: random.Random, count: int, irene: UUID) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    work.session.execute(
        insert(Client),
        [
            {
                "id": uuid4(),
                "number": f"C-26-{number:05}",
                "first_name": chance.choice(GIVEN),
                "last_name": chance.choice(FAMILY),
                "version": 1,
                "made_at": at,
                "made_by": irene,
                "changed_at": at,
            }
            for number in range(1, count + 1)
        ],
    )


def _hints(work: Work, chance: random.Random, waiting: list[UUID]) -> None:
    """Every third referral in the queue carries a badge."""
    pairs = {(one, chance.choice(waiting)) for one in waiting[::3]}
    work.session.execute(
        insert(MatchHint),
        [
            {"referral_id": one, "other_id": other, "other_kind": "referral", "grade": "likely", "probability": 0.9}
            for one, other in pairs
            if one != other
        ],
    )


@contextmanager
def stock_page(folder: Path) -> Iterator[str]:
    """A stock Streamlit with an empty page, in a process of its own, without the desk's settings; its address."""
    home = folder / "stock"
    home.mkdir()
    (home / "empty.py").write_text(STOCK)
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        port = any_port.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "empty.py", "--server.headless=true", f"--server.port={port}"]
    quiet = ["--server.address=127.0.0.1", "--browser.gatherUsageStats=false"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT")}
    process = subprocess.Popen(
        [*command, *quiet], cwd=home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_up(url: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the stock page did not start")


def _painted(page: Page, press: str, done: str) -> float:
    took: float = page.evaluate(PAINTED, [press, done])
    return took


def stock_click(page: Page) -> float:
    """Click the stock page's button until its count has gone up."""
    before = page.get_by_text("Run ", exact=False).inner_text()
    return _painted(
        page,
        "document.querySelector('[data-testid=stButton] button').click()",
        f"[...document.querySelectorAll('[data-testid=stText]')].some(one => one.innerText !== {before!r})",
    )


EARS = """
(() => {
    window.runsEnded = 0;
    const SCRIPT_FINISHED = 6, WHOLE_RUN = 0;
    const number = (bytes, at) => {
        let value = 0;
        for (let shift = 0; ; shift += 7) {
            const byte = bytes[at++];
            value += (byte & 127) * 2 ** shift;
            if (byte < 128) return [value, at];
        }
    };
    const heard = (bytes) => {
        for (let at = 0, tag, size; at < bytes.length;) {
            [tag, at] = number(bytes, at);
            [size, at] = number(bytes, at);
            if (tag === SCRIPT_FINISHED << 3 && size === WHOLE_RUN) window.runsEnded += 1;
            if ((tag & 7) === 2) at += size;
        }
    };
    window.WebSocket = class extends window.WebSocket {
        constructor(...line) {
            super(...line);
            this.addEventListener('message', (message) => heard(new Uint8Array(message.data)));
        }
    };
})()
"""
"""Counts the runs of a script that have ended, as the server tells the page: field 6 of Streamlit's ForwardMsg."""
ENDED = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"


def stock_rerun(page: Page) -> float:
    """Click the stock page's button until its script has ended."""
    return _run(page, "document.querySelector('[data-testid=stButton] button').click()")


def full_rerun(page: Page) -> float:
    """Choose the queue in the menu, which runs the whole page anew, until its script has ended."""
    return _run(page, "document.querySelector('[data-testid=stSidebarNav] a[href*=queue]').click()")


def _run(page: Page, press: str) -> float:
    ended = page.evaluate("window.runsEnded")
    return _painted(page, press, f"window.runsEnded > {ended} && {ENDED}")


ALL_ROWS = "document.querySelectorAll('.desk-row').length === 15"
LAST_ROW = (
    "[...document.querySelectorAll('button')].filter(one => one.innerText.startsWith('Open R-')).at(-1)?.innerText"
)


def other_view(page: Page) -> float:
    """Come back from the imported to the submitted ones until the last row stands."""
    _show(page, "Imported")
    page.wait_for_timeout(600)
    return _show(page, "Submitted")


def _show(page: Page, view: str) -> float:
    before = page.evaluate(LAST_ROW)
    return _painted(
        page,
        f"[...document.querySelectorAll('[role=radio]')].find(one => one.innerText.startsWith('{view}')).click()",
        f"({LAST_ROW}) && ({LAST_ROW}) !== {before!r} && {ALL_ROWS}",
    )


def row_action(page: Page) -> float:
    """Choose Delete in the first row's menu until its dialog stands; the dialog is left again."""
    page.locator("button:has-text('Actions for R-')").first.click()
    page.wait_for_selector("[role=menuitem], [role=option]")
    took = _painted(
        page,
        """[...document.querySelectorAll('[role=menuitem], [role=option]')]
            .find(one => one.innerText.trim() === 'Delete').click()""",
        "[...document.querySelectorAll('[role=dialog] button')].some(one => one.innerText === 'Cancel')",
    )
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_selector("[role=dialog]", state="detached")
    page.wait_for_timeout(600)
    return took


STANDS = """
(() => {
    const look = () => document.querySelectorAll('%s').length >= %d
        ? requestAnimationFrame(() => requestAnimationFrame(() => window.stoodAfter = performance.now()))
        : requestAnimationFrame(look);
    look();
})()
"""
"""Notes in the page itself when so many of these stand, and two frames more: a look from outside comes late."""


def first_load(browser: Browser, url: str, token: str, selector: str, count: int) -> float:
    """Load an address into a browser that has seen nothing yet, until so many of these elements stand."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    if token:
        context.add_cookies([{"name": "desk", "value": token, "url": url}])
    context.add_init_script(STANDS % (selector, count))
    page = context.new_page()
    page.goto(url)
    page.wait_for_function("() => window.stoodAfter > 0", timeout=60_000)
    took: float = page.evaluate("window.stoodAfter")
    context.close()
    return took


def measure(browser: Browser, desk: str, stock: str, rounds: int) -> dict[str, list[float]]:
    """The times of every kind of click, taken by turns."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "desk", "value": TOKEN, "url": desk}])
    context.add_init_script(EARS)
    queue, empty = context.new_page(), context.new_page()
    queue.goto(f"{desk}/queue")
    queue.wait_for_selector(":nth-match(.desk-row, 15)", timeout=60_000)
    empty.goto(stock)
    empty.get_by_role("button", name="Again").wait_for()
    queue.wait_for_timeout(3000)
    kinds: dict[str, Callable[[], float]] = {
        "stock click": lambda: stock_click(empty),
        "stock rerun": lambda: stock_rerun(empty),
        "full rerun": lambda: full_rerun(queue),
        "other view": lambda: other_view(queue),
        "row action": lambda: row_action(queue),
        "stock load": lambda: first_load(browser, stock, "", "[data-testid=stText]", 1),
        "first load": lambda: first_load(browser, f"{desk}/queue", TOKEN, ".desk-row", 15),
    }
    times: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds + 2):
        for kind, act in kinds.items():
            (empty if kind.startswith("stock") else queue).bring_to_front()
            took = act()
            if number >= 2:
                times[kind].append(took)
    return times


def report(times: dict[str, list[float]]) -> None:
    """Print medians and ratios."""
    middle = {kind: statistics.median(taken) for kind, taken in times.items()}
    goals = {"full rerun": ("stock rerun", 1.3), "other view": ("stock click", 1.3), "row action": ("stock click", 1.0)}
    goals["first load"] = ("stock load", 1.25)
    for kind, value in middle.items():
        print(f"{kind:12} {value:7.0f} ms   (from {min(times[kind]):.0f} to {max(times[kind]):.0f})")
    for kind, (beside, goal) in goals.items():
        print(f"{kind:12} {middle[kind] / middle[beside]:.2f} times a {beside}; goal {goal}")


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--referrals", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, asked.referrals, asked.clients)
        with stock_page(folder) as stock, running_desk(folder) as desk, chromium() as browser:
            report(measure(browser, desk.url, stock, asked.rounds))


if __name__ == "__main__":
    main()
