"""A newer taxonomy: labels keep their version, and go round again only where the lead says so."""

import pytest

from annotation.answer_rows import AnswerRow
from annotation.models import Adjudication, Assignment, Item, LabelEvent
from annotation.services import taxonomy_moves
from annotation.services.answered import add_rows
from annotation.services.labelling import annotate, next_items, record_label
from annotation.services.taxonomies import add_taxonomy
from annotation.services.taxonomy_moves import move_to_taxonomy, send_round_again
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError, PlayoffError
from tests.labels import counts_hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_version(db, lead):
    """The shipped taxonomy with another definition of travel and without noise."""
    from annotation.services.taxonomies import shipped_taxonomy

    document = shipped_taxonomy().taxonomy.to_document()
    document["version"] = 2
    travel = next(entry for entry in document["categories"] if entry["slug"] == "travel")
    travel["definition"]["en"] = "Something else altogether."
    document["categories"] = [entry for entry in document["categories"] if entry["slug"] != "noise"]
    # as many categories as there are keys or fewer: each keeps its own
    return add_taxonomy(document=document, by=lead)


def label_all(campaign, user, category):
    while held := next_items(campaign, user).held:
        record_label(campaign, user, query=held[0].query, category=category(held[0].query), seconds=2.0)


@pytest.fixture
def labelled(make_campaign, make_annotators):
    """Six queries labelled by two: four travel, one noise, one in dispute between travel and romantic."""
    campaign = make_campaign(queries=6, third_label=False)
    order = [item.query_id for item in campaign.items.order_by("pk")]
    ann, bob = make_annotators(2)
    label_all(campaign, ann, lambda query: {4: "noise", 5: "romantic"}.get(order.index(query), "travel"))
    label_all(campaign, bob, lambda query: {4: "noise"}.get(order.index(query), "travel"))
    return campaign, order, ann, bob


def test_labels_keep_their_version_and_new_ones_get_the_new(labelled, second_version):
    campaign, *_ = labelled
    move_to_taxonomy(campaign=campaign, version=second_version)
    campaign.refresh_from_db()
    assert campaign.taxonomy == second_version
    assert set(Assignment.objects.labelled().values_list("taxonomy_version", flat=True)) == {1}


def test_there_is_no_way_back_and_none_to_another_taxonomy(make_campaign, second_version, lead):
    campaign = make_campaign()
    first = campaign.taxonomy
    document = {**first.taxonomy.to_document(), "slug": "other", "version": 7}
    other = add_taxonomy(document=document, by=lead)
    for version in (first, other):
        with pytest.raises(PlayoffError, match="newer version of “personalisation”"):
            move_to_taxonomy(campaign=campaign, version=version)
    move_to_taxonomy(campaign=campaign, version=second_version)
    with pytest.raises(PlayoffError):
        move_to_taxonomy(campaign=campaign, version=first)


def test_questions_with_an_answer_that_is_gone_go_unless_answered(make_campaign, annotator, second_version):
    campaign = make_campaign()
    rows = [AnswerRow("x", "en", "noise", ""), AnswerRow("y", "en", "noise", ""), AnswerRow("z", "en", "travel", "")]
    add_rows(campaign=campaign, kind="practice", rows=rows)
    campaign.refresh_from_db()
    held = next_items(campaign, annotator).held[0]
    record_label(campaign, annotator, query=held.query, category="noise")
    move = move_to_taxonomy(campaign=campaign, version=second_version)
    assert (move.removed, move.kept) == (1, 1)
    campaign.refresh_from_db()
    assert campaign.practice == 2


