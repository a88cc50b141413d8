"""Which items an annotator holds: leases, not locks.

Finding the next item costs the same in a pool of a million: an index of the items with a free place, in queue order,
and a cursor of each annotator behind which nothing is left for them. An item that gets a place back is found by a
second index, in the order of its return. At the end of the queue the annotator looks through it once more.
"""

import time
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from annotation.models import Annotator, Assignment, Campaign, Item
from annotation.models.annotator import BEFORE_ALL
from annotation.selectors import hot_path
from annotation.services import hot_writes
from annotation.services.items import LOTS, lot

HELD = 3  # the one on the screen and two ahead
REAPED_AT_ONCE = 20


def hold(annotator: Annotator, *, now: datetime, count: int = HELD) -> list[Assignment]:
    """Lend items until the annotator holds `count`; returns those held, the oldest first.

    The caller has locked the annotator's row and runs in a transaction.
    """
    campaign = annotator.campaign
    release_lapsed(campaign, now=now)
    held = hot_path.held_by(annotator_id=annotator.pk)
    if any(assignment.item.kind == Item.Kind.PRACTICE for assignment in held):
        return held  # one at a time: its answer is shown before the next
    while len(held) < min(count, len(held) + _places_left(annotator, held)):
        item = _next_practice(annotator) or _next_gold(annotator) or _next_work(annotator)
        if item is None and not held:
            item = _take_over(annotator)
        if item is None:
            break
        held.append(_lend(annotator, item, now))
        if item.kind == Item.Kind.PRACTICE:
            break
    return held


def release_lapsed(campaign: Campaign, *, now: datetime) -> None:
    """Give back the places of leases that ran out. Items in another transaction's hands are left for the next call."""
    over = hot_path.lapsed_leases(campaign_id=campaign.pk, now=now, limit=REAPED_AT_ONCE)
    if not over:
        return
    items = Item.objects.filter(pk__in=[item for item, _ in over]).select_for_update(skip_locked=True)
    free = set(items.values_list("pk", flat=True))
    leases = _unwritten([pk for item, pk in over if item in free])
    for item, pk in over:
        if pk in leases:
            _end_lease(pk, item)


def give_back(assignment: Assignment) -> None:
    """End a lease without a label; the item goes back to the queue, for this annotator too."""
    # always the item before the assignment, so that no two transactions wait for each other
    Item.objects.select_for_update().get(pk=assignment.item_id)
    _end_lease(assignment.pk, assignment.item_id)


def _unwritten(leases: list[int]) -> set[int]:
    """Return, locked, those leases of other people that nobody else is writing just now.

    Two who hold on to their own leases and wait for each other's would wait for ever.
    """
    rows = Assignment.objects.filter(pk__in=leases, state=Assignment.State.LEASED)
    return set(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))


def _end_lease(pk: int, item_id: int) -> None:
    lease = Assignment.objects.filter(pk=pk, state=Assignment.State.LEASED)
    placed = lease.filter(surplus=False).update(state=Assignment.State.LAPSED, lease_until=None)
    if placed:
        Item.objects.filter(pk=item_id, kind=Item.Kind.WORK).update(leased=F("leased") - 1, returned=stamp())
    else:
        lease.update(state=Assignment.State.LAPSED, lease_until=None, surplus=False)


def stamp() -> int:
    """Now, in microseconds: the order in which places were given back."""
    return time.time_ns() // 1_000


def _places_left(annotator: Annotator, held: list[Assignment]) -> int:
    most = annotator.most_labels
    if most is None:
        return HELD
    return max(0, most - annotator.labelled - len(held))


def _untouched(annotator: Annotator) -> QuerySet[Item]:
    touched = Assignment.objects.filter(item=OuterRef("pk"), annotator=annotator).exclude(state=Assignment.State.LAPSED)
    return Item.objects.filter(~Exists(touched), campaign=annotator.campaign_id).select_related("query")


def _next_practice(annotator: Annotator) -> Item | None:
    if annotator.practised >= annotator.campaign.practice:
        return None
    return _questions(annotator, Item.Kind.PRACTICE)


def _next_gold(annotator: Annotator) -> Item | None:
    """A gold question, at the campaign's rate, by lots that neither annotator nor lead can foresee."""
    campaign = annotator.campaign
    if lot(campaign.seed ^ annotator.pk, annotator.given) >= campaign.gold_rate * LOTS:
        return None
    return _questions(annotator, Item.Kind.GOLD)


