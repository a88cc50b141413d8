"""The rules of labelling: exactly as many labels as wanted, none lost, none twice, all in the history."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotation.errors import (
    AlreadyLabelledError,
    CampaignNotOpenError,
    NotAllowedError,
    NotGivenError,
    NothingToUndoError,
)
from annotation.models import Annotator, Assignment, Item, LabelEvent
from annotation.services import labelling
from annotation.services.campaigns import bar, change_campaign, close_campaign, invite
from annotation.services.items import add_answered
from annotation.services.labelling import annotate, leave, next_items, record_label, skip, undo
from playoff.common.errors import InvalidInputError
from tests.labels import counts_hold

pytestmark = pytest.mark.django_db


def held(campaign, user):
    return [held.query for held in next_items(campaign, user).held]


def label_all(campaign, user, category="travel"):
    done = []
    while queries := held(campaign, user):
        record_label(campaign, user, query=queries[0], category=category)
        done.append(queries[0])
    return done


def expire(campaign):
    Assignment.objects.filter(campaign=campaign, state="leased").update(
        lease_until=timezone.now() - timedelta(minutes=1)
    )


def test_one_on_the_screen_two_ahead_and_the_same_after_a_reload(make_campaign, annotator):
    campaign = make_campaign(queries=5)
    assert len(held(campaign, annotator)) == 3
    assert held(campaign, annotator) == held(campaign, annotator)
    first = held(campaign, annotator)
    outcome = record_label(campaign, annotator, query=first[0], category="travel", seconds=2.5)
    assert outcome.new
    assert [item.query for item in outcome.bench.held][:2] == first[1:]
    assert counts_hold(campaign)


def test_every_item_gets_exactly_the_wanted_labels(make_campaign, make_annotators):
    campaign = make_campaign(queries=7, overlap=2, third_label=False)
    ann, bob, eve = make_annotators(3)
    for user in (ann, bob, eve):
        label_all(campaign, user)
    assert set(Item.objects.values_list("labelled", flat=True)) == {2}
    assert Assignment.objects.labelled().count() == 14
    assert next_items(campaign, eve).state == "done"
    assert counts_hold(campaign)


def test_a_third_label_only_where_two_differ(make_campaign, make_annotators):
    campaign = make_campaign(queries=4, overlap=2, third_label=True)
    ann, bob, eve = make_annotators(3)
    queries = label_all(campaign, ann)
    for query in queries:
        held(campaign, bob)
        record_label(campaign, bob, query=query, category="noise" if query == queries[2] else "travel")
    assert held(campaign, eve) == [queries[2]]
    record_label(campaign, eve, query=queries[2], category="noise")
    item = Item.objects.get(query=queries[2])
    assert (item.wanted, item.labelled, item.dispute) == (3, 3, None)  # a majority settles it
    assert held(campaign, ann) == []


def test_three_different_labels_go_to_adjudication(make_campaign, make_annotators):
    campaign = make_campaign(queries=1, overlap=2)
    (query,) = [item.query_id for item in campaign.items.all()]
    for user, category in zip(make_annotators(3), ("travel", "noise", "romantic"), strict=True):
        held(campaign, user)
        record_label(campaign, user, query=query, category=category)
    assert Item.objects.get().dispute == pytest.approx(0.5)


def test_the_database_refuses_one_label_too_many(make_campaign):
    campaign = make_campaign(queries=1, overlap=1)
    item = campaign.items.get()
    item.labelled = 2
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save(update_fields=["labelled"])


def test_the_same_again_is_the_same_label_and_another_must_be_meant(make_campaign, annotator):
    campaign = make_campaign(queries=3)
    query = held(campaign, annotator)[0]
    assert record_label(campaign, annotator, query=query, category="travel", key="k1").new
    assert not record_label(campaign, annotator, query=query, category="travel", key="k1").new
    assert not record_label(campaign, annotator, query=query, category="travel").new
    with pytest.raises(AlreadyLabelledError, match="“Travel” already"):
        record_label(campaign, annotator, query=query, category="noise")
    changed = record_label(campaign, annotator, query=query, category="noise", change=True)
    assert changed.assignment.category == "noise"
    assert list(LabelEvent.objects.values_list("action", "old", "new")) == [
        ("label", "", "travel"),
        ("change", "travel", "noise"),
    ]
    assert Annotator.objects.get(user=annotator).labelled == 1


def test_an_action_sent_twice_is_done_once_even_when_it_was_taken_back(make_campaign, annotator):
    campaign = make_campaign(queries=3)
    query = held(campaign, annotator)[0]
    record_label(campaign, annotator, query=query, category="travel", key="k1")
    undo(campaign, annotator, key="k2")
    again = record_label(campaign, annotator, query=query, category="travel", key="k1")
    assert (again.new, again.assignment.state) == (False, "leased")
    undo_again = undo(campaign, annotator, key="k2")
    assert not undo_again.new
    assert LabelEvent.objects.count() == 2


def test_undo_takes_labels_back_one_by_one_and_history_keeps_them(make_campaign, annotator):
    campaign = make_campaign(queries=60)
    done = [query for _ in range(55) for query in held(campaign, annotator)[:1]
            if record_label(campaign, annotator, query=query, category="travel", seconds=1).new]  # fmt: skip
    for query in reversed(done):
        outcome = undo(campaign, annotator)
        assert outcome.bench.held[0].query == query
    with pytest.raises(NothingToUndoError):
        undo(campaign, annotator)
    me = Annotator.objects.get(user=annotator)
    assert (me.labelled, me.seconds) == (0, 0)
    assert LabelEvent.objects.filter(action="undo", old="travel").count() == 55
    assert counts_hold(campaign)


def test_a_skipped_item_goes_to_another_person(make_campaign, make_annotators):
    campaign = make_campaign(queries=1, overlap=1)
    ann, bob = make_annotators(2)
    (query,) = held(campaign, ann)
    assert held(campaign, bob) == []
    assert next_items(campaign, bob).state == "waiting"
    assert skip(campaign, ann, query=query).bench.held == ()
    assert held(campaign, bob) == [query]
    undone = undo(campaign, ann)  # no place is left, so it is held beside the wanted labels
    assert [item.query for item in undone.bench.held] == [query]
    assert counts_hold(campaign)
    record_label(campaign, bob, query=query, category="noise")
    late = record_label(campaign, ann, query=query, category="travel")
    assert late.assignment.surplus
    assert counts_hold(campaign)
    assert list(Assignment.objects.votes().values_list("category", flat=True)) == ["noise"]


def test_a_lapsed_lease_gives_its_place_back_and_a_late_label_is_kept(make_campaign, make_annotators):
    campaign = make_campaign(queries=2, overlap=1)
    ann, bob = make_annotators(2)
    first, second = held(campaign, ann)
    expire(campaign)
    assert set(held(campaign, bob)) == {first, second}
    record_label(campaign, bob, query=first, category="noise")
    late = record_label(campaign, ann, query=first, category="travel")
    assert (late.new, late.assignment.late, late.assignment.surplus) == (True, True, True)
    skip(campaign, bob, query=second)
    counted = record_label(campaign, ann, query=second, category="travel")
    assert (counted.assignment.late, counted.assignment.surplus) == (True, False)
    assert Assignment.objects.votes().count() == 2
    assert counts_hold(campaign)


def test_a_label_a_moment_after_its_lease_still_has_its_place(make_campaign, annotator):
    campaign = make_campaign(queries=2, overlap=1)
    query = held(campaign, annotator)[0]
    expire(campaign)
    outcome = record_label(campaign, annotator, query=query, category="travel")
    assert (outcome.assignment.late, outcome.assignment.surplus) == (True, False)
    assert counts_hold(campaign)


def test_nobody_is_told_that_it_is_empty_while_others_hold_a_store(make_campaign, make_annotators):
    campaign = make_campaign(queries=3, overlap=1)
    ann, bob = make_annotators(2)
    on_screen, second, third = held(campaign, ann)
    assert held(campaign, bob) == [third]
    assert held(campaign, ann) == [on_screen, second]
    record_label(campaign, bob, query=third, category="travel")
    assert held(campaign, bob) == [second]
    record_label(campaign, ann, query=on_screen, category="travel")
    assert next_items(campaign, ann).state == "waiting"
    assert counts_hold(campaign)


def test_leaving_gives_everything_back(make_campaign, make_annotators):
    campaign = make_campaign(queries=3, overlap=1)
    ann, bob = make_annotators(2)
    mine = held(campaign, ann)
    leave(campaign, ann)
    assert set(held(campaign, bob)) == set(mine)
    assert counts_hold(campaign)


def test_unclear_goes_to_adjudication_and_comments_are_kept(make_campaign, annotator):
    campaign = make_campaign(queries=2, overlap=1)
    query = held(campaign, annotator)[0]
    annotate(campaign, annotator, query=query, comment=" two readings ", flag="unclear")
    assert Item.objects.get(query=query).dispute == pytest.approx(0.5)
    assert Assignment.objects.get(item__query=query).comment == "two readings"
    annotate(campaign, annotator, query=query, flag="")
    assert Item.objects.get(query=query).dispute is None
    assert list(LabelEvent.objects.values_list("action", flat=True)) == ["comment", "flag", "flag"]


def test_practice_comes_first_one_by_one_with_its_answer(make_campaign, make_queries, annotator):
    campaign = make_campaign(queries=2)
    practice = make_queries(2, dataset="practice")
    add_answered(campaign=campaign, kind="practice", answers=[(query, "travel", "On the way.") for query in practice])
    campaign.refresh_from_db()
    assert held(campaign, annotator) == [practice[0].pk]
    outcome = record_label(campaign, annotator, query=practice[0].pk, category="noise")
    assert (outcome.answer, outcome.why) == ("travel", "On the way.")
    assert held(campaign, annotator) == [practice[1].pk]
    record_label(campaign, annotator, query=practice[1].pk, category="travel")
    assert len(held(campaign, annotator)) == 2
    me = Annotator.objects.get(user=annotator)
    assert (me.practised, me.labelled) == (2, 0)
    assert not Assignment.objects.votes().exists()


def test_gold_is_silent_counts_right_answers_and_is_nobodys_vote(make_campaign, make_queries, annotator):
    campaign = make_campaign(queries=40, gold_rate=0.5, overlap=1)
    gold = {query.pk for query in make_queries(10, dataset="gold")}
    from annotation.models import Query

    answers = [(query, "noise", "") for query in Query.objects.filter(pk__in=gold)]
    add_answered(campaign=campaign, kind="gold", answers=answers)
    seen = label_all(campaign, annotator, "noise")
    assert gold <= set(seen)
    assert seen[-10:] != sorted(gold)
    me = Annotator.objects.get(user=annotator)
    assert (me.labelled, me.gold_seen, me.gold_right) == (50, 10, 10)
    undo(campaign, annotator, query=next(iter(gold)))
    me.refresh_from_db()
    assert (me.labelled, me.gold_seen, me.gold_right) == (49, 9, 9)
    assert Assignment.objects.votes().count() == 40


def test_a_quota_ends_ones_work(make_campaign, annotator):
    campaign = make_campaign(queries=10, quota=2)
    assert len(held(campaign, annotator)) == 2
    assert len(label_all(campaign, annotator)) == 2
    assert next_items(campaign, annotator).state == "quota"
    invite(campaign=campaign, user=annotator, quota=4)
    assert len(label_all(campaign, annotator)) == 2


def test_languages_decide_what_is_given(make_campaign, make_queries, annotator):
    campaign = make_campaign(queries=4)
    russian = make_queries(2, dataset="russian", language="ru")
    from annotation.services.items import add_queries

    add_queries(campaign=campaign, queries=russian)
    invite(campaign=campaign, user=annotator, languages=["ru"])
    assert set(label_all(campaign, annotator)) == {query.pk for query in russian}


def test_the_guess_is_hidden_until_the_choice(make_campaign, annotator):
    campaign = make_campaign(queries=2)
    Item.objects.update(guess="noise", guess_model="m1")
    bench = next_items(campaign, annotator)
    assert {item.guess for item in bench.held} == {""}
    assert record_label(campaign, annotator, query=bench.held[0].query, category="travel").guess == "noise"
    assert Assignment.objects.labelled().get().guess == ""


def test_a_guess_that_was_shown_is_stored_with_the_label(make_campaign, annotator):
    campaign = make_campaign(queries=2, guess="before")
    Item.objects.update(guess="noise", guess_model="m1")
    bench = next_items(campaign, annotator)
    assert {item.guess for item in bench.held} == {"noise"}
    record_label(campaign, annotator, query=bench.held[0].query, category="travel")
    label = Assignment.objects.labelled().get()
    assert (label.guess, label.guess_model) == ("noise", "m1")
    assert LabelEvent.objects.get().guess == "noise"


def test_refusals_change_nothing(make_campaign, make_annotators):
    campaign = make_campaign(queries=3)
    ann, bob = make_annotators(2)
    query = held(campaign, ann)[0]
    for bad in (
        {"category": "no-such"},
        {"category": "travel", "seconds": -1},
        {"category": "travel", "seconds": float("nan")},
        {"category": "travel", "comment": "x" * 1001},
        {"category": "travel", "flag": "bad"},
        {"category": "travel", "key": "x" * 65},
    ):
        with pytest.raises(InvalidInputError):
            record_label(campaign, ann, query=query, **bad)
    with pytest.raises(NotGivenError):
        record_label(campaign, bob, query=query, category="travel")
    with pytest.raises(NotGivenError):
        record_label(campaign, ann, query=10**9, category="travel")
    assert not LabelEvent.objects.exists()


def test_who_may_not_label(make_campaign, make_annotators):
    ann, bob = make_annotators(2)
    campaign = make_campaign(queries=3, invited_only=True)
    with pytest.raises(NotAllowedError):
        next_items(campaign, ann)
    invite(campaign=campaign, user=bob)
    held(campaign, bob)
    bar(annotator=Annotator.objects.get(user=bob))
    with pytest.raises(NotAllowedError):
        next_items(campaign, bob)
    assert not Assignment.objects.filter(state="leased").exists()
    draft = make_campaign(queries=3, opened=False)
    with pytest.raises(CampaignNotOpenError):
        next_items(draft, ann)
    closed = close_campaign(campaign=make_campaign(queries=1))
    with pytest.raises(CampaignNotOpenError):
        next_items(closed, ann)


def test_a_new_order_is_followed_at_once(make_campaign, annotator):
    campaign = make_campaign(queries=20, overlap=1)
    label_all_but = held(campaign, annotator)
    last = Item.objects.filter(leased=0).order_by("-rank").first()
    Item.objects.filter(pk=last.pk).update(rank=-1, origin="entropy")
    campaign.order_number += 1
    campaign.save()
    outcome = record_label(campaign, annotator, query=label_all_but[0], category="travel")
    assert outcome.bench.held[-1].query == last.query_id
    assert Assignment.objects.get(item=last).origin == "entropy"


def test_a_bounded_number_of_database_queries_per_label(make_campaign, annotator, django_assert_max_num_queries):
    campaign = make_campaign(queries=300)
    record_label(campaign, annotator, query=held(campaign, annotator)[0], category="travel")  # reads the taxonomy
    for _ in range(3):
        query = held(campaign, annotator)[0]
        with django_assert_max_num_queries(22):
            record_label(campaign, annotator, query=query, category="travel", key=str(query))


def test_settings_of_all_labels_cannot_change_once_open(make_campaign):
    campaign = make_campaign(queries=2)
    with pytest.raises(Exception, match="cannot change once"):
        change_campaign(campaign=campaign, overlap=3)
    assert change_campaign(campaign=campaign, gold_rate=0.1).gold_rate == 0.1


def test_longest_values_are_taken(make_campaign, annotator):
    campaign = make_campaign(queries=1)
    query = held(campaign, annotator)[0]
    record_label(
        campaign,
        annotator,
        query=query,
        category="travel",
        seconds=labelling.MAX_SECONDS,
        comment="x" * 1000,
        key="k" * 64,
    )
