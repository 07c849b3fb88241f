"""Where a request really comes from, and which cookies it carries."""

import ipaddress
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True)
class Origin:
    """One request's true address, whether it came over TLS, and whether by a way the desk trusts."""

    address: str
    tls: bool
    unknown_proxy: bool = False

    @property
    def neighbourhood(self) -> str:
        """What is counted as one visitor: an IPv4 address, or the /64 that one household or office holds."""
        try:
            parsed = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else self.address

    @property
    def on_this_computer(self) -> bool:
        try:
            return ipaddress.ip_address(self.address).is_loopback
        except ValueError:
            return self.address == "testclient"

    @property
    def cookie(self) -> str:
        """The name of the session cookie: host-bound and TLS-only where there is TLS."""
        return "__Host-desk" if self.tls else "desk"

    @property
    def device_cookie(self) -> str:
        return "__Host-desk-device" if self.tls else "desk-device"


def origin_of(scope: Scope, trusted_proxies: tuple[str, ...]) -> Origin:
    """Where a request comes from. Forwarded headers count only from a configured proxy.

    Uvicorn, as Streamlit starts it, has already believed a forwarded address from this computer and then
    names port 0; what it believed is undone here unless the proxy on this computer is configured.
    """
    headers = Headers(scope=scope)
    peer, port = scope.get("client") or ("", 0)
    forwarded = headers.get("x-forwarded-for", "") or headers.get("x-forwarded-proto", "") or headers.get("forwarded")
    tls = scope.get("scheme") in ("https", "wss")
    if not forwarded:
        return Origin(peer, tls)
    nearest = "127.0.0.1" if port == 0 else peer
    if nearest not in trusted_proxies:
        return Origin(nearest, tls=False, unknown_proxy=True)
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    outside = [hop for hop in hops if hop not in trusted_proxies]
    return Origin(_address(outside[-1]) if outside else nearest, headers.get("x-forwarded-proto", "http") == "https")


def cookies_of(scope: Scope) -> dict[str, str]:
    """The cookies that a request carries."""
    return cookie_parser(Headers(scope=scope).get("cookie", ""))


def same_site(scope: Scope) -> bool:
    """Whether the page that asks was served by this very host."""
    headers = Headers(scope=scope)
    origin, host = headers.get("origin", ""), headers.get("host", "")
    return bool(host) and origin.partition("://")[2] == host


def host_is_ours(scope: Scope, origin: Origin) -> bool:
    """Without TLS only this computer's own names: another site's name that points here is an attack."""
    host = Headers(scope=scope).get("host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return origin.tls or name in LOOPBACK_NAMES


def _address(hop: str) -> str:
    try:
        return str(ipaddress.ip_address(hop.strip("[]")))
    except ValueError:
        return "unreadable"
