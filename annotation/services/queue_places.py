"""Where items stand in the queue, written in transactions so short that nobody who labels meanwhile notices.

Ranks below 0 belong to picks. Each order number has a stretch of them to itself, later ones behind earlier ones: an
item of an earlier batch that still wants a label stays before the new batch without being written again, and at any
moment, also after a run was killed between two transactions, every item has one rank and can be given out.
"""

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Case, Q, Value, When

from annotation.models import Campaign, Item
from annotation.selectors.ordering import UNTOUCHED
from annotation.services.items import RANDOM, UNPICKED, reserve_bound, resting_columns
from playoff.common.turns import writing_turn

AT_ONCE = 100
"""Rows per transaction: a few ms of processor, as others wait for all of it and a low priority stretches it."""
LOOKED_THROUGH = 5_000
MOST_PICKS = 2**19
_FRONT = -(2**61)
_STRETCH = 2 * MOST_PICKS


def front_of(order_number: int) -> int:
    """The first rank of the stretch that belongs to an order number."""
    return _FRONT + order_number * _STRETCH


def place_batch(items: Sequence[int], origins: Sequence[str], *, order_number: int) -> None:
    """Put untouched items at the front of the queue, in this order; those taken meanwhile stay where they are."""
    first = front_of(order_number) + MOST_PICKS
    places = list(zip(items, range(first, first + len(items)), origins, strict=True))
    for start in range(0, len(places), AT_ONCE):
        rows = places[start : start + AT_ONCE]
        with writing_turn(), transaction.atomic():
            free = _locked([item for item, _, _ in rows], UNTOUCHED)
            _execute("rank = %s, origin = %s", [(rank, origin, item) for item, rank, origin in rows if item in free])


def bring_forward(items: Sequence[int], *, order_number: int) -> None:
    """Put begun items before the picks, so that they are finished first; their origin is what it was."""
    first = front_of(order_number)
    for start in range(0, min(len(items), MOST_PICKS), AT_ONCE):
        rows = list(enumerate(items[start : start + AT_ONCE], start=first + start))
        with writing_turn(), transaction.atomic():
            free = _locked([item for _, item in rows], Q())
            _execute("rank = %s", [(rank, item) for rank, item in rows if item in free])


def clear_front(campaign: Campaign, *, order_number: int) -> int:
    """Send the untouched picks of earlier orders back to where their lots put them. Returns how many."""
    return _send_to_rest(campaign, Q(rank__lt=front_of(order_number)))


def lay_out(campaign: Campaign) -> int:
    """Give every untouched item the place and the origin that the campaign's order foresees. Returns how many moved.

    Needed once the order or the random share was changed. Reads the whole pool, writes only what differs.
    """
    picks_stay = campaign.order == Campaign.Order.USEFUL
    return _send_to_rest(campaign, Q(rank__gte=0) if picks_stay else Q())


def _send_to_rest(campaign: Campaign, which: Q) -> int:
    rank, origin = resting_columns(campaign)
    if campaign.order == Campaign.Order.RANDOM and picked_from(campaign):
        # what a strategy left over is no random sample; only the share that it never saw still is
        origin = Case(When(draw__lt=reserve_bound(campaign), then=Value(RANDOM)), default=Value(UNPICKED))
    wrong = Item.objects.filter(UNTOUCHED, which, campaign=campaign, kind=Item.Kind.WORK)
    wrong = wrong.exclude(rank=rank, origin=origin).order_by("pk")
    moved, last = 0, 0
    while rows := list(wrong.filter(pk__gt=last).values_list("pk", flat=True)[:LOOKED_THROUGH]):
        for start in range(0, len(rows), AT_ONCE):
            with writing_turn(), transaction.atomic():
                free = _locked(rows[start : start + AT_ONCE], UNTOUCHED)
                moved += Item.objects.filter(pk__in=free).update(rank=rank, origin=origin)
        last = rows[-1]
    return moved


def picked_from(campaign: Campaign) -> bool:
    """Whether a strategy has chosen queries: what it left over is no random sample."""
    return Item.objects.filter(campaign=campaign, origin__in=Campaign.Strategy.values).exists()


def _locked(items: Sequence[int], which: Q) -> set[int]:
    """Those that fit and are in nobody's hands. Waiting for the others could end with two waiting for each other."""
    found = Item.objects.filter(which, pk__in=items).order_by("pk").select_for_update(skip_locked=True)
    return set(found.values_list("pk", flat=True))


def _execute(assignments: str, rows: Sequence[tuple[int | str, ...]]) -> None:
    """Update rows of items, each with values of its own and the primary key last."""
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "annotation_item" SET {assignments} WHERE "id" = %s', rows)
