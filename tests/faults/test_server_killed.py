"""PostgreSQL dies under load and comes back: nothing acknowledged is lost, nothing is said to be saved that was not."""

import os
import signal
import threading
import time

import psutil
import pytest

from db import store as stores
from db.store import AWAY, UNSURE, Store
from domain.refusals import Refused
from tests.cast import bring_in, send
from tests.conftest import SECRET, make_tables
from tests.faults import desk_work
from tests.postgres import running_server

BACK_WITHIN_SECONDS = 15


@pytest.fixture(scope="module")
def careful_server():
    """A server that waits for the disk, as a real one does."""
    with running_server(quick=False) as server:
        yield server


@pytest.fixture
def away_store(careful_server):
    name = careful_server.new_database()
    make_tables(careful_server.url(name))
    store = stores.use(Store(careful_server.url(name), SECRET))
    yield store
    store.close()


def kill_whole_server(postgres):
    """SIGKILL to the postmaster and each of its processes."""
    postmaster = psutil.Process(postgres.server.get_pid())
    everybody = [postmaster, *postmaster.children(recursive=True)]
    for process in everybody:
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    psutil.wait_procs(everybody, timeout=10)


def start_again(postgres):
    (postgres.data / "postmaster.pid").unlink(missing_ok=True)
    postgres.server.ensure_postgres_running()


def writing_until(done, member, said, sentences):
    while not done.is_set():
        try:
            said.append(("sent", str(send(member))))
        except Refused as refusal:
            sentences.append(refusal.message)
            time.sleep(0.05)


@pytest.mark.timeout(3000)
def test_a_killed_server_loses_nothing_and_the_app_goes_on_by_itself(careful_server, away_store, rounds):
    cast = bring_in(away_store)
    done, said, sentences = threading.Event(), [], []
    busy = [
        threading.Thread(target=writing_until, args=(done, member, said, sentences))
        for member in (cast.olga, cast.lena, cast.peter)
    ]
    for writer in busy:
        writer.start()
    try:
        for _ in range(rounds(short=5, long=100)):
            time.sleep(0.7)
            kill_whole_server(careful_server)
            time.sleep(0.3)
            start_again(careful_server)
            before, end = len(said), time.monotonic() + BACK_WITHIN_SECONDS
            while len(said) == before and time.monotonic() < end:
                time.sleep(0.05)
            assert len(said) > before, f"the app did not come back: {sentences[-3:]}"
    finally:
        done.set()
        for writer in busy:
            writer.join()

    assert sentences
    assert {sentence for sentence in sentences if sentence not in (AWAY, UNSURE)} == set()
    assert desk_work.missing(away_store, said) == []
    assert desk_work.torn(away_store) == []


@pytest.mark.timeout(5400)
def test_while_the_server_is_away_nothing_is_said_to_be_saved(careful_server, away_store, rounds):
    cast = bring_in(away_store)
    kept = [("sent", str(send(cast.olga)))]

    for _ in range(rounds(short=3, long=50)):
        kill_whole_server(careful_server)
        end = time.monotonic() + rounds(short=1, long=60)
        while time.monotonic() < end:
            with pytest.raises(Refused) as refusal:
                send(cast.olga)
            assert refusal.value.message == AWAY
            with pytest.raises(Refused, match="does not answer"), away_store.reading():
                pass
        start_again(careful_server)
        kept.append(("sent", str(send(cast.olga))))

    assert desk_work.missing(away_store, kept) == []
