"""Celery's door: ids in, a service called, nothing returned. A task may run twice."""

from celery import shared_task


@shared_task(name="annotation.tasks.make_gold", soft_time_limit=3_000, time_limit=3_060)
def make_gold(version_id: int) -> None:
    from annotation.services.gold import fail_gold, fill_gold  # numpy, where labels are aggregated, comes in here
    from playoff.common.errors import PlayoffError

    try:
        fill_gold(version_id)
    except PlayoffError as error:
        fail_gold(version_id, str(error))
