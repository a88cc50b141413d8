"""A participant asks: a trial is drawn, and workers are woken to make its two playlists."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from evaluation.errors import (
    IdempotencyKeyReusedError,
    QueryRefusedError,
    QueryRepeatedError,
    StudyNotOpenError,
    TrialInFlightError,
)
from evaluation.language import query_language
from evaluation.models import Participant, Side, Study, Trial
from evaluation.sampling import SAMPLER, Draw, draw
from evaluation.services.wake import wake_workers
from playoff.common.clock import database_now

logger = logging.getLogger(__name__)
MAX_QUERY = 500


@transaction.atomic
def submit_query(*, participant: Participant, query: str, idempotency_key: str) -> tuple[Trial, bool]:
    """Draw a trial for the query; the same key again is the same trial. Returns the trial and whether it is new.

    A query whose trial failed gets the same pair on the same sides again: a failing system must not quietly lose its
    share of the comparisons.
    """
    query = _checked(query)
    if not 1 <= len(idempotency_key) <= 100:
        raise QueryRefusedError(_("The Idempotency-Key must have between 1 and 100 characters."))
    participant = Participant.objects.select_for_update(of=("self",)).select_related("study").get(pk=participant.pk)
    earlier = participant.trials.filter(idempotency_key=idempotency_key).first()
    if earlier is not None:
        if earlier.query != query:
            raise IdempotencyKeyReusedError(_("This Idempotency-Key was used for another query; send a new one."))
        return earlier, False
    study = participant.study
    if study.status != Study.Status.OPEN:
        raise StudyNotOpenError(_("This study is not open."))
    in_flight = participant.trials.in_flight().first()
    if in_flight is not None:
        raise TrialInFlightError(_("Judge the playlists of your last query first."), str(in_flight.public_id))
    history = list(
        participant.trials.exclude(state__in=[Trial.State.FAILED, Trial.State.EXPIRED]).prefetch_related("sides")
    )
    if any(_normalised(trial.query) == _normalised(query) for trial in history):
        raise QueryRepeatedError(_("You have asked for this already; please ask for something else."))
    failed = _failed_trial_of(participant, query)
    if failed is not None:
        trial = _new_trial(
            participant, query, idempotency_key, number=failed.number, chosen=_draw_of(failed), replaces=failed
        )
    else:
        number = _next_draw(study)
        systems = list(study.systems.values_list("pk", flat=True))
        chosen = draw(
            seed=study.seed, number=number, systems=systems, firsts_before=[_sides_of(trial) for trial in history]
        )
        trial = _new_trial(participant, query, idempotency_key, number=number, chosen=chosen, replaces=None)
    wake_workers(list(trial.sides.all()))
    logger.info(
        "trial.submitted study=%s trial=%s number=%s replaces=%s",
        study.slug,
        trial.public_id,
        trial.number,
        bool(failed),
    )
    return trial, True


def _checked(query: str) -> str:
    query = query.strip()
    if not query:
        raise QueryRefusedError(_("Say in a few words what you would like to hear."))
    if len(query) > MAX_QUERY:
        raise QueryRefusedError(
            _("A query may have up to %(most)s characters; yours has %(length)s.")
            % {"most": MAX_QUERY, "length": len(query)}
        )
    if "\x00" in query or any("\ud800" <= character <= "\udfff" for character in query):
        raise QueryRefusedError(_("The query holds characters that are not text."))
    return query


def _normalised(query: str) -> str:
    return " ".join(query.casefold().split())


def _failed_trial_of(participant: Participant, query: str) -> Trial | None:
    failed = participant.trials.filter(state=Trial.State.FAILED, replaced_by__isnull=True).order_by("-pk")
    return next((trial for trial in failed if _normalised(trial.query) == _normalised(query)), None)


def _next_draw(study: Study) -> int:
    Study.objects.filter(pk=study.pk).update(draws=F("draws") + 1)
    return Study.objects.values_list("draws", flat=True).get(pk=study.pk) - 1


def _sides_of(trial: Trial) -> tuple[int, int]:
    by_name = {side.name: side.system_id for side in trial.sides.all()}
    return by_name[Side.Name.A], by_name[Side.Name.B]


def _draw_of(trial: Trial) -> Draw:
    first, second = _sides_of(trial)
    return Draw(first, second, trial.pair_probability, trial.side_probability)


def _new_trial(
    participant: Participant, query: str, key: str, *, number: int, chosen: Draw, replaces: Trial | None
) -> Trial:
    now = database_now()
    trial = Trial.objects.create(
        study=participant.study,
        participant=participant,
        number=number,
        idempotency_key=key,
        query=query,
        query_language=query_language(query),
        sampler=SAMPLER,
        pair_probability=chosen.pair_probability,
        side_probability=chosen.side_probability,
        replaces=replaces,
        created_at=now,
        deadline=now + timedelta(seconds=settings.GENERATION_DEADLINE_S),
    )
    Side.objects.bulk_create(
        [
            Side(trial=trial, name=Side.Name.A, system_id=chosen.first, sent_at=now),
            Side(trial=trial, name=Side.Name.B, system_id=chosen.second, sent_at=now),
        ]
    )
    return trial
