"""Writers of one SQLite file take turns in the order in which they came.

SQLite lets one transaction write at a time, and whoever finds it busy sleeps and tries again, up to a tenth of a second
each time, in no order: with eight people labelling at once, somebody waits for seconds while others are served again
and again. Standing in a queue costs nothing and bounds the wait. Any other database needs no queue, and has none here.
"""

import fcntl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

LOCK_FILE = "write-turns.lock"


class _Queue:
    """A lock that is handed over in the order of arrival, which `threading.Lock` does not promise."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def __enter__(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()  # the lock stays taken, by the next
            else:
                self._taken = False


_here = _Queue()
_mine = threading.local()


@contextmanager
def writing_turn() -> Iterator[None]:
    """Wait for one's turn to write; put it around the transaction, not into it.

    Threads of this process queue among themselves, and the first of them with the first of every other process. Who
    has the turn already keeps it. Inside a transaction that has begun the turn is there, or is nobody's.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block or getattr(_mine, "turn", False):
        yield
        return
    with _here, (Path(settings.HOME) / LOCK_FILE).open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # closing the file, or dying, lets it go
        _mine.turn = True
        try:
            yield
        finally:
            _mine.turn = False
