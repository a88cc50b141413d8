"""Which participants judge no more, so that the test that may be looked at any time can count them."""

from datetime import timedelta

from django.db.models import Max

from evaluation.models import Judgment, Study

IDLE_HOURS = 24.0


def finished_participants(study: Study, *, idle_hours: float = IDLE_HOURS) -> list[str] | None:
    """Names, as in the judgments file, of those who have finished; None where all have, since the study is closed.

    While a study is open somebody has finished whose last judgment is `idle_hours` older than the last of the study:
    the database alone decides, so that the same judgments give the same report. One query.
    """
    if study.status == Study.Status.CLOSED:
        return None
    rows = list(
        Judgment.objects.filter(trial__study=study)
        .values_list("trial__participant__public_id")
        .annotate(last=Max("created_at"))
        .order_by("trial__participant__public_id")
    )
    if not rows:
        return []
    until = max(last for _, last in rows) - timedelta(hours=idle_hours)
    return [participant.hex for participant, last in rows if last <= until]
