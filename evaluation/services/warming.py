"""A worker proves itself before it takes work: every system of every open study answers one query."""

import logging

from evaluation.models import Study, StudySystem
from recsys import public as recsys

logger = logging.getLogger(__name__)


def warm_open_studies() -> int:
    """Load and try each system version in use; one that fails is logged and left to fail its own trials."""
    versions = StudySystem.objects.filter(study__status=Study.Status.OPEN).values_list("version_id", flat=True)
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
