"""How far campaigns are: right, and at a cost that does not grow with them."""

import pytest

from annotation.answer_rows import AnswerRow
from annotation.models import Adjudication, Campaign, Item
from annotation.selectors.progress import campaign_rows, progress
from annotation.services.answered import add_rows
from annotation.services.campaigns import bar, invite
from annotation.services.labelling import next_items, record_label
from playoff.common.clock import database_now

pytestmark = pytest.mark.django_db


def label(campaign, user, count, category="travel"):
    for _ in range(count):
        query = next_items(campaign, user).held[0].query
        record_label(campaign, user, query=query, category=category)


def test_a_campaign_in_the_middle(make_campaign, make_annotators):
    campaign = make_campaign(queries=10)
    add_rows(campaign=campaign, kind="gold", rows=[AnswerRow("g", "en", "travel", "")])
    ann, bob, eve = make_annotators(3)
    label(campaign, ann, 4)
    label(campaign, bob, 3)
    bar(annotator=invite(campaign=campaign, user=eve))
    found = progress(campaign)
    votes = {item.pk: (item.labelled, item.leased) for item in Item.objects.filter(campaign=campaign, kind="work")}
    assert found.items == 10
    assert found.finished == sum(labelled == 2 for labelled, _ in votes.values())
    assert found.in_hands == sum(leased > 0 for _, leased in votes.values())
    assert found.finished + found.in_hands + found.open == 10
    assert found.labels == sum(labelled for labelled, _ in votes.values())
    assert (found.wanted, found.people, found.gold, found.practice) == (20, 2, 1, 0)
    (row,) = campaign_rows([campaign])
    assert (row.items, row.finished, row.labels, row.people) == (10, found.finished, found.labels, 3)


def test_the_saving_is_that_of_finished_queries(make_campaign, make_annotators):
    campaign = make_campaign(queries=4)
    ann, bob, eve = make_annotators(3)
    label(campaign, ann, 4)
    for _ in range(4):
        query = next_items(campaign, bob).held[0].query
        record_label(
            campaign, bob, query=query, category="noise" if query == campaign.items.first().query_id else "travel"
        )
    found = progress(campaign)
    assert (found.saving.items, found.saving.given, found.saving.fixed) == (3, 6, 9)
    assert found.wanted == 9  # one third label is wanted now
    label(campaign, eve, 1)
    found = progress(campaign)
    assert (found.saving.items, found.saving.given, found.saving.fixed) == (4, 9, 12)
    assert found.to_come == 0


def test_third_labels_are_foreseen(make_campaign, make_annotators):
    campaign = make_campaign(queries=4)
    ann, bob, eve = make_annotators(3)
    first, second, *_ = [item.query_id for item in campaign.items.order_by("rank")]
    label(campaign, ann, 2)
    for query, category in ((first, "travel"), (second, "noise")):
        assert query in [held.query for held in next_items(campaign, bob).held]
        record_label(campaign, bob, query=query, category=category)
    next_items(campaign, eve)
    record_label(campaign, eve, query=second, category="noise")
    # four labels are missing, and one in two finished queries wanted a third one
    assert progress(campaign).to_come == 4 + 2 * 1 / 2


def test_without_the_rule_there_is_no_saving(make_campaign, annotator):
    campaign = make_campaign(queries=2, overlap=1, third_label=True)
    label(campaign, annotator, 2)
    assert progress(campaign).saving is None
    assert progress(make_campaign(queries=1, third_label=False)).saving is None


def test_disputes_and_decisions(make_campaign, annotator):
    campaign = make_campaign(queries=3)
    item = campaign.items.order_by("rank").first()
    next_items(campaign, annotator)
    record_label(campaign, annotator, query=item.query_id, category="travel", flag="unclear")
    assert progress(campaign).disputes == campaign_rows([campaign])[0].disputes == 1
    Adjudication.objects.create(item=item, category="travel", taxonomy_version=1, decided_at=database_now())
    assert progress(campaign).decided == 1


def test_an_empty_draft(make_campaign):
    campaign = make_campaign(queries=0, opened=False)
    found = progress(campaign)
    assert (found.items, found.share, found.bar, found.saving) == (0, 0.0, (0.0, 0.0), None)
    assert campaign_rows([campaign])[0].share == 0.0
    assert campaign_rows([]) == []


def test_a_fixed_number_of_queries(make_campaign, make_annotators, django_assert_num_queries):
    for number in range(4):
        campaign = make_campaign(queries=3 + number)
        label(campaign, make_annotators(1)[0] if not number else campaign.annotators.model.objects.first().user, 2)
    campaigns = list(Campaign.objects.all())
    with django_assert_num_queries(6):
        assert len(campaign_rows(campaigns)) == 4
    with django_assert_num_queries(3):
        progress(campaigns[0])
