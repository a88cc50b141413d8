"""A worker proves itself before it takes work: every system of every open study answers one query."""

import logging

from django.db.models import QuerySet

from evaluation.models import Study, StudySystem
from recsys import public as recsys

logger = logging.getLogger(__name__)


def warm_open_studies() -> int:
    """Load and try each system version in use; one that fails is logged and left to fail its own trials."""
    return _warm(StudySystem.objects.filter(study__status=Study.Status.OPEN))


def warm_study(*, study_id: int) -> int:
    """Load and try the systems of one study that this process does not hold yet."""
    return _warm(StudySystem.objects.filter(study=study_id, study__status=Study.Status.OPEN))


def _warm(systems: QuerySet[StudySystem]) -> int:
    versions = systems.values_list("version_id", flat=True)
    warmed = 0
    for version in sorted(set(versions)):
        try:
            recsys.warm(version_id=version)
        except recsys.RecsysError:
            logger.exception("warming.failed version=%s", version)
        else:
            warmed += 1
    logger.info("warming.done versions=%s", warmed)
    return warmed
