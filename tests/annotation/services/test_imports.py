import pytest
from django.db import IntegrityError, transaction

from annotation.classifier.dataset import Example
from annotation.models import Annotator, Assignment, Campaign, LabelEvent, Query
from annotation.public import import_labelled_queries
from annotation.services.imports import BATCH, DatasetChangedError, ImportSummary
from annotation.taxonomy import TAXONOMY_VERSION
from playoff.common.errors import InvalidInputError

pytestmark = pytest.mark.django_db


def example(number: int, text: str = "", labels: tuple[tuple[str, str], ...] = (("a1", "travel"),)) -> Example:
    return Example(f"q{number}", text or f"text {number}", "en", labels)


def bring(*queries: Example, version: str = "1") -> ImportSummary:
    return import_labelled_queries(dataset="sample", version=version, queries=queries)


def test_adds_queries_and_labels_once():
    queries = [example(1, labels=(("a1", "travel"), ("a2", "noise"))), example(2, labels=())]
    assert bring(*queries) == ImportSummary(read=2, added=2, skipped=0)
    assert bring(*queries) == ImportSummary(read=2, added=0, skipped=2)
    assert bring(*queries, example(3)) == ImportSummary(read=3, added=1, skipped=2)
    assert list(Query.objects.values_list("external_id", "text", "language")) == [
        ("q1", "text 1", "en"),
        ("q2", "text 2", "en"),
        ("q3", "text 3", "en"),
    ]
    labels = Assignment.objects.filter(item__query__external_id="q1")
    assert [(label.annotator.pseudonym, label.category) for label in labels] == [("a1", "travel"), ("a2", "noise")]
    assert {(label.annotator.user, label.taxonomy_version) for label in labels} == {(None, TAXONOMY_VERSION)}


def test_versions_are_apart():
    bring(example(1))
    assert bring(example(1, "changed"), version="2").added == 1
    assert Query.objects.count() == 2


@pytest.mark.parametrize(
    "changed",
    [
        example(1, "another text"),
        example(1, labels=(("a1", "noise"),)),
        example(1, labels=(("a1", "travel"), ("a2", "travel"))),
        Example("q1", "text 1", "ru", (("a1", "travel"),)),
    ],
)
def test_a_version_that_changed_is_refused_whole(changed):
    bring(example(1))
    with pytest.raises(DatasetChangedError, match=r"'q1' of sample 1 is here with another .* new version"):
        bring(example(0), changed)
    assert Query.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (example(1, labels=(("a1", "jazz"),)), "'q1' has the unknown category 'jazz'; use one of"),
        (example(1, labels=(("a1", "travel"), ("a1", "noise"))), "'q1' names an annotator twice"),
        (example(1, labels=(("", "travel"),)), "'q1' names an annotator twice or not at all"),
        (Example("q1", "", "en", ()), "'q1' lacks an id, a text or a language"),
        (Example("q1", "text", "", ()), "'q1' lacks an id, a text or a language"),
        (example(0), "'q0' stands twice; give each its own id"),
    ],
)
def test_a_wrong_query_adds_nothing(wrong, words):
    with pytest.raises(InvalidInputError, match=words):
        bring(example(0), wrong)
    assert Query.objects.count() == 0


@pytest.mark.parametrize(("dataset", "version"), [("", "1"), ("sample", " ")])
def test_the_data_set_must_be_named(dataset, version):
    with pytest.raises(InvalidInputError, match="needs a name and a version"):
        import_labelled_queries(dataset=dataset, version=version, queries=[])


def test_costs_a_fixed_number_of_queries_per_batch(django_assert_max_num_queries):
    with django_assert_max_num_queries(70):  # two batches; SQLite takes 999 values at a time
        bring(*(example(number) for number in range(BATCH + 1)))
    assert Assignment.objects.count() == BATCH + 1


def test_labels_stand_in_a_closed_campaign_with_their_history():
    bring(example(1, labels=(("a1", "travel"), ("a2", "noise"))), example(2), example(3, labels=()))
    campaign = Campaign.objects.get()
    assert (campaign.slug, campaign.status, campaign.taxonomy.slug) == ("dataset-sample-1", "closed", "personalisation")
    items = {item.query.external_id: item for item in campaign.items.all()}
    assert {name: (item.wanted, item.labelled, item.free) for name, item in items.items()} == {
        "q1": (2, 2, 0),
        "q2": (2, 1, 1),
    }
    assert [item.dispute is None for item in items.values()] == [False, True]
    assert {event.origin for event in LabelEvent.objects.all()} == {"import"}
    assert Annotator.objects.get(pseudonym="a1").labelled == 2


def test_the_database_refuses_what_the_service_does():
    bring(example(1))
    wrong = [
        Query(dataset="sample", dataset_version="1", external_id="q1", text="x", language="en"),
        Query(dataset="sample", dataset_version="1", external_id="q2", text="", language="en"),
    ]
    for row in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
