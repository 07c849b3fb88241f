"""The guard: every request, and every frame on an open WebSocket, is asked whose it is."""

import asyncio
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from actions import accounts
from web import outside
from web.crowd import Crowd, TooMany
from web.frames import LARGEST_FROM_STRANGERS, Frame, Frames
from web.visitors import Origin, cookies_of, host_is_ours, origin_of, same_site

STREAM = "/_stcore/stream"
CLOSED = ("/_stcore/agent", "/_stcore/script-health-check")
"""Ways in that the desk does not have."""
OUTSIDE_SIGN_IN = (outside.CALL_BACK, "/auth/")
PEOPLE_ONLY = (
    "/export/",
    "/media/",
    "/_stcore/upload_file/",
    "/_stcore/metrics",
    "/component/",
    "/_stcore/bidi-components/",
)
STILL_THERE = 2.0
"""Seconds between looks at whether the session of an open screen still lives; its end clears the screen."""
STRANGERS_PACE = 0.2
"""Seconds between two frames of a stranger."""
OURS = ("x-desk-session", "x-desk-address")

PLAIN_HTTP = (
    "Referral Desk answers other computers over HTTPS only. Use the https:// address, or ask your administrator."
)
UNKNOWN_PROXY = "A proxy stands in front of Referral Desk that its settings do not name (TRUSTED_PROXIES)."
TOO_OFTEN = "There were too many tries from your network. Wait a minute and try again."
STRANGE_HOST = "Referral Desk does not answer under this name."


class Guard:
    """Middleware that lets people through to Streamlit as the session their cookie proves, and nobody else."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        message: Any,
        trusted_proxies: tuple[str, ...] = (),
        outside_sign_in: bool = False,
    ) -> None:
        self.app = app
        self.frames = Frames(message)
        self.trusted_proxies = trusted_proxies
        self.closed = (*CLOSED, "/auth/logout") if outside_sign_in else CLOSED + OUTSIDE_SIGN_IN
        self.crowd = Crowd()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        origin = origin_of(scope, self.trusted_proxies)
        scope = {**scope, "desk": origin, "scheme": _scheme(scope, origin)}
        refusal = _refusal(scope, origin, self.closed)
        if refusal is not None:
            await _answer(refusal, scope, receive, send)
        elif scope["type"] == "websocket":
            await self._stream(scope, origin, receive, send)
        else:
            await self._request(scope, origin, receive, send)

    async def _request(self, scope: Scope, origin: Origin, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(PEOPLE_ONLY):
            scope["desk_session"] = await _session(scope, origin)
            if scope["desk_session"] is None:
                await _answer(PlainTextResponse("Sign in first.", 401), scope, receive, send)
                return
        if scope["path"].startswith(outside.WAYS):
            try:
                self.crowd.knock(origin.neighbourhood)
            except TooMany:
                await _answer(PlainTextResponse(TOO_OFTEN, 429), scope, receive, send)
                return
        if scope["path"] == outside.CALL_BACK:
            send = outside.sending(send)
        await self.app(_as_seen_by_streamlit(scope, None, origin), receive, send)

    async def _stream(self, scope: Scope, origin: Origin, receive: Receive, send: Send) -> None:
        session = await _session(scope, origin)
        try:
            with self._counted(session, origin):
                ears = Ears(self.frames, session, receive)
                try:
                    await self.app(_as_seen_by_streamlit(scope, session, origin), ears.listen, send)
                finally:
                    ears.close()
        except TooMany:
            await _answer(PlainTextResponse("Too many connections.", 429), scope, receive, send)

    def _counted(self, session: UUID | None, origin: Origin) -> AbstractContextManager[None]:
        return self.crowd.tab(str(session)) if session else self.crowd.stranger(origin.neighbourhood)


class Ears:
    """What one WebSocket hears: every frame checked, and the end of its session noticed without one."""

    def __init__(self, frames: Frames, session: UUID | None, receive: Receive) -> None:
        self.frames = frames
        self.session = session
        self.receive = receive
        self.pending: asyncio.Task[Message] | None = None
        self.last = Frame("", "", automatic=True, query="", page="")

    async def listen(self) -> Message:
        """The next message that Streamlit may hear."""
        while True:
            message = await self._next()
            if message is None:
                if await self._just_ended():
                    return self._bare()
                continue
            if message["type"] != "websocket.receive" or message.get("bytes") is None:
                return message
            heard = await self._judged(message)
            if heard is not None:
                return heard

    def close(self) -> None:
        """Stop listening."""
        if self.pending is not None:
            self.pending.cancel()

    async def _next(self) -> Message | None:
        """The next message; None when a look at the session is due first."""
        if self.pending is None:
            self.pending = asyncio.ensure_future(self.receive())
        timeout = STILL_THERE if self.session else None
        await asyncio.wait({self.pending}, timeout=timeout)
        if not self.pending.done():
            return None
        message, self.pending = self.pending.result(), None
        return message

    async def _judged(self, message: Message) -> Message | None:
        """The message as Streamlit may hear it; None when it may not."""
        frame = self.frames.read(message["bytes"])
        if frame is None or not frame.welcome(signed_in=self.session is not None):
            return None
        if frame.kind == "rerun_script":
            self.last = frame
        if self.session is None:
            await asyncio.sleep(STRANGERS_PACE)
            return message if len(message["bytes"]) <= LARGEST_FROM_STRANGERS else None
        if await self._just_ended():
            return self._bare()
        if not frame.automatic and frame.kind != "app_heartbeat" and self.session:
            await run_in_threadpool(accounts.used, self.session)
        return message

    async def _just_ended(self) -> bool:
        """Whether the session ended since the last look; from then on this socket is a stranger's."""
        if self.session is None or await run_in_threadpool(accounts.live, self.session):
            return False
        self.session = None
        return True

    def _bare(self) -> Message:
        """In place of what was sent: the page again, which now is the sign-in page."""
        return {"type": "websocket.receive", "bytes": self.frames.bare_rerun(self.last.query, self.last.page)}


