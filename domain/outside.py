"""What an identity token of the center's provider proves (OpenID Connect Core 1.0), and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from domain.codes import digest
from domain.refusals import Refused

FRESH = timedelta(minutes=5)
"""How long after it was issued a proof is taken. Streamlit keeps it in a cookie for thirty days."""
SKEW = timedelta(minutes=2)
LOOPBACK = ("127.0.0.1", "localhost", "::1")

ANOTHER_PLACE = "This proof of who you are was not made for this desk. Sign in again, or use your password."
TOO_OLD = "This proof of who you are is too old or was used before. Sign in again."
NOT_PROVED = "It could not be proved who you are. Try again, or sign in with your user name and password."


@dataclass(frozen=True)
class Proof:
    """Who a provider says somebody is; `mark` is the same for the same token, so that it is taken once."""

    issuer: str
    subject: str
    mark: str


def proof_of(claims: Mapping[str, object], *, issuer: str, client_id: str, now: datetime) -> Proof:
    """The proof in the claims of a token whose signature and nonce the library has checked.

    Refuses one of another provider, made for another program, too old, or without a subject.
    """
    audience = claims.get("aud")
    meant_for = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != issuer or meant_for != [client_id]:
        raise Refused(ANOTHER_PLACE)
    subject, issued, nonce = claims.get("sub"), claims.get("iat"), claims.get("nonce")
    if not isinstance(subject, str) or not subject.strip() or not isinstance(nonce, str) or not nonce:
        raise Refused(NOT_PROVED)
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        raise Refused(NOT_PROVED)
    if not -SKEW <= now - datetime.fromtimestamp(issued, UTC) <= FRESH:
        raise Refused(TOO_OLD)
    return Proof(issuer, subject, digest(f"{issuer} {subject} {issued} {nonce}"))


def may_be_asked(address: str) -> bool:
    """Whether an address may be trusted on the way: HTTPS, or this computer itself."""
    parts = urlsplit(address)
    return bool(parts.netloc) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
