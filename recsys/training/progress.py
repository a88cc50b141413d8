"""How long work tells how far it is."""

import logging
import time
from typing import TextIO

from recsys.core.recommender import Progress

logger = logging.getLogger(__name__)
_WIDTH = 30
_EVERY_S = 5.0


def shown_on(stream: TextIO) -> Progress:
    """Return a bar that moves on a terminal, and elsewhere a log line at each step's end and every few seconds."""
    return _bar(stream) if stream.isatty() else _lines()


def _bar(stream: TextIO) -> Progress:
    def report(step: str, done: int, total: int) -> None:
        filled = _WIDTH * done // max(total, 1)
        stream.write(f"\r{step:<22} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total}")
        if done >= total:
            stream.write("\n")
        stream.flush()

    return report


def _lines() -> Progress:
    last = time.monotonic()

    def report(step: str, done: int, total: int) -> None:
        nonlocal last
        if done >= total or time.monotonic() - last >= _EVERY_S:
            last = time.monotonic()
            logger.info("training.progress step=%s done=%d total=%d", step.replace(" ", "-"), done, total)

    return report
