"""How many questions a page asks the database: few, and as many for fifteen rows as for three."""

from collections import Counter
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.cast import send
from tests.faults import desk_work

MOST = 30
OFFICER, STAFF, SUPERVISOR, ADMINISTRATOR = "olga", "irene", "sam", "ada"
PAGES = {
    "my_referrals": OFFICER,
    "queue": STAFF,
    "clients": STAFF,
    "statistics": SUPERVISOR,
    "audit_trail": SUPERVISOR,
    "users": ADMINISTRATOR,
    "agencies": ADMINISTRATOR,
}
RECORDS = {"referral": STAFF, "import_referral": STAFF}


@contextmanager
def asking(store):
    """Count what goes to the database in a block; the transaction's own words do not count."""
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA", "SELECT pg_advisory")):
            asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield asked
    event.remove(store.engine, "before_cursor_execute", note)


def questions(open_page, store, member, screen, **query):
    open_page(member, screen, **query)
    with asking(store) as asked:
        page = open_page(member, screen, **query)
    assert not page.exception
    return asked


def in_short(asked):
    """Which tables are asked how often."""
    tables = [
        " ".join(statement.split()).partition(" FROM ")[2].split()[0] if "FROM " in statement else statement[:40]
        for statement in asked
    ]
    return f"{len(asked)} questions: {Counter(tables).most_common()}"


@pytest.mark.parametrize("screen", PAGES)
def test_a_list_asks_few_questions_however_long_it_is(screen, store, cast, open_page):
    member = getattr(cast, PAGES[screen])
    for _ in range(3):
        send(cast.olga)
    short = questions(open_page, store, member, screen)
    for _ in range(9):
        send(cast.olga)
    long = questions(open_page, store, member, screen)

    assert len(long) <= MOST, in_short(long)
    assert len(long) <= len(short) + 1, in_short(long)


@pytest.mark.parametrize("screen", RECORDS)
def test_a_record_asks_few_questions(screen, store, cast, open_page):
    send(cast.olga)
    referral_id = send(cast.olga)

    asked = questions(open_page, store, cast.irene, screen, r=str(referral_id))

    assert len(asked) <= MOST, in_short(asked)


def test_a_client_asks_few_questions(store, cast, open_page):
    client_id = desk_work.bring_in_client(cast.irene, send(cast.olga)).client_id

    asked = questions(open_page, store, cast.irene, "client", c=str(client_id))

    assert len(asked) <= MOST, in_short(asked)
