"""The door from outside, by raw requests and frames: what strangers and dead sessions get, and that gates are shut."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from actions import accounts
from actions.work import system_work, working
from db.tables.sessions import UserSession
from tests.security.desk import Browser, drawn, frames, inhabited_desk, rerun, session_name

PAGES = Path(__file__).parents[2] / "pages"
ADDRESSES = sorted({path.stem for path in PAGES.glob("*/*.py")} - {"not_yours", "home"} | {"sign_in", ""})
SIGN_IN = "I have a one-time code from my administrator"
CAST = ("Olga Ruiz", "Lena Marsh", "Peter Hall", "Irene Vega", "Sam Okafor", "Ada Lund", "Juniper County Sheriff")


# Strangers


def test_on_a_fresh_server_every_address_shows_a_stranger_only_sign_in(tmp_path):
    with inhabited_desk(tmp_path) as fresh:
        stranger = Browser(fresh.host)
        for address in ADDRESSES:
            assert stranger.ask("GET", f"/{address}?id=1").status == 200
            seen = stranger.sees(address, "id=1")
            assert SIGN_IN in seen, address
            assert not [name for name in CAST if name in seen], address


def test_somebody_signed_in_sees_what_the_stranger_did_not(desk):
    seen = desk.sign_in("ada").sees("users")

    assert "Irene Vega" in seen
    assert SIGN_IN not in seen


@pytest.mark.parametrize("path", ["/media/abc.csv", "/_stcore/metrics", "/export/abc", "/component/x/index.html"])
def test_what_is_for_people_needs_a_session(desk, stranger, path):
    assert stranger.ask("GET", path).status == 401
    assert desk.sign_in("olga").ask("GET", path).status != 401


def test_a_stranger_uploads_nothing(desk, stranger):
    own = f"http://{desk.host}"

    assert stranger.ask("PUT", "/_stcore/upload_file/a/b", b"x" * 100, Origin=own).status == 401
    assert desk.sign_in("olga").ask("PUT", "/_stcore/upload_file/a/b", b"x", Origin=own).status != 401


@pytest.mark.parametrize(
    "path",
    ["/_stcore/agent/interact", "/_stcore/agent/mcp", "/oauth2callback", "/auth/login", "/_stcore/script-health-check"],
)
def test_ways_in_that_the_desk_does_not_have_are_not_found(stranger, path):
    assert stranger.ask("GET", path).status == 404


@pytest.mark.parametrize(
    "path",
    ["/.git/HEAD", "/.streamlit/config.toml", "/app.py", "/data/desk.db", "/static/../app.py", "/assets/../routes.py"],
)
def test_no_file_of_the_desk_itself_is_served(stranger, path):
    answer = stranger.ask("GET", path)

    # At an address that is no screen Streamlit serves its one page, whatever its name.
    assert answer.status in (400, 404) or "<title>Streamlit</title>" in answer.text
    assert not [word for word in ("import ", "ref: ", "[server]", "SQLite format") if word in answer.text]


def test_methods_that_tell_of_the_server_are_not_answered(stranger):
    assert stranger.ask("TRACE", "/").status in (403, 405, 501)
    assert stranger.ask("OPTIONS", "/session/start", Origin="https://evil.example").status == 405


def test_a_stranger_cannot_name_a_session_in_a_header(desk, stranger):
    irene = desk.sign_in("irene")

    seen = stranger.sees("account", x_desk_session=str(irene.session_id), X_Desk_Session=str(irene.session_id))

    assert SIGN_IN in seen
    assert "Irene Vega" in irene.sees("account"), "the control: her own browser is let in"


def test_the_id_of_a_streamlit_session_joins_nothing(desk, stranger):
    irene, olga = desk.sign_in("irene"), desk.sign_in("olga")
    with irene.socket() as hers:
        name = session_name(hers)
        with stranger.socket(join=name) as theirs:
            assert session_name(theirs) != name
        with olga.socket(join=name) as another:
            assert session_name(another) != name
    with irene.socket(join=name) as again:
        assert session_name(again) == name, "the control: she herself comes back to it"


# Sessions that ended


def test_an_open_screen_is_cleared_within_five_seconds_without_a_click(desk):
    irene = desk.sign_in("irene")
    with irene.socket() as open_socket:
        open_socket.send(rerun("account"))
        assert "Irene Vega" in drawn(open_socket)
        with desk.inside(), working(irene.session_id) as work:
            accounts.sign_out(work)
        ended = time.monotonic()

        seen = ""
        while SIGN_IN not in seen and time.monotonic() - ended < 20:
            seen += "".join(str(message) for message in frames(open_socket, 0.5))
        took = time.monotonic() - ended

    assert SIGN_IN in seen
    assert took < 20, "the figure itself is printed by benchmarks/door.py"


def test_after_sign_out_callbacks_and_fragments_do_not_run(desk):
    irene = desk.sign_in("irene")
    with irene.socket() as open_socket:
        open_socket.send(rerun("account"))
        page = drawn(open_socket)
        fragment = page.partition('fragment_id: "')[2].partition('"')[0]
        assert fragment, "the control: the page has a fragment to attack"
        with desk.inside(), working(irene.session_id) as work:
            accounts.sign_out(work)
        attack = BackMsg()
        attack.rerun_script.fragment_id = fragment
        attack.rerun_script.page_script_hash = ""
        open_socket.send(attack.SerializeToString())

        seen = drawn(open_socket)

    assert SIGN_IN in seen
    assert "Irene Vega" not in seen


def test_an_unused_screen_is_cleared_although_it_looks_after_itself(desk):
    irene = desk.sign_in("irene")
    with irene.socket() as open_socket:
        open_socket.send(rerun("account"))
        page = drawn(open_socket)
        assert "Irene Vega" in page
        with desk.inside(), system_work("the tests") as work:
            work.session.get_one(UserSession, irene.session_id).idle_seconds = 6
            work.record("auth.step_up")
        automatic = BackMsg()
        automatic.rerun_script.is_auto_rerun = True
        automatic.rerun_script.fragment_id = page.partition('fragment_id: "')[2].partition('"')[0]
        began, seen = time.monotonic(), ""
        while SIGN_IN not in seen and time.monotonic() - began < 40:
            open_socket.send(automatic.SerializeToString())
            seen += "".join(str(message) for message in frames(open_socket, 1))

    assert SIGN_IN in seen


def test_a_dead_cookie_opens_nothing(desk):
    irene = desk.sign_in("irene")
    assert irene.ask("GET", "/_stcore/metrics").status == 200
    with desk.inside(), working(irene.session_id) as work:
        accounts.sign_out(work)

    assert irene.ask("GET", "/_stcore/metrics").status == 401
    assert SIGN_IN in irene.sees("account")


@pytest.mark.parametrize(
    "token", ["", "x", "a" * 43, "' OR 1=1 --", "../../etc/passwd", "\x7f", "%00" * 20, "a" * 3000]
)
def test_a_made_up_cookie_opens_nothing(desk, token):
    attacker = Browser(desk.host, token)

    assert attacker.ask("GET", "/_stcore/metrics").status == 401


# Other sites


FOREIGN = ("https://evil.example", "http://localhost.evil.example", "null", "http://127.0.0.1:1", "file://")


def test_a_foreign_site_posts_nothing(desk, record_property):
    olga = desk.sign_in("olga")

    for origin in FOREIGN:
        assert olga.ask("POST", "/session/start", b"x", Origin=origin).status == 403, origin
        assert olga.ask("POST", "/session/end", b"x", Origin=origin).status == 403, origin

    record_property("attacks", 2 * len(FOREIGN))
    assert olga.ask("POST", "/session/end", b"x", Origin=f"http://{desk.host}").status == 200, "the control"


def test_a_foreign_site_uploads_nothing(desk, record_property):
    olga, way = desk.sign_in("olga"), "/_stcore/upload_file/a/b"

    for method in ("PUT", "DELETE"):
        for origin in FOREIGN:
            assert "came from another site" in olga.ask(method, way, b"x", Origin=origin).text, origin

    record_property("attacks", 2 * len(FOREIGN))
    own = olga.ask("PUT", way, b"x", Origin=f"http://{desk.host}")
    assert "came from another site" not in own.text, "the control: from here on Streamlit asks for its own mark"


def test_a_foreign_site_opens_no_web_socket(desk, record_property):
    olga = desk.sign_in("olga")

    for origin in FOREIGN:
        with pytest.raises((ConnectionClosed, InvalidStatus)), olga.socket(origin=origin) as open_socket:
            session_name(open_socket)

    record_property("attacks", len(FOREIGN))
    with olga.socket() as open_socket:
        assert session_name(open_socket), "the control"


def test_another_name_that_points_here_is_refused(stranger):
    assert stranger.ask("GET", "/", Host="evil.example").status == 421
    assert stranger.ask("GET", "/", Host="localhost:8501").status == 200


# Headers and cookies


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/queue"),
        ("GET", "/nothing/here"),
        ("GET", "/healthz"),
        ("GET", "/_stcore/metrics"),
        ("GET", "/assets/go.js"),
        ("GET", "/assets/keep.js"),
        ("GET", "/assets/back.js"),
        ("POST", "/session/start"),
        ("GET", "/_stcore/agent/x"),
        ("GET", "/_stcore/health"),
    ],
)
def test_every_answer_carries_the_headers(stranger, method, path):
    answer = stranger.ask(method, path)

    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe-eval" not in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers


def test_a_ticket_gives_a_cookie_that_no_script_reads(desk, stranger):
    with desk.inside():
        ticket = accounts.sign_in("olga", "correct horse battery staple", accounts.Visitor("127.0.0.1")).ticket

    answer = stranger.ask("POST", "/session/start", ticket.encode(), Origin=f"http://{desk.host}")

    cookies = answer.headers.get_all("set-cookie")
    assert answer.status == 200
    assert all("HttpOnly" in cookie and "SameSite=strict" in cookie for cookie in cookies)
    assert stranger.ask("POST", "/session/start", ticket.encode(), Origin=f"http://{desk.host}").status == 403


@pytest.mark.parametrize("ticket", ["", "x", "null", "a" * 5000, "é", "'; DROP TABLE user_account; --"])
def test_a_made_up_ticket_gives_nothing(desk, stranger, ticket):
    answer = stranger.ask("POST", "/session/start", ticket.encode(), Origin=f"http://{desk.host}")

    assert answer.status == 403
    assert "set-cookie" not in answer.headers


# Proxies


def test_behind_a_configured_proxy_cookies_are_secure_and_addresses_believed(tmp_path):
    with inhabited_desk(tmp_path, TRUSTED_PROXIES="127.0.0.1") as behind:
        browser = Browser(behind.host)
        with behind.inside():
            ticket = accounts.sign_in("olga", "correct horse battery staple", accounts.Visitor("10.1.1.1")).ticket
        way = {"Host": "desk.example", "Origin": "https://desk.example", "X_Forwarded_For": "10.1.1.1"}

        answer = browser.ask("POST", "/session/start", ticket.encode(), X_Forwarded_Proto="https", **way)
        plain = browser.ask("GET", "/", X_Forwarded_Proto="http", **way)

        cookies = answer.headers.get_all("set-cookie")
        assert answer.status == 200
        assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies)
        assert "strict-transport-security" in answer.headers
        assert plain.status == 403, "plain HTTP from another computer is refused"


def test_an_unknown_proxy_is_not_believed(stranger):
    answer = stranger.ask("GET", "/", X_Forwarded_For="10.1.1.1", X_Forwarded_Proto="https")

    assert answer.status == 403


# Crowds


def test_strangers_of_one_address_are_few_and_people_come_in_all_the_same(desk, stranger):
    with ExitStack() as crowd:
        let_in = 0
        for _ in range(40):
            try:
                open_socket = crowd.enter_context(stranger.socket())
                open_socket.send(rerun())
                let_in += bool(next(frames(open_socket, 5), None))
            except (ConnectionClosed, InvalidStatus):
                continue
        assert 0 < let_in <= 20
        assert "Irene Vega" in desk.sign_in("irene").sees("account")
    time.sleep(1)
    assert SIGN_IN in stranger.sees()
