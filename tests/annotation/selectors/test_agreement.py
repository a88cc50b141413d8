"""Which labels agreement counts, and which queries stand behind a cell."""

import pytest
from django.db.models import Max

from annotation.models import Annotator, Assignment, Item, LabelEvent, TaxonomyVersion
from annotation.selectors.agreement import (
    campaign_votes,
    cases_of,
    changes_since,
    confusion_between,
    items_behind_cell,
    names_of,
    state_of,
)
from annotation.services.labelling import next_items, record_label, undo
from annotation.taxonomy import parse_taxonomy
from tests.labels import import_labels

pytestmark = pytest.mark.django_db


def queries_of(campaign) -> list[int]:
    return list(campaign.items.order_by("query").values_list("query", flat=True))


def label(campaign, user, category: str, **more) -> int:
    query = next_items(campaign, user).held[0].query
    record_label(campaign, user, query=query, category=category, **more)
    return query


def votes_by_person(votes) -> dict[str, list[str]]:
    """Labels of each person, in the order of the items."""
    found: dict[str, list[str]] = {}
    for annotator, chosen in zip(votes.annotators.tolist(), votes.labels.tolist(), strict=True):
        found.setdefault(votes.annotator_ids[annotator], []).append(votes.categories[chosen])
    return found


@pytest.fixture
def disputed(make_campaign, make_annotators):
    """One query, two labels planned, a third given because they differ."""
    campaign = make_campaign(queries=1, overlap=2, third_label=True, gold_rate=0.0)
    first, second, third = make_annotators(3)
    query = label(campaign, first, "travel")
    label(campaign, second, "noise")
    label(campaign, third, "noise")
    return campaign, query, (first, second, third)


def test_only_the_planned_labels_show_agreement(disputed):
    campaign, _query, _users = disputed
    votes = campaign_votes(campaign)
    assert votes_by_person(votes.planned) == {"a1": ["travel"], "a2": ["noise"]}
    assert votes_by_person(votes.counted) == {"a1": ["travel"], "a2": ["noise"], "a3": ["noise"]}
    assert votes.planned.item_ids == votes.counted.item_ids


def test_a_label_that_is_changed_later_stays_among_the_planned_ones(disputed):
    campaign, query, (first, _second, _third) = disputed
    record_label(campaign, first, query=query, category="work-study", change=True)
    assert votes_by_person(campaign_votes(campaign).planned) == {"a2": ["noise"], "a1": ["work-study"]}


def test_a_label_that_is_taken_back_and_given_again_stays_among_the_planned_ones(disputed):
    campaign, query, (first, _second, _third) = disputed
    undo(campaign, first)
    record_label(campaign, first, query=query, category="travel")
    assert set(votes_by_person(campaign_votes(campaign).planned)) == {"a1", "a2"}


def test_after_a_label_was_sent_round_again_its_new_one_is_the_later(disputed):
    campaign, query, _users = disputed
    first = Annotator.objects.get(campaign=campaign, pseudonym="a1")
    item = Item.objects.get(campaign=campaign, query=query)
    at = Assignment.objects.aggregate(at=Max("acted_at"))["at"]
    for action in (LabelEvent.Action.REOPEN, LabelEvent.Action.LABEL):
        LabelEvent.objects.create(campaign=campaign, item=item, annotator=first, at=at, action=action)
    assert set(votes_by_person(campaign_votes(campaign).planned)) == {"a2", "a3"}


def test_gold_questions_and_labels_beyond_the_overlap_do_not_count(make_campaign):
    campaign = make_campaign(queries=2)
    import_labels(campaign, "travel travel", "noise noise")
    one, other = Item.objects.filter(campaign=campaign).order_by("query")
    one.assignments.update(surplus=True)
    Item.objects.filter(pk=other.pk).update(kind="gold", answer="noise", planned=0, wanted=0, labelled=0)
    assert len(campaign_votes(campaign).counted) == 0


def test_families_are_those_of_the_queries(make_campaign):
    campaign = make_campaign(queries=3)
    import_labels(campaign, "travel", "travel", "noise")
    first, second, third = [item.query for item in campaign.items.select_related("query").order_by("query")]
    type(first).objects.filter(pk=second.pk).update(family=first.family)
    type(first).objects.filter(pk=third.pk).update(family="")
    votes = campaign_votes(campaign)
    assert votes.planned.item_ids == (str(first.pk), str(second.pk), str(third.pk))
    assert votes.families == (first.family, first.family, f"query {third.pk}")


