"""How well and how fast the match finds labelled people.

    python -m benchmarks.match STORE.csv QUERIES.csv [--database URL] [--filled] [--out RESULTS.csv]

STORE is loaded into an empty database through the product's own write path, and each line of QUERIES is looked for
through the product's own search. Columns, all text, any may be missing or empty: id, first_name, middle_name,
last_name, suffix, aliases, dob (YYYY-MM-DD, YYYY-MM, YYYY), sex, address, city, state, zip, phone, caregiver; ssn4 is
ignored, as the product never asks for it. Queries add truth: the ids of the same person on file, with | between them,
empty for nobody; and may add case, by which the figures are then shown as well.

With --filled the database was filled by an earlier run from the same STORE and is used again: a million clients are
loaded once, in about as many minutes as the machine needs for 5,000 clients a second.

RESULTS has one line for each query and candidate: query_id, rank, client_id, score, grade.
"""

import argparse
import csv
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import getrandbits
from typing import Any, TypeVar
from uuid import UUID, uuid4

from rapidfuzz import fuzz, process
from sqlalchemy import select, text

from actions.work import system_work
from db import loading, migrations, search_keys
from db import store as stores
from db.rows import batched
from db.search_words import remembered
from db.store import Store
from db.tables.clients import Client
from db.tables.people import User
from domain import fields
from domain.clients import Cause
from domain.matching import Candidate, Grade, Person, RecordKind, folding, keys_of, pack, words_of
from domain.matching.competing import basis
from domain.matching.levels import Basis
from domain.matching.weights import LIKELY
from domain.refusals import Refused

Row = dict[str, str]
Each = TypeVar("Each")


def lines(path: Path) -> Iterator[Row]:
    """The lines of a CSV file one by one, with tidy column names; an empty text for what is missing."""
    csv.field_size_limit(10_000_000)
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        for row in csv.DictReader(file):
            yield {
                (name or "").strip().lower(): (value or "").strip()
                for name, value in row.items()
                if isinstance(name, str)
            }


def rows(path: Path) -> list[Row]:
    """The lines of a CSV file."""
    return list(lines(path))


def person_of(row: Row) -> Person:
    """The person that a line describes."""

    def said(column: str) -> str:
        return row.get(column, "")

    def several(column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in said(column).replace(";", "|").split("|") if part.strip())

    return Person(
        first_name=said("first_name"),
        middle_name=said("middle_name"),
        last_name=said("last_name"),
        suffix=said("suffix"),
        aliases=several("aliases"),
        dob=said("dob"),
        sex=said("sex"),
        address=said("address"),
        city=said("city"),
        state=said("state"),
        zip=said("zip"),
        phones=several("phone"),
        caregivers=several("caregiver"),
    )


@dataclass
class Found:
    """What was found for one query."""

    query: Row
    truth: frozenset[str]
    ids: list[str]
    scores: list[float]
    grades: list[Grade]
    rests_on: list[Basis] = field(default_factory=list)
    """For each candidate, what the comparison rests on."""
    milliseconds: float = 0.0
    cpu: float = 0.0
    """Milliseconds of this thread's CPU: what is left of a busy machine's clock."""
    rows_read: int = 0
    compared: int = 0

    @property
    def rank(self) -> int:
        """Place of the first right answer, 0 if there is none."""
        return next((place for place, id_ in enumerate(self.ids, 1) if id_ in self.truth), 0)


@dataclass
class Loaded:
    """A database filled from a store file."""

    store: Store
    names: dict[UUID, str]
    """The id in the file of each client."""
    seconds: float
    cpu: float
    """Seconds of the load, by the clock and of CPU, without reading the file; 0 where the store was filled before."""
    folder: tempfile.TemporaryDirectory[str] | None = field(default=None)

    def close(self) -> None:
        """Close the database; one of its own is thrown away."""
        self.store.close()
        if self.folder:
            self.folder.cleanup()


