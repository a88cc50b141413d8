import pytest

from annotation.models import Annotator, Assignment, Item
from annotation.selectors.own_work import own_campaigns, own_gold_score, own_pace, recent_work
from annotation.services.items import add_answered
from annotation.services.labelling import next_items, record_label, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def gold(make_campaign, make_queries, annotator):
    """A campaign whose gold questions all come before long: answers are `travel`."""
    campaign = make_campaign(queries=40, gold_rate=0.5)
    queries = make_queries(12, dataset="gold")
    add_answered(campaign=campaign, kind=Item.Kind.GOLD, answers=[(query, "travel", "") for query in queries])
    return campaign


def answer_gold(campaign, user, categories):
    """Label until so many gold questions are answered, each as told; returns their queries."""
    answered = []
    for category in categories:
        while True:
            query = next_items(campaign, user).held[0].query
            if Item.objects.get(campaign=campaign, query=query).kind == Item.Kind.GOLD:
                record_label(campaign, user, query=query, category=category)
                answered.append(query)
                break
            record_label(campaign, user, query=query, category="noise")
    return answered


def test_the_gold_score_moves_in_steps_of_five(gold, annotator):
    answer_gold(gold, annotator, ["travel"] * 3 + ["noise"])
    place = Annotator.objects.get()
    assert own_gold_score(place) is None
    answer_gold(gold, annotator, ["travel"])
    assert (own_gold_score(place).right, own_gold_score(place).seen) == (4, 5)
    answer_gold(gold, annotator, ["noise"] * 4)
    assert (own_gold_score(place).right, own_gold_score(place).seen) == (4, 5)
    answer_gold(gold, annotator, ["travel"])
    assert (own_gold_score(place).right, own_gold_score(place).seen) == (5, 10)


def test_changing_a_label_to_see_the_score_move_moves_nothing(gold, annotator):
    queries = answer_gold(gold, annotator, ["noise", "travel", "travel", "travel", "travel"])
    place = Annotator.objects.get()
    before = own_gold_score(place)
    record_label(gold, annotator, query=queries[0], category="travel", change=True)
    assert own_gold_score(place) == before
    undo(gold, annotator, query=queries[1])
    record_label(gold, annotator, query=queries[1], category="noise")
    assert own_gold_score(place) == before


def test_pace_is_the_median_of_what_was_timed(make_campaign, annotator):
    campaign = make_campaign(queries=5)
    for seconds in (1.0, 9.0, 2.0, None):
        record_label(
            campaign, annotator, query=next_items(campaign, annotator).held[0].query, category="noise", seconds=seconds
        )
    pace = own_pace(Annotator.objects.get())
    assert (pace.today, pace.seconds) == (4, 2.0)


def test_recent_work_ends_with_what_undo_takes_back(make_campaign, annotator):
    campaign = make_campaign(queries=5)
    queries = []
    for _ in range(3):
        queries.append(next_items(campaign, annotator).held[0].query)
        record_label(campaign, annotator, query=queries[-1], category="noise")
    recent = recent_work(Annotator.objects.get())
    assert [done.item.query_id for done in recent] == queries
    assert undo(campaign, annotator).assignment.item.query_id == queries[-1]
    assert Assignment.objects.labelled().count() == 2


def test_own_campaigns_cost_few_queries(make_campaign, annotator, django_assert_max_num_queries):
    for _ in range(4):
        make_campaign()
    with django_assert_max_num_queries(2):
        opened, closed = own_campaigns(annotator)
    assert (len(opened), closed) == (4, [])
