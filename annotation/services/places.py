"""The places of an item: taken by a label, given back, and one more where the labels settle nothing.

Every function runs in the caller's transaction, which holds the item's row.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from annotation.models import Annotator, Assignment, Item
from annotation.overlap import dispute, labels_wanted
from annotation.selectors import hot_path
from annotation.services import hot_writes
from annotation.services.assigning import stamp

COUNTERS = ("labelled", "practised", "gold_seen", "gold_right", "seconds")


def take_place(
    annotator: Annotator, item: Item, assignment: Assignment, *, category: str, seconds: float | None, now: datetime
) -> None:
    """Turn the assignment into a label, and count it where there is a place for it."""
    if assignment.state != Assignment.State.LABELLED:
        lent = assignment.state == Assignment.State.LEASED
        assignment.late = not lent or (assignment.lease_until is not None and assignment.lease_until < now)
        placed = lent and not assignment.surplus
        work = item.kind == Item.Kind.WORK
        assignment.surplus = work and not placed and item.free <= 0
        if work and not assignment.surplus:
            count(item, labelled=1, leased=-1 if placed else 0)
        _tally(annotator, item, 1, category, seconds or 0.0)
        annotator.last_label_at = now
    elif item.kind == Item.Kind.GOLD:
        annotator.gold_right += (category == item.answer) - (assignment.category == item.answer)
    hot_writes.update(annotator, *COUNTERS, "last_label_at")
    assignment.state = Assignment.State.LABELLED
    assignment.category = category
    assignment.taxonomy_version = annotator.campaign.taxonomy.number
    assignment.lease_until, assignment.acted_at = None, now
    if seconds is not None:
        assignment.seconds = seconds


def take_back(annotator: Annotator, item: Item, assignment: Assignment, now: datetime) -> None:
    """Put a label or a skip back into the annotator's hands, before all that they hold."""
    work = item.kind == Item.Kind.WORK
    if assignment.state == Assignment.State.LABELLED:
        _tally(annotator, item, -1, assignment.category, assignment.seconds or 0.0)
        if work and not assignment.surplus:
            count(item, labelled=-1, leased=1)
    else:
        annotator.skipped -= 1
        assignment.surplus = work and item.free <= 0
        if work and not assignment.surplus:
            count(item, leased=1)
    hot_writes.update(annotator, *COUNTERS, "skipped")
    until = now + timedelta(minutes=annotator.campaign.lease_minutes)
    held = Assignment.objects.filter(annotator=annotator, state=Assignment.State.LEASED)
    for place, pk in enumerate(held.order_by("lease_until", "pk").values_list("pk", flat=True), start=1):
        held.filter(pk=pk).update(lease_until=until + timedelta(microseconds=place))
    assignment.state, assignment.lease_until = Assignment.State.LEASED, until
    assignment.category, assignment.taxonomy_version, assignment.seconds = "", None, None
    assignment.late = False
    hot_writes.update(assignment)


def _tally(annotator: Annotator, item: Item, by: int, category: str, seconds: float) -> None:
    if item.kind == Item.Kind.PRACTICE:
        annotator.practised += by
        return
    annotator.labelled += by
    annotator.seconds = max(0.0, annotator.seconds + by * seconds)
    if item.kind == Item.Kind.GOLD:
        annotator.gold_seen += by
        annotator.gold_right += by * (category == item.answer)


def count(item: Item, *, labelled: int = 0, leased: int = 0, returned: bool = False) -> None:
    """Move the item's counts; `returned` says that a place became free for others."""
    item.labelled += labelled
    item.leased += leased
    Item.objects.filter(pk=item.pk).update(
        labelled=F("labelled") + labelled,
        leased=F("leased") + leased,
        **({"returned": stamp()} if returned else {}),
    )


def settle(item: Item, *, third_label: bool) -> None:
    """Ask for a third label, or for a decision, where the labels say so."""
    if item.kind != Item.Kind.WORK:
        return
    votes = hot_path.votes_on(item_id=item.pk)
    counted = [category for state, category, _flag, surplus in votes if state == "labelled" and not surplus]
    wanted = labels_wanted(item.planned, counted, third_label=third_label)
    wanted = max(wanted, item.labelled + item.leased)
    unclear = any(flag == Assignment.Flag.UNCLEAR for _state, _category, flag, _surplus in votes)
    place = dispute(counted, wanted=wanted, unclear=unclear, uncertainty=item.guess_uncertainty)
    if place is not None and hasattr(item, "adjudication"):
        place = None
    if (wanted, place) != (item.wanted, item.dispute):
        changes: dict[str, Any] = {"wanted": wanted, "dispute": place}
        if wanted > item.wanted:
            changes["returned"] = stamp()
        Item.objects.filter(pk=item.pk).update(**changes)
        item.wanted, item.dispute = wanted, place
