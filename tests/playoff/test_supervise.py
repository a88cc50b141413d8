"""The supervisor, on real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.child_processes import NOTE, is_alive, noted

ROOT = Path(__file__).resolve().parents[2]


def supervise(*arguments: str, stale_s: float = 90) -> subprocess.Popen[bytes]:
    program = "import sys\nfrom playoff.common import processes, supervise\n"
    program += f"processes.STALE_S = {stale_s}\nsys.exit(supervise.main(sys.argv[1:]))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform"), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen([sys.executable, "-c", program, *arguments], env=environment, stderr=subprocess.DEVNULL)


@pytest.fixture
def notes(tmp_path) -> Path:
    return tmp_path / "notes"


def test_what_is_killed_is_started_again_and_a_signal_ends_all(notes):
    supervisor = supervise(sys.executable, "-c", NOTE, str(notes))
    try:
        (first,) = noted(notes, at_least=1)
        os.kill(first, signal.SIGKILL)
        first, second = noted(notes, at_least=2)
        assert not is_alive(first) and is_alive(second)
        supervisor.terminate()
        assert supervisor.wait(timeout=20) == 0
        assert not is_alive(second)
    finally:
        supervisor.kill()


def test_what_hangs_is_started_again(notes, tmp_path):
    supervisor = supervise("--heartbeat", str(tmp_path / "beat"), sys.executable, "-c", NOTE, str(notes), stale_s=1)
    try:
        first, second, *_ = noted(notes, at_least=2)
        assert not is_alive(first) and first != second
    finally:
        supervisor.terminate()
        supervisor.wait(timeout=20)


def test_a_heartbeat_keeps_it_alive(notes, tmp_path):
    beat = tmp_path / "beat"
    supervisor = supervise("--heartbeat", str(beat), sys.executable, "-c", NOTE, str(notes), stale_s=1)
    try:
        noted(notes, at_least=1)
        for _ in range(20):
            beat.touch()
            time.sleep(0.1)
        assert len(noted(notes, at_least=1)) == 1
    finally:
        supervisor.terminate()
        supervisor.wait(timeout=20)
