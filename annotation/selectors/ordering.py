"""What a reorder reads: labels to learn from, items to choose from, items whose guess somebody will look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet

from annotation.models import Adjudication, Assignment, Campaign, Item
from annotation.overlap import majority
from annotation.services.items import lot, reserve_bound

LEAST_NEW_LABELS = 50
NEW_SHARE = 0.05
UNTOUCHED = Q(labelled=0, leased=0)
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Text:
    """An item's text, and what the last classifier said of it."""

    item: int
    text: str
    guess: str
    probability: float | None
    uncertainty: float | None


def due_campaigns() -> list[Campaign]:
    """Open campaigns whose items are to be put into order: enough new labels, or another order was chosen.

    One query, and one for each open campaign.
    """
    return [campaign for campaign in Campaign.objects.filter(status=Campaign.Status.OPEN) if _due(campaign)]


def labels_counted(campaign: Campaign) -> int:
    """Labels that count, settled or not; one query."""
    return Assignment.objects.votes().filter(campaign=campaign).count()


def settled_labels(campaign: Campaign) -> list[tuple[int, str, str]]:
    """(item, text, category) to learn from, by item: what a lead decided, else the category of more than half.

    Where the most useful come first, items of the random share are left out: a classifier that knows their labels
    would have a hand in choosing what another one is trained on, whose test they are. Two queries.
    """
    slugs = frozenset(campaign.taxonomy.taxonomy.slugs)
    decisions = dict(Adjudication.objects.filter(item__campaign=campaign).values_list("item", "category"))
    votes = Assignment.objects.votes().filter(campaign=campaign)
    if campaign.order == Campaign.Order.USEFUL:
        votes = votes.filter(item__draw__gte=reserve_bound(campaign))
    rows = votes.order_by("item", "pk").values_list("item", "item__query__text", "category").iterator(CHUNK)
    settled = []
    for item, given in groupby(rows, key=itemgetter(0)):
        labels = list(given)
        category = decisions.get(item) if item in decisions else majority([label for _, _, label in labels])
        if category in slugs:
            settled.append((item, labels[0][1], category))
    return settled


def candidates(campaign: Campaign, most: int) -> list[Text]:
    """Untouched items outside the random share; of more than `most`, others for every order number.

    Ranks behind the picks follow the lots, so a stretch of them that begins at a lot is a random sample, and costs the
    same in a pool of a million. Up to three queries.
    """
    mine = _open(campaign).filter(UNTOUCHED, draw__gte=reserve_bound(campaign))
    found = _texts(mine.filter(rank__lt=0), most)
    start = lot(campaign.seed, campaign.order_number)
    for stretch in (Q(rank__gte=start), Q(rank__gte=0, rank__lt=start)):
        found += _texts(mine.filter(stretch), most - len(found))
    return found


def reserve(campaign: Campaign, most: int) -> list[Text]:
    """The next untouched items of the random share, by their lots; two queries."""
    mine = _open(campaign).filter(UNTOUCHED, draw__lt=reserve_bound(campaign))
    # two queries that each follow an index; sorted by lot in one, the database would read the whole share
    front = dict(mine.filter(rank__lt=0).values_list("pk", "draw"))
    resting = dict(mine.filter(rank__gte=0).order_by("rank").values_list("pk", "draw")[:most])
    lots = {**front, **resting}
    texts = {text.item: text for text in _texts(Item.objects.filter(pk__in=lots), len(lots))}
    return [texts[item] for item in sorted(lots, key=lots.__getitem__)[:most] if item in texts]


def begun(campaign: Campaign, most: int) -> list[Text]:
    """Items that somebody has, and that want more labels; in queue order. One query."""
    return _texts(_open(campaign).exclude(UNTOUCHED), most)


def begun_at_rest(campaign: Campaign, most: int) -> list[int]:
    """Those of `begun` that no earlier reorder has put before the others; one query."""
    return list(
        _open(campaign).exclude(UNTOUCHED).filter(rank__gte=0).order_by("rank").values_list("pk", flat=True)[:most]
    )


def looked_at(campaign: Campaign, most: int) -> list[Text]:
    """Items whose guess people see out of turn: those that wait for a decision, and gold questions. Two queries."""
    disputed = Item.objects.filter(campaign=campaign, dispute__isnull=False)
    gold = Item.objects.filter(campaign=campaign, kind=Item.Kind.GOLD)
    return _texts(disputed, most, by="-dispute") + _texts(gold, most, by="draw")


def next_in_queue(campaign: Campaign, most: int) -> list[Text]:
    """The items with a free place that come up next; one query."""
    return _texts(_open(campaign), most)


def _due(campaign: Campaign) -> bool:
    if campaign.order_number and campaign.ordered_at is None:
        return True
    new = labels_counted(campaign) - campaign.ordered_labels
    return new >= max(LEAST_NEW_LABELS, NEW_SHARE * campaign.ordered_labels)


def _open(campaign: Campaign) -> QuerySet[Item]:
    return Item.objects.filter(campaign=campaign, kind=Item.Kind.WORK, free__gt=0)


def _texts(items: QuerySet[Item], most: int, *, by: str = "rank") -> list[Text]:
    if most <= 0:
        return []
    rows: Iterator[Any] = (
        items.order_by(by)
        .values_list("pk", "query__text", "guess", "guess_probability", "guess_uncertainty")[:most]
        .iterator(CHUNK)
    )
    return [Text(*row) for row in rows]
