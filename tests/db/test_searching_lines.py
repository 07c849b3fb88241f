from datetime import date
from random import Random
from uuid import UUID

import pytest

from actions.demo import people
from actions.work import system_work
from db import search_keys
from db.searching_lines import FileSearch
from domain.matching import RecordKind, person_from
from tests.conftest import on_sqlite

pytestmark = on_sqlite
TODAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def lines():
    """Sixty children, and forty slips of them: what is asked."""
    chance = Random(5)
    written = [people.child(chance, TODAY) for _ in range(60)]
    asked = [people.mistyped(chance, chance.choice(written)) for _ in range(30)]
    asked += [people.child(chance, TODAY) for _ in range(10)]
    return tuple([person_from(people.profile(child)) for child in some] for some in (written, asked))


def test_the_lines_of_a_file_are_found_exactly_as_clients_on_file_are(store, lines):
    written, asked = lines
    numbered = list(enumerate(written, start=2))
    with system_work("the test") as work:
        search_keys.write_many(work.session, RecordKind.CLIENT, [(UUID(int=line), person) for line, person in numbered])
        work.record("client.loaded", "client_batch", count=len(written))

    with store.reading() as session:
        file = FileSearch(session)
        file.add(numbered)
        for person in asked:
            found = [(one.record_id.int, one) for one in search_keys.search(session, person, kinds=[RecordKind.CLIENT])]
            assert file.like(session, person, most=10) == found


def test_a_line_is_found_from_the_moment_it_was_added(store, lines):
    first, second, *_ = lines[0]
    with store.reading() as session:
        file = FileSearch(session)
        assert file.like(session, first) == []
        file.add([(2, first)])
        ((line, found),) = file.like(session, first)
        assert (line, found.person) == (2, first)
        file.add([(3, second)])
        assert [line for line, _ in file.like(session, second)] == [3]
