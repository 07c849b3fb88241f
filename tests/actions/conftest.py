"""Every action names in the trail each record that it changes: what is kept for the numbers stays true by that."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from db.store import Session, Store
from tests.counted import keep_all, wrongly_kept


@pytest.fixture(autouse=True)
def what_is_kept_for_the_numbers_stays_true(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Brings what is kept up to date after each commit, and compares it with the database in the end.

    On SQLite alone: what an action names does not depend on the database.
    """
    if "store" not in request.fixturenames or not request.getfixturevalue("store").is_sqlite:
        yield
        return
    store, whole = request.getfixturevalue("store"), Store.writing

    @contextmanager
    def writing(one: Store) -> Iterator[Session]:
        with whole(one) as session:
            yield session
        if one is store:
            keep_all(store)

    monkeypatch.setattr(Store, "writing", writing)
    keep_all(store)
    yield
    monkeypatch.undo()
    assert wrongly_kept(store) == {}