def load(path: Path, url: str | None) -> Loaded:
    """Fill an empty database with the people of a file, through the product's own bulk load of clients."""
    folder = None if url else tempfile.TemporaryDirectory(prefix="desk-match-")
    store = stores.use(Store(url or f"sqlite:///{Path(folder.name if folder else '') / 'match.db'}"))
    migrations.upgrade(store.engine)
    loaded = fill(store, path)
    loaded.folder = folder
    return loaded


def fill(store: Store, path: Path) -> Loaded:
    """Load the people of a file into a database that has its tables."""
    began, cpu = time.perf_counter(), time.process_time()
    reading = [0.0, 0.0]
    with system_work("the benchmark") as work:
        clerk = User(username="benchmark", name="The benchmark", made_at=work.now)
        work.session.add(clerk)
        work.session.flush()
        written = loading.load_clients(
            work.session,
            _numbered(path, reading),
            cause=Cause.SPREADSHEET.value,
            by=clerk.id,
            by_name=clerk.name,
            at=work.now,
        )
        work.record("client.loaded", "client", count=len(written))
    seconds, cpu = time.perf_counter() - began - reading[0], time.process_time() - cpu - reading[1]
    if not store.is_sqlite:
        with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("ANALYZE"))
    names = {id_: row.get("id", "") for id_, row in zip(written, lines(path), strict=True)}
    return Loaded(store, names, seconds, cpu)


def reopened(path: Path, url: str) -> Loaded:
    """A database that an earlier run filled from the same file."""
    store = stores.use(Store(url))
    ids = [row.get("id", "") for row in lines(path)]
    with store.reading() as session:
        clients = session.execute(select(Client.id, Client.number)).all()
    return Loaded(store, {id_: ids[int(number[2:])] for id_, number in clients}, 0.0, 0.0)


def _numbered(path: Path, reading: list[float]) -> Iterator[tuple[str, str]]:
    """Number and document of each line; adds to `reading` the seconds that the file itself takes, clock and CPU."""
    place = 0
    for some in _timed(batched(map(answers_of, lines(path)), loading.AT_ONCE), reading):
        for answers in some:
            yield f"C-{place}", fields.canonical(answers)
            place += 1
        if place % TOLD_EVERY == 0:
            print(f"  {place:,} clients", file=sys.stderr, flush=True)


def _timed(each: Iterator[Each], spent: list[float]) -> Iterator[Each]:
    while True:
        began, cpu = time.perf_counter(), time.process_time()
        one = next(each, None)
        spent[0] += time.perf_counter() - began
        spent[1] += time.process_time() - cpu
        if one is None:
            return
        yield one


TOLD_EVERY = 50_000


def answers_of(row: Row) -> dict[str, Any]:
    """The line as the answers of a client's file; what the catalogue would refuse is kept, as the store holds it."""
    person = person_of(row)
    caregivers = [_caregiver(place, name) for place, name in enumerate(person.caregivers)]
    said = {
        "child_first_name": person.first_name,
        "child_middle_name": person.middle_name,
        "child_last_name": person.last_name,
        "child_suffix": person.suffix,
        "child_other_names": list(person.aliases),
        "child_dob": _date(person.dob),
        "child_sex": folding.sex(person.sex),
        "address_line1": person.address,
        "address_city": person.city,
        "address_state": person.state,
        "address_zip": person.zip,
        "child_phone": list(person.phones),
        "caregivers": caregivers,
    }
    return {name: value for name, value in said.items() if value}


def _caregiver(place: int, name: str) -> dict[str, str]:
    first, _, last = name.rpartition(" ")
    return {"row": f"{place:08x}", "cg_first_name": first or last, "cg_last_name": last if first else ""}


def _date(text: str) -> str:
    digits = folding.birth_date(text)
    if digits.startswith("0000"):
        return f"0000-{digits[4:6]}-{digits[6:]}"
    parts = (digits[:4], digits[4:6], digits[6:])
    return "-".join(part for part in parts if part.strip("0"))


