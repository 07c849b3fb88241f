"""A small real OpenID Connect provider on loopback, which can also lie in every way that the tests ask for."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "the-desk", "a-client-secret-of-the-tests"


@dataclass
class Provider:
    """Says that whoever asks is `subject`; `lies` replace claims of the token, `forge` signs it otherwise."""

    issuer: str = ""
    subject: str = "subject-of-irene"
    lies: dict[str, object] = field(default_factory=dict)
    forge: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    other: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def tells_the_truth(self, subject: str = "subject-of-irene") -> None:
        """From now on, about this account."""
        self.subject, self.lies, self.forge = subject, {}, ""

    def environment(self) -> dict[str, str]:
        """The settings of a desk that trusts this provider."""
        return {
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_ADDRESS": "http://127.0.0.1:{port}",
            "OIDC_NAME": "Juniper County",
        }

    def discovery(self) -> dict[str, object]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, object]:
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Whoever asks has signed in here: back to the program with a one-time code."""
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], basic: str) -> dict[str, object] | None:
        """The token for a code, once, for the program that knows its secret and began the sign-in itself."""
        named = base64.b64decode(basic.partition(" ")[2]).decode() if basic else ""
        asked = self.codes.pop(sent.get("code", ""), None)
        if asked is None or named != f"{CLIENT}:{SECRET}":
            return None
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=")
        if challenge.decode() != asked["code_challenge"]:
            return None
        moment = int(time.time())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": moment, "exp": moment + 600}
        claims = {**claims, "nonce": asked["nonce"], **self.lies}
        said = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": self._signed(said)}

    def _signed(self, claims: dict[str, object]) -> str:
        if self.forge == "no signature":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "1"})
        if self.forge == "the client secret":
            return jwt.encode(claims, SECRET * 2, algorithm="HS256", headers={"kid": "1"})
        key = self.other if self.forge == "another key" else self.key
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1"})


@contextmanager
def running_provider() -> Iterator[Provider]:
    """The provider on a free port of this computer."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}/realm"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            way, asked = urlsplit(self.path), _plain(urlsplit(self.path).query)
            if way.path.endswith("/authorize"):
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            else:
                self._say(provider.keys() if way.path.endswith("/keys") else provider.discovery())

        def do_POST(self) -> None:
            sent = _plain(self.rfile.read(int(self.headers["content-length"])).decode())
            self._say(provider.token(sent, self.headers.get("authorization", "")))

        def _say(self, said: object) -> None:
            written = json.dumps(said or {"error": "invalid_grant"}).encode()
            self.send_response(200 if said else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, *_: object) -> None:
            return

    return Handler


def _plain(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
