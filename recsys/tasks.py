"""Celery's door: ids in, a service called, nothing returned. A task may run twice."""

from celery import shared_task


# lost, it is sent again by the clock, which counts; redelivered, a query that kills its worker would go round for ever
@shared_task(name="recsys.tasks.answer_tryout", acks_late=False, reject_on_worker_lost=False)
def answer_tryout(tryout_id: int) -> None:
    from recsys.services.tryout_answering import answer_tryout  # torch, where a recommender needs it, comes in here

    answer_tryout(tryout_id=tryout_id)


@shared_task(name="recsys.tasks.tend_tryouts", acks_late=False)
def tend_tryouts() -> None:
    from recsys.services.tryout_tending import tend_tryouts

    tend_tryouts()
