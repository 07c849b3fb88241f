"""Sign-in through the center's identity provider: a real one on loopback proves who somebody is, and no more."""

import itertools
import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from actions.center import users
from tests.cast import act, send
from tests.security.desk import Browser, drawn, frames, inhabited_desk, rerun, run_of
from tests.security.provider import running_provider

BUTTON = "Sign in with Juniper County"
BUTTON_SECONDS = 60
WAYS: dict[str, tuple[str, float]] = {}
"""Where the button of a desk led, and when it was pressed."""
NEIGHBOURS = itertools.count(10)
"""Each walker comes from an address of its own: knocking is slowed by address."""


@pytest.fixture(scope="module")
def provider():
    with running_provider() as running:
        yield running


@pytest.fixture(scope="module")
def trusting(tmp_path_factory, provider):
    """A desk that trusts the provider; Irene's and Peter's accounts there are connected, and Peter is switched off."""
    with inhabited_desk(tmp_path_factory.mktemp("oidc"), **provider.environment()) as running:
        with running.inside():
            for member in (running.cast.irene, running.cast.peter):
                with act(running.cast.ada) as work:
                    users.connect_outside(work, member.user_id, f"subject-of-{member.name.split()[0].lower()}")
            with act(running.cast.ada) as work:
                peter = next(one for one in users.users(work) if one.username == "peter")
                users.deactivate(work, peter.id, peter.version)
        yield running


@pytest.fixture
def true(provider):
    """A provider that tells the truth about Irene, whatever a test before this one made of it."""
    provider.tells_the_truth()
    return provider


@dataclass
class Walker(Browser):
    """A browser that keeps its cookies and follows the way through the provider step by step."""

    source: str = field(default_factory=lambda: f"127.0.{next(NEIGHBOURS)}.1")
    jar: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    def get(self, address: str) -> str:
        """Ask for an address with the cookies of its host; gives where it leads."""
        way = urlsplit(address)
        connection = HTTPConnection(way.netloc or self.host, timeout=30, source_address=(self.source, 0))
        headers = {"Cookie": self.cookies} if (way.netloc or self.host) == self.host else {}
        connection.request("GET", f"{way.path}?{way.query}", headers=headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        for given in answer.headers.get_all("set-cookie") or []:
            name, _, value = given.partition(";")[0].partition("=")
            self.jar[name] = value
        return answer.headers.get("location") or ""

    @property
    def cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.jar.items() if value)

    def begin(self) -> str:
        """Go where the button leads; gives the address at the provider."""
        led, since = WAYS.get(self.host, ("", 0.0))
        if time.monotonic() - since > BUTTON_SECONDS:
            led, _ = WAYS[self.host] = self.press(), time.monotonic()
        return self.get(led)

    def press(self) -> str:
        """Press the button of the sign-in page; gives where it leads, which is good for anybody for two minutes."""
        with self.socket() as open_socket:
            open_socket.send(rerun())
            button = None
            for message in run_of(open_socket):
                element = message.delta.new_element
                if element.WhichOneof("type") == "button" and element.button.label == BUTTON:
                    button = element.button.id
            click = BackMsg()
            click.rerun_script.widget_states.widgets.add(id=button, trigger_value=True)
            open_socket.send(click.SerializeToString())
            for message in frames(open_socket):
                if message.WhichOneof("type") == "auth_redirect":
                    return str(message.auth_redirect.url)
        raise AssertionError("the button leads nowhere")

    def come_back(self) -> str:
        """Press the button, be sent to the provider and back; gives where the call-back leads."""
        return self.get(self.get(self.begin()))

    def look(self, query: str = "") -> str:
        """What the sign-in page draws for these cookies."""
        self.get("/_stcore/health")  # gives the mark without which Streamlit reads no cookie of its own
        with self.socket(xsrf=self.jar["_streamlit_xsrf"], Cookie=self.cookies) as open_socket:
            open_socket.send(rerun(query=query))
            return drawn(open_socket)

    def session(self, seen: str = "") -> Browser | None:
        """The session that the desk gives for what the provider proved, as this or a new look says; or None."""
        ticket = re.search(r'data-ticket=\\"([\w-]+)', seen or self.look())
        if ticket is None:
            return None
        answer = self.ask(
            "POST", "/session/start", ticket.group(1).encode(), Origin=f"http://{self.host}", Cookie=self.cookies
        )
        self.gone = [given for given in answer.headers.get_all("set-cookie") if given.startswith("_streamlit_user")]
        token = next(given for given in answer.headers.get_all("set-cookie") if given.startswith("desk="))
        return Browser(self.host, token.partition(";")[0].removeprefix("desk="))


def test_a_known_person_gets_a_session_of_the_desk_and_the_providers_cookie_is_deleted(trusting, true, record_property):
    walker = Walker(trusting.host)
    walker.come_back()

    session = walker.session()

    assert "Irene Vega" in session.sees("account")
    assert len(walker.gone) >= 1
    assert all("Max-Age=0" in given for given in walker.gone)
    asked = true.asked[-1]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert "email" not in asked["scope"]


