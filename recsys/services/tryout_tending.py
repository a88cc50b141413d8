"""Try-outs that nobody answered are sent again or given up, old ones removed: run every few seconds by the clock."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from playoff.common.clock import database_now
from playoff.common.turns import writing_turn
from recsys.models import Tryout
from recsys.services.tryouts import LATE, LOST, call_worker, deadline, is_abandoned

logger = logging.getLogger(__name__)
KEPT = timedelta(days=1)


def tend_tryouts() -> dict[str, int]:
    """Return how many were sent again, given up and removed. Any process may call it, as often as it likes."""
    counts = {"sent": 0, "given_up": 0, "removed": 0}
    now = database_now()
    for tryout in Tryout.objects.filter(state=Tryout.State.QUEUED).order_by("pk"):
        lost = is_abandoned(tryout, now)
        if tryout.created_at < deadline(now):
            counts["given_up"] += _give_up(tryout, LATE)
        elif lost and tryout.attempts >= settings.GENERATION_MAX_ATTEMPTS:
            counts["given_up"] += _give_up(tryout, LOST)
        elif (lost or tryout.started_at is None) and tryout.sent_at < now - _resend_after():
            counts["sent"] += _send_again(tryout)
    old = Tryout.objects.filter(created_at__lt=now - KEPT)
    if old.exists():
        with writing_turn():
            counts["removed"], _ = old.delete()
    if any(counts.values()):
        logger.info("tryout.tended sent=%(sent)s given_up=%(given_up)s removed=%(removed)s", counts)
    return counts


def _resend_after() -> timedelta:
    return timedelta(seconds=settings.GENERATION_RESEND_AFTER_S)


def _send_again(tryout: Tryout) -> bool:
    """Send one call, and none again for a while, whichever process comes next."""
    with writing_turn(), transaction.atomic():
        same = Tryout.objects.filter(pk=tryout.pk, state=Tryout.State.QUEUED, sent_at=tryout.sent_at)
        marked = same.update(sent_at=database_now())
        if marked:
            call_worker([tryout.pk])
    return bool(marked)


def _give_up(tryout: Tryout, sentence: str) -> bool:
    same = Tryout.objects.filter(pk=tryout.pk, state=Tryout.State.QUEUED, attempts=tryout.attempts)
    with writing_turn():
        given_up = same.update(state=Tryout.State.FAILED, error=sentence, finished_at=database_now())
    if given_up:
        logger.warning("tryout.given_up version=%s attempts=%s", tryout.version_id, tryout.attempts)
    return bool(given_up)
