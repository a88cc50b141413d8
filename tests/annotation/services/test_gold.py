"""Gold versions: settled by the numbers, made once, never changed."""

import pytest

from annotation.export.digest import content_hash
from annotation.export.records import GOLD
from annotation.models import GoldRow, GoldVersion, LabelEvent, Query
from annotation.selectors.gold import difference_between, gold_records, state_of
from annotation.services.adjudication import decide, take_back
from annotation.services.gold import GoldNameTakenError, fill_gold, make_gold
from annotation.services.imported_labels import ImportedLabel, place_labels
from playoff.common.errors import InvalidInputError

pytestmark = pytest.mark.django_db
VOTES = {  # of five queries
    0: ["travel", "travel", "travel"],
    1: ["travel", "travel", "noise"],
    2: ["travel", "noise"],
    3: ["noise", "travel", "travel"],
    4: ["noise"],
}


@pytest.fixture
def campaign(make_campaign):
    campaign = make_campaign(queries=5, overlap=3, third_label=False)
    queries = queries_of(campaign)
    labels = [
        ImportedLabel(queries[number], f"p{person}", category)
        for number, given in VOTES.items()
        for person, category in enumerate(given)
    ]
    place_labels(campaign=campaign, labels=labels)
    return campaign


def queries_of(campaign) -> list[int]:
    return list(campaign.items.order_by("query").values_list("query", flat=True))


def test_majority_by_hand(campaign, lead):
    queries = queries_of(campaign)
    decide(campaign=campaign, by=lead, query=queries[3], category="noise")
    version = make_gold(campaign=campaign, name="v1", by=lead)
    rows = {row.query_id: row for row in version.rows.all()}
    # a tie is left out; 19 categories and one further vote spread over them: (3 + 1/19) / 4 and so on
    assert set(rows) == {queries[0], queries[1], queries[3], queries[4]}
    assert {query: (row.category, row.source) for query, row in rows.items()} == {
        queries[0]: ("travel", "unanimous"),
        queries[1]: ("travel", "aggregated"),
        queries[3]: ("noise", "adjudicated"),
        queries[4]: ("noise", "unanimous"),
    }
    assert rows[queries[0]].probability == pytest.approx((3 + 1 / 19) / 4)
    assert rows[queries[1]].probability == pytest.approx((2 + 1 / 19) / 4)
    assert rows[queries[3]].probability == 1.0
    assert rows[queries[1]].votes == {"noise": 1, "travel": 2}
    assert {row.origin for row in rows.values()} == {"import"}
    assert version.rows_count == 4
    assert version.summary["sources"] == {"adjudicated": 1, "aggregated": 1, "unanimous": 2}
    assert version.summary["categories"] == {"noise": 2, "travel": 2}
    assert version.summary["left_out"] == {"tie": 1}
    assert version.summary["left_out_queries"] == {"tie": [str(queries[2])]}
    assert version.summary["votes"] == 12
    # pairs that agree, of all pairs on an item, averaged over items with two votes: (1 + 1/3 + 0 + 1/3) / 4
    assert version.summary["agreement"]["observed"]["value"] == pytest.approx((1 + 1 / 3 + 0 + 1 / 3) / 4)


@pytest.mark.parametrize("method", ["majority", "dawid-skene", "mace"])
def test_every_method(campaign, lead, method):
    version = make_gold(campaign=campaign, name="v1", by=lead, method=method)
    assert version.method == method
    assert state_of(version) == "ready"
    assert version.digest == content_hash(gold_records(version), schema=GOLD)


def test_the_undecidable_and_the_improbable_are_left_out(campaign, lead):
    queries = queries_of(campaign)
    decide(campaign=campaign, by=lead, query=queries[0], category="")
    version = make_gold(campaign=campaign, name="sure", by=lead, minimum=0.52)
    # 2 of 3 votes: (2 + 1/19) / 4 = 0.513; 1 of 1: (1 + 1/19) / 2 = 0.526
    assert list(version.rows.values_list("query", flat=True)) == [queries[4]]
    assert version.summary["left_out"] == {"undecidable": 1, "tie": 1, "improbable": 2}


def test_a_decision_without_votes_is_gold(make_campaign, lead):
    campaign = make_campaign(queries=2)
    query = queries_of(campaign)[0]
    decide(campaign=campaign, by=lead, query=query, category="noise")
    version = make_gold(campaign=campaign, name="v1", by=lead)
    row = version.rows.get()
    assert (row.query_id, row.source, row.votes, row.origin) == (query, "adjudicated", {}, "random")
    assert next(gold_records(version)).agreement is None


