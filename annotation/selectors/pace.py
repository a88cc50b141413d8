"""Labels per day, and when the campaign will be done at that pace."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from annotation.models import Annotator, Assignment, Campaign
from annotation.pace import LONGEST_HISTORY, Forecast, forecast


def labels_per_day(campaign: Campaign, *, today: date | None = None) -> list[tuple[date, int]]:
    """Labels of the last 28 days and of today, oldest first, every day named. Two queries.

    Only labels that people made here count: imported ones say nothing about their pace. The labels of each annotator
    are found by their time, so that the older millions are not read.
    """
    today = today or timezone.localdate()
    first = today - timedelta(days=LONGEST_HISTORY)
    since = timezone.make_aware(datetime.combine(first, time.min))
    people = list(
        Annotator.objects.filter(campaign=campaign, user__isnull=False, last_label_at__gte=since).values_list(
            "pk", flat=True
        )
    )
    counted = dict(
        Assignment.objects.votes()
        .filter(annotator__in=people, acted_at__gte=since)
        .annotate(day=TruncDate("acted_at"))
        .order_by()
        .values_list("day")
        .annotate(count=Count("pk"))
    )
    days = (first + timedelta(days=number) for number in range(LONGEST_HISTORY + 1))
    return [(day, counted.get(day, 0)) for day in days]


def forecast_of(campaign: Campaign, days: list[tuple[date, int]], left: float) -> Forecast:
    """The forecast from the days of `labels_per_day`: those before today, from the campaign's first day on."""
    today = days[-1][0]
    started = timezone.localdate(campaign.opened_at) if campaign.opened_at else today
    return forecast([labels for day, labels in days[:-1] if day >= started], left, today=today)
