"""Queries become items of a campaign, each with its lot and the labels it wants."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import F, Q

from annotation.models import Campaign, Item, Query

BATCH = 2_000
LOTS = 2**62


def lot(seed: int, query_id: int) -> int:
    """The lot of a query in a campaign, from 0 to 2**62 - 1: the same seed draws the same one."""
    return int.from_bytes(hashlib.blake2b(f"{seed}:{query_id}".encode(), digest_size=8).digest(), "big") >> 2


def add_queries(*, campaign: Campaign, queries: Iterable[Query]) -> int:
    """Add queries that are not in the campaign yet; one transaction per batch. Returns how many are new."""
    return sum(len(_add(campaign, batch)) for batch in _batches(queries))


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
    rank = query_id if campaign.order == Campaign.Order.OLDEST else draw
    origin = "oldest" if campaign.order == Campaign.Order.OLDEST else "random"
    return Item(
        campaign=campaign, query_id=query_id, planned=planned, wanted=planned, draw=draw, rank=rank, origin=origin
    )


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
    practice = Item.objects.filter(campaign=campaign, kind=Item.Kind.PRACTICE).count()
    Campaign.objects.filter(pk=campaign.pk).update(practice=practice)
    return added


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
    oldest = campaign.order == Campaign.Order.OLDEST
    work.update(rank=F("query_id") if oldest else F("draw"), origin="oldest" if oldest else "random")


def _batches(queries: Iterable[Query]) -> Iterator[list[Query]]:
    iterator = iter(queries)
    while batch := list(islice(iterator, BATCH)):
        yield batch
