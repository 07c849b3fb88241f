"""Sign-in through the center's identity provider: what Streamlit's `st.login` is told, and when the desk refuses it."""

import secrets
from importlib.util import find_spec
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from domain.outside import may_be_asked
from domain.refusals import Refused
from settings import OutsideSignIn

CALL_BACK = "/oauth2callback"
WAYS = (CALL_BACK, "/auth/login")
COOKIES = ("_streamlit_user", "_streamlit_user_tokens")
"""Streamlit's own: read once at sign-in, then deleted. What they prove is taken once and for five minutes."""
REFUSED = "/?outside=refused"


def refuse_half_configured(outside: OutsideSignIn | None) -> None:
    """Refuse to start with settings that would leave people before a door that does not open."""
    if outside is None:
        return
    if not (outside.issuer and outside.client_id and outside.client_secret and outside.address):
        raise Refused("Set OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_ADDRESS together, or none of them.")
    if not (may_be_asked(outside.issuer) and may_be_asked(outside.address)):
        raise Refused("OIDC_ISSUER and OIDC_ADDRESS must begin with https://.")
    if find_spec("authlib") is None:
        raise Refused("Sign-in through a provider needs: python -m pip install -r requirements-oidc.txt")


def told_to_streamlit(outside: OutsideSignIn | None) -> dict[str, Any]:
    """The secrets that `st.login` reads. Its cookies are signed with a key that dies with this process."""
    if outside is None:
        return {}
    return {
        "auth": {
            "redirect_uri": outside.address.rstrip("/") + CALL_BACK,
            "cookie_secret": secrets.token_urlsafe(32),
            "client_id": outside.client_id,
            "client_secret": outside.client_secret,
            "server_metadata_url": outside.issuer.rstrip("/") + "/.well-known/openid-configuration",
            "client_kwargs": {"scope": "openid", "prompt": "select_account"},
        }
    }


def sending(send: Send) -> Send:
    """Send a call-back's answer: where nobody was proved, back to sign-in with a word that says so."""

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in (302, 307):
            headers = MutableHeaders(scope=message)
            given = [cookie for cookie in headers.getlist("set-cookie") if cookie.startswith(f"{COOKIES[0]}=")]
            if not any("Max-Age=0" not in cookie for cookie in given):
                headers["location"] = REFUSED
        await send(message)

    return send_on
