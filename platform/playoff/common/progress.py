"""Progress of long work: a bar on a terminal, a log line for each finished step, and now and then, otherwise."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

logger = logging.getLogger(__name__)

_WIDTH = 30
_EVERY_S = 5.0

Progress = Callable[[str, int, int], None]
"""Called as `progress(step, done, total)` during long work."""


@contextmanager
def show_progress(stream: IO[str]) -> Iterator[Progress]:
    """Give a `Progress` that draws on `stream` if that is a terminal, and logs if it is not."""
    if not stream.isatty():
        yield _lines()
        return
    unfinished = False

    def draw(step: str, done: int, total: int) -> None:
        nonlocal unfinished
        filled = _WIDTH * done // max(total, 1)
        unfinished = done < total
        end = "" if unfinished else "\n"
        stream.write(f"\r{step:<22} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total}{end}")
        stream.flush()

    try:
        yield draw
    finally:
        if unfinished:  # a refusal must not be written behind the bar
            stream.write("\n")


def _lines() -> Progress:
    last = time.monotonic()

    def report(step: str, done: int, total: int) -> None:
        nonlocal last
        if done >= total or time.monotonic() - last >= _EVERY_S:
            last = time.monotonic()
            logger.info("progress.step step=%s done=%d total=%d", step.replace(" ", "-"), done, total)

    return report
