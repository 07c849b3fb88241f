"""Columns as the database hands them over: every kind of value arrives as it was kept, none in another's place."""

from datetime import UTC, date, datetime
from uuid import UUID

import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import insert, select, update

from db.frames import BETWEEN, ids_of, joined, numbered_table, numbers_among, typed
from db.tables.referrals import Fact, Referral

FIRST, SECOND, LAST = UUID(int=1), UUID("f" * 32), UUID(int=3)


def kept(store, *facts):
    rows = [
        {"id": UUID(int=place), "record_kind": "referral", "ordinal": place, "on": None, "code": "", "field": "f"} | one
        for place, one in enumerate(facts)
    ]
    with store.engine.begin() as connection:
        connection.execute(insert(Fact), rows)


def read(store, *columns):
    with store.reading() as session:
        return numbered_table(session, select(*columns))[0]


def test_words_dates_and_numbers_arrive_in_their_rows(store):
    kept(
        store,
        {"record_id": FIRST, "code": ""},
        {"record_id": SECOND, "code": "Ñandú 🦜, “x”", "on": date(1, 1, 1)},
        {"record_id": FIRST, "code": "b", "on": date(2024, 2, 29)},
    )

    found = read(store, Fact.record_id.label("owner"), Fact.code, Fact.on, Fact.ordinal).sort_values("ordinal")

    assert found["owner"].tolist() == [FIRST.hex, SECOND.hex, FIRST.hex]
    assert found["code"].tolist() == ["", "Ñandú 🦜, “x”", "b"]
    assert [str(day.date()) for day in found["on"].dropna()] == ["0001-01-01", "2024-02-29"]
    assert found["on"].isna().tolist() == [True, False, False]
    assert found["ordinal"].tolist() == [0, 1, 2]


def test_what_somebody_typed_cannot_shift_the_rows_of_others(store):
    kept(store, {"record_id": FIRST, "code": f"Wake{BETWEEN}Lee"}, {"record_id": SECOND, "code": "Pine"})

    found = read(store, Fact.record_id.label("owner"), typed(Fact.code).label("code")).set_index("owner")["code"]

    assert found.to_dict() == {FIRST.hex: "WakeLee", SECOND.hex: "Pine"}


MOMENTS = (
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 3, 8, 7, 0, 0, 1, tzinfo=UTC),
    None,
)


def test_moments_keep_their_microseconds_and_are_missing_where_there_is_none(store, olga, sent_referral):
    called = {sent_referral(olga): moment for moment in MOMENTS}
    with store.engine.begin() as connection:
        for referral, moment in called.items():
            connection.execute(update(Referral).where(Referral.id == referral).values(called_at=moment))

    found = read(store, Referral.id.label("one"), Referral.called_at.label("at")).set_index("one")["at"]

    for referral, moment in called.items():
        at = found[referral.hex]
        assert at.to_pydatetime() == moment if moment else pd.isna(at)


def test_ids_are_numbered_as_they_come_and_found_again_by_their_numbers(store):
    kept(
        store, {"record_id": SECOND, "code": "b"}, {"record_id": FIRST, "code": "a"}, {"record_id": SECOND, "code": "c"}
    )

    with store.reading() as session:
        found, places = numbered_table(session, select(Fact.record_id.label("owner"), Fact.code), ["owner"])

    owners = ids_of(places["owner"])[found["owner"]].tolist()
    assert sorted(zip(found["code"], owners, strict=True)) == [
        ("a", FIRST.hex.encode()),
        ("b", SECOND.hex.encode()),
        ("c", SECOND.hex.encode()),
    ]
    assert set(found["owner"]) == {0, 1}


@pytest.mark.parametrize("others", [0, 100])
def test_an_id_has_its_number_among_few_places_and_among_many(others):
    def as_places(ids):
        return pa.array([one.hex.encode() for one in ids], pa.binary(32))

    places = as_places([LAST, *(UUID(int=1000 + place) for place in range(others)), FIRST])

    found = numbers_among(as_places([FIRST, SECOND, LAST, FIRST]), places)

    assert found.tolist() == [others + 1, -1, 0, others + 1]
    assert numbers_among(as_places([]), places).tolist() == []
    assert numbers_among(as_places([FIRST]), as_places([])).tolist() == [-1]


def test_tables_with_different_words_are_joined_and_stay_as_they_were():
    first = pd.DataFrame({"word": pd.Categorical(["b", "d"])})
    second = pd.DataFrame({"word": pd.Categorical(["c"])})

    both = joined([first, second])

    assert both["word"].tolist() == ["b", "d", "c"]
    assert both["word"].cat.categories.tolist() == ["b", "c", "d"]
    assert first["word"].cat.categories.tolist() == ["b", "d"]
    assert joined([first, second.iloc[:0]]) is first


def test_a_table_without_a_row_has_its_columns(store):
    found = read(store, Fact.record_id.label("referral"), Fact.code, Fact.on, Fact.ordinal)

    assert found.empty
    assert list(found.columns) == ["referral", "code", "on", "ordinal"]
