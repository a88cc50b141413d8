"""Labels for tests: made as an annotator makes them, or imported row by row; and whether all counts agree with them."""

import pytest

from annotation.models import Annotator, Assignment, Item
from annotation.services.imported_labels import ImportedLabel, place_labels
from annotation.services.labelling import next_items, record_label


def label_next(campaign, user, count, category="travel"):
    """Label the next queries that the person is given, all alike."""
    for _ in range(count):
        record_label(campaign, user, query=next_items(campaign, user).held[0].query, category=category, seconds=2.0)


def import_labels(campaign, *rows: str) -> None:
    """One word per query: `travel noise` gives the first query two labels, of p0 and p1; - is no label."""
    queries = campaign.items.order_by("query").values_list("query", flat=True)
    labels = [
        ImportedLabel(query, f"p{person}", category)
        for query, row in zip(queries, rows, strict=False)
        for person, category in enumerate(row.split())
        if category != "-"
    ]
    place_labels(campaign=campaign, labels=labels)


def counts_hold(campaign):
    """The counts of items and annotators are those of the assignments."""
    for item in Item.objects.filter(campaign=campaign, kind="work"):
        placed = Assignment.objects.filter(item=item, surplus=False)
        assert item.labelled == placed.filter(state="labelled").count()
        assert item.leased == placed.filter(state="leased").count()
        assert item.free == item.wanted - item.labelled - item.leased >= 0
    for place in Annotator.objects.filter(campaign=campaign):
        labels = Assignment.objects.filter(annotator=place, state="labelled").exclude(item__kind="practice")
        assert place.labelled == labels.count()
        seconds = labels.exclude(seconds=None).values_list("seconds", flat=True)
        assert place.seconds == pytest.approx(sum(seconds))
    return True
