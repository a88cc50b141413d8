"""A program that becomes the keeper of what it started, on real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.child_processes import NOTE, is_alive, noted

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = f"""
import sys
from pathlib import Path
from playoff.common.keep import become_keeper
from playoff.common.processes import Process

home = Path(sys.argv[1])
processes = [
    Process(name, [sys.executable, "-c", {NOTE!r}, str(home / name)], home / (name + ".log"), {{"WHO": name}})
    for name in ("web", "worker")
]
for process in processes:
    process.start()
become_keeper(processes)
"""


@pytest.fixture
def keeper(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    yield process
    process.kill()
    process.communicate()


def is_keeper(process: subprocess.Popen[bytes]) -> bool:
    return b"playoff.common.keep" in Path(f"/proc/{process.pid}/cmdline").read_bytes()


def test_it_starts_again_what_dies_and_ends_all(keeper, tmp_path):
    (web,) = noted(tmp_path / "web", at_least=1)
    (first,) = noted(tmp_path / "worker", at_least=1)
    end = time.monotonic() + 20
    while not is_keeper(keeper) and time.monotonic() < end:
        time.sleep(0.02)
    os.kill(first, signal.SIGKILL)
    first, second = noted(tmp_path / "worker", at_least=2)
    assert not is_alive(first)
    assert is_alive(second)
    assert is_alive(web)
    keeper.send_signal(signal.SIGINT)
    out, _ = keeper.communicate(timeout=30)
    assert keeper.returncode == 0
    assert out.decode().split() == ["Stopping", "…", "Stopped."]
    assert not any(map(is_alive, (web, second)))


def test_a_signal_that_comes_while_it_changes_is_not_lost(keeper, tmp_path):
    (web,) = noted(tmp_path / "web", at_least=1)
    (worker,) = noted(tmp_path / "worker", at_least=1)
    end = time.monotonic() + 20
    while not is_keeper(keeper) and time.monotonic() < end:
        time.sleep(0.001)
    keeper.send_signal(signal.SIGTERM)  # the interpreter is only just starting
    assert keeper.wait(timeout=30) == 0
    assert not any(map(is_alive, (web, worker)))


def test_what_will_not_stay_up_is_named(tmp_path):
    program = PROGRAM.replace("time.sleep(60)", "sys.exit(3)")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "process does not stay up; its log is" in done.stderr


def test_the_keeper_is_light():
    """Neither Django nor Celery: that is what it is for."""
    code = "import playoff.common.keep, playoff.common.supervise, sys; print({'django', 'celery'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
