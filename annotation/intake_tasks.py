"""Writing confirmed queries in slices of a second or two, so that the worker is free for playlists in between."""

from celery import shared_task


@shared_task(name="annotation.tasks.write_intake")
def write_intake(intake_id: int, position: int) -> None:
    """Write one slice and ask for the next. A message whose place is passed already came twice and ends here."""
    from annotation.models import Intake
    from annotation.services.intake_waking import wake_worker
    from annotation.services.intake_writing import write_on

    if not Intake.objects.filter(pk=intake_id, position=position, state=Intake.State.WRITING).exists():
        return
    intake = write_on(intake_id=intake_id)
    if intake.state == Intake.State.WRITING:
        wake_worker(intake)


@shared_task(name="annotation.tasks.wake_intakes", acks_late=False)
def wake_intakes() -> None:
    from annotation.services.intake_waking import wake

    wake()
