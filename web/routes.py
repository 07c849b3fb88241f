"""The desk's own addresses: beginning and ending a session, its two assets, and its health."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from actions import accounts, exports
from actions.health import words_for_monitoring
from web.outside import COOKIES
from web.visitors import Origin

ASSETS = Path(__file__).with_name("assets")
DEVICE_SECONDS = 365 * 24 * 3600
LONGEST_TICKET = 200


def routes() -> list[BaseRoute]:
    """What the door serves beside Streamlit."""
    return [
        Route("/session/start", start_session, methods=["POST"]),
        Route("/session/end", end_session, methods=["POST"]),
        Route("/export/{link}", export),
        Route("/assets/go.js", _asset("go.js", "text/javascript")),
        Route("/assets/back.js", _asset("back.js", "text/javascript")),
        Route("/assets/keep.js", _asset("keep.js", "text/javascript")),
        Route("/assets/print.js", _asset("print.js", "text/javascript")),
        Route("/assets/desk.svg", _asset("desk.svg", "image/svg+xml")),
        Route("/healthz", health),
    ]


async def start_session(request: Request) -> Response:
    """Change a one-time ticket for the session cookie."""
    origin: Origin = request.scope["desk"]
    ticket = (await request.body())[:LONGEST_TICKET].decode("ascii", "replace")
    visitor = accounts.Visitor(
        origin.address, request.headers.get("user-agent", ""), request.cookies.get(origin.device_cookie, "")
    )
    replaced = request.cookies.get(origin.cookie, "")
    redeemed = await run_in_threadpool(accounts.redeem, ticket, visitor, replaced)
    if redeemed is None:
        return PlainTextResponse("Sign in again.", 403)
    answer = JSONResponse({})
    _set(answer, origin, origin.cookie, redeemed.token, int(redeemed.lifetime.total_seconds()))
    _set(answer, origin, origin.device_cookie, redeemed.device, DEVICE_SECONDS)
    _forget_outside(request, answer)
    return answer


async def end_session(request: Request) -> Response:
    """Forget the session cookie; the session itself was ended by whoever signed out."""
    origin: Origin = request.scope["desk"]
    answer = JSONResponse({})
    _set(answer, origin, origin.cookie, "", 0)
    _forget_outside(request, answer)
    # Clears what the browser kept of the pages, not its cookies: the device stays known.
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


async def export(request: Request) -> Response:
    """A file that was offered to this very session, once. The guard has let only signed-in people come this far."""
    session = request.scope.get("desk_session")
    link = request.path_params["link"]
    offered = await run_in_threadpool(exports.fetch, link, session) if session else None
    if offered is None:
        return PlainTextResponse("This link was used, is over a minute old, or is somebody else's. Export again.", 410)
    name = quote(offered.name)
    return Response(
        offered.content,
        media_type=offered.kind,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
    )


async def health(_request: Request) -> Response:
    """One word for each thing that is looked at; 503 where something needs somebody now."""
    words = await run_in_threadpool(words_for_monitoring)
    return JSONResponse(words, 503 if words["status"] == "red" else 200)


def _set(answer: Response, origin: Origin, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=origin.tls, httponly=True, samesite="strict")


def _forget_outside(request: Request, answer: Response) -> None:
    """Delete Streamlit's own cookies of a sign-in through a provider, in all their pieces."""
    for name in request.cookies:
        if name.startswith(COOKIES[0]):
            answer.delete_cookie(name, path="/")


def _asset(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def asset(_request: Request) -> Response:
        return FileResponse(ASSETS / name, media_type=kind)

    return asset
