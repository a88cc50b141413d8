"""Labels per day: of people, of the last weeks, every day named."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.models import Assignment, Campaign
from annotation.selectors.pace import forecast_of, labels_per_day
from annotation.services.imported_labels import ImportedLabel, place_labels
from annotation.services.labelling import next_items, record_label

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(make_campaign, annotator):
    campaign = make_campaign(queries=12, overlap=1)
    for _ in range(9):
        record_label(campaign, annotator, query=next_items(campaign, annotator).held[0].query, category="travel")
    return campaign


def spread(campaign, days_ago):
    for pk, days in zip(Assignment.objects.labelled().values_list("pk", flat=True), days_ago, strict=True):
        Assignment.objects.filter(pk=pk).update(acted_at=timezone.now() - timedelta(days=days))


def test_every_day_is_named_and_older_ones_are_left_out(campaign):
    spread(campaign, [0, 1, 1, 2, 2, 2, 5, 28, 40])
    days = labels_per_day(campaign)
    today = timezone.localdate()
    assert [day for day, _ in days] == [today - timedelta(days=number) for number in range(28, -1, -1)]
    assert {(today - day).days: count for day, count in days if count} == {0: 1, 1: 2, 2: 3, 5: 1, 28: 1}


def test_imported_labels_are_no_pace(campaign, make_queries):
    queries = make_queries(5, dataset="old")
    place_labels(
        campaign=campaign, labels=[ImportedLabel(query=query.pk, annotator="x", category="noise") for query in queries]
    )
    assert sum(count for _, count in labels_per_day(campaign)) == 9


def test_the_forecast_starts_with_the_campaign(campaign):
    spread(campaign, [0, 1, 1, 2, 2, 3, 3, 4, 4])
    Campaign.objects.update(opened_at=timezone.now() - timedelta(days=4))
    campaign.refresh_from_db()
    found = forecast_of(campaign, labels_per_day(campaign), 20)
    assert (found.state, found.active_days, found.per_active_day) == ("range", 4, 2.0)
    assert found.middle == timezone.localdate() + timedelta(days=10)


def test_a_draft_has_no_forecast(make_campaign):
    draft = make_campaign(opened=False)
    assert forecast_of(draft, labels_per_day(draft), 10).state == "too-early"


def test_two_queries(campaign, django_assert_num_queries):
    with django_assert_num_queries(2):
        labels_per_day(campaign)
