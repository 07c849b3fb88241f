"""The match finds people in a database: at once, in every process, and only those who may be seen."""

from collections import Counter
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, func, select

from db import search_keys, search_words
from db.store import Store
from db.tables.search import SearchKey, SearchPerson
from domain.matching import Candidate, Grade, Person, RecordKind

MARIA = Person(
    first_name="María José",
    last_name="García López",
    dob="2015-03-07",
    sex="F",
    address="12 N Main St Apt 4",
    city="Springfield",
    zip="62701",
    phones=("(217) 555-0143",),
    caregivers=("Rosa López",),
)
BILL = Person(first_name="William", middle_name="Henry", last_name="O'Brien", dob="2012-11-30", sex="M")


def kept(store: Store, *people: Person, kind: RecordKind = RecordKind.CLIENT) -> list[UUID]:
    ids = [uuid4() for _ in people]
    with store.writing() as session:
        for record_id, person in zip(ids, people, strict=True):
            search_keys.write_keys(session, kind, record_id, person)
    return ids


def found(store: Store, person: Person, kind: RecordKind = RecordKind.CLIENT) -> list[Candidate]:
    with store.reading() as session:
        return search_keys.search(session, person, kinds=[kind])


@pytest.mark.parametrize(
    "asked",
    [
        Person(first_name="Maria", last_name="Garcia", dob="2015-03-07"),
        Person(first_name="Marai Jose", last_name="Lopez", dob="2015-07-03"),
        Person(first_name="Garcia", last_name="Maria Jose", dob="2015-03-07"),
        Person(first_name="Maria", phones=("217-555-0143",)),
        Person(last_name="Garcia-Lopez", zip="62701", address="12 Main Street"),
    ],
)
def test_a_child_is_found_in_spite_of_errors(store: Store, asked: Person) -> None:
    maria, _ = kept(store, MARIA, BILL)

    candidates = found(store, asked)

    assert [candidate.record_id for candidate in candidates][:1] == [maria]
    assert candidates[0].person == MARIA


def test_the_reasons_are_sentences_for_and_against(store: Store) -> None:
    kept(store, MARIA, BILL)

    candidate = found(store, Person(first_name="Bill", last_name="O Brien", dob="2012-11-30", sex="F"))[0]

    words = [reason.words for reason in candidate.reasons]
    assert "First name Bill, on file William: short form." in words
    assert "Same birth date, November 30, 2012." in words
    assert [reason.words for reason in candidate.against] == ["Sex differs: female, on file male."]
    assert candidate.grade in (Grade.VERY_LIKELY, Grade.LIKELY)


def test_writing_again_replaces_what_was_kept(store: Store) -> None:
    (maria,) = kept(store, MARIA)

    with store.writing() as session:
        search_keys.write_keys(session, RecordKind.CLIENT, maria, BILL)

    assert found(store, MARIA) == []
    assert [candidate.record_id for candidate in found(store, BILL)] == [maria]


def test_a_removed_record_leaves_nothing_behind(store: Store) -> None:
    (maria,) = kept(store, MARIA)

    with store.writing() as session:
        search_keys.remove_keys(session, RecordKind.CLIENT, maria)

    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(SearchKey)) == 0
        assert session.scalar(select(func.count()).select_from(SearchPerson)) == 0
        assert search_keys.vocabulary(session).people == 0
    assert found(store, MARIA) == []


def test_referrals_and_clients_are_searched_apart(store: Store) -> None:
    kept(store, MARIA, kind=RecordKind.REFERRAL)

    assert found(store, MARIA) == []
    assert len(found(store, MARIA, RecordKind.REFERRAL)) == 1


def test_only_allowed_records_are_found(store: Store) -> None:
    first, second, _ = kept(store, MARIA, MARIA, BILL)

    with store.reading() as session:
        by_ids = search_keys.search(session, MARIA, kinds=[RecordKind.CLIENT], allowed=[second])
        statement = select(SearchPerson.record_id).where(SearchPerson.record_id == first)
        by_statement = search_keys.search(session, MARIA, kinds=[RecordKind.CLIENT], allowed=statement)
        nobody = search_keys.search(session, MARIA, kinds=[RecordKind.CLIENT], allowed=[])

    assert [candidate.record_id for candidate in by_ids] == [second]
    assert [candidate.record_id for candidate in by_statement] == [first]
    assert nobody == []


def test_another_process_finds_a_misspelt_name_at_once(store: Store) -> None:
    kept(store, BILL)
    other_process = Store(store.url, store.secret, store.key)
    found(other_process, BILL)

    (maria,) = kept(store, Person(first_name="Xiomara", last_name="Quezada"))
    candidates = found(other_process, Person(first_name="Xiomarra", last_name="Quesada"))

    assert [candidate.record_id for candidate in candidates] == [maria]
    other_process.close()


def test_a_rolled_back_record_leaves_no_word_in_memory(store: Store) -> None:
    kept(store, BILL)
    found(store, BILL)

    with pytest.raises(KeyError), store.writing() as session:
        search_keys.write_keys(session, RecordKind.CLIENT, uuid4(), MARIA)
        search_keys.search(session, MARIA, kinds=[RecordKind.CLIENT])
        raise KeyError("undo")
    (maria,) = kept(store, MARIA)

    with store.reading() as session:
        assert search_keys.vocabulary(session).people == 2
    assert [candidate.record_id for candidate in found(store, MARIA)] == [maria]


