"""Looking after runs of classifiers: those whose process died are queued again, and what waits is named in order."""

import logging

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from annotation.models import ClassifierRun
from annotation.services.run_lock import Work, only_one
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 3

State = ClassifierRun.State


def tend_runs() -> list[ClassifierRun]:
    """Settle the runs whose process is no more, and return those that wait, the oldest first. Any process may call it.

    Whoever trains a run holds its lock, and dying lets go of it, on this machine or another: a run that says it is on
    while its lock is free has nobody.
    """
    for run in ClassifierRun.objects.filter(state__in=[State.RUNNING, State.STOPPING]):
        with only_one(Work.CLASSIFIER, run.pk) as alone:
            if alone:
                _settle(run)
    return list(ClassifierRun.objects.filter(state=State.QUEUED).order_by("queued_at", "pk"))


def _settle(run: ClassifierRun) -> None:
    # it may have ended, or be another attempt, since it was read
    same = ClassifierRun.objects.filter(pk=run.pk, state=run.state, attempts=run.attempts, pid=run.pid)
    with writing_turn(), transaction.atomic():
        if run.state == State.STOPPING:
            state, settled = State.STOPPED, same.update(state=State.STOPPED, ended_at=Now())
        elif run.attempts < MOST_ATTEMPTS:
            state, settled = State.QUEUED, same.update(state=State.QUEUED, queued_at=Now(), woken_at=None)
        else:
            state, settled = State.FAILED, same.update(state=State.FAILED, ended_at=Now(), message=_given_up(run))
    if settled:
        logger.warning("classifier.lost run=%s attempt=%s pid=%s now=%s", run.pk, run.attempts, run.pid, state)


def _given_up(run: ClassifierRun) -> str:
    return _(
        "The process that trained it died %(times)s times, last at the step “%(step)s”; the log of the worker on "
        "%(host)s may say why, and often it is too little memory. “Go on” tries again."
    ) % {"times": run.attempts, "step": run.step or "–", "host": run.host}
