"""Watching processes, on real ones."""

import sys
import time

import pytest

from playoff.common import processes
from playoff.common.processes import Process, stop_all, watch

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def sleeper(tmp_path):
    process = Process("worker", SLEEP, tmp_path / "log", {}, heartbeat=tmp_path / "beat")
    yield process
    stop_all([process], grace_s=0)


def test_what_hangs_is_started_again(sleeper, monkeypatch):
    """Alive, and its heartbeat untouched: it does nothing any more."""
    monkeypatch.setattr(processes, "STALE_S", 0.5)
    sleeper.start()
    first = sleeper.pid
    assert watch([sleeper], stopped=lambda: sleeper.starts > 1) is None
    assert sleeper.pid != first
    assert sleeper.alive


def test_a_heartbeat_keeps_it_alive(sleeper, monkeypatch):
    monkeypatch.setattr(processes, "STALE_S", 1.0)
    sleeper.start()
    end = time.monotonic() + 2.5

    def beat() -> bool:
        sleeper.heartbeat.touch()
        return time.monotonic() > end

    watch([sleeper], stopped=beat)
    assert sleeper.starts == 1


def test_what_has_stayed_up_may_die_again_later(sleeper, monkeypatch):
    """Five restarts in a row are a fault; five in a month are not."""
    monkeypatch.setattr(processes, "SETTLED_S", 0.0)
    sleeper.start()
    sleeper.starts = 5
    looks = iter(range(3))
    watch([sleeper], stopped=lambda: next(looks) == 2)
    assert sleeper.starts == 1


def test_what_will_not_stay_up_is_named(tmp_path):
    process = Process("web", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "log", {})
    process.start()
    assert watch([process], stopped=lambda: False, most_restarts=1) == "web"