def ask(loaded: Loaded, queries: Iterable[Row]) -> list[Found]:
    """Look for each query, one after another."""
    found = []
    with loaded.store.reading() as session:
        search_keys.search(session, Person(first_name="Warm", last_name="Up"), kinds=[RecordKind.CLIENT])
        mates = remembered(session).home_mates
        for query in queries:
            person = person_of(query)
            began, cpu = time.perf_counter(), time.thread_time()
            look = search_keys.look(session, person, kinds=[RecordKind.CLIENT], limit=10)
            milliseconds, cpu = (time.perf_counter() - began) * 1000, (time.thread_time() - cpu) * 1000
            found.append(
                Found(
                    query=query,
                    truth=frozenset(part for part in query.get("truth", "").split("|") if part),
                    ids=[loaded.names[candidate.record_id] for candidate in look.candidates],
                    scores=[candidate.probability for candidate in look.candidates],
                    grades=[candidate.grade for candidate in look.candidates],
                    rests_on=[_basis(one, mates) for one in look.candidates],
                    milliseconds=milliseconds,
                    cpu=cpu,
                    rows_read=look.rows_read,
                    compared=look.compared,
                )
            )
    return found


def _basis(candidate: Candidate, home_mates: float) -> Basis:
    return basis({reason.field: reason.level for reason in candidate.reasons}, home_mates)


# Figures


@dataclass(frozen=True)
class Figures:
    """What is printed of a set of queries."""

    queries: int
    recall_1: float
    recall_5: float
    reciprocal: float
    best_f1: float
    best_at: float
    f1: float
    false_alarms: float
    very_likely_right: float


def figures(found: Sequence[Found]) -> Figures:
    """Recall, F1 over pairs, false alarms and how often *very likely* is right. NaN where there is nothing to count."""
    on_file = [each for each in found if each.truth]
    absent = [each for each in found if not each.truth]
    best, at = _best_f1(found)
    sure = [id_ in each.truth for each in found for id_, grade in _graded(each) if grade is Grade.VERY_LIKELY]
    return Figures(
        queries=len(found),
        recall_1=_share(each.rank == 1 for each in on_file),
        recall_5=_share(1 <= each.rank <= 5 for each in on_file),
        reciprocal=_mean([1 / each.rank if each.rank else 0.0 for each in on_file]),
        best_f1=best,
        best_at=at,
        f1=_f1(found, LIKELY),
        false_alarms=_share(any(grade is not Grade.POSSIBLE for grade in each.grades) for each in absent),
        very_likely_right=_share(sure),
    )


def _graded(found: Found) -> list[tuple[str, Grade]]:
    return list(zip(found.ids, found.grades, strict=True))


def _share(cases: Iterable[bool]) -> float:
    return _mean([float(case) for case in cases])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _f1(found: Sequence[Found], threshold: float) -> float:
    right = sum(
        s >= threshold and i in each.truth for each in found for i, s in zip(each.ids, each.scores, strict=True)
    )
    said = sum(score >= threshold for each in found for score in each.scores)
    true = sum(len(each.truth) for each in found)
    return 2 * right / (said + true) if said + true else float("nan")


def _best_f1(found: Sequence[Found]) -> tuple[float, float]:
    pairs = [(s, i in each.truth) for each in found for i, s in zip(each.ids, each.scores, strict=True)]
    pairs.sort(reverse=True)
    true = sum(len(each.truth) for each in found)
    best, at, right = 0.0, 1.0, 0
    for said, (score, is_right) in enumerate(pairs, 1):
        right += is_right
        last_of_equals = said == len(pairs) or pairs[said][0] < score
        if last_of_equals and 2 * right / (said + true) > best:
            best, at = 2 * right / (said + true), score
    return best, at


def calibration(found: Sequence[Found]) -> list[tuple[int, float, float]]:
    """For each tenth of stated probability: how many, stated on average, observed."""
    tenths: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for each in found:
        for id_, score in zip(each.ids, each.scores, strict=True):
            tenths[min(int(score * 10), 9)].append((score, id_ in each.truth))
    return [
        (len(pairs), _mean([score for score, _ in pairs]), _share(right for _, right in pairs))
        for _, pairs in sorted(tenths.items())
    ]


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else float("nan")


# Beside it


