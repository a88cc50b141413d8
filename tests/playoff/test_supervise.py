"""The supervisor, on real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# notes its process id, starts a child that notes its own, and sleeps
COMMAND = "import os, subprocess, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"


def supervise(*arguments: str, stale_s: float = 90) -> subprocess.Popen[bytes]:
    program = "import sys\nfrom playoff.common import processes, supervise\n"
    program += f"processes.STALE_S = {stale_s}\nsys.exit(supervise.main(sys.argv[1:]))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform"), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen([sys.executable, "-c", program, *arguments], env=environment, stderr=subprocess.DEVNULL)


def starts(notes: Path, *, at_least: int) -> list[int]:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = [int(line) for line in notes.read_text().split()] if notes.exists() else []
        if len(found) >= at_least:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not started {at_least} times")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def notes(tmp_path) -> Path:
    return tmp_path / "notes"


def test_what_is_killed_is_started_again_and_a_signal_ends_all(notes):
    supervisor = supervise(sys.executable, "-c", COMMAND, str(notes))
    try:
        (first,) = starts(notes, at_least=1)
        os.kill(first, signal.SIGKILL)
        first, second = starts(notes, at_least=2)
        assert not is_alive(first) and is_alive(second)
        supervisor.terminate()
        assert supervisor.wait(timeout=20) == 0
        assert not is_alive(second)
    finally:
        supervisor.kill()


def test_what_hangs_is_started_again(notes, tmp_path):
    supervisor = supervise("--heartbeat", str(tmp_path / "beat"), sys.executable, "-c", COMMAND, str(notes), stale_s=1)
    try:
        first, second, *_ = starts(notes, at_least=2)
        assert not is_alive(first) and first != second
    finally:
        supervisor.terminate()
        supervisor.wait(timeout=20)


def test_a_heartbeat_keeps_it_alive(notes, tmp_path):
    beat = tmp_path / "beat"
    supervisor = supervise("--heartbeat", str(beat), sys.executable, "-c", COMMAND, str(notes), stale_s=1)
    try:
        starts(notes, at_least=1)
        for _ in range(20):
            beat.touch()
            time.sleep(0.1)
        assert len(starts(notes, at_least=1)) == 1
    finally:
        supervisor.terminate()
        supervisor.wait(timeout=20)
