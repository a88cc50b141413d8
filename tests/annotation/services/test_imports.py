import pytest
from django.db import IntegrityError, transaction

from annotation.classifier.dataset import Example
from annotation.export.splits import split_of
from annotation.models import Annotator, Assignment, Campaign, LabelEvent, Query
from annotation.public import import_labelled_queries
from annotation.services.imports import BATCH, DatasetChangedError, ImportSummary
from annotation.services.queries import family_of
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


def grouped(number: int, text: str, group: str) -> Example:
    return Example(f"q{number}", text, "en", (), group)


def families() -> dict[str, str]:
    return dict(Query.objects.values_list("external_id", "family"))


TRANSLATED = [
    grouped(1, "for running", "g1"),
    grouped(2, "для бега", "g1"),
    grouped(3, "FOR RUNNING!", ""),
    grouped(4, "for cycling", "g2"),
    grouped(5, "for rowing", ""),
]


def test_the_members_of_a_group_and_their_near_duplicates_share_a_family():
    bring(*TRANSLATED)
    found = families()
    assert found["q1"] == found["q2"] == found["q3"] == min(family_of("for running"), family_of("для бега"))
    assert (found["q4"], found["q5"]) == (family_of("for cycling"), family_of("for rowing"))


def test_a_group_is_one_family_in_any_order_and_across_batches():
    between = [example(100 + number) for number in range(BATCH)]
    bring(TRANSLATED[1], *between, TRANSLATED[0])
    first = families()
    bring(*reversed(TRANSLATED[:2]), version="2")
    assert set(Query.objects.filter(external_id__in=["q1", "q2"]).values_list("family", flat=True)) == {first["q1"]}
    assert len(set(first.values())) == BATCH + 1


def test_what_is_here_keeps_its_family_and_what_comes_later_takes_it():
    texts = sorted(["for running", "для бега"], key=family_of)
    late, early = grouped(1, texts[0], "g1"), grouped(2, texts[1], "g1")
    bring(early)
    assert bring(late, early) == ImportSummary(read=2, added=1, skipped=1)
    assert families() == dict.fromkeys(("q1", "q2"), family_of(texts[1]))


def test_the_splits_of_gold_keep_a_group_together():
    """By the family alone; 12 groups of two, so that chance would part some of them."""
    bring(*(grouped(n, f"wish {n} {n % 2}", f"g{n // 2}") for n in range(24)))
    splits = [split_of(families()[f"q{number}"], salt="s") for number in range(24)]
    assert splits[::2] == splits[1::2]
    assert len(set(splits)) > 1
    alone = [split_of(family_of(f"wish {n} {n % 2}"), salt="s") for n in range(24)]
    assert alone[::2] != alone[1::2]


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
