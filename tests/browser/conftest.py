"""Browser tests share one Chromium; each file starts the desk it needs."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.running import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The real Chromium. Where it is missing the test fails."""
    with chromium() as opened:
        yield opened
