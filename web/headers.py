"""The headers of every answer: a strict content policy, no framing, no sniffing, no referrer, no store."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        # The hash is Streamlit's one inline line in index.html; a test says when an upgrade changes it.
        "script-src 'self' 'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

ALWAYS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"
PUBLIC_ASSETS = "/static/"
"""Streamlit's own scripts and fonts, named by their content: the only answers that a browser may keep."""


class Headers:
    """Middleware that puts the headers on every HTTP answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), scope, message["status"])
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _add(headers: MutableHeaders, scope: Scope, status: int) -> None:
    for name, value in ALWAYS.items():
        headers[name] = value
    if not (scope["path"].startswith(PUBLIC_ASSETS) and status in (200, 206, 304)):
        headers["cache-control"] = "no-store"
    if scope.get("scheme") == "https":
        headers["strict-transport-security"] = HSTS
        _secure_cookies(headers)


def _secure_cookies(headers: MutableHeaders) -> None:
    """Mark cookies Secure that Streamlit sets without it."""
    given = headers.getlist("set-cookie")
    if any("; secure" not in cookie.lower() for cookie in given):
        del headers["set-cookie"]
        for cookie in given:
            headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")