def floor(loaded: Loaded) -> float:
    """Milliseconds of one indexed read through the same session: the physical floor."""
    with loaded.store.reading() as session:
        keys = session.scalars(text("SELECT key FROM search_key LIMIT 300")).all()
        one = text("SELECT number FROM search_key WHERE key = :key")
        took = []
        for key in keys:
            began = time.perf_counter()
            session.execute(one, {"key": key}).all()
            took.append((time.perf_counter() - began) * 1000)
    return quantile(took, 0.5)


def brute_force(store: Iterable[Row], queries: Sequence[Row]) -> float:
    """Milliseconds of one rapidfuzz scan (token_sort_ratio) over the names and dates of birth of everybody."""
    everybody = [_line(row) for row in store]
    took = []
    for query in queries[:20]:
        began = time.perf_counter()
        process.extract(_line(query), everybody, scorer=fuzz.token_sort_ratio, limit=10)
        took.append((time.perf_counter() - began) * 1000)
    return quantile(took, 0.5)


def _line(row: Row) -> str:
    return " ".join(row.get(part, "") for part in ("first_name", "middle_name", "last_name", "dob")).lower()


def bytes_of_keys(loaded: Loaded) -> tuple[float, float]:
    """Bytes a client of the keys themselves, and of the folded copies beside them; NaN where it cannot be told."""
    tables = ("search_key", "search_person")
    with loaded.store.reading() as session:
        if loaded.store.is_sqlite:
            one = text(
                "SELECT sum(pgsize) FROM dbstat WHERE name IN "
                "(SELECT name FROM sqlite_master WHERE tbl_name = :name) OR name = :name"
            )
        else:
            one = text("SELECT pg_total_relation_size(CAST(:name AS regclass))")
        try:
            sizes = [float(session.scalar(one, {"name": name}) or 0) for name in tables]
        except Refused:
            sizes = [float("nan")] * 2
    return sizes[0] / len(loaded.names), sizes[1] / len(loaded.names)


def writing(loaded: Loaded, person: Person, rounds: int = 30) -> tuple[float, float]:
    """Milliseconds to commit one client's keys, and a bare commit of as many rows, medians; all is taken out again.

    The bare rows are written as fast as the database takes them: on PostgreSQL in one statement.
    """
    keyed, bare = [], []
    with loaded.store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE bench_bare (key BIGINT, number BIGINT, PRIMARY KEY (key, number))"))
    count = len(keys_of(RecordKind.CLIENT, pack(person))) + len(list(words_of(RecordKind.CLIENT, pack(person)))) + 1
    each_row = text("INSERT INTO bench_bare (key, number) VALUES (:key, :number)")
    all_rows = text("INSERT INTO bench_bare (key, number) SELECT unnest(CAST(:keys AS bigint[])), :number")
    for place in range(rounds):
        record_id = uuid4()
        began = time.perf_counter()
        with loaded.store.writing() as session:
            search_keys.write_keys(session, RecordKind.CLIENT, record_id, person)
        keyed.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        with loaded.store.writing() as session:
            keys = [getrandbits(62) for _ in range(count)]
            if loaded.store.is_sqlite:
                session.execute(each_row, [{"key": key, "number": place} for key in keys])
            else:
                session.execute(all_rows, {"keys": keys, "number": place})
        bare.append((time.perf_counter() - began) * 1000)
        with loaded.store.writing() as session:
            search_keys.remove_keys(session, RecordKind.CLIENT, record_id)
    with loaded.store.engine.begin() as connection:
        connection.execute(text("DROP TABLE bench_bare"))
    return quantile(keyed, 0.5), quantile(bare, 0.5)


# On paper


