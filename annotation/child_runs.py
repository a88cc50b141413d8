"""Long work of a task, in a child process at low priority that no task waits for.

Learning takes seconds of a whole core, or hours. The embedded worker is a single process that makes playlists as well,
for people who wait: it must not stand still that long, nor keep the memory, nor hand a device on over a fork.
"""

import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings

logger = logging.getLogger(__name__)


@dataclass
class Child:
    """A `manage.py` command that runs; `key` says what it works on."""

    key: str
    process: subprocess.Popen[bytes]
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


@dataclass(frozen=True, slots=True)
class Ended:
    """A child that is over: its exit status, negative if a signal ended it."""

    key: str
    code: int
    seconds: float


class Children:
    """The children of this process that run one command, at most one for each key."""

    def __init__(self, command: str) -> None:
        self.command = command
        self.running: dict[str, Child] = {}

    def start(self, key: str) -> None:
        """Start a child unless this process has one for the key; those of other processes a lock must keep out."""
        if key in self.running:
            return
        command = [sys.executable, str(settings.ROOT / "manage.py"), self.command, key, "--low-priority"]
        self.running[key] = Child(key, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
        logger.info("%s.started key=%s pid=%d", self.command, key, self.running[key].process.pid)

    def tend(self, *, most_s: float | None = None) -> Iterator[Ended]:
        """Forget the children that are over, end those that ran for `most_s`, and give each of them."""
        for child in list(self.running.values()):
            code = child.process.poll()
            if code is None and (most_s is None or child.seconds < most_s):
                continue
            if code is None:
                child.process.kill()
                code = child.process.wait()
            del self.running[child.key]
            yield Ended(child.key, code, child.seconds)
