"""What fell asleep is woken, what is dead is buried: run every few seconds, by any process, as often as one likes."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from evaluation.models import Side, Trial
from evaluation.services.generation import fail_side, is_abandoned
from evaluation.services.wake import wake_workers
from playoff.common.clock import database_now

logger = logging.getLogger(__name__)


def reap() -> dict[str, int]:
    """Return how many sides were woken again, given up, and how many trials failed or expired."""
    counts = {"woken": 0, "given_up": 0, "failed": 0, "expired": 0}
    now = database_now()
    counts["failed"] = _fail_late_trials(now)
    counts["expired"] = Trial.objects.filter(state=Trial.State.READY, expires_at__lt=now).update(
        state=Trial.State.EXPIRED
    )
    unheard = Q(state=Side.State.QUEUED, sent_at__lt=now - timedelta(seconds=settings.GENERATION_RESEND_AFTER_S))
    leased = Q(state=Side.State.LEASED)
    waiting = Side.objects.filter(unheard | leased, trial__state=Trial.State.GENERATING)
    for side in waiting.order_by("pk"):
        if side.state == Side.State.LEASED and not (_lapsed(side, now) or is_abandoned(side)):
            continue
        if side.attempt >= settings.GENERATION_MAX_ATTEMPTS:
            fail_side(side_id=side.pk, attempt=side.attempt, reason="worker lost")
            counts["given_up"] += 1
        elif _mark_sent(side):
            counts["woken"] += 1
    if any(counts.values()):
        logger.info("reaper.done %s", " ".join(f"{name}={count}" for name, count in counts.items()))
    return counts


def _lapsed(side: Side, now: datetime) -> bool:
    return side.lease_until is not None and side.lease_until < now


@transaction.atomic
def _mark_sent(side: Side) -> bool:
    """Send one wake-up call, and none again for a while, whichever process comes next."""
    now = database_now()
    marked = Side.objects.filter(pk=side.pk, sent_at=side.sent_at, attempt=side.attempt).update(sent_at=now)
    if marked:
        wake_workers([side])
    return bool(marked)


def _fail_late_trials(now: datetime) -> int:
    late = Trial.objects.filter(state=Trial.State.GENERATING, deadline__lt=now)
    failed = 0
    for trial in late:
        unfinished = trial.sides.exclude(state=Side.State.READY).first()
        if unfinished is not None:
            fail_side(side_id=unfinished.pk, attempt=unfinished.attempt, reason="deadline")
            failed += 1
    return failed
