"""Whether the rows that a process keeps for its numbers are those that the database holds."""

from typing import Any

from db.counted_rows import TABLES, AsOf, CountedRows, counted_rows
from db.frames import ids_of
from db.store import Store


def keep_all(store: Store) -> None:
    """Have every table kept as it stands now."""
    with store.reading() as session:
        counted_rows(session).up_to_date(session, TABLES)


def wrongly_kept(store: Store) -> dict[str, tuple[list[str], list[str]]]:
    """By table: rows that are kept and not there, and rows that are there and not kept; brought up to date first."""
    with store.reading() as session:
        kept = counted_rows(session).up_to_date(session, TABLES)
        anew = CountedRows().up_to_date(session, TABLES)
    found = {name: (as_words(kept, name), as_words(anew, name)) for name in TABLES}
    return {name: (less(ours, true), less(true, ours)) for name, (ours, true) in found.items() if ours != true}


def as_words(kept: AsOf, name: str) -> list[str]:
    """Each row of a table in words, with ids instead of numbers, in their order."""
    rows = kept.tables[name]
    words: dict[str, list[Any]] = {
        column: ids_of(kept.places[TABLES[name].records[column]])[rows[column]].tolist()
        if column in TABLES[name].records
        else rows[column].astype("str").fillna("").tolist()
        for column in sorted(rows)
    }
    return sorted(str(row) for row in zip(*words.values(), strict=True))


def less(many: list[str], those: list[str]) -> list[str]:
    """What is in the first and not in the second, each as often as it is there more often."""
    left = list(those)
    return [one for one in many if one not in left or left.remove(one)]  # type: ignore[func-returns-value]
