"""Behind a real TLS proxy on this computer: Debian's nginx with the lines that docs/security.md gives."""

import re
import socket
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.sync.client import connect

from actions import accounts
from actions.work import system_work
from db.tables.audit import AuditEntry
from tests.browser.running import free_port
from tests.security.desk import WORD, drawn, inhabited_desk, rerun

NGINX = "/usr/sbin/nginx"
DOCS = Path(__file__).parents[2] / "docs" / "security.md"


def lines_of_the_docs(port):
    """The nginx lines as the docs give them, pointed at this desk."""
    found = re.search(r"    location / \{.*?\n    \}", DOCS.read_text(), re.S).group(0)
    return found.replace("127.0.0.1:8501", f"127.0.0.1:{port}")


def certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(hours=1))
        .not_valid_after(datetime.now(UTC) + timedelta(hours=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, kind, plain))


@pytest.fixture
def behind(tmp_path):
    """A desk, and nginx with TLS in front of it."""
    with inhabited_desk(tmp_path, TRUSTED_PROXIES="127.0.0.1") as running:
        port, folder = free_port(), tmp_path / "nginx"
        folder.mkdir()
        certificate(folder)
        temporary = "\n".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
            f"http {{ access_log off; {temporary}\n server {{ listen 127.0.0.1:{port} ssl; "
            f"ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;\n"
            f"{lines_of_the_docs(running.host.rpartition(':')[2])}\n}} }}\n"
        )
        proxy = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
        try:
            yield running, port
        finally:
            proxy.terminate()
            proxy.wait(timeout=10)


def trusting():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def ask(port, method, path, body=None, **headers):
    """A request over TLS from another address of this computer, as another machine would send it."""
    connection = HTTPSConnection("127.0.0.1", port, context=trusting(), source_address=("127.0.0.2", 0), timeout=20)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    for _ in range(50):
        try:
            connection.request(method, path, body, {"Host": "desk.example", **sent})
            break
        except ConnectionRefusedError:
            connection.close()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_behind_nginx_people_sign_in_over_tls_with_secure_cookies_and_their_own_address(behind):
    running, port = behind
    assert ask(port, "GET", "/").status == 200
    with running.inside():
        ticket = accounts.sign_in("olga", WORD, accounts.Visitor("127.0.0.2")).ticket
    lie = {"X_Forwarded_For": "6.6.6.6", "Origin": "https://desk.example"}

    answer = ask(port, "POST", "/session/start", ticket, **lie)

    cookies = answer.headers.get_all("set-cookie")
    assert answer.status == 200
    assert all(cookie.startswith("__Host-") and "Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    cookie = "; ".join(cookie.partition(";")[0] for cookie in cookies)
    with connect(
        "wss://desk.example/_stcore/stream",
        sock=socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.2", 0)),
        ssl=trusting(),
        origin="https://desk.example",
        subprotocols=["streamlit", "unset"],
        additional_headers={"Cookie": cookie},
        max_size=None,
    ) as open_socket:
        open_socket.send(rerun("account"))
        assert "user name olga" in drawn(open_socket)
    with running.inside(), system_work("the tests") as work:
        entry = work.session.query(AuditEntry).filter_by(event="auth.new_device").one()
        assert entry.address == "127.0.0.2", "what the visitor claimed about its address was thrown away"


def test_behind_nginx_a_foreign_site_is_refused(behind):
    _, port = behind

    assert ask(port, "POST", "/session/start", b"x", Origin="https://evil.example").status == 403
