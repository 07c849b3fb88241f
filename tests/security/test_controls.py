"""The controls: each kind of attack succeeds once its defence is taken away, so the tests that fail it test something.

Others stand beside their attacks: `__main__.py` names the control of every kind.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pyotp
import time_machine
from sqlalchemy import false, select, true, update
from streamlit.proto.BackMsg_pb2 import BackMsg

import actions.work
import web.crowd
import web.guard
from actions import accounts, site
from actions.accounts import Visitor
from actions.agency import referrals as own
from actions.center import referrals, restricted, users
from actions.work import system_work, working
from db import door, once, queries
from db.tables.people import User
from db.tables.referrals import Referral
from db.tables.sessions import SecondFactor, UserSession
from domain.people import Role
from settings import OutsideSignIn
from tests.actions.test_accounts import HERE, WORD, enrolled
from tests.actions.test_accounts import _cheap as _cheap
from tests.actions.test_accounts import known as known
from tests.conftest import on_sqlite
from tests.security.test_matrix import person as person
from tests.web.test_frames import frame, heard
from web.crowd import Crowd, TooMany
from web.frames import Frame
from web.guard import Guard
from web.visitors import origin_of


@on_sqlite
def test_sessions_whose_end_is_not_looked_at_live_on(cast, monkeypatch):
    with working(cast.olga.session_id) as work:
        accounts.sign_out(work)
    assert not accounts.live(cast.olga.session_id)
    monkeypatch.setattr(door, "end_session", lambda *_: update(UserSession).where(false()).values(ended_at=None))
    with working(cast.peter.session_id) as work:
        accounts.sign_out(work)

    assert accounts.live(cast.peter.session_id), "whoever only forgets the cookie ends nothing"


@on_sqlite
def test_a_code_whose_step_is_not_taken_signs_in_again(known, monkeypatch):
    key, _ = enrolled("ada")
    forgotten = update(SecondFactor).where(true()).values(last_step=SecondFactor.last_step)
    monkeypatch.setattr(door, "take_step", lambda *_: forgotten)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=False):
        code = pyotp.TOTP(key).now()
        asked = [accounts.sign_in("ada", WORD, HERE).token for _ in range(2)]

        assert all(accounts.answer_code(one, code, HERE).ticket for one in asked)


@on_sqlite
def test_actions_without_their_lock_let_everybody_through(cast, as_, olga, monkeypatch):
    monkeypatch.setattr(actions.work, "may", lambda *_: True)

    with as_(olga) as work:
        assert users.users(work)


@on_sqlite
def test_rows_without_their_filter_are_everybodys(sent_referral, olga, peter, as_, monkeypatch):
    sent = sent_referral(olga, child_last_name="Robinname")
    monkeypatch.setattr(queries, "own_referrals", lambda _actor: select(Referral))

    with as_(peter) as work:
        assert "Robinname" in repr(own.read_own(work, sent))


@on_sqlite
def test_restricted_records_without_the_filter_are_all_the_centers(
    sent_referral, olga, irene, as_, person, monkeypatch
):
    sent, kim = sent_referral(olga), person(frozenset({Role.STAFF}))
    with as_(irene) as work:
        restricted.restrict(work, "referral", sent, [irene.user_id], "A worker's niece.")
    monkeypatch.setattr(queries, "visible_referrals", lambda _actor: select(Referral))

    with as_(kim) as work:
        assert referrals.read(work, sent).id == sent


def test_frames_that_are_not_looked_at_reach_streamlit(monkeypatch):
    assert heard(None, frame(clear_cache=True)) == []
    monkeypatch.setattr(Frame, "welcome", lambda *_, **__: True)

    assert heard(None, frame(clear_cache=True))[0].clear_cache


async def _app(scope, _receive, send):
    """Lets everybody in who comes as far as Streamlit."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"let through"})


def _answered(method="POST", path="/session/start", **headers):
    """What the guard answers: a status, or whether a WebSocket was accepted or closed."""
    sent = []
    scope = {
        "type": "websocket" if method == "WEBSOCKET" else "http",
        "method": method,
        "path": path,
        "scheme": "ws" if method == "WEBSOCKET" else "http",
        "client": ("127.0.0.1", 5000),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }

    async def send(message):
        sent.append(message)

    # In a thread of its own: where this worker drives a browser too, Playwright's loop goes on in the present one.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(asyncio.run, Guard(_app, message=BackMsg)(scope, None, send)).result()
    return sent[0].get("status") or sent[0]["type"].removeprefix("websocket.")


