"""A running desk with its cast inside, and a raw browser: cookies, requests and WebSocket frames by hand."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from actions import accounts, site
from actions.accounts import Visitor
from actions.work import system_work
from db import store
from db.tables.people import User
from domain import passwords
from domain.passwords import Cost
from settings import read
from tests.browser.running import RunningDesk, running_desk
from tests.cast import Cast, Member, bring_in

WORD = "correct horse battery staple"
ADDRESS = "127.0.0.1"
LONGEST_SILENCE = 60.0
"""Seconds: a desk among many busy processes may take that long to answer; nothing that works waits for it."""


@dataclass
class Inhabited:
    """A desk that runs in a process of its own, and the people who work there."""

    desk: RunningDesk
    cast: Cast
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.desk.url).netloc

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Work on the desk's database from this process, beside the running app."""
        with site.opened(settings_of(self.desk.folder, **self.environment)):
            yield

    def sign_in(self, username: str) -> "Browser":
        """A browser that is signed in as one of the cast."""
        return self.sign_in_member(getattr(self.cast, username))

    def sign_in_member(self, member: Member) -> "Browser":
        """A browser that is signed in as somebody who came later."""
        with self.inside():
            with system_work("the tests") as work:
                user = work.session.get_one(User, member.user_id)
                visitor = Visitor(ADDRESS, "a test")
                ticket = accounts.sessions.open_session(work, user, visitor)
            redeemed = accounts.redeem(ticket, visitor)
            recognised = accounts.recognise(redeemed.token)
        return Browser(self.host, redeemed.token, recognised.session_id)


@dataclass
class Browser:
    """Speaks to the desk as a browser would, or as no browser would."""

    host: str
    token: str = ""
    session_id: UUID | None = None
    source: str = "127.0.0.1"

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        """One request; headers are given with underscores."""
        connection = http.client.HTTPConnection(self.host, timeout=20, source_address=(self.source, 0))
        sent = {"Cookie": f"desk={self.token}"} if self.token else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, sent)
        answer = connection.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer

    @contextmanager
    def socket(
        self, *, join: str = "", origin: str | None = None, xsrf: str = "unset", **headers: str
    ) -> Iterator[ClientConnection]:
        """An open WebSocket; `join` is the id of a Streamlit session to ask for, `xsrf` Streamlit's own mark."""
        protocols = ["streamlit", xsrf, *([join] if join else [])]
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Cookie"] = f"desk={self.token}"
        with connect(
            f"ws://{self.host}/_stcore/stream",
            origin=origin if origin is not None else f"http://{self.host}",
            subprotocols=protocols,
            additional_headers=sent,
            max_size=None,
            source_address=(self.source, 0),
            open_timeout=20,
            close_timeout=1,  # a script that still runs keeps the server from answering the goodbye
        ) as open_socket:
            yield open_socket

    def sees(self, page: str = "", query: str = "", **headers: str) -> str:
        """Everything that the desk sends when a page is asked for, as one text."""
        with self.socket(**headers) as open_socket:
            open_socket.send(rerun(page, query))
            return drawn(open_socket)


def rerun(page: str = "", query: str = "") -> bytes:
    """The frame with which a browser asks for a page by its address."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    if page:
        message.rerun_script.page_script_hash = calc_hash(page)
    return message.SerializeToString()


def frames(open_socket: ClientConnection, seconds: float = LONGEST_SILENCE) -> Iterator[ForwardMsg]:
    """What the desk sends, until it falls silent for that long or closes."""
    while True:
        try:
            sent = open_socket.recv(timeout=seconds)
        except (TimeoutError, ConnectionClosed):
            return
        message = ForwardMsg()
        message.ParseFromString(sent)
        yield message


def drawn(open_socket: ClientConnection, seconds: float = LONGEST_SILENCE) -> str:
    """What one run of the script draws, as one text."""
    return "\n".join(str(message) for message in run_of(open_socket, seconds))


def run_of(open_socket: ClientConnection, seconds: float = LONGEST_SILENCE) -> Iterator[ForwardMsg]:
    """The frames of one run of the script, reruns that it asks for itself included."""
    for message in frames(open_socket, seconds):
        yield message
        if message.WhichOneof("type") == "script_finished" and message.script_finished != 2:
            return


def session_name(open_socket: ClientConnection) -> str:
    """The id of the Streamlit session that this socket belongs to."""
    open_socket.send(rerun())
    for message in frames(open_socket):
        if message.WhichOneof("type") == "new_session":
            return message.new_session.initialize.session_id
    raise AssertionError("no session began")


def settings_of(folder: Path, **environment: str):
    """The settings that a desk started in this folder has."""
    return read({"DATA_DIR": str(folder / "data"), **environment}, folder / "settings.toml")


@contextmanager
def inhabited_desk(folder: Path, **environment: str) -> Iterator[Inhabited]:
    """Make the cast's center in a fresh folder, then start the desk on it: nobody has asked it for anything yet."""
    with site.opened(settings_of(folder)):
        cast = bring_in(store.present())
        with system_work("the tests") as work:
            for member in (cast.olga, cast.lena, cast.peter, cast.irene, cast.sam, cast.ada):
                user = work.session.get_one(User, member.user_id)
                user.password_hash = passwords.hashed(WORD, Cost(memory=64, passes=1))
            work.record("setup.done")
    with running_desk(folder, **environment) as desk:
        yield Inhabited(desk, cast, environment)