async def _session(scope: Scope, origin: Origin) -> UUID | None:
    token = cookies_of(scope).get(origin.cookie)
    recognised = await run_in_threadpool(accounts.recognise, token) if token else None
    return recognised.session_id if recognised else None


def _refusal(scope: Scope, origin: Origin, closed: tuple[str, ...]) -> Response | None:
    if scope["path"] == "/healthz":
        return None
    if origin.unknown_proxy:
        return PlainTextResponse(UNKNOWN_PROXY, 403)
    if not origin.tls and not origin.on_this_computer:
        return PlainTextResponse(PLAIN_HTTP, 403)
    if not host_is_ours(scope, origin):
        return PlainTextResponse(STRANGE_HOST, 421)
    if scope["path"].startswith(closed):
        return PlainTextResponse("Not found.", 404)
    changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
    return PlainTextResponse("This request came from another site.", 403) if changes and not same_site(scope) else None


async def _answer(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        # 1008 is "policy violation", 1013 "try again later" (RFC 6455 and its registry).
        await send({"type": "websocket.close", "code": 1013 if refusal.status_code == 429 else 1008})
        return
    await refusal(scope, receive, send)


def _scheme(scope: Scope, origin: Origin) -> str:
    plain, safe = ("ws", "wss") if scope["type"] == "websocket" else ("http", "https")
    return safe if origin.tls else plain


def _as_seen_by_streamlit(scope: Scope, session: UUID | None, origin: Origin) -> Scope:
    """The request with our own headers in place of any that a client sent under their names.

    A stranger's third subprotocol, the id of a Streamlit session to join, is dropped.
    """
    scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0].decode("latin-1") not in OURS]}
    headers = MutableHeaders(scope=scope)
    if scope["type"] != "websocket":
        return scope
    headers["x-desk-address"] = origin.address
    if session is not None:
        headers["x-desk-session"] = str(session)
    elif spoken := Headers(scope=scope).get("sec-websocket-protocol"):
        headers["sec-websocket-protocol"] = ",".join(spoken.split(",")[:2])
        scope["subprotocols"] = [part.strip() for part in spoken.split(",")[:2]]
    return scope
