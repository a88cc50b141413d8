"""Celery's door: ids in, a service called, nothing returned. A task may run twice."""

import os
from pathlib import Path

from celery import shared_task
from celery.signals import worker_process_init
from django.conf import settings


@shared_task(name="evaluation.tasks.generate_playlist", acks_late=True, reject_on_worker_lost=True)
def generate_playlist(side_id: int) -> None:
    from evaluation.services.generation import generate  # torch, where a recommender needs it, comes in here

    generate(side_id=side_id)


# lost, it is sent again by the clock; redelivered, a classifier that kills its worker would go round for ever
@shared_task(
    name="evaluation.tasks.classify_trials", acks_late=False, reject_on_worker_lost=False,
    soft_time_limit=120, time_limit=150,
)  # fmt: skip
def classify_trials(study_id: int) -> None:
    from evaluation.services import classification  # a classifier's libraries come in here

    classification.classify_trials(study_id=study_id)


@shared_task(name="evaluation.tasks.reap_trials", acks_late=False)
def reap_trials() -> None:
    from evaluation.services.classification import call_for_classification
    from evaluation.services.reaper import reap

    reap()
    call_for_classification()
    (Path(settings.HOME) / "worker-heartbeat").touch()


@shared_task(name="evaluation.tasks.warm_study", acks_late=False)
def warm_study(study_id: int) -> None:
    from evaluation.services.warming import warm_study

    warm_study(study_id=study_id)


@worker_process_init.connect
def load_models(**_: object) -> None:
    """Load every open study's systems before the first task, so that no participant waits for it."""
    if os.environ.get("WARM_MODELS") == "1":
        from evaluation.services.warming import warm_open_studies

        warm_open_studies()
