"""A lead's word on an intake: write it, or forget it; or take the queries of a data set that is here already."""

import logging

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from annotation.models import Campaign, Intake, Query
from annotation.services.intake_files import discard_rows
from annotation.services.intake_waking import wake_worker
from annotation.services.intake_writing import write_on
from playoff.accounts.models import User
from playoff.common.errors import InvalidInputError, PlayoffError
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)


class IntakeOverError(PlayoffError):
    """There is nothing left to confirm or cancel."""

    code = "intake_over"


def confirm(*, intake: Intake, seconds: float | None = None, wake: bool = True) -> Intake:
    """Write what was checked, for so long (else `INTAKE_SLICE_S`); with `wake`, a worker does the rest.

    Called again, it changes nothing.

    Raises:
        InvalidInputError: No row of the file is kept.
        IntakeOverError: The file was cancelled, or is not read to its end.
    """
    if intake.state == Intake.State.CHECKED and not intake.kept:
        raise InvalidInputError(_("No row of this file can be used, so there is nothing to add; mend the file."))
    if not _move(intake, Intake.State.CHECKED, Intake.State.WRITING):
        intake.refresh_from_db()
        if intake.state in (Intake.State.WRITING, Intake.State.DONE):
            return intake
        raise IntakeOverError(_("This file does not wait for an answer any more; give it once more."))
    logger.info("intake.confirmed campaign=%s intake=%s rows=%s", intake.campaign_id, intake.pk, intake.kept)
    return _begin_writing(intake, seconds, wake=wake)


def cancel(*, intake: Intake) -> Intake:
    """Forget a file that was not confirmed: its rows, and the texts in its report.

    Raises:
        IntakeOverError: It is being written, or is written.
    """
    moved = _move(intake, Intake.State.CHECKED, Intake.State.CANCELLED)
    intake.refresh_from_db()
    if not moved and intake.state != Intake.State.CANCELLED:
        raise IntakeOverError(_("This file is being written already; it cannot be cancelled."))
    if moved:
        discard_rows(intake)
        with writing_turn():
            Intake.objects.filter(pk=intake.pk).update(report={})
    return intake


def add_dataset(
    *, campaign: Campaign, by: User | None, dataset: str, version: str, seconds: float | None = None
) -> Intake:
    """Add the queries of a version of a data set; those that are in the campaign stay as they are.

    Raises:
        InvalidInputError: There is no such data set.
    """
    queries = Query.objects.filter(dataset=dataset, dataset_version=version)
    count = queries.count()
    if not count:
        raise InvalidInputError(
            _("There is no data set “%(dataset)s %(version)s” here.") % {"dataset": dataset, "version": version}
        )
    ends = queries.aggregate(first=Min("pk"), last=Max("pk"))
    intake = Intake(
        campaign=campaign,
        created_by=by,
        name=f"{dataset} {version}"[:200],
        state=Intake.State.WRITING,
        read=count,
        kept=count,
        position=ends["first"] - 1,
        options={"dataset": [dataset, version], "last": ends["last"], "gold": False},
    )
    with writing_turn():
        intake.save()
    return _begin_writing(intake, seconds)


def _move(intake: Intake, before: str, after: str) -> bool:
    with writing_turn():
        return bool(Intake.objects.filter(pk=intake.pk, state=before).update(state=after, moved_at=timezone.now()))


def _begin_writing(intake: Intake, seconds: float | None, *, wake: bool = True) -> Intake:
    intake = intake if seconds == 0 else write_on(intake_id=intake.pk, seconds=seconds)
    intake.refresh_from_db()
    if wake and intake.state == Intake.State.WRITING:
        wake_worker(intake)
    return intake
