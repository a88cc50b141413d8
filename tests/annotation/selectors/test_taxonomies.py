"""Taxonomies, their changes, and the labels that these have outdated."""

import pytest

from annotation.selectors.taxonomies import (
    category_views,
    changes_since,
    outdated_labels,
    outdated_rows,
    taxonomy_rows,
    version_before,
)
from annotation.services.labelling import next_items, record_label
from annotation.services.taxonomies import add_taxonomy, shipped_taxonomy
from annotation.services.taxonomy_moves import move_to_taxonomy

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions(lead):
    """The shipped taxonomy; a second version with another definition and another title; a third one without noise."""
    found = [shipped_taxonomy()]
    document = found[0].taxonomy.to_document()
    by_slug = {entry["slug"]: entry for entry in document["categories"]}
    document["version"] = 2
    by_slug["travel"]["definition"]["en"] = "Something else altogether."
    by_slug["romantic"]["title"]["en"] = "Love"
    found.append(add_taxonomy(document=document, by=lead))
    document["version"] = 3
    document["categories"] = [entry for entry in document["categories"] if entry["slug"] != "noise"]
    found.append(add_taxonomy(document=document, by=lead))
    return found


def test_the_list_knows_versions_and_campaigns(make_campaign, versions):
    make_campaign()
    (row,) = taxonomy_rows("ru")
    assert (row.latest, row.categories, row.campaigns) == (versions[2], 18, 1)
    assert row.versions == tuple(reversed(versions))
    assert row.title == "Когда персонализировать"


def test_changes_against_the_version_before(versions):
    first, second, third = versions
    assert version_before(first) is None
    assert version_before(third) == second
    assert {change.slug: change.kind for change in changes_since(first, second)} == {
        "travel": "definition", "romantic": "wording",
    }  # fmt: skip
    assert changes_since(None, first) == ()


def test_the_readers_language_comes_first():
    view = category_views(shipped_taxonomy().taxonomy, "ru")[0]
    assert [texts.language for texts in view.texts] == ["ru", "en"]
    assert (view.cap, view.half) == ("Й", "Персонализированные")


def test_labels_per_changed_category(make_campaign, annotator, versions, django_assert_num_queries):
    campaign = make_campaign(queries=6)
    for category in ("travel", "travel", "romantic", "fantasy"):
        record_label(campaign, annotator, query=next_items(campaign, annotator).held[0].query, category=category)
    assert outdated_rows(campaign, "en") == []
    move_to_taxonomy(campaign=campaign, version=versions[1])
    campaign.refresh_from_db()
    record_label(campaign, annotator, query=next_items(campaign, annotator).held[0].query, category="noise")
    move_to_taxonomy(campaign=campaign, version=versions[2])
    campaign.refresh_from_db()
    outdated_rows(campaign, "en")
    with django_assert_num_queries(2):
        rows = outdated_rows(campaign, "en")
    assert [(row.category, row.labels, row.kind, row.due) for row in rows] == [
        ("travel", 2, "definition", True),
        ("noise", 1, "removed", True),
        ("romantic", 1, "wording", False),
    ]
    with django_assert_num_queries(1):
        labels = outdated_labels(campaign, "travel")
        assert [label.item.query.text for label in labels] and len(labels) == 2
    assert outdated_labels(campaign, "fantasy", most=0) == []
