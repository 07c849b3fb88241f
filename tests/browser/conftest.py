"""Browser tests share one demo, which none of them may spoil for another."""

from collections.abc import Iterator

import pytest

from tests.browser.demo import DemoDesk, demo_desk


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoDesk]:
    """The demo, running."""
    with demo_desk(tmp_path_factory.mktemp("demo")) as running:
        yield running
