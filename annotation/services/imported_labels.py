"""Labels that come from elsewhere: a data set, another tool's file. They count as if they had been made here."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from annotation.models import Annotator, Assignment, Campaign, Item, LabelEvent
from annotation.overlap import dispute, labels_wanted
from annotation.services.items import work_item

ORIGIN = "import"


@dataclass(frozen=True, slots=True)
class ImportedLabel:
    """One label of one query (its primary key) by an annotator known by a pseudonym only."""

    query: int
    annotator: str
    category: str
    seconds: float | None = None


@transaction.atomic
def place_labels(*, campaign: Campaign, labels: Iterable[ImportedLabel]) -> int:
    """Put labels into a campaign; items that are not there yet are made. Returns how many labels are new.

    An item gets places for all its imported labels, so that none is beyond the overlap. Labels that the same annotator
    has given already stay as they are.
    """
    by_query: dict[int, dict[str, ImportedLabel]] = defaultdict(dict)
    for label in labels:
        by_query[label.query].setdefault(label.annotator, label)
    known_items = set(Item.objects.filter(campaign=campaign, query__in=by_query).values_list("pk", flat=True))
    items = _items(campaign, by_query)
    annotators = _annotators(campaign, {name for given in by_query.values() for name in given})
    known = set(Assignment.objects.filter(item__in=items.values()).values_list("item", "annotator"))
    new = [
        (items[query], annotators[label.annotator], label)
        for query, given in by_query.items()
        for label in given.values()
        if (items[query].pk, annotators[label.annotator].pk) not in known
    ]
    _write(campaign, new)
    _settle(campaign, list({item.pk: item for item, _, _ in new if item.pk in known_items}.values()))
    return len(new)


def _items(campaign: Campaign, by_query: dict[int, dict[str, ImportedLabel]]) -> dict[int, Item]:
    items = {item.query_id: item for item in Item.objects.filter(campaign=campaign, query__in=by_query)}
    missing = [work_item(campaign, query) for query in by_query if query not in items]
    for item in missing:  # with its counts at once: writing them later costs as much again
        settled(item, [label.category for label in by_query[item.query_id].values()], third_label=campaign.third_label)
    for item in Item.objects.bulk_create(missing):
        items[item.query_id] = item
    return items


def _annotators(campaign: Campaign, names: set[str]) -> dict[str, Annotator]:
    annotators = {row.pseudonym: row for row in Annotator.objects.filter(campaign=campaign, pseudonym__in=names)}
    for name in sorted(names - set(annotators)):
        annotators[name] = Annotator.objects.create(campaign=campaign, pseudonym=name)
    return annotators


def _write(campaign: Campaign, new: Sequence[tuple[Item, Annotator, ImportedLabel]]) -> None:
    now = timezone.now()
    made = {
        "campaign": campaign, "taxonomy_version": campaign.taxonomy.number, "origin": ORIGIN,
    }  # fmt: skip
    Assignment.objects.bulk_create(
        Assignment(
            item=item,
            annotator=annotator,
            state=Assignment.State.LABELLED,
            category=label.category,
            seconds=label.seconds,
            acted_at=now,
            **made,
        )
        for item, annotator, label in new
    )
    LabelEvent.objects.bulk_create(
        LabelEvent(
            item=item,
            annotator=annotator,
            at=now,
            action=LabelEvent.Action.LABEL,
            new=label.category,
            seconds=label.seconds,
            **made,
        )
        for item, annotator, label in new
    )
    for annotator in {annotator.pk: annotator for _, annotator, _ in new}.values():
        given = [label for _, other, label in new if other.pk == annotator.pk]
        Annotator.objects.filter(pk=annotator.pk).update(
            labelled=F("labelled") + len(given),
            seconds=F("seconds") + sum(label.seconds or 0.0 for label in given),
            last_label_at=now,
        )


def _settle(campaign: Campaign, items: Sequence[Item]) -> None:
    votes: dict[int, list[str]] = defaultdict(list)
    for pk, category in Assignment.objects.votes().filter(item__in=items).values_list("item", "category"):
        votes[pk].append(category)
    for item in items:
        settled(item, votes[item.pk], third_label=campaign.third_label)
    Item.objects.bulk_update(items, ["labelled", "planned", "wanted", "dispute"], batch_size=500)


def settled(item: Item, votes: list[str], *, third_label: bool) -> Item:
    """Set the counts of an item from its labels; nothing is saved."""
    item.labelled = len(votes)
    item.planned = max(item.planned, item.labelled)
    wanted = labels_wanted(item.planned, votes, third_label=third_label)
    item.wanted = max(wanted, item.labelled + item.leased)
    item.dispute = dispute(votes, wanted=item.wanted, unclear=False, uncertainty=item.guess_uncertainty)
    return item
