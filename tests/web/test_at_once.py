"""A small answer does not wait for the browser's thanks for its head."""

import asyncio
import socket
from asyncio import base_events
from concurrent.futures import ThreadPoolExecutor

import pytest

from web.at_once import answer_at_once


@pytest.fixture
def as_shipped(monkeypatch):
    """Whatever is done to asyncio here is taken back."""
    monkeypatch.setattr(base_events, "_set_nodelay", base_events._set_nodelay)


def sent_at_once(family=socket.AF_INET, address="127.0.0.1"):
    """Whether a connection to a listening socket made as Streamlit makes it, without a protocol, waits for nothing."""

    async def accepted():
        found = asyncio.get_running_loop().create_future()

        async def meet(_reader, writer):
            line = writer.get_extra_info("socket")
            found.set_result(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listening = socket.socket(family=family)
        listening.bind((address, 0))
        async with await asyncio.start_server(meet, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname()[:2])
            told = await found
            writer.close()
            await writer.wait_closed()
        return bool(told)

    with ThreadPoolExecutor(1) as alone:  # a browser of another test may have an event loop running here
        return alone.submit(asyncio.run, accepted()).result()


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_connections_that_waited_wait_no_longer(as_shipped, family, address):
    assert not sent_at_once(family, address)  # as it is without the desk; if this fails, web/at_once.py can go

    answer_at_once()

    assert sent_at_once(family, address)


def test_a_line_that_is_none_of_the_net_is_left_alone(as_shipped):
    answer_at_once()
    here, there = socket.socketpair(socket.AF_UNIX)

    base_events._set_nodelay(here)

    assert here.send(b"heard") and there.recv(5) == b"heard"

    here.close()
    there.close()