def test_a_name_is_taken_once(campaign, lead):
    first = make_gold(campaign=campaign, name="v1", by=lead)
    with pytest.raises(GoldNameTakenError, match="never change"):
        make_gold(campaign=campaign, name="v1", by=lead, method="mace")
    assert list(GoldVersion.objects.values_list("pk", "digest")) == [(first.pk, first.digest)]


@pytest.mark.parametrize(
    "given", [{"name": ""}, {"name": "a b"}, {"name": "x" * 51}, {"method": "guess"}, {"minimum": 1.01}]
)
def test_bad_input_makes_nothing(campaign, lead, given):
    with pytest.raises(InvalidInputError):
        make_gold(**{"campaign": campaign, "name": "v1", "by": lead, **given})
    assert not GoldVersion.objects.exists()


def test_without_labels_there_is_nothing_to_settle(make_campaign, lead):
    with pytest.raises(InvalidInputError, match="no label"):
        make_gold(campaign=make_campaign(), name="v1", by=lead)
    assert not GoldVersion.objects.exists()


def test_later_labels_and_decisions_leave_a_version_as_it_is(campaign, lead):
    version = make_gold(campaign=campaign, name="v1", by=lead)
    before = list(gold_records(version))
    decide(campaign=campaign, by=lead, query=queries_of(campaign)[0], category="noise")
    fill_gold(version.pk)
    assert list(gold_records(version)) == before
    assert GoldVersion.objects.get().digest == version.digest


def test_the_same_labels_make_the_same_digest(campaign, lead):
    first = make_gold(campaign=campaign, name="v1", by=lead)
    second = make_gold(campaign=campaign, name="v2", by=lead)
    assert first.digest == second.digest


def test_the_difference_of_two_versions(campaign, lead):
    queries = queries_of(campaign)
    first = make_gold(campaign=campaign, name="v1", by=lead)
    decide(campaign=campaign, by=lead, query=queries[0], category="noise")
    decide(campaign=campaign, by=lead, query=queries[2], category="noise")
    decide(campaign=campaign, by=lead, query=queries[4], category="")
    second = make_gold(campaign=campaign, name="v2", by=lead)
    found = difference_between(first, second, most=10)
    assert {(change.kind, change.query_id, change.old_category, change.new_category) for change in found.changes} == {
        ("category", str(queries[0]), "travel", "noise"),
        ("added", str(queries[2]), "", "noise"),
        ("removed", str(queries[4]), "noise", ""),
    }
    assert found.counts.as_json()["kinds"] == {"added": 1, "category": 1, "removed": 1}
    take_back(campaign=campaign, by=lead)


def test_what_a_classifier_picked_is_never_in_the_test_split(make_campaign, lead):
    campaign = make_campaign(queries=60)
    queries = queries_of(campaign)
    place_labels(campaign=campaign, labels=[ImportedLabel(query, "p", "travel") for query in queries])
    LabelEvent.objects.filter(item__query__in=queries[:30]).update(origin="margin")
    version = make_gold(campaign=campaign, name="v1", by=lead)
    splits = {origin: set(version.rows.filter(origin=origin).values_list("split", flat=True)) for origin in
              ("margin", "import")}  # fmt: skip
    assert "test" not in splits["margin"]
    assert "test" in splits["import"]
    assert version.summary["families_kept_from_test"] > 0


def test_a_family_is_in_one_split(make_campaign, lead):
    campaign = make_campaign(queries=60)
    queries = queries_of(campaign)
    Query.objects.filter(pk__in=queries).update(family="one")
    place_labels(campaign=campaign, labels=[ImportedLabel(query, "p", "travel") for query in queries])
    version = make_gold(campaign=campaign, name="v1", by=lead)
    assert version.rows.values("split").distinct().count() == 1


def test_many_are_left_to_a_worker_once(campaign, lead, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("annotation.services.gold.AT_ONCE", 4)
    with django_capture_on_commit_callbacks() as published:
        version = make_gold(campaign=campaign, name="big", by=lead)
    assert len(published) == 1
    assert state_of(version) == "making"
    with pytest.raises(GoldNameTakenError, match="being made"):
        make_gold(campaign=campaign, name="big", by=lead)
    from annotation.tasks import make_gold as task

    task(version.pk)
    task(version.pk)  # twice, as a task may run
    version.refresh_from_db()
    assert state_of(version) == "ready"
    assert GoldRow.objects.filter(version=version).count() == version.rows_count == 4


def test_a_failed_or_forgotten_version_can_be_made_again(campaign, lead):
    version = make_gold(campaign=campaign, name="v1", by=lead)
    GoldVersion.objects.filter(pk=version.pk).update(digest="", summary={"failed": "No."})
    again = make_gold(campaign=campaign, name="v1", by=lead)
    assert again.pk != version.pk
    assert state_of(again) == "ready"