FOREIGN = {"host": "127.0.0.1:8501", "origin": "https://evil.example"}


def test_requests_of_other_sites_pass_where_their_origin_is_not_looked_at(monkeypatch):
    assert _answered(**FOREIGN) == 403
    monkeypatch.setattr(web.guard, "same_site", lambda _scope: True)

    assert _answered(**FOREIGN) == 200


@on_sqlite
def test_uploads_of_other_sites_pass_where_their_origin_is_not_looked_at(cast, monkeypatch):
    with system_work("the tests") as work:
        ticket = accounts.sessions.open_session(
            work, work.session.get_one(User, cast.olga.user_id), Visitor("10.1.1.1")
        )
    foreign = FOREIGN | {"cookie": f"desk={accounts.redeem(ticket, Visitor('10.1.1.1')).token}"}
    assert _answered("PUT", "/_stcore/upload_file/a/b", **foreign) == 403
    monkeypatch.setattr(web.guard, "same_site", lambda _scope: True)

    assert _answered("PUT", "/_stcore/upload_file/a/b", **foreign) == 200


def test_web_sockets_of_other_sites_open_where_their_origin_is_not_looked_at(monkeypatch):
    assert _answered("WEBSOCKET", "/_stcore/stream", **FOREIGN) == "close"
    monkeypatch.setattr(web.guard, "same_site", lambda _scope: True)

    assert _answered("WEBSOCKET", "/_stcore/stream", **FOREIGN) == "accept"


def test_what_is_for_people_is_everybodys_where_no_session_is_asked_for(monkeypatch):
    own = {"host": "127.0.0.1:8501"}
    assert _answered("GET", "/media/abc.csv", **own) == 401
    monkeypatch.setattr(web.guard, "PEOPLE_ONLY", ())

    assert _answered("GET", "/media/abc.csv", **own) == 200


def test_a_forwarded_address_is_believed_of_anybody_where_no_proxy_is_named():
    """Uvicorn and many frameworks believe a proxy on the same computer unasked."""
    forged = [(b"x-forwarded-for", b"10.9.9.9"), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "scheme": "http", "client": ("127.0.0.1", 5000), "headers": forged}
    assert origin_of(scope, ()).unknown_proxy

    assert origin_of(scope, ("127.0.0.1",)).address == "10.9.9.9"


def test_names_that_point_here_pass_where_they_are_not_looked_at(monkeypatch):
    rebound = {"host": "evil.example", "origin": "http://evil.example"}
    assert _answered(**rebound) == 421
    monkeypatch.setattr(web.guard, "host_is_ours", lambda *_: True)

    assert _answered(**rebound) == 200


def test_crowds_that_are_not_counted_come_in(monkeypatch):
    def let_in():
        with ExitStack() as inside, suppress(TooMany):
            for number in count(1):
                inside.enter_context(crowd.stranger("10.0.0.1"))
                if number == 60:
                    break
        return number if number == 60 else number - 1

    crowd = Crowd()
    assert let_in() == 20
    monkeypatch.setattr(web.crowd, "STRANGERS_PER_ADDRESS", 1000)
    crowd = Crowd()

    assert let_in() == 60


@on_sqlite
def test_a_proof_that_is_not_remembered_opens_as_many_sessions_as_it_is_shown(cast, as_, ada, monkeypatch):
    provider = OutsideSignIn("https://login.example", "desk", "secret", "https://desk.example", "Example")
    site.use(replace(site.present(), settings=replace(site.present().settings, outside=provider)))
    with as_(ada) as work:
        users.connect_outside(work, cast.irene.user_id, "subject")
    claims = {"iss": provider.issuer, "aud": "desk", "sub": "subject", "nonce": "n", "iat": int(time.time())}
    monkeypatch.setattr(once, "claim", lambda _session, _key, _user, fresh, _now: fresh)

    assert all(accounts.sign_in_from_outside(claims, Visitor("10.1.1.1")) for _ in range(2))
