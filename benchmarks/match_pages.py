"""What the match costs on the screens: the import page with its ten candidates, and the badges of the queue.

    python -m benchmarks.match_pages [--clients 100000] [--referrals 30] [--rounds 3]

An empty desk is filled with generated families through the product's own bulk load, and an officer sends referrals,
half of them of children on file; and as many of children of whom only the name is known, which twelve others on file
bear, so that ten candidates and more are shown. Then, as an intake worker who is signed in, each referral's import page
is opened whole (pages/menu.py first, as a browser would), beside a page of one line, which costs what Streamlit's own
test bench costs: milliseconds of the server, without the browser. The queue is opened by turns as it is, and with its
badges neither asked for nor drawn.
"""

import argparse
import csv
import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from actions import site
from actions.center import queue
from benchmarks import match, people
from settings import read
from tests.cast import Cast, Member, bring_in, send

MENU = Path(__file__).parents[1] / "pages" / "menu.py"
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


def namesakes(store: Path, many: int) -> list[match.Row]:
    """The first children of a file, each of whom gets twelve namesakes in it, born in other years."""
    children = list(islice(match.lines(store), many))
    with store.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(children[0]), restval="")
        for child in children:
            named = {part: child[part] for part in ("first_name", "last_name")}
            writer.writerows(
                named | {"id": f"{child['id']}-{year}", "dob": f"{year}-05-17"} for year in range(2006, 2018)
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
    parser.add_argument("--referrals", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="desk-pages-") as kept:
        folder = Path(kept)
        store, queries = people.save(people.families(asked.seed, asked.clients, 4 * asked.referrals), folder)
        with site.opened(read({"DATA_DIR": str(folder / "data")}, folder / "none.toml")) as desk:
            cast = bring_in(desk.store)
            only_named = namesakes(store, asked.referrals)
            loaded = match.fill(desk.store, store)
            ids = sent(cast, match.rows(queries), asked.referrals)
            by_name = [send(cast.olga, **_answers(row)) for row in only_named]
            print(f"clients {len(loaded.names):,}   referrals {len(ids)} and {len(by_name)}")
            measure(cast, ids, by_name, asked.rounds)


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
        for one, other in zip(ids, by_name, strict=True):
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


def _said(took: Took) -> str:
    clock, cpu = sorted(each for each, _ in took), sorted(each for _, each in took)
    place = int(0.95 * len(took))
    return (
        f"ms p50 {statistics.median(clock):6.1f}  p95 {clock[place]:6.1f}   "
        f"of CPU p50 {statistics.median(cpu):6.1f}  p95 {cpu[place]:6.1f}"
    )


if __name__ == "__main__":
    main()
