"""Train a queued run of a classifier; what a worker does with it, for those who have no worker."""

import faulthandler
import os
import sys
from argparse import ArgumentParser
from typing import Any

from annotation.models import ClassifierRun
from annotation.services.classifier_training import execute_run
from playoff.common.commands import PlayoffCommand, whole_number
from playoff.common.progress import show_progress

NICENESS = 5
SILENT_S = 3_600
"""A training that reports nothing for so long hangs. Its process ends itself, and the clock starts it again."""


class Command(PlayoffCommand):
    help = "Train a classifier that was asked for on a page and waits; safe to run twice, one of them does the work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", metavar="RUN", type=whole_number(at_least=1), help="its number")
        parser.add_argument("--low-priority", action="store_true", help="leave the processor to everybody else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["low_priority"]:
            os.nice(NICENESS)
        with show_progress(sys.stderr) as show:

            def progress(step: str, done: int, total: int) -> None:
                self._stay_awake()
                show(step, done, total)

            try:
                self._stay_awake()
                run = execute_run(run_id=options["run"], progress=progress)
            finally:
                faulthandler.cancel_dump_traceback_later()
        self.stdout.write(f"Run {run.pk}, {run.name}: {_said(run)}")

    def _stay_awake(self) -> None:
        """Put the alarm off; it needs no turn of the interpreter, which a library that hangs would not give."""
        faulthandler.dump_traceback_later(SILENT_S, exit=True, file=2)


def _said(run: ClassifierRun) -> str:
    if run.state == ClassifierRun.State.FINISHED:
        return f"finished, {run.directory}"
    return f"{run.state}. {run.message}".strip(". ") + "."
