"""The line of one process's writers: one at a time, first come, first served."""

from collections import deque
from threading import Lock


class WritersLine:
    """A lock that is handed to whoever has waited longest, and to nobody who comes later.

    A plain lock lets in whoever asks at the right moment, most often the thread that has just let go: under many
    writers some would wait for seconds. Who has waited for as long as they have patience steps out again.
    """

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    @property
    def waiting(self) -> int:
        """How many stand in line behind the one whose turn it is."""
        return len(self._waiting)

    def wait_for_turn(self) -> bool:
        """Stand in line until it is this thread's turn; False if that took too long."""
        turn = Lock()
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn.acquire()
            self._waiting.append(turn)
        try:
            called = turn.acquire(timeout=self.patience)
        except BaseException:
            if not self._stepped_out(turn):
                self.end_turn()
            raise
        # A turn that was handed over at the very moment of giving up is taken.
        return called or not self._stepped_out(turn)

    def end_turn(self) -> None:
        """Hand the turn to the next in line: it is theirs before anybody else can ask."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _stepped_out(self, turn: Lock) -> bool:
        """Leave the line; False if the turn was handed over already."""
        with self._guard:
            if turn not in self._waiting:
                return False
            self._waiting.remove(turn)
            return True
