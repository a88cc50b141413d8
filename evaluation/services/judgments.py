"""A participant says A, B or equivalent; once."""

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.errors import AlreadyJudgedError, TrialNotReadyError
from evaluation.models import Judgment, Trial
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError

logger = logging.getLogger(__name__)
MAX_REASON = 1000


@transaction.atomic
def record_judgment(*, trial: Trial, choice: str, reason: str = "") -> tuple[Judgment, bool]:
    """Record the choice; the same choice again is the same judgment, another one is refused."""
    if choice not in Judgment.Choice.values:
        raise InvalidInputError(_("The choice must be a, b or equivalent."))
    reason = _checked_reason(reason)
    trial = Trial.objects.select_for_update().get(pk=trial.pk)
    if trial.state == Trial.State.JUDGED:
        judgment = Judgment.objects.get(trial=trial)
        if judgment.choice != choice:
            raise AlreadyJudgedError(_("These playlists are judged already; a judgment cannot be changed."))
        return judgment, False
    if trial.state != Trial.State.READY or trial.visible_from is None or trial.visible_from > database_now():
        raise TrialNotReadyError(_("These playlists are not on show, so they cannot be judged."))
    judgment = Judgment.objects.create(trial=trial, choice=choice, reason=reason)
    trial.state = Trial.State.JUDGED
    trial.save(update_fields=["state"])
    logger.info("judgment.recorded study=%s trial=%s", trial.study_id, trial.public_id)
    return judgment, True


@transaction.atomic
def add_reason(*, trial: Trial, reason: str) -> Judgment:
    """Add, or reword, why; the choice itself stays."""
    reason = _checked_reason(reason)
    judgment = Judgment.objects.select_for_update().filter(trial=trial).first()
    if judgment is None:
        raise TrialNotReadyError(_("Say first which playlist is better."))
    judgment.reason = reason
    judgment.save(update_fields=["reason"])
    return judgment


def _checked_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) > MAX_REASON:
        raise InvalidInputError(_("A reason may have up to %(most)s characters.") % {"most": MAX_REASON})
    if "\x00" in reason:
        raise InvalidInputError(_("The reason holds characters that are not text."))
    return reason
