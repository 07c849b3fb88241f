"""How many may be connected at once: strangers few per address, people as many tabs as they need."""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager

STRANGERS_PER_ADDRESS = 20
STRANGERS_IN_ALL = 150
TABS_PER_SESSION = 20
NEW_STRANGERS_PER_MINUTE = 60
"""Per address: each connection makes a session that Streamlit keeps for a minute."""
KNOCKS_PER_MINUTE = 30
"""Per address: each makes the desk ask the center's identity provider."""
MOST_NEIGHBOURHOODS = 10_000


class TooMany(Exception):
    """The address, the site or the session has all the connections it may have."""


class Crowd:
    """Counts connections. Used from one event loop only, so without a lock."""

    def __init__(self) -> None:
        self._strangers: Counter[str] = Counter()
        self._tabs: Counter[str] = Counter()
        self._arrivals: defaultdict[str, deque[float]] = defaultdict(deque)
        self._knocks: defaultdict[str, deque[float]] = defaultdict(deque)

    @contextmanager
    def stranger(self, neighbourhood: str) -> Iterator[None]:
        """Count a connection without a session while it lasts; refuses one too many."""
        if len(self._arrivals) > MOST_NEIGHBOURHOODS:
            self._arrivals.clear()
        if self._strangers[neighbourhood] >= STRANGERS_PER_ADDRESS or self._strangers.total() >= STRANGERS_IN_ALL:
            raise TooMany
        _note(self._arrivals[neighbourhood], NEW_STRANGERS_PER_MINUTE)
        with _counted(self._strangers, neighbourhood):
            yield

    @contextmanager
    def tab(self, session: str) -> Iterator[None]:
        """Count a tab of a session while it lasts; refuses one too many."""
        if self._tabs[session] >= TABS_PER_SESSION:
            raise TooMany
        with _counted(self._tabs, session):
            yield

    def knock(self, neighbourhood: str) -> None:
        """Count a request that makes the desk ask the identity provider; refuses one too many in a minute."""
        if len(self._knocks) > MOST_NEIGHBOURHOODS:
            self._knocks.clear()
        _note(self._knocks[neighbourhood], KNOCKS_PER_MINUTE)


def _note(moments: deque[float], most: int) -> None:
    """Note this moment among those of the last minute; refuses one too many."""
    now = time.monotonic()
    while moments and moments[0] < now - 60:
        moments.popleft()
    if len(moments) >= most:
        raise TooMany
    moments.append(now)


@contextmanager
def _counted(counter: Counter[str], name: str) -> Iterator[None]:
    counter[name] += 1
    try:
        yield
    finally:
        counter[name] -= 1
        if counter[name] <= 0:
            del counter[name]
