"""What every test stands on: two databases, no skips, and the long forms on demand."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser
from sqlalchemy import text

from actions import site
from actions.site import Site
from actions.work import Work
from db import migrations
from db import store as stores
from db.keys import Keys
from db.model import Base
from db.store import Store
from settings import read
from tests import compiled
from tests.browser.running import chromium
from tests.cast import Cast, Member, Sender, act, bring_in, send
from tests.postgres import Postgres, running_server

SLOWEST = ("tests/browser/", "tests/faults/test_races", "tests/security/test_", "tests/actions/test_statistics")
FILE_KEY = bytes(range(32))
SECRET = b"the-audit-key-of-the-test-center"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
blank_sqlite = pytest.mark.parametrize("blank_url", ["sqlite"], indirect=True)
blank_postgres = pytest.mark.parametrize("blank_url", ["postgres"], indirect=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long forms of slow proofs")
    parser.addoption("--encrypted", action="store_true", help="keep every SQLite file encrypted with SQLCipher")
    parser.addoption("--whole", action="store_true", help="fail when any test was deselected")


def pytest_configure(config: pytest.Config) -> None:
    """The short form draws the same examples each time, so that a change alone can break it; the long form looks on."""
    settings.register_profile("short", derandomize=True)
    settings.load_profile("default" if config.getoption("long") else "short")
    compiled.share()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slowest go first: nobody waits for one in the end. A long form has two hours, if it says no other time."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOWEST))
    for item in items if config.getoption("long") else []:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(7200))


_left_out: list[str] = []
_deselected: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped or hasattr(report, "wasxfail"):
        _left_out.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.skipped:
        _left_out.append(report.nodeid)


def pytest_deselected(items: list[pytest.Item]) -> None:
    if items and items[0].config.getoption("whole"):
        _deselected.extend(item.nodeid for item in items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Only the test workers see what was deselected; the run that started them must hear of it."""
    _left_out.extend(getattr(node, "workeroutput", {}).get("deselected", []))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["deselected"] = list(_deselected)
        return
    _left_out.extend(_deselected)
    if _left_out and session.exitstatus == 0:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _left_out:
        terminalreporter.section("left out: a skip, an expected failure or a deselected test fails the run", red=True)
        for nodeid in _left_out:
            terminalreporter.line(nodeid)


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Callable[..., int]:
    """How often a slow proof repeats itself: `rounds(short=50, long=300)`."""
    return lambda *, short, long: long if request.config.getoption("long") else short


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The real Chromium, one for each test worker: a second one could not be driven beside it. Where it is missing the
    test fails."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL server of this test worker. Fails, never skips, where it cannot start."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def file_key(request: pytest.FixtureRequest) -> bytes | None:
    """The key of every SQLite file in this run, or None where they are plain."""
    return FILE_KEY if request.config.getoption("encrypted") else None


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory, file_key: bytes | None) -> Path:
    """An SQLite file with every table and no row, to be copied."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    make_tables(f"sqlite:///{path}", file_key)
    return path


@pytest.fixture(scope="session")
def shared_database(postgres: Postgres) -> str:
    """A PostgreSQL database with every table, emptied after each test: cloning one takes ten times as long."""
    name = postgres.new_database()
    make_tables(postgres.url(name))
    return name


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database with every table: one SQLite, one PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "desk.db"
        shutil.copyfile(request.getfixturevalue("empty_file"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = request.getfixturevalue("shared_database")
    yield server.url(name)
    server.empty(name)


@pytest.fixture(params=["sqlite", "postgres"])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, once on each: for migrations, moves and restores."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.new_database()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def store(database_url: str, file_key: bytes | None, tmp_path: Path) -> Iterator[Store]:
    """The store of the process, empty, once on SQLite and once on PostgreSQL; its site lies in `tmp_path`."""
    opened = stores.use(Store(database_url, SECRET, file_key if database_url.startswith("sqlite") else None))
    settings = read({"DATA_DIR": str(tmp_path), "DATABASE_URL": database_url}, tmp_path / "settings.toml")
    site.use(Site(settings, Keys(SECRET, bytes(32), FILE_KEY), opened, new=False))
    yield opened
    opened.close()


@pytest.fixture
def cast(store: Store) -> Cast:
    """Olga, Lena, Peter, Irene, Sam and Ada at their center, on an otherwise empty store."""
    return bring_in(store)


@pytest.fixture
def olga(cast: Cast) -> Member:
    return cast.olga


@pytest.fixture
def lena(cast: Cast) -> Member:
    return cast.lena


@pytest.fixture
def peter(cast: Cast) -> Member:
    return cast.peter


@pytest.fixture
def irene(cast: Cast) -> Member:
    return cast.irene


@pytest.fixture
def sam(cast: Cast) -> Member:
    return cast.sam


@pytest.fixture
def ada(cast: Cast) -> Member:
    return cast.ada


@pytest.fixture
def as_() -> Callable[[Member], AbstractContextManager[Work]]:
    """Work as one of the cast: `with as_(irene) as work:`."""
    return act


@pytest.fixture
def sent_referral(cast: Cast) -> Sender:
    """Send a referral: `sent_referral(olga, child_first_name="Ana")` gives its id."""
    return send


def make_tables(url: str, key: bytes | None = None) -> None:
    """Every table of today, standing at the newest migration."""
    store = Store(url, SECRET, key)
    Base.metadata.create_all(store.engine)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": migrations.head()})
    store.close()