def test_outdated_labels_go_round_again_and_stay_in_the_history(labelled, second_version, lead):
    campaign, order, ann, _bob = labelled
    move_to_taxonomy(campaign=campaign, version=second_version)
    campaign.refresh_from_db()
    assert send_round_again(campaign=campaign, categories=["travel", "noise"], by=lead) == 11
    assert counts_hold(campaign)
    assert list(Assignment.objects.votes().values_list("category", flat=True)) == ["romantic"]
    events = LabelEvent.objects.filter(action="reopen")
    assert events.count() == 11
    assert set(events.values_list("actor", "taxonomy_version", "old")) == {
        (lead.pk, 1, "travel"),
        (lead.pk, 1, "noise"),
    }
    assert LabelEvent.objects.filter(action="label").count() == 12
    # the same people may get them again, and label by the new version
    assert {held.query for held in next_items(campaign, ann).held} < set(order)
    label_all(campaign, ann, lambda query: "travel")
    assert counts_hold(campaign)
    assert Assignment.objects.votes().filter(taxonomy_version=2).count() == 5


def test_sent_twice_nothing_is_withdrawn_twice(labelled, second_version, lead):
    campaign, *_ = labelled
    move_to_taxonomy(campaign=campaign, version=second_version)
    campaign.refresh_from_db()
    assert send_round_again(campaign=campaign, categories=["noise"], by=lead) == 2
    assert send_round_again(campaign=campaign, categories=["noise"], by=lead) == 0
    assert counts_hold(campaign)


def test_labels_of_this_version_stay(labelled, lead):
    campaign, *_ = labelled
    assert send_round_again(campaign=campaign, categories=["travel"], by=lead) == 0


def test_what_a_lead_has_decided_stays(labelled, second_version, lead):
    campaign, order, *_ = labelled
    item = campaign.items.get(query=order[4])
    Adjudication.objects.create(item=item, category="noise", taxonomy_version=1, decided_at=database_now())
    move_to_taxonomy(campaign=campaign, version=second_version)
    campaign.refresh_from_db()
    assert send_round_again(campaign=campaign, categories=["noise"], by=lead) == 0


def test_a_dispute_and_a_flag_end_with_the_labels_they_were_about(labelled, second_version, lead):
    campaign, order, ann, _bob = labelled
    annotate(campaign, ann, query=order[0], flag="unclear")
    assert Item.objects.filter(dispute__isnull=False).count() == 2
    move_to_taxonomy(campaign=campaign, version=second_version)
    campaign.refresh_from_db()
    send_round_again(campaign=campaign, categories=["travel"], by=lead)
    assert Item.objects.filter(dispute__isnull=False).count() == 0


def test_a_third_place_goes_with_the_disagreement(make_campaign, make_annotators, second_version, lead):
    campaign = make_campaign(queries=1, third_label=True)
    ann, bob = make_annotators(2)
    label_all(campaign, ann, lambda query: "travel")
    label_all(campaign, bob, lambda query: "romantic")
    assert campaign.items.get().wanted == 3
    move_to_taxonomy(campaign=campaign, version=second_version)
    campaign.refresh_from_db()
    send_round_again(campaign=campaign, categories=["travel"], by=lead)
    item = campaign.items.get()
    assert (item.wanted, item.labelled, item.free) == (2, 1, 1)


def test_batches_add_up(labelled, second_version, lead, monkeypatch):
    campaign, *_ = labelled
    monkeypatch.setattr(taxonomy_moves, "BATCH", 3)
    move_to_taxonomy(campaign=campaign, version=second_version)
    campaign.refresh_from_db()
    assert send_round_again(campaign=campaign, categories=["travel", "noise"], by=lead) == 11
    assert counts_hold(campaign)


def test_a_batch_costs_a_fixed_number_of_queries(labelled, second_version, lead, django_assert_max_num_queries):
    campaign, *_ = labelled
    move_to_taxonomy(campaign=campaign, version=second_version)
    campaign.refresh_from_db()
    with django_assert_max_num_queries(30):
        send_round_again(campaign=campaign, categories=["travel", "noise"], by=lead)


def test_at_least_one_category(labelled, lead):
    with pytest.raises(InvalidInputError, match="at least one"):
        send_round_again(campaign=labelled[0], categories=[], by=lead)
