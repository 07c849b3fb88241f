"""What everybody is told of the center: written by its administrator, said by every form."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from actions.center.center_details import CenterDetails, center_details, change_center_details
from actions.form_help import form_help
from db.tables.audit import AuditEntry
from domain.refusals import NotPermitted, Refused, TooLate

AS_IT_IS = CenterDetails("Juniper Child Advocacy Center", "America/Denver", "555-0100", "555-0199")


def change(as_, member, version=1, **changed):
    with as_(member) as work:
        change_center_details(work, version, replace(AS_IT_IS, **changed))


def entries(store):
    with store.reading() as session:
        every = select(AuditEntry).where(AuditEntry.event == "settings.changed").order_by(AuditEntry.seq)
        return [entry.fields for entry in session.scalars(every)]


def test_what_is_written_is_said_by_the_next_form(as_, ada, olga, store):
    change(as_, ada, on_call_phone=" 719-555-0142 ext 4 ", hotline_phone="1-800-4-A-CHILD", time_zone="America/Chicago")

    with as_(olga) as work:
        said = form_help(work)
    assert (said.on_call_phone, said.hotline_phone) == ("719-555-0142 ext 4", "1-800-4-A-CHILD")
    assert said.time_zone == "America/Chicago"
    with as_(ada) as work:
        assert center_details(work)[0] == 2
    assert entries(store) == ["hotline_phone,on_call_phone,time_zone"]


def test_the_same_again_changes_and_records_nothing(as_, ada, store):
    change(as_, ada)

    with as_(ada) as work:
        assert center_details(work) == (1, AS_IT_IS)
    assert entries(store) == []


def test_a_number_may_be_taken_away_again(as_, ada):
    change(as_, ada, on_call_phone="  ")

    with as_(ada) as work:
        assert center_details(work)[1].on_call_phone == ""


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "Give the center's name"),
        ("name", "n" * 201, "at most 200 characters"),
        ("name", "Juniper\x00", "Give the center's name"),
        ("time_zone", "Mars/Olympus", "time zone from the list"),
        ("time_zone", "", "time zone from the list"),
        ("on_call_phone", "ask at the desk", "The on-call number is not one that can be called"),
        ("on_call_phone", "5" * 61, "at most 60 characters"),
        ("on_call_phone", "555-0100\x00", "not one that can be called"),
        ("on_call_phone", "**555**", "not one that can be called"),
        ("hotline_phone", "<b>911</b>", "The hotline's number is not one that can be called"),
        ("hotline_phone", "[911](http://example.org)", "not one that can be called"),
        ("hotline_phone", "٩١١", "not one that can be called"),
    ],
)
def test_what_nobody_could_read_or_call_is_refused_and_nothing_changes(as_, ada, store, field, value, said):
    with pytest.raises(Refused, match=said):
        change(as_, ada, **{field: value})

    with as_(ada) as work:
        assert center_details(work) == (1, AS_IT_IS)
    assert entries(store) == []


def test_whoever_saw_an_older_version_is_told_so(as_, ada):
    change(as_, ada, on_call_phone="719-555-0142")

    with pytest.raises(TooLate, match="Somebody else changed the center"):
        change(as_, ada, on_call_phone="719-555-0143")
    with as_(ada) as work:
        assert center_details(work)[1].on_call_phone == "719-555-0142"


@pytest.mark.parametrize("who", ["irene", "sam", "olga"])
def test_only_an_administrator_may(as_, cast, who):
    with pytest.raises(NotPermitted):
        change(as_, getattr(cast, who), on_call_phone="719-555-0142")
    with pytest.raises(NotPermitted), as_(getattr(cast, who)) as work:
        center_details(work)