def report(found: Sequence[Found], loaded: Loaded, store: Iterable[Row]) -> None:
    """Print everything."""
    whole = figures(found)
    print(f"clients {len(loaded.names):,}   queries {len(found):,}   on file {sum(bool(f.truth) for f in found):,}")
    if loaded.seconds:
        per_second, per_cpu = len(loaded.names) / loaded.seconds, len(loaded.names) / loaded.cpu
        print(
            f"loaded in {loaded.seconds:.1f} s, reading the file left out: "
            f"{per_second:,.0f} clients a second, {per_cpu:,.0f} a second of CPU"
        )
    print()
    print(f"recall at 1            {whole.recall_1:.4f}")
    print(f"recall at 5            {whole.recall_5:.4f}")
    print(f"mean reciprocal rank   {whole.reciprocal:.4f}")
    print(f"best F1                {whole.best_f1:.4f} at {whole.best_at:.3f}")
    print(f"F1 as shipped          {whole.f1:.4f} at {LIKELY:.3f}")
    print(f"false alarms           {whole.false_alarms:.4f} of the queries of nobody on file")
    print(f"very likely and right  {whole.very_likely_right:.4f}\n")
    print("stated   observed  pairs")
    for pairs, stated, observed in calibration(found):
        print(f"{stated:.3f}    {observed:.3f}     {pairs}")
    took = [each.milliseconds for each in found]
    print(
        f"\nmilliseconds a search   p50 {quantile(took, 0.5):.2f}   p95 {quantile(took, 0.95):.2f}   "
        f"p99 {quantile(took, 0.99):.2f}"
    )
    cpu = [each.cpu for each in found]
    print(
        f"of CPU, this thread     p50 {quantile(cpu, 0.5):.2f}   p95 {quantile(cpu, 0.95):.2f}   "
        f"p99 {quantile(cpu, 0.99):.2f}"
    )
    read, compared = [each.rows_read for each in found], [each.compared for each in found]
    print(f"rows of keys read       p50 {quantile(read, 0.5)}   p95 {quantile(read, 0.95)}")
    print(f"people compared         p50 {quantile(compared, 0.5)}   p95 {quantile(compared, 0.95)}")
    print(f"one indexed read        {floor(loaded):.3f} ms")
    print(f"rapidfuzz over everyone {brute_force(store, [each.query for each in found]):.2f} ms")
    keys, copies = bytes_of_keys(loaded)
    print(f"kept a client           {keys:.0f} bytes of keys, {copies:.0f} of folded copies")
    keyed, bare = writing(loaded, person_of(found[0].query))
    print(
        f"writing one's keys      {keyed:.2f} ms, a bare commit of as many rows {bare:.2f} ms: {keyed / bare:.2f} times"
    )
    by_case(found)


def by_case(found: Sequence[Found]) -> None:
    """Print the figures of each case, where the queries name one."""
    cases: dict[str, list[Found]] = defaultdict(list)
    for each in found:
        if each.query.get("case"):
            cases[each.query["case"]].append(each)
    if cases:
        print(f"\n{'case':40} queries  at 1   at 5   best F1  F1     false alarms")
    for case, those in sorted(cases.items()):
        of_case = figures(those)
        print(
            f"{case:40} {of_case.queries:7} {of_case.recall_1:6.3f} {of_case.recall_5:6.3f} {of_case.best_f1:7.3f} "
            f"{of_case.f1:7.3f} {of_case.false_alarms:7.3f}"
        )


def save(found: Sequence[Found], path: Path) -> None:
    """Write one line for each query and candidate."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["query_id", "rank", "client_id", "score", "grade"])
        for each in found:
            for place, (id_, score, grade) in enumerate(zip(each.ids, each.scores, each.grades, strict=True), 1):
                writer.writerow([each.query.get("id", ""), place, id_, f"{score:.6f}", grade.value])


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--database", help="address of an empty database; an SQLite file of its own otherwise")
    parser.add_argument("--filled", action="store_true", help="the database was filled from STORE by an earlier run")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    loaded = reopened(asked.store, asked.database) if asked.filled else load(asked.store, asked.database)
    found = ask(loaded, rows(asked.queries))
    if asked.out:
        save(found, asked.out)
    report(found, loaded, lines(asked.store))
    # Here, because it is built on this module.
    from benchmarks.oracle import oracle

    best = oracle(found, asked.store)
    print(f"\nan oracle that knows the answers: recall at 1 {best.recall_1:.4f}, false alarms {best.false_alarms:.4f}")
    loaded.close()


if __name__ == "__main__":
    main()
