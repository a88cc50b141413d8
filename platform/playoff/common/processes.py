"""Start processes, watch them, and stop everything that was started."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

STALE_S = 90.0  # above the hard limit of a task, with room for loading models
SETTLED_S = 60.0  # who has run for so long stays up; an end after that is a new story


class Child(Protocol):
    """What is asked of a running process; `subprocess.Popen` is one."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self) -> int: ...
    def send_signal(self, number: int) -> None: ...


class _Adopted:
    """A child of this process id that another program, which this process was before, started."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        return self._look(os.WNOHANG)

    def wait(self) -> int:
        code = self._look(0)
        return 0 if code is None else code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def _look(self, how: int) -> int | None:
        if self._code is None:
            try:
                pid, status = os.waitpid(self.pid, how)
            except ChildProcessError:
                self._code = 0  # somebody has waited for it
            else:
                self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code


@dataclass
class Process:
    """A process of our own, in a session of its own, so that a Ctrl-C reaches it only through us.

    Without a log it writes where we write. One with a heartbeat, a file that it touches as long as it works, is taken
    for hung once the file has not been touched for `STALE_S`.
    """

    name: str
    command: Sequence[str]
    log: Path | None
    environment: Mapping[str, str]
    heartbeat: Path | None = None
    popen: Child | None = field(default=None, init=False)
    starts: int = field(default=0, init=False)
    started: float = field(default=0.0, init=False)

    def start(self) -> None:
        with self._output() as output:
            self.popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )
        self.starts += 1
        self.started = time.time()

    def _output(self) -> AbstractContextManager[IO[bytes] | None]:
        if self.log is None:
            return nullcontext()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        return self.log.open("ab")

    def adopt(self, pid: int | None, *, starts: int) -> None:
        """Take over a child that this process started before it became another program."""
        self.starts, self.started = starts, time.time()
        if pid is not None:
            self.popen = _Adopted(pid)

    @property
    def pid(self) -> int | None:
        return self.popen.pid if self.popen is not None else None

    @property
    def alive(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    @property
    def hung(self) -> bool:
        if self.heartbeat is None:
            return False
        return time.time() - max(self.started, _touched(self.heartbeat)) > STALE_S

    def signal(self, number: int) -> None:
        """Signal the process and all it started."""
        if self.popen is not None:
            try:
                os.killpg(self.popen.pid, number)
            except ProcessLookupError:
                return


def stop_all(processes: Sequence[Process], *, grace_s: float = 15) -> None:
    """Ask every process to end, and end by force what has not after `grace_s`."""
    for process in processes:
        if process.alive and process.popen is not None:
            process.popen.send_signal(signal.SIGTERM)  # the parent ends its children in good order
    end = time.monotonic() + grace_s
    while any(process.alive for process in processes) and time.monotonic() < end:
        time.sleep(0.05)
    for process in processes:
        process.signal(signal.SIGKILL)  # whatever is left of its session
        if process.popen is not None:
            process.popen.wait()


def watch(processes: Sequence[Process], *, stopped: Callable[[], bool], most_restarts: int = 5) -> str | None:
    """Restart what dies or hangs, until told to stop; returns the name of a process that will not stay up, if any."""
    while not stopped():
        for process in processes:
            if process.alive and not process.hung:
                if time.time() - process.started > SETTLED_S:
                    process.starts = 1
                continue
            if process.starts > most_restarts:
                return process.name
            process.signal(signal.SIGKILL)
            process.start()
        time.sleep(0.3)
    return None


def _touched(heartbeat: Path) -> float:
    try:
        return heartbeat.stat().st_mtime
    except FileNotFoundError:
        return 0.0
