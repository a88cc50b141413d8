"""The people of a campaign, as their lead sees them."""

import pytest

from annotation.answer_rows import AnswerRow
from annotation.models import Annotator
from annotation.selectors import people as selector
from annotation.selectors.people import candidates, people_rows, recent_work
from annotation.services.answered import add_rows, make_practice
from annotation.services.campaigns import invite
from annotation.services.imported_labels import ImportedLabel, place_labels
from annotation.services.labelling import next_items, record_label

pytestmark = pytest.mark.django_db


def label(campaign, user, answers):
    for category, seconds, flag in answers:
        query = next_items(campaign, user).held[0].query
        record_label(campaign, user, query=query, category=category, seconds=seconds, flag=flag)


def rows(campaign):
    return people_rows(campaign, list(Annotator.objects.filter(campaign=campaign).select_related("user")))


def test_pace_of_the_last_labels(make_campaign, annotator, monkeypatch):
    monkeypatch.setattr(selector, "LAST", 4)
    campaign = make_campaign(queries=8)
    label(campaign, annotator, [("travel", second, None) for second in (50.0, 50.0, 1.0, 2.0, 3.0, 400.0)])
    (person,) = rows(campaign)
    assert (person.conduct.labels, person.conduct.median_seconds) == (4, 2.5)
    assert person.annotator.labelled == 6


def test_practice_is_no_conduct(make_campaign, annotator):
    campaign = make_campaign(queries=3)
    make_practice(campaign=campaign, language="en", count=2)
    campaign.refresh_from_db()
    label(campaign, annotator, [("travel", 0.1, None)] * 4)
    (person,) = rows(campaign)
    assert person.conduct.labels == 2
    assert person.annotator.practised == 2


def test_marks(make_campaign, make_annotators):
    campaign = make_campaign(queries=60)
    ann, bob = make_annotators(2)
    slugs = campaign.taxonomy.taxonomy.slugs
    label(campaign, ann, [(slugs[number % 12], 3.0, None) for number in range(30)])
    label(campaign, bob, [("travel", 0.2, None)] * 30)
    first, second = rows(campaign)
    assert first.conduct.look == ()
    assert second.conduct.look == ("haste", "streak")
    assert (second.conduct.streak, second.conduct.streak_category) == (30, "travel")


def test_gold_scores(make_campaign, annotator):
    campaign = make_campaign(queries=30, gold_rate=0.5)
    add_rows(campaign=campaign, kind="gold", rows=[AnswerRow(f"g{n}", "en", "travel", "") for n in range(4)])
    label(campaign, annotator, [("travel", 2.0, None)] * 25)
    (person,) = rows(campaign)
    assert person.gold.seen == person.gold.right == 4
    assert person.gold.low == pytest.approx(0.5101, abs=1e-4)  # 4 of 4, Wilson


def test_names_and_people_without_an_account(make_campaign, make_user, make_queries):
    campaign = make_campaign(queries=1)
    ann = make_user("ann", is_annotator=True)
    ann.first_name, ann.last_name = "Ann", "Lee"
    ann.save()
    invite(campaign=campaign, user=ann)
    place_labels(campaign=campaign, labels=[ImportedLabel(campaign.items.get().query_id, "old-hand", "travel", 0.1)])
    named, imported = rows(campaign)
    assert (named.name, imported.name) == ("Ann Lee", "old-hand")
    assert imported.conduct.labels == 0  # nobody's conduct


def test_recent_work(make_campaign, make_annotators):
    campaign = make_campaign(queries=6)
    ann, bob = make_annotators(2)
    label(campaign, ann, [("travel", 2.0, "unclear"), ("travel", 4.0, None)])
    label(campaign, bob, [("travel", 0.3, None), ("travel", 90.0, None)])
    found = recent_work(campaign)
    assert (found.labels, found.median_seconds, found.flagged, found.hasty) == (4, 3.0, 1, 1)
    assert found.flagged_share == 0.25
    assert recent_work(make_campaign()).flagged_share is None


def test_who_can_be_added(make_campaign, make_annotators, outsider, lead, make_user):
    campaign = make_campaign()
    ann, bob = make_annotators(2)
    gone = make_user("gone", is_annotator=True)
    gone.is_active = False
    gone.save()
    root = make_user("root", is_superuser=True)
    invite(campaign=campaign, user=ann)
    assert list(candidates(campaign)) == [bob, root]


def test_a_fixed_number_of_queries(make_campaign, make_annotators, django_assert_num_queries):
    campaign = make_campaign(queries=10)
    for user in make_annotators(6):
        label(campaign, user, [("travel", 2.0, None)] * 2)
    annotators = list(Annotator.objects.select_related("user"))
    assert campaign.taxonomy.taxonomy
    with django_assert_num_queries(2):
        assert len(people_rows(campaign, annotators)) == 6
    with django_assert_num_queries(3):
        recent_work(campaign)
