"""Celery's door to training classifiers. Each is trained in a child process, and no task waits for it.

One child at a time per worker process: a second would take memory, device and cores from the first. What waits is
found again by the clock.
"""

import logging
import time

from celery import shared_task

from annotation.child_runs import Children

logger = logging.getLogger(__name__)

PAUSE_AFTER_FAILURE_S = 10.0
"""A child that cannot even begin is not started again at once, for ever."""

_children = Children("run_classifier")
_failed: dict[str, float] = {}


@shared_task(name="annotation.tasks.start_classifier", acks_late=False)
def start_classifier(run_id: int) -> None:
    """Start a run that waits, unless this process trains one already."""
    from annotation.models import ClassifierRun

    look_after_children()
    if ClassifierRun.objects.filter(pk=run_id, state=ClassifierRun.State.QUEUED).exists():
        start_child(run_id)


@shared_task(name="annotation.tasks.tend_classifiers", acks_late=False)
def tend_classifiers() -> None:
    """Look after the runs that are on, and start what waits: for a processor here, for a GPU where there is one."""
    from annotation.services.classifier_tending import tend_runs
    from annotation.services.classifier_waking import wake_worker

    look_after_children()
    for run in tend_runs():
        if run.device == "cpu":
            start_child(run.pk)
        else:
            wake_worker(run)


def start_child(run_id: int) -> None:
    key = str(run_id)
    rested = time.monotonic() - _failed.get(key, -PAUSE_AFTER_FAILURE_S) >= PAUSE_AFTER_FAILURE_S
    if rested and not _children.running:
        _children.start(key)


def look_after_children() -> None:
    for child in _children.tend():
        if child.code:  # what went wrong the child has written where this process logs
            _failed[child.key] = time.monotonic()
            logger.error("classifier.child run=%s code=%d seconds=%.0f", child.key, child.code, child.seconds)
