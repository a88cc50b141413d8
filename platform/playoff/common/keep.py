"""Keep processes running that another program started: `python -m playoff.common.keep DESCRIPTION`.

`manage.py demo` becomes this when all is set up: it has nothing more to do than to watch, and Django takes a hundred
MiB. Who calls blocks the signals that end us; they are let in once there is somebody to answer them.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from playoff.common.processes import Process, stop_all, watch

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def become_keeper(processes: Sequence[Process]) -> NoReturn:
    """Replace this program; its children stay its children."""
    described = [
        {
            "name": process.name,
            "command": list(process.command),
            "log": str(process.log) if process.log else None,
            "environment": dict(process.environment),
            "heartbeat": str(process.heartbeat) if process.heartbeat else None,
            "pid": process.pid,
            "starts": process.starts,
        }
        for process in processes
    ]
    platform = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [platform, os.environ.get("PYTHONPATH", "")]))
    sys.stdout.flush()
    sys.stderr.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    os.execve(
        sys.executable,
        [sys.executable, "-m", "playoff.common.keep", json.dumps(described)],
        {**os.environ, "PYTHONPATH": path},
    )


def main(arguments: Sequence[str]) -> int:
    processes = [_restored(row) for row in json.loads(arguments[0])]
    asked: list[int] = []
    for number in ENDING:
        signal.signal(number, lambda number, _frame: asked.append(number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    failed = None
    try:
        failed = watch(processes, stopped=lambda: bool(asked))
    finally:
        sys.stdout.write("\nStopping …\n")
        sys.stdout.flush()
        stop_all(processes)
    if failed:
        log = next(process.log for process in processes if process.name == failed)
        sys.stderr.write(f"The {failed} process does not stay up; its log is {log}.\n")
        return 1
    sys.stdout.write("Stopped.\n")
    return 0


def _restored(row: dict[str, Any]) -> Process:
    log, heartbeat = (Path(row[name]) if row[name] else None for name in ("log", "heartbeat"))
    process = Process(row["name"], row["command"], log, row["environment"], heartbeat)
    process.adopt(row["pid"], starts=row["starts"])
    return process


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
