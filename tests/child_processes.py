"""What tests of supervisors ask of real processes."""

import os
import time
from pathlib import Path

NOTE = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
"""A program that adds its process id to the file it is told, and sleeps."""


def noted(notes: Path, *, at_least: int) -> list[int]:
    """The process ids in a file of notes, once there are enough of them."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = [int(line) for line in notes.read_text().split()] if notes.exists() else []
        if len(found) >= at_least:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{notes.name} was not started {at_least} times")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
