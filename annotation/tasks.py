"""Celery's door: ids in, a service called, nothing returned. A task may run twice."""

from celery import shared_task

from annotation.classifier_tasks import start_classifier, tend_classifiers
from annotation.intake_tasks import wake_intakes, write_intake
from annotation.ordering_tasks import start_reorder, start_reorders

__all__ = [
    "make_gold",
    "start_classifier",
    "start_reorder",
    "start_reorders",
    "tend_classifiers",
    "wake_intakes",
    "write_intake",
]


@shared_task(name="annotation.tasks.make_gold", soft_time_limit=3_000, time_limit=3_060)
def make_gold(version_id: int) -> None:
    from annotation.services.gold import fail_gold, fill_gold  # numpy, where labels are aggregated, comes in here
    from playoff.common.errors import PlayoffError

    try:
        fill_gold(version_id)
    except PlayoffError as error:
        fail_gold(version_id, str(error))


@shared_task(name="annotation.tasks.compute_agreement", soft_time_limit=600, time_limit=630)
def compute_agreement(campaign_id: int) -> None:
    from annotation.services.agreement import compute_as_job

    compute_as_job(campaign_id)
