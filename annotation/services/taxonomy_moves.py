"""A campaign moves on to a newer version of its taxonomy, and labels made under an old one go round again."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from annotation.models import Adjudication, Annotator, Assignment, Campaign, Item, LabelEvent, TaxonomyVersion
from annotation.overlap import dispute, labels_wanted
from annotation.services.assigning import stamp
from annotation.services.items import count_practice
from playoff.accounts.models import User
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError, PlayoffError

logger = logging.getLogger(__name__)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Move:
    """What a move to a newer version did to the questions with an answer that it does away with.

    Attributes:
        removed: questions that nobody had answered yet; they are gone.
        kept: questions that somebody had answered; they stay, with their labels.
    """

    removed: int
    kept: int


@transaction.atomic
def move_to_taxonomy(*, campaign: Campaign, version: TaxonomyVersion) -> Move:
    """Label by a newer version from now on; every label keeps the version it was made under.

    Raises:
        PlayoffError: It is another taxonomy, or no newer version.
    """
    campaign = Campaign.objects.select_for_update().select_related("taxonomy").get(pk=campaign.pk)
    if version.slug != campaign.taxonomy.slug or version.number <= campaign.taxonomy.number:
        raise PlayoffError(
            _("The campaign labels by %(here)s; it can move to a newer version of “%(slug)s” only.")
            % {"here": campaign.taxonomy, "slug": campaign.taxonomy.slug}
        )
    gone = Item.objects.filter(campaign=campaign).exclude(kind=Item.Kind.WORK)
    gone = gone.exclude(answer__in=version.taxonomy.slugs)
    answered = set(
        Assignment.objects.filter(item__in=gone, state=Assignment.State.LABELLED).values_list("item", flat=True)
    )
    unanswered = gone.exclude(pk__in=answered)
    removed = unanswered.count()
    unanswered.delete()
    campaign.taxonomy = version
    campaign.save(update_fields=["taxonomy"])
    count_practice(campaign)
    logger.info("campaign.moved campaign=%s taxonomy=%s removed=%s", campaign.slug, version, removed)
    return Move(removed=removed, kept=len(answered))


def outdated(campaign: Campaign) -> QuerySet[Assignment]:
    """The labels of real work made under an older version of the campaign's taxonomy."""
    return Assignment.objects.labelled().filter(
        campaign=campaign, item__kind=Item.Kind.WORK, taxonomy_version__lt=campaign.taxonomy.number
    )


def send_round_again(*, campaign: Campaign, categories: Iterable[str], by: User | None) -> int:
    """Withdraw the labels of these categories made under an older version; their queries get their places back.

    The labels stay in the history, and the same people may get the query again. What a lead has decided stays decided.
    A transaction per 500 labels, so that people go on labelling meanwhile; sent twice, nothing is withdrawn twice.
    Returns how many labels were withdrawn.
    """
    slugs = sorted(set(categories))
    if not slugs:
        raise InvalidInputError(_("Choose at least one category to send round again."))
    withdrawn = 0
    while batch := _withdraw_batch(campaign, slugs, by):
        withdrawn += batch
    logger.info("labels.sent_round_again campaign=%s categories=%s labels=%s", campaign.slug, len(slugs), withdrawn)
    return withdrawn


@transaction.atomic
def _withdraw_batch(campaign: Campaign, categories: Sequence[str], by: User | None) -> int:
    decided = Adjudication.objects.filter(item__campaign=campaign).values("item")
    due = outdated(campaign).filter(category__in=categories).exclude(item__in=decided)
    found = list(due.order_by("pk").values_list("pk", "annotator", "item")[:BATCH])
    # annotators before items, as labelling takes them, so that no two transactions wait for each other
    list(Annotator.objects.select_for_update().filter(pk__in={row[1] for row in found}).order_by("pk").values("pk"))
    items = Item.objects.select_for_update().filter(pk__in={row[2] for row in found}).order_by("pk")
    by_pk = {item.pk: item for item in items}
    labels = list(due.filter(pk__in=[row[0] for row in found]).select_related(None))
    now = database_now()
    _remember(labels, by, now)
    _take_from_annotators(labels)
    for label in labels:
        if not label.surplus:
            by_pk[label.item_id].labelled -= 1
    Assignment.objects.filter(pk__in=[label.pk for label in labels]).update(
        state=Assignment.State.LAPSED, category="", taxonomy_version=None, seconds=None, flag="", late=False,
        surplus=False, acted_at=None,
    )  # fmt: skip
    _settle(campaign, list(by_pk.values()))
    return len(found)


def _remember(labels: Sequence[Assignment], by: User | None, now: datetime) -> None:
    LabelEvent.objects.bulk_create(
        LabelEvent(
            campaign_id=label.campaign_id,
            item_id=label.item_id,
            annotator_id=label.annotator_id,
            actor=by,
            at=now,
            action=LabelEvent.Action.REOPEN,
            old=label.category,
            seconds=label.seconds,
            taxonomy_version=label.taxonomy_version,
            origin=label.origin,
        )
        for label in labels
    )


def _take_from_annotators(labels: Sequence[Assignment]) -> None:
    given: dict[int, list[float]] = defaultdict(list)
    for label in labels:
        given[label.annotator_id].append(label.seconds or 0.0)
    for pk, seconds in given.items():
        Annotator.objects.filter(pk=pk).update(
            labelled=F("labelled") - len(seconds), seconds=Greatest(F("seconds") - sum(seconds), 0.0)
        )


def _settle(campaign: Campaign, items: Sequence[Item]) -> None:
    """Give the items the places, the third label and the place in the adjudication queue that their labels ask for."""
    left: dict[int, list[Assignment]] = defaultdict(list)
    for assignment in Assignment.objects.filter(item__in=items).order_by("acted_at", "pk"):
        left[assignment.item_id].append(assignment)
    returned = stamp()
    for item in items:
        given = left[item.pk]
        votes = [label.category for label in given if label.state == Assignment.State.LABELLED and not label.surplus]
        wanted = labels_wanted(item.planned, votes, third_label=campaign.third_label)
        item.wanted = max(wanted, item.labelled + item.leased)
        unclear = any(label.flag == Assignment.Flag.UNCLEAR for label in given)
        item.dispute = dispute(votes, wanted=item.wanted, unclear=unclear, uncertainty=item.guess_uncertainty)
        item.returned = returned
    Item.objects.bulk_update(items, ["labelled", "wanted", "dispute", "returned"], batch_size=BATCH)
