"""Campaigns: made, changed, opened, closed; and who may label in them."""

import logging
import secrets
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotation.models import Annotator, Assignment, Campaign, Item, TaxonomyVersion
from annotation.models.annotator import BEFORE_ALL
from annotation.services.annotators import give_back_all, join
from annotation.services.items import plan_overlap
from annotation.services.queue_places import picked_from
from playoff.accounts.models import User
from playoff.common.errors import InvalidInputError, PlayoffError

logger = logging.getLogger(__name__)

WHILE_DRAFT = ("slug", "taxonomy", "overlap", "overlap_share", "seed")
"""Settings that hold for all labels of a campaign and stay as they are once it has opened."""
AT_ANY_TIME = (
    "title", "instructions", "third_label", "gold_rate", "lease_minutes", "quota", "invited_only", "order", "strategy",
    "random_share", "guess",
)  # fmt: skip


@transaction.atomic
def create_campaign(*, by: User | None, taxonomy: TaxonomyVersion, **settings: Any) -> Campaign:
    """Make a draft; queries are added next.

    Raises:
        InvalidInputError: A setting is out of bounds, or the slug is taken.
    """
    settings.setdefault("seed", secrets.randbits(31))
    campaign = Campaign(taxonomy=taxonomy, created_by=by, **settings)
    _check(campaign)
    campaign.save()
    logger.info("campaign.created campaign=%s", campaign.slug)
    return campaign


@transaction.atomic
def change_campaign(*, campaign: Campaign, **settings: Any) -> Campaign:
    """Change settings; what all labels share only while the campaign is a draft."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    before = {name: getattr(campaign, name) for name in settings}
    for name, value in settings.items():
        if name not in WHILE_DRAFT + AT_ANY_TIME:
            raise InvalidInputError(_("`%(name)s` is no setting of a campaign.") % {"name": name})
        if name in WHILE_DRAFT and before[name] != value and campaign.status != Campaign.Status.DRAFT:
            raise PlayoffError(
                _("`%(name)s` holds for all labels of a campaign: it cannot change once the campaign has opened.")
                % {"name": name}
            )
        setattr(campaign, name, value)
    _check(campaign)
    if campaign.random_share > before.get("random_share", campaign.random_share) and picked_from(campaign):
        raise PlayoffError(
            _("The random share cannot grow any more: queries have been picked out of the rest already.")
        )
    if campaign.order != before.get("order", campaign.order):
        campaign.order_number += 1
        campaign.ordered_at = None
    campaign.save()
    return campaign


@transaction.atomic
def open_campaign(*, campaign: Campaign) -> Campaign:
    """Let annotators in. Opened for the first time, every item gets the labels it wants; again, work goes on."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.status == Campaign.Status.OPEN:
        return campaign
    if not Item.objects.filter(campaign=campaign, kind=Item.Kind.WORK).exists():
        raise PlayoffError(_("There is nothing to label yet; add queries first."))
    if campaign.opened_at is None:
        if not Assignment.objects.filter(campaign=campaign).exists():
            plan_overlap(campaign=campaign)
        campaign.opened_at = timezone.now()
    campaign.status, campaign.closed_at = Campaign.Status.OPEN, None
    campaign.save(update_fields=["status", "opened_at", "closed_at"])
    logger.info("campaign.opened campaign=%s", campaign.slug)
    return campaign


@transaction.atomic
def close_campaign(*, campaign: Campaign) -> Campaign:
    """End labelling; every label is kept, and the campaign can be opened again."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.status == Campaign.Status.DRAFT:
        raise PlayoffError(_("This campaign has not started, so there is nothing to close."))
    if campaign.status == Campaign.Status.OPEN:
        campaign.status, campaign.closed_at = Campaign.Status.CLOSED, timezone.now()
        campaign.save(update_fields=["status", "closed_at"])
        logger.info("campaign.closed campaign=%s", campaign.slug)
    return campaign


def invite(*, campaign: Campaign, user: User, languages: Iterable[str] = (), quota: int | None = None) -> Annotator:
    """Let a person label: all, or only these languages; as many as the campaign says, or this many."""
    if not user.has_role("annotator"):
        raise InvalidInputError(
            _("%(name)s is no annotator; give them that role first.") % {"name": user.get_username()}
        )
    annotator = join(campaign, user)
    annotator.languages, annotator.quota, annotator.barred = list(languages), quota, False
    annotator.save(update_fields=["languages", "quota", "barred"])
    return annotator


@transaction.atomic
def invite_all(
    *, campaign: Campaign, users: Iterable[User], languages: Iterable[str] = (), quota: int | None = None
) -> int:
    """Let people label; all of them or none. Returns how many."""
    languages = list(languages)
    return len([invite(campaign=campaign, user=user, languages=languages, quota=quota) for user in users])


def change_person(*, annotator: Annotator, languages: Iterable[str], quota: int | None) -> None:
    """Change what a person may label, and how much; their labels stay, and what they hold stays theirs."""
    # the whole queue is looked through anew: with another language, what was passed over may be theirs now
    Annotator.objects.filter(pk=annotator.pk).update(
        languages=list(languages), quota=quota, rank_cursor=BEFORE_ALL, returned_cursor=0
    )


def let_back(*, annotator: Annotator) -> None:
    """Let a person whose work was ended label again."""
    Annotator.objects.filter(pk=annotator.pk).update(barred=False)


def bar(*, annotator: Annotator) -> None:
    """End a person's work in the campaign; their labels are kept."""
    with transaction.atomic():
        Annotator.objects.filter(pk=annotator.pk).update(barred=True)
        give_back_all(annotator)


def _check(campaign: Campaign) -> None:
    try:
        campaign.full_clean(exclude=["created_by"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        said = sentences[0] if field == "__all__" else f"`{field}`: {sentences[0]}"
        raise InvalidInputError(said) from error
