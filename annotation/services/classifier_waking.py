"""Telling a worker of a queued run. The row is the truth: a message that gets lost is sent again by the clock."""

import logging
from datetime import timedelta

from django.db.models import Q

from annotation.models import ClassifierRun
from playoff.common.clock import database_now
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)
QUEUES = {"cpu": "default", "cuda": "gpu"}
AGAIN_AFTER = timedelta(seconds=10)


def wake_worker(run: ClassifierRun) -> bool:
    """Ask a worker that has the run's device to begin; not twice within `AGAIN_AFTER`. Returns whether it was asked."""
    from kombu.exceptions import OperationalError

    from annotation.classifier_tasks import start_classifier

    now = database_now()
    waiting = ClassifierRun.objects.filter(Q(woken_at=None) | Q(woken_at__lt=now - AGAIN_AFTER))
    with writing_turn():
        mine = waiting.filter(pk=run.pk, state=ClassifierRun.State.QUEUED).update(woken_at=now)
    if not mine:
        return False
    try:
        start_classifier.apply_async((run.pk,), queue=QUEUES[run.device], expires=AGAIN_AFTER.total_seconds())
    except (OperationalError, OSError):
        logger.warning("classifier.not_published run=%s", run.pk)
        return False
    return True
