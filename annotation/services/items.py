"""Queries become items of a campaign, each with its lot and the labels it wants."""

import hashlib
from collections.abc import Iterable
from fractions import Fraction

from django.db import transaction
from django.db.models import Case, Expression, F, Q, Value, When
from django.db.models.expressions import Combinable

from annotation.batches import batches
from annotation.models import Campaign, Item, Query

BATCH = 2_000
LOTS = 2**62
RANDOM = "random"
OLDEST = "oldest"
UNPICKED = "unpicked"
"""Origin of an item that comes up by its lot, outside the random share of a campaign that is ordered by use."""


def lot(seed: int, query_id: int) -> int:
    """The lot of a query in a campaign, from 0 to 2**62 - 1: the same seed draws the same one."""
    return int.from_bytes(hashlib.blake2b(f"{seed}:{query_id}".encode(), digest_size=8).digest(), "big") >> 2


def add_queries(*, campaign: Campaign, queries: Iterable[Query]) -> int:
    """Add queries that are not in the campaign yet; one transaction per batch. Returns how many are new."""
    return sum(len(_add(campaign, batch)) for batch in batches(queries, BATCH))


@transaction.atomic
def _add(campaign: Campaign, batch: list[Query]) -> list[Item]:
    present = set(
        Item.objects.filter(campaign=campaign, query__in=[query.pk for query in batch]).values_list("query", flat=True)
    )
    items = [work_item(campaign, query.pk) for query in batch if query.pk not in present]
    return Item.objects.bulk_create(items)


def work_item(campaign: Campaign, query_id: int) -> Item:
    draw = lot(campaign.seed, query_id)
    planned = campaign.overlap if draw < campaign.overlap_share * LOTS else 1
    rank, origin = resting_place(campaign, query_id, draw)
    return Item(
        campaign=campaign, query_id=query_id, planned=planned, wanted=planned, draw=draw, rank=rank, origin=origin
    )


def reserve_bound(campaign: Campaign) -> int:
    """Items whose lot is below this are the campaign's random share; no strategy ever picks one of them."""
    share = _share(campaign)
    return LOTS * share.numerator // share.denominator


def resting_place(campaign: Campaign, query_id: int, draw: int) -> tuple[int, str]:
    """Rank and origin of a work item that nobody picked.

    Where the most useful come first, the random share and the others are spread over the same ranks, each in the order
    of their lots: so the share holds before the first picks and behind the last ones as well.
    """
    if campaign.order == Campaign.Order.OLDEST:
        return query_id, OLDEST
    if campaign.order == Campaign.Order.RANDOM:
        return draw, RANDOM
    share, bound = _share(campaign), reserve_bound(campaign)
    if draw < bound:
        return draw // share.numerator * share.denominator, RANDOM
    # divided first: the product of a lot and a denominator would not fit the column
    return (draw - bound) // (share.denominator - share.numerator) * share.denominator, UNPICKED


def resting_columns(campaign: Campaign) -> tuple[Expression | Combinable, Expression | Combinable]:
    """`resting_place` as the database works it out: expressions for rank and origin."""
    if campaign.order == Campaign.Order.OLDEST:
        return F("query_id"), Value(OLDEST)
    if campaign.order == Campaign.Order.RANDOM:
        return F("draw"), Value(RANDOM)
    share, bound = _share(campaign), reserve_bound(campaign)
    if share == 1:
        return F("draw"), Value(RANDOM)
    reserved = F("draw") / share.numerator * share.denominator
    others = (F("draw") - bound) / (share.denominator - share.numerator) * share.denominator
    in_reserve = Q(draw__lt=bound)
    return (
        Case(When(in_reserve, then=reserved), default=others),
        Case(When(in_reserve, then=Value(RANDOM)), default=Value(UNPICKED)),
    )


def _share(campaign: Campaign) -> Fraction:
    """The random share as it was meant: 0.1 as a float is a little more than a tenth."""
    return Fraction(campaign.random_share).limit_denominator(10_000)


@transaction.atomic
def add_answered(*, campaign: Campaign, kind: str, answers: Iterable[tuple[Query, str, str]]) -> int:
    """Add gold questions or practice: (query, right category, why). A query that is in the campaign stays as it is."""
    added = 0
    for number, (query, answer, why) in enumerate(answers):
        draw = number if kind == Item.Kind.PRACTICE else lot(campaign.seed, query.pk)
        _, created = Item.objects.get_or_create(
            campaign=campaign,
            query=query,
            defaults={
                "kind": kind, "answer": answer, "why": why, "planned": 0, "wanted": 0, "draw": draw, "rank": draw,
                "origin": kind,
            },
        )  # fmt: skip
        added += created
    count_practice(campaign)
    return added


def count_practice(campaign: Campaign) -> None:
    """Write down how many practice questions the campaign has."""
    practice = Item.objects.filter(campaign=campaign, kind=Item.Kind.PRACTICE).count()
    Campaign.objects.filter(pk=campaign.pk).update(practice=practice)


@transaction.atomic
def plan_overlap(*, campaign: Campaign) -> None:
    """Give every work item the labels its campaign foresees: exactly `overlap_share` of them get the overlap.

    Only for a campaign without labels: the lots decide, so that the share is exact and drawn by the seed.
    """
    work = Item.objects.filter(campaign=campaign, kind=Item.Kind.WORK)
    doubled = round(campaign.overlap_share * work.count())
    last = work.order_by("draw", "pk").values_list("draw", flat=True)[doubled - 1 : doubled].first() if doubled else -1
    in_share = Q(draw__lte=last)
    work.filter(in_share).update(planned=campaign.overlap, wanted=campaign.overlap)
    work.exclude(in_share).update(planned=1, wanted=1)
    rank, origin = resting_columns(campaign)
    work.update(rank=rank, origin=origin)
