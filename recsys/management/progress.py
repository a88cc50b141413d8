"""Progress of long work: a bar on a terminal, a log line for each finished step otherwise."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from recsys.core.recommender import Progress

logger = logging.getLogger(__name__)

_WIDTH = 30


@contextmanager
def show_progress(stream: IO[str]) -> Iterator[Progress]:
    """Give a `progress(step, done, total)` that draws on `stream` if that is a terminal, and logs if it is not."""
    if not stream.isatty():
        yield _log
        return
    unfinished = False

    def draw(step: str, done: int, total: int) -> None:
        nonlocal unfinished
        filled = _WIDTH * done // max(total, 1)
        unfinished = done < total
        end = "" if unfinished else "\n"
        stream.write(f"\r{step:<14} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total}{end}")
        stream.flush()

    try:
        yield draw
    finally:
        if unfinished:  # a refusal must not be written behind the bar
            stream.write("\n")


def _log(step: str, done: int, total: int) -> None:
    if done >= total:
        logger.info("progress.step step=%s done=%s", step, done)
