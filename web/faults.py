"""When something breaks: a sentence and a reference for the person, the same reference with the place in the log."""

import logging

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from domain.codes import typed_code
from web.headers import ALWAYS

log = logging.getLogger("desk.faults")


def noted(error: BaseException) -> str:
    """Write an error down; gives the reference under which it stands in the log."""
    reference = typed_code(1)
    log.error("something broke, reference %s", reference, exc_info=error)
    return reference


def sentence(reference: str) -> str:
    """What the person reads."""
    return (
        "Something went wrong in Referral Desk. What you had saved before is safe. "
        f"Try again; if it happens again, tell your administrator the reference {reference}."
    )


async def answer(_request: Request, error: Exception) -> Response:
    """The answer to a request that broke."""
    return PlainTextResponse(sentence(noted(error)), 500, headers=ALWAYS | {"cache-control": "no-store"})
