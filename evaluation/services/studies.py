"""A study is drafted, opened, closed."""

import logging
from collections.abc import Mapping

from django.db import transaction

from annotation import public as annotation
from evaluation.errors import StudyNotOpenError
from evaluation.models import Study, StudySystem
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError

logger = logging.getLogger(__name__)


@transaction.atomic
def create_study(*, slug: str, title: str, systems: Mapping[str, int], **fields: object) -> Study:
    """Draft a study of system versions: `systems` maps the name used in reports to a system version's key."""
    if Study.objects.filter(slug=slug).exists():
        raise InvalidInputError(f"There is a study `{slug}` already; choose another short name.")
    study = Study.objects.create(slug=slug, title=title, **fields)
    StudySystem.objects.bulk_create(
        StudySystem(study=study, name=name, version_id=version) for name, version in systems.items()
    )
    logger.info("study.created study=%s systems=%s", slug, len(systems))
    return study


@transaction.atomic
def open_study(*, study: Study) -> Study:
    """Let participants in. From here on systems and wording are frozen, and so is the query-type classifier.

    The classifier is the one in use at the first opening; where none is, the study opens without.
    """
    study = Study.objects.select_for_update().get(pk=study.pk)
    if study.status == Study.Status.OPEN:
        return study
    if study.rehearsal:
        raise InvalidInputError("A rehearsal has simulated participants only; open the study itself.")
    if not study.consent.strip():
        raise InvalidInputError("A study without a consent text cannot open; write one first.")
    versions = [entry.version for entry in study.systems.select_related("version")]
    if len(versions) < 2:
        raise InvalidInputError(f"A comparison needs at least two systems; this study has {len(versions)}.")
    if len({version.dataset_id for version in versions}) > 1:
        raise InvalidInputError("All systems of a study must be made from the same data set.")
    if study.opened_at is None:
        promoted = annotation.promoted_classifier()
        study.classifier_id = promoted.run if promoted else None
        study.opened_at = database_now()
    study.status = Study.Status.OPEN
    study.closed_at = None
    study.save(update_fields=["status", "opened_at", "closed_at", "classifier"])
    logger.info("study.opened study=%s classifier=%s", study.slug, study.classifier_id)
    return study


@transaction.atomic
def close_study(*, study: Study) -> Study:
    """Take no new queries. Trials already on show may still be judged."""
    study = Study.objects.select_for_update().get(pk=study.pk)
    if study.status == Study.Status.DRAFT:
        raise StudyNotOpenError("A draft cannot be closed; open it first.")
    if study.status == Study.Status.OPEN:
        study.status = Study.Status.CLOSED
        study.closed_at = database_now()
        study.save(update_fields=["status", "closed_at"])
        logger.info("study.closed study=%s", study.slug)
    return study
