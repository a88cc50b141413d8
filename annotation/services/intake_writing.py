"""Confirmed rows are written in small batches, each whole together with the place where to go on.

A batch is one transaction: claim the place, write the rows, count them. Whoever dies in between, by `kill -9` too, has
written nothing of it, and whoever comes second finds the place moved and leaves. So any number of workers and commands
may be at one intake, and every row is written once.
"""

import logging
import time
from collections.abc import Callable
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from annotation.intake.errors import IntakeError
from annotation.intake.staging import Staging
from annotation.models import Intake, Query
from annotation.services.intake_files import discard_rows, staging_path
from annotation.services.intake_rows import Written, add_items, as_queries, write_rows
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)
BATCH = 500
"""Rows per transaction: 60 to 90 ms on SQLite, where everybody else waits so long for their own write. Where nobody
does, ten times as many."""


class Batch:
    """Rows that are written together: the place behind them, and what writes them."""

    def __init__(self, end: int, size: int, write: Callable[[], Written]) -> None:
        self.end, self.size, self.write = end, size, write


def write_on(
    *,
    intake_id: int,
    seconds: float | None = None,
    batch: int | None = None,
    progress: Callable[[Intake], None] | None = None,
) -> Intake:
    """Write for so long (else `INTAKE_SLICE_S`), one batch at least; returns the intake as it is then.

    Call again until it is done.
    """
    deadline = time.monotonic() + (settings.INTAKE_SLICE_S if seconds is None else seconds)
    size = batch or (BATCH if connection.vendor == "sqlite" else 10 * BATCH)
    intake = _intake(intake_id)
    next_batch = _of_dataset if "dataset" in intake.options else _of_file
    while intake.state == Intake.State.WRITING:
        try:
            _write(intake, next_batch(intake, size))
        except _Moved:
            pass
        except IntakeError:
            return _fail(intake)
        intake = _intake(intake_id)
        if progress is not None:
            progress(intake)
        if time.monotonic() >= deadline:
            break
    if intake.state == Intake.State.DONE:
        discard_rows(intake)
    return intake


class _Moved(Exception):  # noqa: N818 — it never leaves this module
    """Somebody else has written this batch."""


def _intake(intake_id: int) -> Intake:
    return Intake.objects.select_related("campaign__taxonomy").defer("report").get(pk=intake_id)


def _write(intake: Intake, batch: Batch | None) -> None:
    with writing_turn(), transaction.atomic():
        here = Intake.objects.filter(pk=intake.pk, state=Intake.State.WRITING, position=intake.position)
        if batch is None:
            if here.update(state=Intake.State.DONE, moved_at=timezone.now()):
                logger.info("intake.done campaign=%s rows=%s", intake.campaign_id, intake.written)
            return
        # first the claim: on PostgreSQL a second writer waits here, and then finds the place moved
        if not here.update(position=batch.end, written=intake.written + batch.size, moved_at=timezone.now()):
            raise _Moved
        sums = batch.write().added_to(intake.options.get("result", {}))
        Intake.objects.filter(pk=intake.pk).update(options=intake.options | {"result": sums})


def _of_file(intake: Intake, size: int) -> Batch | None:
    path = staging_path(intake)
    if not path.exists():
        raise IntakeError("The staged rows are gone.")
    with Staging(path) as staging:
        rows = list(staging.kept_rows(after=intake.position, limit=size))
    if not rows:
        return None
    made = as_queries(rows, dataset=intake.name, version=intake.options["version"])
    return Batch(
        rows[-1].number,
        len(rows),
        lambda: write_rows(campaign=intake.campaign, rows=rows, made=made, gold=intake.options["gold"]),
    )


def _of_dataset(intake: Intake, size: int) -> Batch | None:
    name, version = intake.options["dataset"]
    # behind Coalesce no index is used but the primary key's: with the one on the names, SQLite would look through the
    # whole data set for every batch
    of_dataset = Query.objects.alias(
        name=Coalesce("dataset", Value("")), version=Coalesce("dataset_version", Value(""))
    ).filter(name=name, version=version, pk__gt=intake.position, pk__lte=intake.options["last"])
    queries = list(islice(of_dataset.order_by("pk").values_list("pk", flat=True)[:size], size))
    if not queries:
        return None
    return Batch(queries[-1], len(queries), lambda: add_items(campaign=intake.campaign, queries=queries))


def _fail(intake: Intake) -> Intake:
    sentence = _(
        "The checked rows are no longer on this server; give the file once more. What was written stays, and is not "
        "written twice."
    )
    with writing_turn():
        Intake.objects.filter(pk=intake.pk, state=Intake.State.WRITING).update(
            state=Intake.State.FAILED, message=sentence, moved_at=timezone.now()
        )
    logger.warning("intake.failed campaign=%s intake=%s", intake.campaign_id, intake.pk)
    return _intake(intake.pk)
