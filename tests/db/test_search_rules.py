"""Records that an earlier program keyed are found by today's keys too."""

from array import array
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update

from db import search_keys, search_rules
from db.tables.search import SearchKey, SearchPerson
from domain import matching
from domain.matching import KEY_RULES, Person, RecordKind

CHILDREN = [
    Person(first_name="Ana", last_name="Ruiz", dob=f"2016-04-{day:02}", zip="00912", address=f"{day} Elm St")
    for day in range(1, 8)
]


def keyed(session):
    """Everything that the search holds, by record."""
    people = session.execute(select(SearchPerson.record_id, SearchPerson.folded, SearchPerson.number)).all()
    keys = {number: set() for _, _, number in people}
    for key, number in session.execute(select(SearchKey.key, SearchKey.number)):
        keys.setdefault(number, set()).add(key)
    return {record: (folded, keys[number]) for record, folded, number in people}, keys.keys() - {
        number for _, _, number in people
    }


@pytest.fixture
def store_of_before(store):
    """Seven children, each keyed as if an earlier program knew two keys fewer, one other and another folding."""
    with store.writing() as session:
        search_keys.write_many(session, RecordKind.CLIENT, [(uuid4(), child) for child in CHILDREN])
        today = keyed(session)
        for number, kept in session.execute(select(SearchPerson.number, SearchPerson.keys)).all():
            keys = array("q", kept)
            session.execute(delete(SearchKey).where(SearchKey.number == number, SearchKey.key.in_(keys[:2].tolist())))
            session.add(SearchKey(key=41, number=number))
            before = {
                "keys": array("q", [*keys[2:], 41]).tobytes(),
                "folded": "ANA" + matching.pack(CHILDREN[0]).line(),
            }
            session.execute(update(SearchPerson).where(SearchPerson.number == number).values(**before))
    return store, today


def brought_up(store, limit=3):
    after, changed = 0, 0
    while after is not None:
        with store.writing() as session:
            after, some = search_rules.key_anew(session, after, limit)
        changed += some
    return changed


def test_what_was_keyed_by_earlier_rules_is_keyed_as_if_it_were_written_today(store_of_before):
    store, today = store_of_before
    with store.reading() as session:
        assert keyed(session) != today, "the control"

    assert brought_up(store) == len(CHILDREN)

    with store.reading() as session:
        assert keyed(session) == today
        assert search_keys.search(session, CHILDREN[3], kinds=[RecordKind.CLIENT])[0].person == CHILDREN[3]


def test_what_is_keyed_by_todays_rules_is_left_alone(store):
    with store.writing() as session:
        search_keys.write_many(session, RecordKind.CLIENT, [(uuid4(), child) for child in CHILDREN])

    assert brought_up(store) == 0
    assert brought_up(store, limit=len(CHILDREN)) == 0


def test_a_new_desk_has_nothing_to_bring_up(store):
    with store.writing() as session:
        assert search_rules.kept_rules(session) == 0
        assert search_rules.key_anew(session, 0, 10) == (None, 0)
        search_rules.note_rules(session)
    with store.writing() as session:
        assert search_rules.kept_rules(session) == KEY_RULES
        search_rules.note_rules(session)


def test_the_number_of_the_rules_goes_with_the_keys():
    """When this fails, keys have changed: raise KEY_RULES, so that what is on file is keyed anew, and note it here."""
    full = Person(
        first_name="María José", middle_name="Ann", last_name="García-López", aliases=("Mia Ruiz",), dob="2015-03-07",
        sex="F", address="12 N Main St Apt 4", city="Springfield", zip="62701", phones=("(217) 555-0143",),
        caregivers=("Rosa López",), case_numbers=("LE-26-118",),
    )  # fmt: skip
    partly = Person(first_name="Bo", last_name="O'Brien", dob="2015", city="Springfield")
    keys = [sorted(matching.keys_of("client", matching.pack(person))) for person in (full, partly)]

    assert (KEY_RULES, sha256(repr(keys).encode()).hexdigest()[:16]) == (2, "4427bc92a0380726")
