"""Progress of long work: a bar on a terminal, a log line for each finished step otherwise."""

import logging
from typing import IO

from annotation.classifier.prediction import Progress

logger = logging.getLogger(__name__)

_WIDTH = 30


def show_progress(stream: IO[str]) -> Progress:
    """Return a `progress(step, done, total)` that writes to `stream` if that is a terminal, and logs if not."""
    return _bar(stream) if stream.isatty() else _log


def _bar(stream: IO[str]) -> Progress:
    def show(step: str, done: int, total: int) -> None:
        filled = _WIDTH * done // max(total, 1)
        end = "\n" if done >= total else ""
        stream.write(f"\r{step:<14} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total}{end}")
        stream.flush()

    return show


def _log(step: str, done: int, total: int) -> None:
    if done >= total:
        logger.info("progress.step step=%s done=%s", step, done)
