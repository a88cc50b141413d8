"""Wake-up calls. Losing one costs seconds, not a trial: the reaper sends it again."""

import logging
import uuid
from collections.abc import Sequence

from django.db import transaction

from evaluation.models import Side, Study

logger = logging.getLogger(__name__)


def wake_workers(sides: Sequence[Side]) -> None:
    """Tell a worker about each side once the transaction has committed; a broker that is down is not an error."""
    keys = [side.pk for side in sides]
    transaction.on_commit(lambda: _send(keys), robust=True)


def call_warming(study: Study) -> None:
    """Let a worker that holds no models yet load the study's, while its participant thinks about a query.

    The call comes before those for playlists, so that none of these waits for its own model alone: how long somebody
    waits says nothing of the systems.
    """
    transaction.on_commit(lambda: _send_warming(study.pk), robust=True)


def _send_warming(study_id: int) -> None:
    from evaluation.tasks import warm_study

    try:
        warm_study.delay(study_id)
    except Exception:  # as below: without it the first playlist takes seconds longer
        logger.warning("wake.unsent warming study=%s", study_id, exc_info=True)


def _send(keys: Sequence[int]) -> None:
    from evaluation.tasks import generate_playlist

    for key in keys:
        try:
            generate_playlist.apply_async((key,), task_id=str(uuid.uuid4()))
        except (
            Exception
        ):  # the edge to the broker: whatever it raises, the rows are safe and the reaper will call again
            logger.warning("wake.unsent side=%s: the reaper will send it", key, exc_info=True)
            return
