"""Which finished run is in use. Every change is a row of its own, so that the history is whole."""

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from annotation.models import ClassifierPromotion, ClassifierRun
from annotation.selectors.classifiers import newest_promotion, promotion_before
from playoff.accounts.models import User
from playoff.common.errors import PlayoffError
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)


class NotPromotableError(PlayoffError):
    """The run cannot be put to use."""

    code = "not_promotable"


class NothingToRollBackError(PlayoffError):
    """There is no earlier run to go back to, or it is not the one that was meant."""

    code = "nothing_to_roll_back"


def promote(*, run: ClassifierRun, by: User | None) -> ClassifierPromotion:
    """Put a finished run to use; its files are read and compared first. The one in use already stays so, as it was.

    Raises:
        NotPromotableError: The run has not finished, or its files are missing or altered.
    """
    run = ClassifierRun.objects.get(pk=run.pk)
    _check(run)
    with writing_turn(), transaction.atomic():
        _one_at_a_time()
        current = newest_promotion()
        if current is not None and current.run_id == run.pk:
            return current
        promotion = ClassifierPromotion.objects.create(run=run, by=by)
    logger.info("classifier.promoted run=%s fingerprint=%s", run.pk, run.fingerprint)
    return promotion


def roll_back(*, expected: int, by: User | None) -> ClassifierPromotion:
    """Put the run to use that was in use before the one that is.

    Args:
        expected: the promotion that the person sees as the newest, so that two clicks do not go back and forth.

    Raises:
        NothingToRollBackError: No other run was in use before, or another promotion has come meanwhile.
        NotPromotableError: The files of the earlier run are missing or altered.
    """
    current = newest_promotion()
    before = promotion_before(current) if current is not None else None
    if current is None or before is None:
        raise NothingToRollBackError(_("No other classifier was in use before this one."))
    _check(before.run)
    with writing_turn(), transaction.atomic():
        _one_at_a_time()
        newest = newest_promotion()
        if newest is None or newest.pk != expected or newest.pk != current.pk:
            raise NothingToRollBackError(
                _("Somebody has put another classifier to use meanwhile; look at the history before you go back.")
            )
        promotion = ClassifierPromotion.objects.create(run=before.run, by=by)
    logger.info("classifier.rolled_back run=%s from=%s", before.run_id, current.run_id)
    return promotion


def _one_at_a_time() -> None:
    """Lock the newest promotion, so that of two who change it the second sees what the first did."""
    ClassifierPromotion.objects.select_for_update().order_by("-pk").first()


def _check(run: ClassifierRun) -> None:
    from annotation.classifier.artifacts import verify  # numpy comes in here, not with every page
    from annotation.classifier.errors import ClassifierError

    if run.state != ClassifierRun.State.FINISHED:
        raise NotPromotableError(
            _("“%(name)s” is %(state)s; only a finished run can be put to use.")
            % {"name": run.name, "state": run.get_state_display()}
        )
    try:
        found = verify(run.directory)
    except ClassifierError as error:
        raise NotPromotableError(str(error)) from error
    if found.fingerprint != run.fingerprint:
        raise NotPromotableError(
            _("%(directory)s: another classifier is in this folder now; train “%(name)s” again.")
            % {"directory": run.directory, "name": run.name}
        )
