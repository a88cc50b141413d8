"""Looking at the results of a study that still runs is recorded, because it makes tests meant for one look wrong."""

import logging

from evaluation.models import Judgment, Look, Study

logger = logging.getLogger(__name__)


def record_look(*, study: Study, judgments: int | None = None) -> bool:
    """Record that somebody saw results; returns whether this is a new look.

    There is nothing to see of a study without judgments, and nothing to stop in one that is not open. Two who look at
    the same number of judgments are one look.

    Args:
        study: whose results.
        judgments: how many they were of; as many as there are if not given.
    """
    if judgments is None:
        judgments = Judgment.objects.filter(trial__study=study).count()
    if study.status != Study.Status.OPEN or not judgments:
        return False
    _look, new = Look.objects.get_or_create(study=study, judgments=judgments)
    if new:
        logger.info("study.looked_at study=%s judgments=%s", study.slug, judgments)
    return new