def test_streamlits_cookie_is_worth_nothing_by_itself(trusting, true):
    """Neither beside our session, nor a second time, nor copied to another browser."""
    walker = Walker(trusting.host)
    walker.come_back()
    stolen = dict(walker.jar)
    assert walker.session(), "the control: the first time it proves who Irene is"

    thief = Walker(trusting.host, jar=stolen)

    assert thief.ask("GET", "/_stcore/metrics", Cookie=thief.cookies).status == 401
    seen = thief.look()
    assert "was used before" in seen
    assert thief.session(seen) is None


def test_a_replayed_call_back_proves_nobody(trusting, true):
    walker = Walker(trusting.host)
    call_back = walker.get(walker.begin())
    assert walker.get(call_back) == "/"
    again = Walker(trusting.host)

    assert again.get(call_back) == "/?outside=refused"
    seen = again.look("outside=refused")
    assert "could not be proved who you are" in seen
    assert again.session(seen) is None


@pytest.mark.parametrize(
    ("subject", "said"),
    [("subject-of-nobody", "Nobody at this center is known"), ("subject-of-peter", "Nobody at this center is known")],
)
def test_an_unknown_and_a_switched_off_person_get_the_same_sentence_and_no_session(trusting, true, subject, said):
    true.tells_the_truth(subject)
    walker = Walker(trusting.host)
    walker.come_back()

    seen = walker.look()

    assert said in seen
    assert subject in seen, "the code that the administrator needs"
    assert walker.session(seen) is None


# Those that our own look refuses are tried one by one in tests/domain/test_outside.py.
LIES = {
    "another issuer": {"iss": "https://evil.example"},
    "another program": {"aud": "another-program"},
    "another program, ours named beside": {"aud": "another-program", "azp": "the-desk"},
    "another sign-in": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "over": {"exp": 1, "iat": 0},
    "an old one": {"iat": int(time.time()) - 3600},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_says_something_else_proves_nobody(trusting, true, lie):
    true.lies = LIES[lie]
    walker = Walker(trusting.host)

    led = walker.come_back()
    seen = walker.look(urlsplit(led).query)

    assert any(word in seen for word in ("could not be proved", "not made for this desk", "too old")), lie
    assert walker.session(seen) is None


@pytest.mark.parametrize("forge", ["no signature", "another key", "the client secret"])
def test_a_token_that_the_provider_did_not_sign_proves_nobody(trusting, true, forge):
    true.forge = forge
    walker = Walker(trusting.host)

    assert walker.come_back() == "/?outside=refused"
    assert walker.session() is None


def test_a_provider_cannot_name_a_session_of_the_desk(trusting, true):
    """What Streamlit tells of a person is where the guard's own word stands too."""
    irene = trusting.sign_in("irene")
    true.tells_the_truth("subject-of-nobody")
    true.lies = {"session": str(irene.session_id), "address": "127.0.0.9", "is_logged_in": True}
    walker = Walker(trusting.host)
    walker.come_back()

    seen = walker.look()

    assert "Irene Vega" not in seen
    assert BUTTON in seen


def test_a_call_back_that_nobody_began_and_other_ways_lead_nowhere(trusting):
    stranger = Walker(trusting.host)

    for query in ("", "code=x&state=y", "error=access_denied&error_description=<script>", "state=" + "x" * 5000):
        assert stranger.get(f"/oauth2callback?{query}") == "/?outside=refused"
    assert stranger.ask("GET", "/auth/logout").status == 404
    assert stranger.get("/auth/login?provider=forged") == "/"


def test_knocking_at_the_provider_through_the_desk_is_slowed(trusting):
    stranger = Walker(trusting.host)

    said = {stranger.ask("GET", "/auth/login?provider=x").status for _ in range(40)}

    assert 429 in said


def test_in_a_real_browser_a_person_signs_in_with_one_click_and_comes_to_the_address_they_asked_for(
    trusting, true, browser
):
    with trusting.inside():
        sent = send(trusting.cast.olga)
    with browser.new_context() as mine:
        page, stopped = mine.new_page(), []
        page.on("console", lambda said: stopped.append(said.text) if "Content Security" in said.text else None)
        page.goto(f"{trusting.desk.url}/referral?r={sent}")
        page.get_by_role("button", name=BUTTON).click()
        page.get_by_text("Jonathan Whitfield").first.wait_for(timeout=60_000)

        assert page.url.endswith(f"/referral?r={sent}")
        assert page.evaluate("sessionStorage.length") == 0, "what led here is forgotten"
        assert {cookie["name"] for cookie in page.context.cookies()} >= {"desk", "desk-device"}
        assert not [one for one in page.context.cookies() if one["name"].startswith("_streamlit_user")]
        assert all(one["httpOnly"] for one in page.context.cookies() if one["name"] != "_streamlit_xsrf")
        assert stopped == []
