"""`kill -9` in the middle of a purge, or while the files are written anew: all of it or nothing, and nothing torn."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from db.store import Store
from db.tables.referrals import Referral, StatusChange, Submission
from db.tables.retention import Purge
from tests.conftest import SECRET
from tests.faults import desk_work, dying, scenes
from tests.faults.test_kill import _copy_of as copy_of
from tests.keeping import asked, binned, proven

MANY = 6


@pytest.mark.timeout(3000)
def test_a_killed_purge_took_all_or_nothing(store, cast, tmp_path, rounds, request):
    binned(cast.irene, *(desk_work.sent(cast.olga) for _ in range(MANY)))
    with store.engine.begin() as connection:
        long_ago = select(StatusChange.at).limit(1).scalar_subquery()
        moment = connection.execute(select(long_ago)).scalar() - timedelta(days=40)
        connection.execute(update(StatusChange).values(at=moment))
    purge_id = asked(cast.ada)
    proven(cast.sam)

    outcomes = set()
    for number in range(rounds(short=8, long=200)):
        url, told = copy_of(store, request, tmp_path, number), tmp_path / f"told-{number}"
        dying.killed_at_work(told, 0.4, scenes.purge, url, SECRET, store.key, cast.sam, purge_id, told)
        said = {what for what, _ in desk_work.acknowledged(told)}
        standing = _standing(url, store.key, purge_id)
        assert standing in ((False, 0, MANY), (True, MANY, 0))
        assert standing[0] or "purged" not in said, "an acknowledged purge is done"
        outcomes.add(standing)

    assert outcomes


def _standing(url, key, purge_id):
    """Whether the purge is done, how many referrals are emptied, and how many still have their words."""
    store = Store(url, SECRET, key)
    with store.reading() as session:
        done = session.scalar(select(Purge.done_at).where(Purge.id == purge_id)) is not None
        emptied = session.scalar(select(func.count()).where(Referral.purge_id == purge_id))
        whole = session.scalar(select(func.count(Submission.id)))
    assert desk_work.torn(store) == []
    store.close()
    return done, emptied, whole
