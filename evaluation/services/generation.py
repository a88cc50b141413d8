"""A worker makes one playlist: claim the side, ask the recommender, store the answer if the claim still holds.

The claim is one conditional UPDATE, so the same code is safe on PostgreSQL and SQLite. A claim is fenced by its
attempt number: whoever was overtaken stores nothing. Counting the attempt before the work is what stops a query that
kills its worker from going round for ever.
"""

import logging
import math
import os
import socket
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from evaluation.models import Side, Trial
from evaluation.services.leases import keep_lease
from evaluation.services.wake import wake_workers
from playoff.common.clock import database_now
from recsys import public as recsys

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right of one attempt to make one side's playlist."""

    side_id: int
    attempt: int


def generate(*, side_id: int) -> bool:
    """Make the side's playlist, unless another worker has it or it is done. Returns whether this call stored it."""
    claim = claim_side(side_id=side_id)
    if claim is None:
        return False
    side = Side.objects.select_related("trial__participant", "trial__study", "system").get(pk=side_id)
    started = time.perf_counter()
    try:
        with keep_lease(side_id=claim.side_id, attempt=claim.attempt):
            cards = recsys.playlist_for(
                version_id=side.system.version_id,
                query=side.trial.query,
                listener=side.trial.participant.listener,
                k=side.trial.study.playlist_length,
            )
    except Exception as error:
        logger.exception("generation.failed side=%s attempt=%s", side_id, claim.attempt)
        give_up(claim=claim, reason=type(error).__name__)
        raise
    return store_playlist(claim=claim, cards=cards, seconds=time.perf_counter() - started)


def claim_side(*, side_id: int) -> Claim | None:
    """Take the side if it waits, if its lease ran out, or if its worker was on this machine and is dead."""
    side = Side.objects.filter(pk=side_id, trial__state=Trial.State.GENERATING).first()
    if side is None or side.state not in {Side.State.QUEUED, Side.State.LEASED}:
        return None
    if side.attempt >= settings.GENERATION_MAX_ATTEMPTS:
        if is_abandoned(side):
            fail_side(side_id=side_id, attempt=side.attempt, reason="worker lost")
        return None
    now = database_now()
    takeable = Q(state=Side.State.QUEUED) | Q(state=Side.State.LEASED, lease_until__lt=now)
    if side.state == Side.State.LEASED and is_abandoned(side):
        takeable |= Q(state=Side.State.LEASED, worker=side.worker)
    taken = Side.objects.filter(takeable, pk=side_id, attempt=side.attempt).update(
        state=Side.State.LEASED,
        attempt=F("attempt") + 1,
        worker=_this_worker(),
        lease_until=now + timedelta(seconds=settings.GENERATION_LEASE_S),
    )
    return Claim(side_id, side.attempt + 1) if taken else None


@transaction.atomic
def store_playlist(*, claim: Claim, cards: list[recsys.TrackCard], seconds: float) -> bool:
    """Store the playlist if the claim still holds; the second side to arrive releases both at once."""
    side = Side.objects.select_related("trial").get(pk=claim.side_id)
    trial = Trial.objects.select_for_update().get(pk=side.trial_id)
    now = database_now()
    stored = Side.objects.filter(pk=claim.side_id, state=Side.State.LEASED, attempt=claim.attempt).update(
        state=Side.State.READY,
        lease_until=None,
        tracks=[card.id for card in cards],
        playlist=[shown(card) for card in cards],
        model_seconds=seconds,
        finished_at=now,
    )
    if not stored or trial.state != Trial.State.GENERATING:
        return False
    sides = list(trial.sides.all())
    if all(other.state == Side.State.READY for other in sides):
        identical = sides[0].tracks == sides[1].tracks
        trial.state = Trial.State.IDENTICAL if identical else Trial.State.READY
        trial.visible_from = _next_tick(trial, now_offset=(now - trial.created_at).total_seconds())
        trial.expires_at = now + timedelta(hours=settings.JUDGING_HOURS)
        trial.save(update_fields=["state", "visible_from", "expires_at"])
    logger.info(
        "generation.stored side=%s attempt=%s seconds=%.3f trial_state=%s", side.pk, claim.attempt, seconds, trial.state
    )
    return True


@transaction.atomic
def give_up(*, claim: Claim, reason: str) -> None:
    """After an error: once more, by a fresh wake-up call, or failed for good."""
    if claim.attempt >= settings.GENERATION_MAX_ATTEMPTS:
        fail_side(side_id=claim.side_id, attempt=claim.attempt, reason=reason)
        return
    returned = Side.objects.filter(pk=claim.side_id, state=Side.State.LEASED, attempt=claim.attempt).update(
        state=Side.State.QUEUED, lease_until=None, failure=reason, sent_at=database_now()
    )
    if returned:
        wake_workers([Side.objects.get(pk=claim.side_id)])


@transaction.atomic
def fail_side(*, side_id: int, attempt: int, reason: str) -> None:
    """Record the failure with its cause, for the researcher; the participant sees only that the trial failed."""
    side = Side.objects.select_related("trial").get(pk=side_id)
    trial = Trial.objects.select_for_update().get(pk=side.trial_id)
    failed = (
        Side.objects.filter(pk=side_id, attempt=attempt)
        .exclude(state=Side.State.READY)
        .update(state=Side.State.FAILED, lease_until=None, failure=reason, finished_at=database_now())
    )
    if failed and trial.state == Trial.State.GENERATING:
        trial.state = Trial.State.FAILED
        trial.save(update_fields=["state"])
        logger.warning("trial.failed trial=%s side=%s reason=%s", trial.public_id, side_id, reason)


def shown(card: recsys.TrackCard) -> dict[str, object]:
    """What a participant sees of a track."""
    return {"title": card.title, "artists": list(card.artists), "year": card.year, "preview_url": card.preview_url}


def _next_tick(trial: Trial, *, now_offset: float) -> datetime:
    tick = settings.RELEASE_TICK_S
    seconds = math.ceil(now_offset / tick) * tick if tick else now_offset
    return trial.created_at + timedelta(seconds=seconds)


def _this_worker() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"


def is_abandoned(side: Side) -> bool:
    """Whether the side's worker is known to be dead: on this machine, and its process is gone."""
    host, _, process = side.worker.rpartition("/")
    if side.state != Side.State.LEASED or host != socket.gethostname() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(process) == os.getpid()  # one child works on one thing at a time: an old lease of mine is a dead one's
