"""Writers are served in the order in which they came, whatever happens to one of them."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import sleep

import pytest

from actions.work import system_work, working
from db.store import BUSY
from db.tables.people import Agency
from db.writers_line import WritersLine
from domain.refusals import Refused

LONG = 600


class Interrupted(Exception):
    """What a signal raises in a thread that waits."""


@pytest.fixture
def line():
    return WritersLine(patience=LONG)


@pytest.fixture
def threads():
    with ThreadPoolExecutor(20) as pool:
        yield pool


@contextmanager
def my_turn(line):
    assert line.wait_for_turn()
    try:
        yield
    finally:
        line.end_turn()


def until_waiting(line, count):
    while line.waiting != count:
        sleep(0.001)


def test_writers_are_served_in_the_order_they_came(line, threads):
    served = []

    def write(number):
        with my_turn(line):
            served.append(number)

    with my_turn(line):
        writers = []
        for number in range(20):
            writers.append(threads.submit(write, number))
            until_waiting(line, number + 1)
    for writer in writers:
        writer.result()

    assert served == list(range(20))
    assert line.waiting == 0


def test_who_has_just_written_does_not_get_in_before_who_waits(line, threads):
    served = []

    def write_again_and_again(name):
        for turn in range(100):
            with my_turn(line):
                served.append(name)
                if turn < 99:
                    until_waiting(line, 1)

    first, second = threads.submit(write_again_and_again, "Olga"), threads.submit(write_again_and_again, "Peter")
    first.result()
    second.result()

    assert served in (["Olga", "Peter"] * 100, ["Peter", "Olga"] * 100)


def test_a_writer_who_fails_does_not_stop_the_line(line, threads):
    served = []

    def write(number):
        with my_turn(line):
            served.append(number)
            if number % 2:
                raise Refused("No.")

    with pytest.raises(Refused), my_turn(line):
        writers = []
        for number in range(10):
            writers.append(threads.submit(write, number))
            until_waiting(line, number + 1)
        raise Refused("The holder fails too.")
    refused = [isinstance(writer.exception(), Refused) for writer in writers]

    assert served == list(range(10))
    assert refused == [False, True] * 5


def test_who_has_no_patience_left_steps_out_and_the_line_goes_on(threads):
    line = WritersLine(patience=0.01)
    with my_turn(line):
        gave_up = [threads.submit(line.wait_for_turn).result() for _ in range(3)]
        assert line.waiting == 0
    with my_turn(line):
        pass

    assert gave_up == [False] * 3


def test_a_wait_that_is_interrupted_leaves_no_gap_in_the_line(line, threads):
    served, may_end = [], threading.Event()

    def interrupt(_signal, _frame):
        raise Interrupted

    def hold():
        with my_turn(line):
            may_end.wait()

    def write():
        with my_turn(line):
            served.append("after")

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        holder = threads.submit(hold)
        while not line._taken:
            sleep(0.001)
        threads.submit(_interrupt_main_when_waiting, line)
        with pytest.raises(Interrupted):
            line.wait_for_turn()
    finally:
        signal.signal(signal.SIGUSR1, before)
    writer = threads.submit(write)
    until_waiting(line, 1)
    may_end.set()
    holder.result()
    writer.result()

    assert served == ["after"]


def _interrupt_main_when_waiting(line):
    until_waiting(line, 1)
    signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)


def test_no_two_are_ever_in_at_once_however_many_give_up(threads):
    line, inside, most, served = WritersLine(patience=0.0002), [], [], []

    def hurry(number):
        for _ in range(200):
            if line.wait_for_turn():
                inside.append(number)
                most.append(len(inside))
                sleep(0.0001)
                inside.remove(number)
                served.append(number)
                line.end_turn()

    list(threads.map(hurry, range(8)))

    assert set(most) == {1}
    assert 0 < len(served) < 8 * 200
    assert line.waiting == 0
    with my_turn(line):
        pass


def test_the_store_serves_its_writers_in_the_order_they_came(store, threads):
    served = []

    def write(number):
        with system_work("the tests") as work:
            served.append(number)
            work.session.add(Agency(name=f"Agency {number}", kind="le", made_at=work.now))
            work.record("agency.created", "agency")
            if number % 3 == 1:
                raise Refused("No.")

    with store.writing():
        writers = []
        for number in range(12):
            writers.append(threads.submit(write, number))
            until_waiting(store._line, number + 1)
    refused = [isinstance(writer.exception(), Refused) for writer in writers]

    assert served == list(range(12))
    assert refused == [False, True, False] * 4


def test_who_waits_in_line_holds_no_connection(store, threads):
    with store.writing() as session:
        session.connection()
        writers = [threads.submit(_write_nothing, store) for _ in range(12)]
        until_waiting(store._line, 12)
        held = store.engine.pool.checkedout()
    for writer in writers:
        writer.result()

    assert held == 1


def test_a_writer_who_waited_too_long_is_told_that_the_desk_is_busy(store, threads):
    store._line.patience = 0.01
    with store.writing():
        told = threads.submit(_write_nothing, store).exception()

    assert isinstance(told, Refused)
    assert told.message == BUSY
    _write_nothing(store)


def test_who_is_refused_hears_why_even_if_the_desk_is_too_busy_to_note_it(store, irene, threads):
    may_end = threading.Event()

    def hold():
        with store.writing():
            may_end.wait()

    try:
        with pytest.raises(Refused, match="Another was faster"), working(irene.session_id):
            holder = threads.submit(hold)
            until_waiting(store._line, 1)
            store._line.patience = 0.01
            raise Refused("Another was faster.")
    finally:
        may_end.set()
    holder.result()


def _write_nothing(store):
    with store.writing():
        pass
