"""Logs and error pages: a sentence and a reference for the person, places and kinds for the log, names for nobody."""

import json
import logging
import re
import sys
import threading

import pytest

from actions.work import system_work
from db.tables.people import Center
from tests.security.desk import Browser
from web.logs import SparingRecord, install

NAME = "Jonathan Whitfield-Canary"


@pytest.fixture
def written(monkeypatch):
    """What would be printed of a record that says a child's name in every place a record has."""

    def line(logger, record_class):
        try:
            child = NAME
            raise ValueError(f"cannot save {child}")
        except ValueError as error:
            record = record_class(
                logger,
                logging.ERROR,
                __file__,
                1,
                "could not save %s",
                (NAME,),
                (type(error), error, error.__traceback__),
            )
        return logging.Formatter("%(message)s").format(record)

    return line


def test_a_log_line_holds_no_name(written):
    line = written("streamlit.runtime", SparingRecord)

    said = json.loads(line)
    assert NAME not in line
    assert said["error"] == "ValueError"
    assert any("test_logs.py" in place for place in said["places"])
    assert said["message"] == "could not save %s"


def test_a_traceback_that_a_package_logs_as_text_is_cut():
    record = SparingRecord("uvicorn.error", 40, __file__, 1, f"Traceback\nValueError: cannot save {NAME}", (), None)

    assert NAME not in record.getMessage()


def test_an_ordinary_log_line_would_hold_it_twice(written):
    assert written("streamlit.runtime", logging.LogRecord).count(NAME) >= 2


def test_installing_changes_every_record(monkeypatch):
    before = logging.getLogRecordFactory()
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    install()
    try:
        assert logging.getLogRecordFactory() is SparingRecord
    finally:
        logging.setLogRecordFactory(before)
        ours = logging.getLogger("desk")
        ours.handlers.clear()
        ours.propagate = True


def test_an_error_shows_a_reference_that_is_in_the_log_and_nothing_else(desk):
    olga = desk.sign_in("olga")
    assert "user name olga" in olga.sees("account"), "the control: the page works"
    kept = settings_become(desk, {"door": {"Jonathan Canary": 1}})

    seen, log = olga.sees("account"), desk.desk.log

    settings_become(desk, kept)
    said = seen.partition("Something went wrong")[2][:2000]
    reference = re.search(r"the reference ([0-9A-Z]{5})", said).group(1)
    assert f"reference {reference}" in log
    assert "TypeError" in log
    assert "domain/door_rules.py" in log
    assert not [
        hidden for hidden in ("Traceback", ".py", "TypeError", "Canary", str(desk.desk.folder)) if hidden in said
    ]
    assert "Canary" not in log


def settings_become(desk, settings):
    """Replace the center's settings; gives those that were there."""
    with desk.inside(), system_work("the tests") as work:
        center = work.session.get_one(Center, 1)
        before, center.settings = center.settings, settings
        work.record("settings.changed")
    return before


def test_every_log_line_of_a_running_desk_is_json(desk):
    stranger = Browser(desk.host)
    stranger.ask("GET", "/nothing%0d%0aINJECTED")
    stranger.ask("POST", "/session/start", b"x", Origin="https://evil.example")
    stranger.sees("queue")

    lines = [line for line in desk.desk.log.splitlines() if line.startswith("{") or "INJECTED" in line]

    assert all(json.loads(line) for line in lines)
    assert not [line for line in desk.desk.log.splitlines() if line.startswith("INJECTED")]
