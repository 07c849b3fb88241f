"""The demo: an invented desk with every state in it, that never gets into a real database."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from actions.demo import fill
from db.store import Store
from db.tables.audit import AuditEntry
from db.tables.clients import Client
from db.tables.people import Center
from db.tables.referrals import MatchHint, Referral
from domain.lifecycle import Status
from domain.refusals import Refused
from tests.cast import Cast

EVENING = datetime(2026, 11, 23, 6, 3, tzinfo=UTC)
"""Eleven at night in Denver, when it is tomorrow already by universal time."""


def test_the_demo_shows_every_state_doubles_and_people_of_every_role(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(fill.__globals__, "now", lambda: EVENING)

    accounts = fill()

    with store.reading() as session:
        states = Counter(session.scalars(select(Referral.status)))
        clients = session.scalar(select(func.count()).select_from(Client)) or 0
        hinted = set(session.scalars(select(MatchHint.other_kind)))
        demo = session.scalar(select(Center.demo))
        told = session.scalars(select(AuditEntry).where(AuditEntry.event == "center.demo_made")).one()
        session.expunge(told)
    assert set(states) == set(Status)
    assert states.total() >= 60
    assert clients >= 300
    assert hinted == {"client", "referral"}
    assert demo
    assert {"administrator", "supervisor", "intake staff"} <= {account.what for account in accounts}
    assert len({account.password for account in accounts}) == len(accounts)
    assert (told.actor_name, told.object_type, told.object_id, told.result) == ("manage.py demo", "center", None, "ok")


def test_nothing_invented_gets_into_a_real_database(cast: Cast, store: Store) -> None:
    with pytest.raises(Refused, match="already holds a center"):
        fill()

    with store.reading() as session:
        assert not session.scalar(select(func.count()).select_from(Referral))
