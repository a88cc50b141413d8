"""An intake whose writing fell asleep is woken; one that nobody came back to is forgotten."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from annotation.models import Intake
from annotation.services.intake_files import discard_rows
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)
ASLEEP = timedelta(seconds=10)
UNFINISHED = timedelta(days=1)
"""A reading that was cut short can be gone on with for so long."""
UNCONFIRMED = timedelta(days=30)


def wake_worker(intake: Intake) -> None:
    """Ask a worker to write on from where the intake is. A lost message is made good by `wake`."""
    from kombu.exceptions import OperationalError

    from annotation.intake_tasks import write_intake

    try:
        write_intake.delay(intake.pk, intake.position)
    except (OperationalError, OSError):
        logger.warning("intake.not_published intake=%s", intake.pk)


def wake() -> dict[str, int]:
    """Wake what has not moved for a while, forget what was left; run every few seconds, by any process."""
    now = timezone.now()
    counts = {"woken": 0, "forgotten": 0}
    for intake in Intake.objects.filter(state=Intake.State.WRITING, moved_at__lt=now - ASLEEP).defer("report"):
        with writing_turn():
            same = Intake.objects.filter(pk=intake.pk, moved_at=intake.moved_at, state=Intake.State.WRITING)
            mine = same.update(moved_at=now)  # and nobody wakes it again for a while
        if mine:
            wake_worker(intake)
            counts["woken"] += 1
    left = Q(state=Intake.State.READING, moved_at__lt=now - UNFINISHED)
    left |= Q(state=Intake.State.CHECKED, moved_at__lt=now - UNCONFIRMED)
    for intake in Intake.objects.filter(left).defer("report"):
        with writing_turn():
            mine = Intake.objects.filter(pk=intake.pk, state=intake.state).update(
                state=Intake.State.CANCELLED, report={}, moved_at=now
            )
        if mine:
            discard_rows(intake)
            counts["forgotten"] += 1
    if any(counts.values()):
        logger.info("intake.waking woken=%(woken)s forgotten=%(forgotten)s", counts)
    return counts
