"""Reordering: the random share stays a random sample, annotators follow, and a killed run does no harm."""

from collections import Counter
from fractions import Fraction
from math import ceil

import pytest

from annotation.models import Assignment, Campaign, Item, Query, TaxonomyVersion
from annotation.selectors.ordering import due_campaigns
from annotation.services import queue_places
from annotation.services.campaigns import change_campaign, create_campaign, open_campaign
from annotation.services.items import LOTS, add_answered, add_queries, reserve_bound, resting_place
from annotation.services.labelling import next_items, record_label
from annotation.services.ordering import ReorderRunningError, reorder
from annotation.services.run_lock import Work, only_one
from playoff.common.errors import InvalidInputError

WORDS = {"travel": "road trip drive", "sports-activity": "gym running workout", "noise": "rain waves storm"}


def text_of(number: int) -> str:
    kind = list(WORDS)[number % 3]
    return f"{WORDS[kind]} {number}"


def category_of(text: str) -> str:
    return next(kind for kind, words in WORDS.items() if text.startswith(words))


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A home of its own for each test: runs are kept apart by files in it."""
    settings.HOME = tmp_path


@pytest.fixture
def make_pool(db):
    """An open campaign of queries in three kinds that a classifier can tell apart."""
    from annotation.services.taxonomies import shipped_taxonomy

    def make(count: int = 300, **settings) -> Campaign:
        queries = Query.objects.bulk_create(
            Query(dataset="pool", dataset_version="1", external_id=f"p{number}", text=text_of(number), language="en")
            for number in range(count)
        )
        settings = {
            "slug": "pool", "title": "Pool", "seed": 7, "order": "useful", "strategy": "margin", "random_share": 0.2,
            "overlap": 1, "gold_rate": 0.0, "taxonomy": None, **settings,
        }  # fmt: skip
        settings["taxonomy"] = settings["taxonomy"] or shipped_taxonomy()
        campaign = create_campaign(by=None, **settings)
        add_queries(campaign=campaign, queries=queries)
        return open_campaign(campaign=campaign)

    return make


def label(campaign: Campaign, user, count: int, choose=category_of) -> list[Assignment]:
    """Label the next `count` items as the queue gives them; one more is held afterwards, and comes first next time."""
    done = []
    campaign = Campaign.objects.get(pk=campaign.pk)
    for _ in range(count):
        held = next_items(campaign, user, ahead=0).held[0]
        done.append(record_label(campaign, user, query=held.query, category=choose(held.text), ahead=0).assignment)
    return done


def in_queue(campaign: Campaign):
    return Item.objects.filter(campaign=campaign, kind="work", free__gt=0).order_by("rank")


def test_the_database_and_python_agree_where_an_untouched_item_rests(make_pool):
    campaign = make_pool()
    for share in (0.1, 0.2, 1 / 3, 0.999, 1.0):
        campaign = change_campaign(campaign=campaign, random_share=share)
        queue_places.lay_out(campaign)
        for item in Item.objects.filter(campaign=campaign):
            assert (item.rank, item.origin) == resting_place(campaign, item.query_id, item.draw)
            assert 0 <= item.rank < LOTS * 1.001
            assert (item.origin == "random") == (item.draw < share * LOTS)


def test_before_any_label_the_share_is_spread_over_the_queue_and_marked(make_pool):
    campaign = make_pool(2_000)
    first = list(in_queue(campaign)[:500])
    assert {item.origin for item in first} == {"random", "unpicked"}
    assert sum(item.origin == "random" for item in first) == pytest.approx(100, abs=45)  # five standard deviations
    assert all((item.origin == "random") == (item.draw < reserve_bound(campaign)) for item in first)


@pytest.mark.parametrize("strategy", ["entropy", "margin", "disagreement", "diversity"])
def test_the_random_share_of_every_part_of_the_batch_is_exact_and_no_pick_is_from_it(make_pool, annotator, strategy):
    campaign = make_pool(400, strategy=strategy, random_share=0.3)
    label(campaign, annotator, 60)
    done = reorder(campaign=campaign, batch=100)
    assert done.picks == tuple(sorted({strategy: 70, "random": 30}.items()))
    served = list(in_queue(campaign).filter(rank__lt=0))
    assert [item.origin for item in served[:4]] == ["random", strategy, strategy, "random"]
    for places in range(1, 101):
        drawn = sum(item.origin == "random" for item in served[:places])
        assert drawn == ceil(places * Fraction(3, 10))
    bound = reserve_bound(campaign)
    assert all((item.draw < bound) == (item.origin == "random") for item in served)
    draws = [item.draw for item in served if item.origin == "random"]
    # what the annotator holds ahead is being served already
    left = Item.objects.filter(campaign=campaign, labelled=0, leased=0, draw__lt=bound).order_by("draw")
    assert draws == list(left.values_list("draw", flat=True)[:30])


def test_random_labels_are_a_prefix_of_the_lots_whatever_was_picked_between(make_pool, annotator):
    campaign = make_pool(300)
    for _ in range(3):
        label(campaign, annotator, 40)
        reorder(campaign=campaign, batch=60)
    drawn = Assignment.objects.filter(origin="random", state="labelled").values_list("item__draw", flat=True)
    lots = Item.objects.filter(draw__lt=reserve_bound(campaign)).order_by("draw").values_list("draw", flat=True)
    assert sorted(drawn) == list(lots[: len(drawn)])
    assert len(drawn) >= 20


def test_annotators_follow_at_their_next_label_and_the_origin_is_kept(make_pool, annotator):
    campaign = make_pool()
    label(campaign, annotator, 60)
    reorder(campaign=campaign, batch=50)
    expected = list(in_queue(campaign).values_list("query", "origin")[:20])
    given = label(campaign, annotator, 21)[1:]
    assert [(one.item.query_id, one.origin) for one in given] == expected
    assert Counter(one.origin for one in given) == {"margin": 16, "random": 4}
    campaign.refresh_from_db()
    assert (campaign.order_number, campaign.ordered_labels) == (1, 60) and campaign.ordered_at


def test_labels_of_the_random_share_are_not_learned_from_while_a_strategy_chooses(make_pool, annotator):
    campaign = make_pool()
    given = label(campaign, annotator, 60)
    picked = sum(one.origin != "random" for one in given)
    done = reorder(campaign=campaign)
    assert (done.labels, done.learned_from) == (60, picked) and picked < 60
    assert reorder(campaign=change_campaign(campaign=campaign, order="random")).learned_from == 60


def test_a_second_run_sends_untaken_picks_back_and_keeps_begun_items_first(make_pool, make_annotators):
    campaign = make_pool(overlap=2)
    first, second = make_annotators(2)
    label(campaign, first, 60)
    reorder(campaign=campaign, batch=50)
    begun = {one.item_id for one in label(campaign, first, 10)}
    reorder(campaign=campaign, batch=50)
    front = in_queue(campaign).filter(rank__lt=0)
    assert front.filter(labelled=0, leased=0).count() == 50
    for item in Item.objects.filter(campaign=campaign, labelled=0, leased=0, rank__gte=0):
        assert (item.rank, item.origin) == resting_place(campaign, item.query_id, item.draw)
    waiting = set(in_queue(campaign).exclude(labelled=0, leased=0).values_list("pk", flat=True))
    assert begun <= waiting and len(waiting) == 71
    assert {one.item_id for one in label(campaign, second, 71)} == waiting


class StopError(Exception):
    pass


@pytest.mark.parametrize("transaction", [1, 3, 4, 5])  # the new batch fills four, so what it leaves of the old has one
def test_killed_between_two_transactions_every_item_is_servable_and_a_rerun_mends_it(
    make_pool, annotator, monkeypatch, transaction
):
    campaign = make_pool(120)
    label(campaign, annotator, 40)
    reorder(campaign=campaign, batch=30)
    label(campaign, annotator, 5)
    monkeypatch.setattr(queue_places, "AT_ONCE", 5)
    locked, calls = queue_places._locked, []

    def die(items, which):
        calls.append(1)
        if len(calls) == transaction:
            raise StopError
        return locked(items, which)

    with monkeypatch.context() as patched:
        patched.setattr(queue_places, "_locked", die)
        with pytest.raises(StopError):
            reorder(campaign=campaign, batch=20)
    campaign.refresh_from_db()
    assert campaign.order_number == 1
    ranks = list(in_queue(campaign).values_list("rank", flat=True))
    assert len(ranks) == len(set(ranks)) == 74
    done = reorder(campaign=campaign, batch=20)
    assert dict(done.picks) == {"margin": 16, "random": 4} and done.live
    assert in_queue(campaign).filter(rank__lt=0).count() == 20
    assert len({one.item_id for one in label(campaign, annotator, 75)}) == 75
    assert next_items(Campaign.objects.get(), annotator).state == "done"


def test_too_few_labels_leave_the_order_as_it_is_and_say_so(make_pool, annotator):
    campaign = make_pool()
    before = list(in_queue(campaign).values_list("pk", "rank", "origin"))
    done = reorder(campaign=campaign)
    assert done.reason == "0 queries have a label to learn from, and 20 are needed; the order stays as it is."
    assert list(in_queue(campaign).values_list("pk", "rank", "origin")) == before
    label(campaign, annotator, 60, choose=lambda _text: "travel")
    done = reorder(campaign=campaign)
    assert done.reason == "All labels to learn from name one category, and two are needed; the order stays as it is."
    campaign.refresh_from_db()
    assert (campaign.order_number, campaign.ordered_labels) == (0, 60)
    assert due_campaigns() == []  # not again before there are more labels


def test_the_classifier_tells_three_categories_of_ones_own(make_pool, annotator):
    from annotation.services.taxonomies import add_taxonomy

    categories = [
        {
            "slug": slug, "key": key, "personalised": None, "title": {"en": slug}, "definition": {"en": slug},
            "examples": {"en": [words, f"{words} again"]},
        }
        for key, (slug, words) in zip("qwe", WORDS.items(), strict=True)
    ]  # fmt: skip
    document = {"slug": "moods", "version": 1, "title": {"en": "Moods"}, "categories": categories}
    taxonomy = add_taxonomy(document=document, by=None)
    campaign = make_pool(taxonomy=taxonomy, strategy="entropy")
    label(campaign, annotator, 90)
    done = reorder(campaign=campaign)
    assert done.candidates and done.guesses
    guessed = Item.objects.filter(campaign=campaign).exclude(guess="").select_related("query")
    assert len(guessed) == done.guesses
    assert all(item.guess == category_of(item.query.text) for item in guessed)
    assert all(1 / 3 <= item.guess_probability <= 1 and 0 <= item.guess_uncertainty <= 1 for item in guessed)
    assert {item.guess_model for item in guessed} == {done.model}


def test_a_campaign_in_random_order_gets_guesses_and_keeps_its_order(make_pool, annotator):
    campaign = make_pool(order="random")
    question, lesson = Query.objects.bulk_create(
        Query(dataset="gold", dataset_version="1", external_id=f"g{n}", text="gym running workout", language="en")
        for n in range(2)
    )
    add_answered(campaign=campaign, kind="gold", answers=[(question, "sports-activity", "")])
    add_answered(campaign=campaign, kind="practice", answers=[(lesson, "sports-activity", "")])
    Campaign.objects.update(practice=0)
    label(campaign, annotator, 60)
    order = list(in_queue(campaign).values_list("pk", "rank", "origin"))
    done = reorder(campaign=campaign)
    assert (done.learned_from, done.picks) == (60, ())
    assert list(in_queue(campaign).values_list("pk", "rank", "origin")) == order
    guesses = dict(Item.objects.filter(campaign=campaign).values_list("query", "guess"))
    assert guesses[question.pk] == "sports-activity" and guesses[lesson.pk] == ""
    assert Item.objects.filter(campaign=campaign, labelled=0, leased=0, kind="work", guess="").count() == 0
    campaign.refresh_from_db()
    assert campaign.order_number == 0
    with pytest.raises(InvalidInputError, match="takes no strategy"):
        reorder(campaign=campaign, strategy="margin")


def test_guesses_that_say_nothing_new_are_not_written_again(make_pool, annotator):
    campaign = make_pool()
    label(campaign, annotator, 60)
    first = reorder(campaign=campaign)
    assert first.guesses > 0
    again = reorder(campaign=campaign)
    assert (again.guesses, again.model) == (0, first.model)


def test_uncertainty_moves_the_items_that_wait_for_a_decision(make_pool, make_annotators):
    campaign = make_pool(overlap=2, third_label=False)
    first, second = make_annotators(2)
    label(campaign, first, 60)
    label(campaign, second, 60, choose=lambda text: "travel" if text.endswith("1") else category_of(text))
    before = dict(Item.objects.filter(dispute__isnull=False).values_list("pk", "dispute"))
    assert before and set(before.values()) == {0.5}
    reorder(campaign=campaign)
    for item in Item.objects.filter(pk__in=before):
        assert item.guess_uncertainty is not None
        assert item.dispute == pytest.approx((1 + item.guess_uncertainty) / 2)


def test_another_order_is_due_and_what_a_strategy_left_over_is_never_called_random(make_pool, annotator):
    campaign = make_pool(order="random")
    label(campaign, annotator, 10)
    assert due_campaigns() == []
    campaign = change_campaign(campaign=campaign, order="useful")
    assert due_campaigns() == [campaign]
    done = reorder(campaign=campaign)
    assert done.reason and done.moved > 0 and due_campaigns() == []
    label(campaign, annotator, 50)
    reorder(campaign=campaign, batch=60)
    label(campaign, annotator, 30)
    campaign = change_campaign(campaign=Campaign.objects.get(), order="random")
    reorder(campaign=campaign)
    left = in_queue(campaign).filter(labelled=0, leased=0)
    assert all(item.rank == item.draw for item in left)
    assert all((item.origin == "random") == (item.draw < reserve_bound(campaign)) for item in left)


def test_fifty_new_labels_make_a_campaign_due_later_one_in_twenty(make_pool, annotator):
    campaign = make_pool()
    label(campaign, annotator, 49)
    assert due_campaigns() == []
    label(campaign, annotator, 1)
    assert due_campaigns() == [campaign]
    Campaign.objects.update(ordered_labels=1)
    assert due_campaigns() == []
    Campaign.objects.update(ordered_labels=0, status="closed")
    assert due_campaigns() == []


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_a_campaign_are_never_on_at_once(make_pool):
    import threading

    from django.db import connection

    campaign = make_pool(20)
    refused = []

    def other() -> None:
        try:
            reorder(campaign=campaign)
        except ReorderRunningError as error:
            refused.append(str(error))
        finally:
            connection.close()

    with only_one(Work.REORDER, campaign.pk) as held:
        assert held
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert refused == ["“Pool” is being put into order right now; wait until that is done."]
    assert reorder(campaign=campaign).reason


def test_an_order_that_was_changed_under_the_run_is_not_overruled(make_pool, annotator, monkeypatch):
    campaign = make_pool()
    label(campaign, annotator, 60)
    place = queue_places.clear_front

    def meanwhile(campaign, **options):
        change_campaign(campaign=campaign, order="oldest")
        return place(campaign, **options)

    monkeypatch.setattr("annotation.services.ordering.clear_front", meanwhile)
    assert not reorder(campaign=campaign).live
    monkeypatch.undo()
    campaign.refresh_from_db()
    assert campaign.ordered_at is None and due_campaigns() == [campaign]
    reorder(campaign=campaign)
    left = in_queue(campaign).filter(labelled=0, leased=0)
    assert all((item.rank, item.origin) == (item.query_id, "oldest") for item in left)


def test_what_cannot_be_is_refused_and_nothing_changes(make_pool):
    campaign = make_pool(20)
    with pytest.raises(InvalidInputError, match="There is no strategy “luck”"):
        reorder(campaign=campaign, strategy="luck")
    with pytest.raises(InvalidInputError, match="between 1 and 50000, got 0"):
        reorder(campaign=campaign, batch=0)
    assert TaxonomyVersion.objects.count() == 1
