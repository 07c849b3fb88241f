"""What a form needs beside its questions, and the language of the person who fills it in."""

import pytest

from actions.form_help import choose_language, form_help
from actions.work import STRANGER, Work, now
from db.tables.audit import AuditEntry
from domain.refusals import NotPermitted, Refused
from tests.cast import CHILD_SERVICES, SHERIFF


def test_officers_know_whom_to_call_and_which_agencies_to_name(as_, olga):
    with as_(olga) as work:
        found = form_help(work)

    assert (found.on_call_phone, found.hotline_phone) == ("555-0100", "555-0199")
    assert found.police == (SHERIFF,)
    assert found.protection == (CHILD_SERVICES,)
    assert found.language == "en"


def test_the_language_is_kept_with_the_account_and_recorded(as_, olga, store):
    with as_(olga) as work:
        choose_language(work, "es")

    with as_(olga) as work:
        assert form_help(work).language == "es"
    with store.reading() as session:
        events = [entry.event for entry in session.query(AuditEntry).filter_by(actor_id=olga.user_id)]
    assert events.count("user.language_chosen") == 1


def test_another_persons_language_stays(as_, olga, peter):
    with as_(olga) as work:
        choose_language(work, "es")

    with as_(peter) as work:
        assert form_help(work).language == "en"


def test_a_language_that_the_desk_does_not_speak_is_refused(as_, olga):
    with pytest.raises(Refused, match="speaks English and Spanish"), as_(olga) as work:
        choose_language(work, "fr")


def test_a_stranger_learns_nothing(store, cast):
    with store.reading() as session, pytest.raises(NotPermitted):
        form_help(Work(STRANGER, session, now()))


def test_the_clock_is_the_centers(as_, olga):
    with as_(olga) as work:
        found = form_help(work)
        local = found.clock(work.now)

    assert local.endswith(("AM", "PM"))
    assert found.day(work.now) == found.local(work.now).date()
