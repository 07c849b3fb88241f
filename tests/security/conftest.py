"""One running desk for all tests that attack it from outside."""

from collections.abc import Iterator

import pytest

from tests.security.desk import Browser, Inhabited, inhabited_desk


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inhabited]:
    """A desk with its cast, started once. Tests leave it as they found it."""
    with inhabited_desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture
def stranger(desk: Inhabited) -> Browser:
    """A browser without a session."""
    return Browser(desk.host)