def test_a_record_is_found_in_the_transaction_that_writes_it(store: Store) -> None:
    with store.writing() as session:
        search_keys.write_keys(session, RecordKind.CLIENT, uuid4(), MARIA)

        assert len(search_keys.search(session, MARIA, kinds=[RecordKind.CLIENT])) == 1


def test_summing_up_the_words_changes_no_count_in_any_process(store: Store) -> None:
    kept(store, *[MARIA] * 5, *[BILL] * 3)
    other_process = Store(store.url, store.secret, store.key)
    found(other_process, BILL)
    with store.reading() as session:
        before = {part: dict(counts) for part, counts in search_keys.vocabulary(session).counts.items()}

    with store.writing() as session:
        search_keys.sum_up_words(session)
    kept(store, BILL)

    for each in (store, other_process, Store(store.url, store.secret, store.key)):
        with each.reading() as session:
            counts = search_keys.vocabulary(session).counts
        assert counts["given"]["william"] == before["given"]["william"] + 1 == 4
        assert counts["surname"]["garcia"] == before["surname"]["garcia"] == 5
        each.close()


def test_words_are_many_only_where_summing_up_would_halve_them(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(search_words, "WORDS_SUMMED_FROM", 10)

    for person, many in ((MARIA, False), (BILL, False), (MARIA, False), (BILL, True)):
        kept(store, person)

        with store.reading() as session:
            assert search_words.many(session) is many


def test_a_child_twice_on_file_is_found_twice_and_sure(store: Store) -> None:
    twice = kept(store, MARIA, Person(**{**MARIA.__dict__, "phones": ("555 222 9999",)}))
    kept(store, *[Person(first_name=f"Kind {n}", last_name="Other", dob=f"2011-02-{n:02d}") for n in range(1, 20)])

    candidates = found(store, MARIA)

    assert {candidate.record_id for candidate in candidates[:2]} == set(twice)
    assert {candidate.grade for candidate in candidates[:2]} == {Grade.VERY_LIKELY}
    assert candidates[0].group == candidates[1].group


def test_a_process_that_only_writes_learns_each_word_once(store: Store) -> None:
    asked_from: list[int] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, parameters, *_rest):  # type: ignore[no-untyped-def]
        if statement.startswith("SELECT number, part, word, change FROM search_word"):
            asked_from.append(parameters[0])

    for number in range(5):
        with store.writing() as session:
            search_keys.write_keys(session, RecordKind.REFERRAL, uuid4(), replace(MARIA, last_name=f"Ortiz{number}"))
            search_keys.search(session, MARIA, kinds=[RecordKind.REFERRAL])

    (nothing_known, _), *later = sorted(Counter(asked_from).items())
    assert nothing_known == 0
    assert [times for _, times in later] == [1, 1, 1]


def test_a_new_record_is_written_without_asking_who_is_there(store: Store) -> None:
    kept(store, *[BILL] * 6)
    said: list[str] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]
        said.append(" ".join(statement.split()[:3]))

    kept(store, MARIA)

    alone = ["BEGIN IMMEDIATE", "INSERT INTO search_person", "INSERT INTO search_key", "INSERT INTO search_word"]
    at_once = ["SELECT pg_advisory_xact_lock(%(line)s)", "WITH new_person AS"]
    assert [each for each in said if each != "SELECT max(number) FROM"] == (alone if store.is_sqlite else at_once)


def test_who_writes_a_record_learns_what_others_wrote_and_not_its_own(store: Store) -> None:
    other_process = Store(store.url, store.secret, store.key)
    kept(store, BILL)
    found(store, BILL)
    kept(other_process, MARIA)

    with store.writing() as session:
        search_keys.write_keys(session, RecordKind.CLIENT, uuid4(), replace(MARIA, last_name="Quezada"))
        own = uuid4()
        search_keys.write_keys(session, RecordKind.CLIENT, own, BILL)
        search_keys.write_keys(session, RecordKind.CLIENT, own, MARIA)
        while_writing = search_keys.vocabulary(session).counts["surname"].copy()
    with store.reading() as session:
        afterwards = search_keys.vocabulary(session)

    assert (while_writing["garcia"], while_writing.get("quezada", 0)) == (1, 0)
    assert (afterwards.counts["surname"]["garcia"], afterwards.counts["surname"]["quezada"]) == (2, 1)
    assert afterwards.people == 4
    other_process.close()


def test_who_writes_a_record_finds_misspelt_names_that_were_written_before(store: Store) -> None:
    kept(store, BILL)
    found(store, BILL)
    (maria,) = kept(store, Person(first_name="Xiomara", last_name="Quezada"))

    with store.writing() as session:
        misspelt = Person(first_name="Xiomarra", last_name="Quesada")
        own = uuid4()
        search_keys.write_keys(session, RecordKind.CLIENT, own, misspelt)
        candidates = search_keys.search(session, misspelt, kinds=[RecordKind.CLIENT])

    assert maria in [candidate.record_id for candidate in candidates]
