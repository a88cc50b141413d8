"""The past is rebuilt from the history alone, and "now" is what the tables say."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.models import Adjudication, Annotator, Assignment, LabelEvent
from annotation.selectors.votes import decisions_at, vote_records, votes_at, votes_now
from annotation.services import labelling
from annotation.services.adjudication import decide, take_back
from playoff.common.clock import database_now
from playoff.common.errors import PlayoffError

pytestmark = pytest.mark.django_db


def label(campaign, user, category="travel", **more):
    query = labelling.next_items(campaign, user).held[0].query
    labelling.record_label(campaign, user, query=query, category=category, **more)
    return query


def test_a_day_of_labelling_undone_and_changed(make_campaign, make_annotators):
    """600 actions drawn at random: after each hundredth, the history says what the tables say."""
    campaign = make_campaign(queries=40, overlap=2)
    people = make_annotators(3)
    draw = random.Random(3)
    for step in range(600):
        user = draw.choice(people)
        act(campaign, user, draw)
        if step % 100 == 99:
            now = database_now()
            assert list(votes_at(campaign, now)) == list(votes_now(campaign))
    assert LabelEvent.objects.filter(action="undo").exists()
    assert LabelEvent.objects.filter(action="change").exists()
    assert LabelEvent.objects.filter(action="skip").exists()


def act(campaign, user, draw):
    category = draw.choice(["travel", "noise", "children"])
    seconds = draw.choice([None, 1.5, 3.0])
    try:
        match draw.randrange(8):
            case 0:
                labelling.undo(campaign, user)
            case 1:
                labelling.skip(campaign, user, query=labelling.next_items(campaign, user).held[0].query)
            case 2:
                done = Assignment.objects.filter(annotator__user=user, state="labelled").order_by("?").first()
                query = done.item.query_id if done else 0
                labelling.record_label(
                    campaign, user, query=query, category=category, seconds=seconds, comment="other", change=True
                )
            case 3:
                done = Assignment.objects.filter(annotator__user=user).order_by("?").first()
                query = done.item.query_id if done else 0
                labelling.annotate(campaign, user, query=query, comment="hm", flag=draw.choice(["", "unclear"]))
            case _:
                label(campaign, user, category, seconds=seconds)
    except (PlayoffError, IndexError):
        pass  # nothing left to undo, to skip or to label


def test_a_moment_of_the_past(make_campaign, make_annotators):
    campaign = make_campaign(queries=3, overlap=1)
    (user,) = make_annotators(1)
    query = label(campaign, user, "travel", seconds=2.0)
    first = database_now()
    labelling.record_label(campaign, user, query=query, category="noise", change=True)
    second = database_now()
    labelling.undo(campaign, user)
    third = database_now()
    assert [(vote.category, vote.seconds) for vote in votes_at(campaign, first)] == [("travel", 2.0)]
    assert [(vote.category, vote.seconds) for vote in votes_at(campaign, second)] == [("noise", 2.0)]
    assert list(votes_at(campaign, third)) == []
    assert list(votes_at(campaign, first - timedelta(days=1))) == []


def test_what_is_sent_round_again_is_no_label_until_it_is_labelled_again(make_campaign, make_annotators):
    campaign = make_campaign(queries=1, overlap=1)
    (user,) = make_annotators(1)
    label(campaign, user)
    item, annotator = campaign.items.get(), Annotator.objects.get()
    LabelEvent.objects.create(
        campaign=campaign, item=item, annotator=annotator, at=timezone.now(), action="reopen", old="travel"
    )
    assert list(votes_at(campaign, timezone.now())) == []


def test_decisions_of_the_past(make_campaign, lead):
    campaign = make_campaign(queries=1)
    item = campaign.items.get()
    moments = [database_now()]
    for category in ("travel", "", "noise"):
        decide(campaign=campaign, by=lead, query=item.query_id, category=category, change=True)
        moments.append(database_now())
    take_back(campaign=campaign, by=lead)
    moments.append(database_now())
    stood = [decisions_at(campaign, moment).get(item.pk) for moment in moments]
    assert [decision and decision.category for decision in stood] == [None, "travel", "", "noise", ""]
    assert Adjudication.objects.get().category == ""


def test_records_are_ordered_by_the_text_of_the_query_id(make_campaign, make_annotators):
    campaign = make_campaign(queries=12, overlap=2)
    for user in make_annotators(2):
        for _ in range(12):
            label(campaign, user)
    records = list(vote_records(campaign))
    keys = [(record.query_id, record.annotator) for record in records]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys)) == 24
    assert records == list(vote_records(campaign, at=database_now()))
    assert {record.annotator for record in records} == {"a1", "a2"}  # pseudonyms


def test_cost_does_not_grow_with_the_labels(make_campaign, make_annotators, django_assert_max_num_queries):
    campaign = make_campaign(queries=9, overlap=1)
    (user,) = make_annotators(1)
    for _ in range(9):
        label(campaign, user)
    _ = campaign.taxonomy
    with django_assert_max_num_queries(2):  # a streaming cursor is a query more on one of the databases
        list(votes_now(campaign))
    with django_assert_max_num_queries(2):  # a streaming cursor is a query more on one of the databases
        list(votes_at(campaign, database_now()))