def test_groups_are_the_halves_of_the_taxonomy(make_campaign):
    campaign = make_campaign(queries=1)
    groups = campaign_votes(campaign).groups
    assert len(groups) == 19
    assert sorted(groups.values()).count("personalised") == 9


def test_a_label_of_an_older_version_keeps_its_category(make_campaign):
    campaign = make_campaign(queries=2)
    import_labels(campaign, "travel noise", "travel travel")
    document = campaign.taxonomy.taxonomy.to_document()
    document["version"] = 2
    document["categories"] = [row for row in document["categories"] if row["slug"] != "noise"]
    taxonomy = parse_taxonomy(document)
    campaign.taxonomy = TaxonomyVersion.objects.create(
        slug=taxonomy.slug, number=2, document=document, digest=taxonomy.digest
    )
    campaign.save()
    votes = campaign_votes(campaign)
    assert votes.counted.categories[-1] == "noise"
    assert len(votes.counted.categories) == 19
    assert votes.groups["noise"] == "not-personalised"
    assert votes.outdated == 4


def test_reading_the_labels_costs_the_same_however_many(make_campaign, django_assert_max_num_queries):
    campaign = make_campaign(queries=9)
    import_labels(campaign, "travel noise")
    with django_assert_max_num_queries(5):  # PostgreSQL opens a cursor of its own for what is streamed
        campaign_votes(campaign)
    import_labels(campaign, *["travel noise travel"] * 9)
    with django_assert_max_num_queries(5):
        campaign_votes(campaign)


def test_state_changes_with_every_label(disputed):
    campaign, query, (first, _second, _third) = disputed
    before = state_of(campaign)
    assert before.labels == 3
    record_label(campaign, first, query=query, category="noise", change=True)
    after = state_of(campaign)
    assert after != before
    assert changes_since(campaign, before.event) == 1


def test_behind_a_cell_are_the_queries_with_both_categories(make_campaign):
    campaign = make_campaign(queries=5)
    import_labels(campaign, "travel noise", "noise travel", "travel travel", "travel work-study", "noise noise noise")
    one, two, three, _four, five = queries_of(campaign)

    def behind(row: str, column: str, **more) -> list[int]:
        return [item.query_id for item in items_behind_cell(campaign, row, column, **more)]

    assert behind("travel", "noise") == behind("noise", "travel") == [one, two]
    assert behind("travel", "travel") == [three]
    assert behind("noise", "noise") == [five]
    assert behind("travel", "noise", between=("p0", "p1")) == [one]
    assert behind("noise", "travel", between=("p0", "p1")) == [two]
    assert behind("noise", "noise", between=("p0", "p2")) == [five]
    assert behind("romantic", "noise") == []


def test_cases_show_votes_comments_and_names(disputed, django_assert_num_queries):
    campaign, query, (first, _second, _third) = disputed
    record_label(campaign, first, query=query, category="romantic", change=True, comment="why", flag="unclear")
    items = list(items_behind_cell(campaign, "noise", "noise"))
    with django_assert_num_queries(2):
        (case,) = cases_of(items, {"noise": "Noise"}, {"a1": "Anna"})
    assert case.query == query
    assert [(vote.who.pseudonym, vote.title) for vote in case.votes] == [
        ("a2", "Noise"),
        ("a3", "Noise"),
        ("a1", "romantic"),
    ]
    assert str(case.votes[2].who) == "Anna"
    assert (case.votes[2].comment, case.votes[2].unclear) == ("why", True)


def test_confusion_between_two_has_a_direction(make_campaign):
    campaign = make_campaign(queries=4)
    import_labels(campaign, "travel noise", "travel noise", "noise travel", "travel - noise")
    found = confusion_between(campaign, ("p0", "p1"), ["travel"])
    assert found["categories"] == ["travel", "noise"]
    assert found["counts"] == [[0, 2], [1, 0]]
    assert confusion_between(campaign, ("p1", "p2"), ["travel"]) is None


def test_names_are_those_of_people_with_an_account(make_campaign, make_user):
    campaign = make_campaign(queries=2, gold_rate=0.0)
    import_labels(campaign, "travel")
    label(campaign, make_user("annie", is_annotator=True, first_name="Ann", last_name="O"), "travel")
    label(campaign, make_user("bob", is_annotator=True), "travel")
    assert sorted(names_of(campaign).values()) == ["Ann O", "bob"]
