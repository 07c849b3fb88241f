"""How long a spreadsheet of clients takes from its bytes to clients on file, step by step, beside the floor.

    python -m benchmarks.spreadsheet [--rows 5000] [--on-file 10000]

Everything is invented and thrown away. Eight of ten lines are new children, one is on file already and one repeats an
earlier line, with the slips of a hurried hand. The floor is what no method can go below: one indexed read for every
line, and one insert of as many bare rows. CPU seconds are given beside the clock, for busy machines.
"""

import argparse
import csv
import io
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Column, MetaData, String, Table, Uuid, insert, select

from actions.center import client_batches, client_loading, client_spreadsheets, clients
from actions.demo import people
from actions.demo.people import Child
from actions.hands import Hands
from actions.work import looking, working
from db import store as stores
from db.store import Store
from db.tables.clients import Client
from tests.cast import act, bring_in
from tests.conftest import SECRET, make_tables

HEADER = ("Last name", "First name", "Middle name", "DOB", "Sex", "Address", "City", "Zip", "Phone", "Mother")
TODAY = date(2026, 11, 1)
T = TypeVar("T")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--on-file", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="desk-spreadsheet-") as folder:
        url = f"sqlite:///{Path(folder) / 'desk.db'}"
        make_tables(url)
        store = stores.use(Store(url, SECRET))
        _measure(store, asked.rows, asked.on_file)
        store.close()


def _measure(store: Store, rows: int, on_file: int) -> None:
    sam = bring_in(store).sam
    hands = Hands(partial(looking, sam.session_id), partial(working, sam.session_id))
    chance = Random(rows)
    known = [people.child(chance, TODAY) for _ in range(on_file)]
    for start in range(0, on_file, 5_000):
        with act(sam) as work:
            clients.load_clients(work, [people.profile(child) for child in known[start : start + 5_000]])
    content = _file(chance, rows, known)
    print(f"{rows:,} lines ({len(content):,} bytes), {on_file:,} clients on file, SQLite\n")
    print(f"{'':34}{'clock':>9}{'CPU':>9}{'a line':>11}")
    batch = _timed("read apart and keep", rows, lambda: client_spreadsheets.begin(hands, "clients.csv", content))
    _timed("propose the columns", rows, lambda: _choose(hands, batch))
    check = _timed("check every line", rows, lambda: client_spreadsheets.check(hands, batch, lambda *_: None) or 0)
    with hands.working() as work:
        client_batches.leave_out_undecided(work, batch)
    loaded = _timed("load", rows, lambda: client_loading.load(hands, batch))
    del check
    _timed("take back", rows, lambda: _undo(hands, batch))
    _timed("floor: one read a line, one insert", rows, lambda: _floor(store, rows))
    with hands.looking() as work:
        counts = client_batches.read(work, batch).counts
    print(f"\n{loaded.count:,} new, {counts.same_on_file:,} on file, {counts.same_earlier:,} repeated, ", end="")
    print(f"{counts.left_out:,} asked a person, {counts.refused:,} refused")


def _timed(name: str, rows: int, act_: Callable[[], T]) -> T:
    clock, cpu = time.perf_counter(), time.process_time()
    given = act_()
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    print(f"{name:34}{clock:8.2f}s{cpu:8.2f}s{1000 * cpu / rows:8.2f} ms", flush=True)
    return given


def _file(chance: Random, rows: int, known: list[Child]) -> bytes:
    written: list[Child] = []
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(HEADER)
    for number in range(rows):
        kind = number % 10
        child = people.child(chance, TODAY)
        if kind == 8 and known:
            child = people.mistyped(chance, chance.choice(known))
        elif kind == 9 and written:
            child = people.mistyped(chance, chance.choice(written))
        else:
            written.append(child)
        town, _state, code = child.town
        sheet.writerow(
            (child.last, child.first, child.middle, f"{child.dob:%m/%d/%Y}", child.sex, child.street, town, code,
             child.phone, f"{child.mother} {child.last}")
        )  # fmt: skip
    return text.getvalue().encode()


def _choose(hands: Hands, batch: object) -> None:
    with hands.working() as work:
        client_spreadsheets.choose(work, batch, client_spreadsheets.mapping(work, batch).choices)  # type: ignore[arg-type]


def _undo(hands: Hands, batch: object) -> int:
    with hands.working() as work:
        return client_loading.undo(work, batch, "The end of the benchmark.")  # type: ignore[arg-type]


def _floor(store: Store, rows: int) -> None:
    bare = Table("bare", MetaData(), Column("id", Uuid, primary_key=True), Column("name", String))
    with store.writing() as session:
        bare.create(session.connection())
        session.info["recorded"] = True
        session.execute(insert(bare), [{"id": uuid4(), "name": "x" * 200} for _ in range(rows)])
    with store.reading() as session:
        for number in range(rows):
            session.scalar(select(Client.id).where(Client.number == f"C-26-{number:04}"))


if __name__ == "__main__":
    main()
