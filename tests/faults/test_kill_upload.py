"""`kill -9` while a list of clients is read, checked or loaded: a list is there whole, and its clients all or none."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from db.tables.clients import Client
from db.tables.spreadsheets import ClientBatch, ClientBatchRow
from domain.spreadsheet.fates import BatchStatus
from tests.conftest import SECRET
from tests.faults import desk_work, dying, scenes


@pytest.mark.timeout(3000)
def test_a_killed_upload_is_there_whole_or_not_at_all(store, cast, tmp_path, rounds):
    told = tmp_path / "told"

    for _ in range(rounds(short=6, long=100)):
        dying.killed_at_work(told, 0.5, scenes.load_lists, store.url, SECRET, store.key, cast.sam, told)

    said = desk_work.acknowledged(told)
    assert {"read", "loaded"} == {what for what, _ in said}
    with store.reading() as session:
        lists = {str(one.id): (one.status, one.loaded) for one in session.scalars(select(ClientBatch))}
        made = dict.fromkeys(lists, 0) | Counter(
            str(row.batch_id) for row in session.scalars(select(ClientBatchRow)) if row.client_id
        )
        lines = Counter(str(one) for one in session.scalars(select(ClientBatchRow.batch_id)))
        on_file = session.scalar(select(func.count()).select_from(Client))
    assert all(lines[one] == scenes.LINES for one in lists)
    assert all(made[one] == loaded for one, (_, loaded) in lists.items())
    assert all((status is BatchStatus.LOADED) == (loaded > 0) for status, loaded in lists.values())
    assert on_file == sum(made.values())
    assert {batch for _, batch in said} <= set(lists)
    assert all(lists[batch][0] is BatchStatus.LOADED for what, batch in said if what == "loaded")
    assert desk_work.torn(store) == []
