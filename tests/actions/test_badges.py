"""The queue's badges are right at once, in this process and in another one, whatever has just been done."""

import subprocess
import sys

import pytest

from actions.center import queue
from domain.referrals import QueueFilter
from tests.cast import act, send
from tests.conftest import on_sqlite
from tests.faults import desk_work

OTHER_PROCESS = """
import sys
from uuid import UUID
from actions.center import queue
from actions.work import looking
from db import store as stores
from db.store import Store
from domain.referrals import QueueFilter

url, session_id, key = sys.argv[1:]
stores.use(Store(url, b"0" * 32, bytes.fromhex(key) or None))
with looking(UUID(session_id)) as work:
    for row in queue.queue(work, QueueFilter()).rows:
        print(row.number, *row.same_as_referrals, row.known_client or "-")
"""


@pytest.fixture
def seen_elsewhere(store, irene):
    """The queue's badges as another process of the desk reads them: number, referrals named, client's grade."""

    def read():
        asked = [sys.executable, "-c", OTHER_PROCESS, store.url, str(irene.session_id), (store.key or b"").hex()]
        told = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120)
        return {line.split()[0]: line.split()[1:] for line in told.stdout.splitlines()}

    return read


def badges(irene):
    with act(irene) as work:
        rows = queue.queue(work, QueueFilter()).rows
    return {row.number: [*row.same_as_referrals, row.known_client or "-"] for row in rows}


def number(irene, referral_id):
    with act(irene) as work:
        rows = queue.queue(work, QueueFilter(view="all")).rows
    return next(row.number for row in rows if row.id == referral_id)


@on_sqlite
def test_badges_are_right_in_another_process_after_each_step(store, olga, irene, sam, seen_elsewhere):
    first, second = (send(olga, child_first_name="Xiomara", child_last_name="Quezada") for _ in range(2))
    one, two = number(irene, first), number(irene, second)

    assert badges(irene) == seen_elsewhere() == {one: [two, "-"], two: [one, "-"]}

    result = desk_work.merge_two(irene, first, second)
    merged = number(irene, result)
    assert badges(irene) == {merged: ["-"]}
    desk_work.undo_merge(irene, result, desk_work.version(irene, result))
    desk_work.bring_in_client(irene, first)

    assert badges(irene) == seen_elsewhere() == {two: ["very_likely"]}

    desk_work.undo_import(sam, first)
    assert badges(irene) == seen_elsewhere() == {one: [two, "-"], two: [one, "-"]}
    desk_work.reject(irene, second, desk_work.version(irene, second))
    assert badges(irene) == {one: [two, "-"]}
