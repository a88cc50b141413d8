"""The queries of a study get their types from its classifier: afterwards, apart from the making of playlists.

Nothing on the way of a trial waits for it or sends a message for it. The clock finds the trials that have their
playlists and no type, and asks a worker of the queue `default`, so that no call and no death of a worker loses one.
"""

import logging
import time

from django.db import transaction
from django.db.models import Exists, OuterRef

from annotation import public as annotation
from evaluation.models import Study, Trial
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)
BATCH = 200
EXPIRES_S = 10
"""A call that has waited so long in its queue is dropped; the clock has sent others."""
PAUSE_AFTER_FAILURE_S = 60.0
"""A classifier that cannot be loaded is not read again at once, for ever."""

_failed: dict[annotation.ClassifierVersion, float] = {}


def classify_trials(*, study_id: int) -> int:
    """Give a batch of the study's trials the types of their queries; return how many this call gave one.

    A type once given stays, so the call may come twice. A classifier that cannot be loaded is logged: the trials go on
    without, and are found again once it is mended.
    """
    waiting = Trial.objects.untold().filter(study=study_id).order_by("pk")
    trials = list(waiting.values_list("pk", "query")[:BATCH])
    if not trials:
        return 0
    classifier = _classifier(study_id)
    if classifier is None:
        return 0
    told = classifier.classify([query for _, query in trials])
    given = 0
    with writing_turn(), transaction.atomic():
        for (pk, _), seen in zip(trials, told, strict=True):
            untold = Trial.objects.filter(pk=pk, category="")
            alpha = min(max(float(seen.alpha), 0.0), 1.0)  # a sum of probabilities may pass 1 by rounding
            given += untold.update(category=seen.category, alpha=alpha)
    logger.info("classification.done study=%s trials=%s", study_id, given)
    return given


def call_for_classification() -> int:
    """Ask workers to classify wherever trials of a study with a classifier wait; return in how many studies."""
    from kombu.exceptions import OperationalError

    from evaluation.tasks import classify_trials

    waiting = Exists(Trial.objects.untold().filter(study=OuterRef("pk")))
    studies = Study.objects.filter(waiting, classifier__isnull=False).order_by("pk").values_list("pk", flat=True)
    for study_id in studies:
        try:
            classify_trials.apply_async((study_id,), expires=EXPIRES_S)
        except (OperationalError, OSError):
            logger.warning("classification.uncalled study=%s: the clock will call again", study_id)
    return len(studies)


def _classifier(study_id: int) -> annotation.QueryClassifier | None:
    run = Study.objects.only("classifier_id").get(pk=study_id).classifier_id
    if run is None:
        return None
    version = annotation.classifier_version(run=run)
    if time.monotonic() - _failed.get(version, -PAUSE_AFTER_FAILURE_S) < PAUSE_AFTER_FAILURE_S:
        return None
    try:
        return annotation.classifier_of(version)
    except annotation.ClassifierError:
        _failed[version] = time.monotonic()
        logger.exception("classification.no_classifier study=%s run=%s", study_id, run)
        return None
