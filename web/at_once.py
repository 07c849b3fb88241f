"""Answers go out at once, and are not held back until the browser has thanked for the one before."""

import asyncio.base_events
import socket


def answer_at_once() -> None:
    """Have every connection of this process send what it is given without waiting (TCP_NODELAY).

    asyncio does so by itself where the listening socket names its protocol; Streamlit's names none. A small answer is
    its head and its content in two pieces, and the second then waited for a browser that thanks 40 ms late: on a first
    load of a screen this happens some dozens of times, one after another.
    """
    asyncio.base_events._set_nodelay = _without_delay  # type: ignore[attr-defined]


def _without_delay(line: socket.socket) -> None:
    if line.family in (socket.AF_INET, socket.AF_INET6) and line.type == socket.SOCK_STREAM:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
