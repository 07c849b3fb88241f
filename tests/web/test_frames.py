"""Frames that a visitor has no business to send are dropped; a dead session's frame becomes a bare rerun."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from actions import accounts
from actions.work import working
from web.frames import Frames
from web.guard import Ears

SENT_BY_NOBODY = (
    {"clear_cache": True},
    {"set_run_on_save": True},
    {"load_git_info": True},
    {"debug_disconnect_websocket": True},
    {"debug_shutdown_runtime": True},
)


def frame(**given):
    return BackMsg(**given).SerializeToString()


def heard(session, *sent):
    """What Streamlit hears of these frames, until the browser leaves."""
    messages = [{"type": "websocket.receive", "bytes": one} for one in sent] + [{"type": "websocket.disconnect"}]

    async def listen():
        async def receive():
            return messages.pop(0)

        ears, out = Ears(Frames(BackMsg), session, receive), []
        while True:
            message = await ears.listen()
            if message["type"] == "websocket.disconnect":
                return out
            out.append(BackMsg.FromString(message["bytes"]))

    # In a thread of its own: where this worker drives a browser too, Playwright's loop goes on in the present one.
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, listen()).result()


@pytest.mark.parametrize("given", SENT_BY_NOBODY)
def test_nobody_clears_the_cache_or_commands_the_server(cast, given):
    assert heard(None, frame(**given)) == []
    assert heard(cast.irene.session_id, frame(**given)) == []
    assert Frames(BackMsg).read(frame(**given)).kind == next(iter(given)), "the control: the frame says so"


def test_a_person_is_heard_and_a_strangers_uploads_are_not(cast):
    upload = BackMsg()
    upload.file_urls_request.request_id = "1"
    skills = BackMsg()
    skills.backend_operation_request.install_skills.SetInParent()

    assert len(heard(cast.irene.session_id, upload.SerializeToString())) == 1
    assert heard(None, upload.SerializeToString()) == []
    assert heard(cast.irene.session_id, skills.SerializeToString()) == []


@pytest.mark.parametrize("junk", [b"\xff\xff\xff", b"\x08", b"x" * 100])
def test_what_is_no_frame_is_dropped(cast, junk):
    assert heard(None, junk) == []


def test_a_huge_frame_of_a_stranger_is_dropped():
    huge = BackMsg()
    huge.rerun_script.query_string = "x" * 100_000

    assert heard(None, huge.SerializeToString()) == []


def test_after_the_end_a_click_becomes_a_bare_rerun_and_nothing_of_it_is_left(cast):
    click = BackMsg()
    click.rerun_script.query_string = "r=1"
    click.rerun_script.page_script_hash = "abc"
    click.rerun_script.fragment_id = "fragment"
    click.rerun_script.widget_states.widgets.add(id="$$ID-delete", trigger_value=True)
    alive = heard(cast.irene.session_id, click.SerializeToString())
    with working(cast.irene.session_id) as work:
        accounts.sign_out(work)

    dead = heard(cast.irene.session_id, click.SerializeToString())

    assert alive[0].rerun_script.widget_states.widgets, "the control: while signed in the click is heard"
    assert dead[0].rerun_script.page_script_hash == "abc"
    assert not dead[0].rerun_script.widget_states.widgets
    assert not dead[0].rerun_script.fragment_id


def test_an_automatic_rerun_does_not_count_as_use(cast, monkeypatch):
    noted = []
    monkeypatch.setattr(accounts, "used", noted.append)
    automatic, human = BackMsg(), BackMsg()
    automatic.rerun_script.is_auto_rerun = True
    human.rerun_script.query_string = "r=1"

    heard(cast.irene.session_id, automatic.SerializeToString())
    assert noted == []
    heard(cast.irene.session_id, human.SerializeToString())
    assert noted == [cast.irene.session_id]