def _questions(annotator: Annotator, kind: str) -> Item | None:
    """The next question with an answer; not one whose answer a newer taxonomy no longer has."""
    slugs = annotator.campaign.taxonomy.taxonomy.slugs
    return _untouched(annotator).filter(kind=kind, answer__in=slugs).order_by("draw").first()


def _next_work(annotator: Annotator) -> Item | None:
    campaign = annotator.campaign
    if annotator.order_number != campaign.order_number:
        annotator.order_number, annotator.rank_cursor = campaign.order_number, BEFORE_ALL
    item = _after_cursors(annotator)
    if item is None and (annotator.rank_cursor, annotator.returned_cursor) != (BEFORE_ALL, 0):
        annotator.rank_cursor, annotator.returned_cursor = BEFORE_ALL, 0
        item = _after_cursors(annotator)
    return item


def _after_cursors(annotator: Annotator) -> Item | None:
    item = hot_path.next_returned(annotator)
    if item is not None:
        annotator.returned_cursor = item.returned or 0
        return item
    item = hot_path.next_ranked(annotator)
    if item is not None:
        annotator.rank_cursor = item.rank
    return item


def _take_over(annotator: Annotator) -> Item | None:
    """With no place free, an item that somebody else holds ahead, not the one on their screen.

    So nobody is told that there is nothing to do while others hold a store. Their answer, should it still come, is
    late, and is kept.
    """
    others = leased_by_others(annotator)
    earlier = Assignment.objects.filter(
        annotator=OuterRef("annotator"), state=Assignment.State.LEASED, lease_until__lt=OuterRef("lease_until")
    )
    ahead = others.filter(Exists(earlier), surplus=False).order_by("-lease_until", "-pk").values_list("item", "pk")
    for item_id, pk in ahead[:HELD]:
        item = Item.objects.select_for_update(skip_locked=True).filter(pk=item_id).first()
        if item is not None and _unwritten([pk]):
            _end_lease(pk, item_id)
            item.refresh_from_db(fields=["wanted", "labelled", "leased", "free"])
            if item.free > 0:
                return item
    return None


def leased_by_others(annotator: Annotator) -> QuerySet[Assignment]:
    """Leases of work that this annotator could do and somebody else holds."""
    mine = Assignment.objects.filter(item=OuterRef("item"), annotator=annotator).exclude(state=Assignment.State.LAPSED)
    others = Assignment.objects.filter(
        ~Exists(mine), campaign=annotator.campaign_id, state=Assignment.State.LEASED, item__kind=Item.Kind.WORK
    ).exclude(annotator=annotator)
    if annotator.languages:
        others = others.filter(item__query__language__in=annotator.languages)
    return others


def _lend(annotator: Annotator, item: Item, now: datetime) -> Assignment:
    campaign = annotator.campaign
    shown = campaign.guess == Campaign.Guess.BEFORE and item.kind != Item.Kind.PRACTICE
    lease = {
        "campaign": campaign,
        "state": Assignment.State.LEASED,
        # a moment apart, so that those held have an order
        "lease_until": now + timedelta(minutes=campaign.lease_minutes, microseconds=annotator.given % 1_000_000),
        "origin": item.origin,
        "surplus": False,
        "guess": item.guess if shown else "",
        "guess_model": item.guess_model if shown else "",
    }
    assignment = _lapsed(item, annotator) if item.returned or item.kind != Item.Kind.WORK else None
    if assignment is None:
        assignment = Assignment(item=item, annotator=annotator)
    for name, value in lease.items():
        setattr(assignment, name, value)
    if assignment._state.adding:
        hot_writes.insert(assignment)
    else:
        hot_writes.update(assignment)
    if item.kind == Item.Kind.WORK:
        Item.objects.filter(pk=item.pk).update(leased=F("leased") + 1)
    annotator.given += 1
    hot_writes.update(annotator, "given", "rank_cursor", "returned_cursor", "order_number")
    return assignment


def _lapsed(item: Item, annotator: Annotator) -> Assignment | None:
    """The annotator's earlier lease of the item, which lapsed."""
    return Assignment.objects.filter(item=item, annotator=annotator).first()
