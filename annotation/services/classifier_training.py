"""One run of a classifier, in whatever process calls: claimed, trained, and what came out noted."""

import logging
import os
import shutil
import socket
import time
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from annotation.classifier.artifacts import TrainingResult
from annotation.classifier.errors import ClassifierError
from annotation.classifier.scoring import TrainingStoppedError
from annotation.code_version import code_version
from annotation.models import ClassifierRun
from annotation.selectors.classifier_data import gold_examples
from annotation.services.classifier_runs import spec_of, workspace_of
from annotation.services.run_lock import Work, only_one
from annotation.services.training import train_classifier_into
from playoff.common.errors import PlayoffError
from playoff.common.progress import Progress
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)
EVERY_S = 1.0
"""Reports come by the hundred; the row hears of them so often, and the run of a wish to stop."""

State = ClassifierRun.State


class RunTakenError(PlayoffError):
    """The run is not there for the taking."""

    code = "run_taken"


class RunLostError(ClassifierError):
    """Somebody else has taken the run over; this process must write nothing any more."""


def execute_run(*, run_id: int, progress: Progress | None = None) -> ClassifierRun:
    """Train a queued run, and return it finished, stopped or failed.

    A run whose process died is queued again by the clock, and goes on from the checkpoints that are there.

    Raises:
        RunTakenError: It does not wait, or another process has it.
        DatabaseError: The database did not answer; the run is tried again.
    """
    with only_one(Work.CLASSIFIER, run_id) as alone:
        if not alone:
            raise RunTakenError(_("Run %(number)s is in the hands of another process.") % {"number": run_id})
        hold = _claim(run_id)
        try:
            result = _train(hold, progress)
        except TrainingStoppedError:
            hold.end(State.STOPPED)
        except RunLostError:
            raise
        except ClassifierError as error:
            hold.end(State.FAILED, message=str(error))
        except DatabaseError:
            raise
        except Exception as error:  # the edge of the process: nobody else could say on the page what happened
            logger.exception("classifier.crashed run=%s", run_id)
            said = f"{type(error).__name__}: {error}".strip().rstrip(":")
            hold.end(State.FAILED, message=_("The program failed: %(error)s") % {"error": said[:2_000]})
            raise
        else:
            _finish(hold, result)
    return ClassifierRun.objects.get(pk=run_id)


@dataclass(frozen=True, slots=True)
class Hold:
    """A claimed run. Whatever is written through it is written only as long as nobody else has the run."""

    run: ClassifierRun

    def write(self, *, states: tuple[str, ...], **values: Any) -> bool:
        mine = ClassifierRun.objects.filter(
            pk=self.run.pk, attempts=self.run.attempts, pid=self.run.pid, host=self.run.host, state__in=states
        )
        with writing_turn(), transaction.atomic():
            return bool(mine.update(**values))

    def end(self, state: str, **values: Any) -> None:
        if not self.write(states=(State.RUNNING, State.STOPPING), state=state, ended_at=Now(), **values):
            raise RunLostError(f"Run {self.run.pk} was taken over by another process; what this one did is dropped.")
        logger.info("classifier.ended run=%s state=%s", self.run.pk, state)


def _claim(run_id: int) -> Hold:
    waiting = ClassifierRun.objects.filter(pk=run_id, state=State.QUEUED)
    first = waiting.filter(started_at=None).exists()
    with writing_turn(), transaction.atomic():
        claimed = waiting.update(
            state=State.RUNNING, attempts=F("attempts") + 1, pid=os.getpid(), host=_host(), started_at=Now(),
            heartbeat=Now(), step="", done=0, total=0, message="", code_version=code_version(),
        )  # fmt: skip
    if not claimed:
        raise RunTakenError(_("There is no run %(number)s that waits to be trained.") % {"number": run_id})
    if first:  # a folder of this number is left from a database that is no more
        shutil.rmtree(workspace_of(run_id), ignore_errors=True)
    run = ClassifierRun.objects.select_related("gold__campaign", "gold__taxonomy").get(pk=run_id)
    logger.info("classifier.claimed run=%s attempt=%s pid=%s", run.pk, run.attempts, run.pid)
    return Hold(run)


def _train(hold: Hold, progress: Progress | None) -> TrainingResult:
    run = hold.run
    assert run.gold is not None  # the runs of the command line never wait
    queries, parts = gold_examples(run.gold)
    workspace = workspace_of(run.pk)
    workspace.mkdir(parents=True, exist_ok=True)
    result, _trained = train_classifier_into(
        directory=run.directory,
        spec=spec_of(run),
        queries=queries,
        parts=parts,
        workspace=workspace,
        progress=_reporter(hold, progress),
    )
    return result


def _finish(hold: Hold, result: TrainingResult) -> None:
    # a wish to stop that came with the last step came too late: the classifier is there
    hold.end(State.FINISHED, message="", **outcome(result))
    shutil.rmtree(workspace_of(hold.run.pk), ignore_errors=True)


def outcome(result: TrainingResult) -> dict[str, Any]:
    """What a run keeps of how its training went, as JSON values."""
    described = result.as_json()
    return {
        "fingerprint": result.fingerprint,
        "data_hash": result.recipe.data,
        "split": dict(described["split"]),
        "alpha": dict(described["alpha"]),
        "metrics": {**described["metrics"], "curve": described["curve"]},
    }


def _reporter(hold: Hold, progress: Progress | None) -> Progress:
    """Pass reports on, and about once a second write one to the row and look whether somebody wants it to stop."""
    last = -EVERY_S

    def report(step: str, done: int, total: int) -> None:
        nonlocal last
        if progress:
            progress(step, done, total)
        if time.monotonic() - last < EVERY_S:
            return
        last = time.monotonic()
        seen = {"step": step[:100], "done": max(0, done), "total": max(0, total), "heartbeat": Now()}
        if hold.write(states=(State.RUNNING,), **seen):
            return
        if hold.write(states=(State.STOPPING,), **seen):
            raise TrainingStoppedError("The training was stopped; it can go on from here.")
        raise RunLostError(f"Run {hold.run.pk} was taken over by another process; what this one did is dropped.")

    return report


def _host() -> str:
    return socket.gethostname()[:100]
