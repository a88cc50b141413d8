"""A worker answers a try-out: take the row, ask the recommender, store the answer if nobody has taken it over.

The same code is safe on PostgreSQL and SQLite: the row is taken by one conditional UPDATE that counts the attempt
before the work, which is what stops a query that kills its worker from going round for ever.
"""

import logging
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F

from playoff.common.clock import database_now
from playoff.common.turns import writing_turn
from recsys.core.errors import RecsysError
from recsys.models import Tryout
from recsys.selectors.catalogue import track_cards
from recsys.services.tryouts import BROKE, deadline, is_abandoned

logger = logging.getLogger(__name__)


def answer_tryout(*, tryout_id: int) -> bool:
    """Answer, unless another worker is at it or it is over. Returns whether this call stored an answer.

    What the system refuses is an answer too: one sentence.
    """
    claim = _claim(tryout_id)
    if claim is None:
        return False
    tryout = Tryout.objects.select_related("version").get(pk=tryout_id)
    try:
        answer = _answer(tryout)
    except RecsysError as refusal:
        logger.info("tryout.refused version=%s reason=%s", tryout.version_id, type(refusal).__name__)
        return _settle(claim, state=Tryout.State.FAILED, error=str(refusal))
    except Exception:
        logger.exception("tryout.failed version=%s attempt=%s", tryout.version_id, claim.attempt)
        _settle(claim, state=Tryout.State.FAILED, error=BROKE)
        raise
    logger.info("tryout.answered version=%s seconds=%.3f", tryout.version_id, answer["seconds"])
    return _settle(claim, state=Tryout.State.DONE, answer=answer)


@dataclass(frozen=True, slots=True)
class _Claim:
    """The right of one attempt to answer."""

    tryout_id: int
    attempt: int


def _claim(tryout_id: int) -> _Claim | None:
    now = database_now()
    tryout = Tryout.objects.filter(pk=tryout_id, state=Tryout.State.QUEUED, created_at__gte=deadline(now)).first()
    if tryout is None or tryout.attempts >= settings.GENERATION_MAX_ATTEMPTS:
        return None
    if tryout.started_at is not None and not is_abandoned(tryout, now):
        return None
    with writing_turn():
        taken = Tryout.objects.filter(pk=tryout_id, state=Tryout.State.QUEUED, attempts=tryout.attempts).update(
            attempts=F("attempts") + 1, started_at=now, worker=f"{socket.gethostname()}/{os.getpid()}"
        )
    return _Claim(tryout_id, tryout.attempts + 1) if taken else None


def _settle(claim: _Claim, *, state: Tryout.State, answer: dict[str, Any] | None = None, error: str = "") -> bool:
    mine = Tryout.objects.filter(pk=claim.tryout_id, state=Tryout.State.QUEUED, attempts=claim.attempt)
    with writing_turn():
        return bool(mine.update(state=state, answer=answer, error=error, finished_at=database_now()))


def _answer(tryout: Tryout) -> dict[str, Any]:
    """The playlist with its scores taken apart, as the row keeps it and the HTTP interface gives it."""
    from recsys.services.recommendations import load_recommender, recommend

    folder = Path(settings.MODELS_ROOT) / tryout.version.artifact
    recommender = load_recommender(folder)  # first, so that the seconds are those of the query
    started = time.perf_counter()
    ranked = recommend(directory=folder, query=tryout.query, listener=tryout.listener or None, k=tryout.k)
    seconds = time.perf_counter() - started
    cards = track_cards(tryout.version.dataset_id, ranked.tracks)
    classifier = getattr(recommender, "classifier", None)
    return {
        "tracks": [
            {
                "id": card.id,
                "title": card.title,
                "artists": list(card.artists),
                "year": card.year,
                "score": score,
                **{name: values[place] for name, values in ranked.parts.items()},
            }
            for place, (card, score) in enumerate(zip(cards, ranked.scores, strict=True))
        ],
        "alpha": ranked.alpha,
        "category": classifier.classify([tryout.query])[0].category if classifier is not None else None,
        "seconds": seconds,
    }
