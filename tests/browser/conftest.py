"""Browser tests share one Chromium and one demo, which none of them may spoil for another."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.demo import DemoDesk, demo_desk
from tests.browser.running import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The real Chromium. Where it is missing the test fails."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoDesk]:
    """The demo, running."""
    with demo_desk(tmp_path_factory.mktemp("demo")) as running:
        yield running
