"""Who labels in a campaign, and that their actions happen one after another."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from annotation.errors import CampaignNotOpenError, NotAllowedError
from annotation.models import Annotator, Assignment, Campaign
from annotation.selectors import hot_path
from annotation.services.assigning import give_back
from playoff.accounts.models import User
from playoff.common.turns import writing_turn

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def by_annotator(
    action: Callable[Concatenate[Annotator, Arguments], Result],
) -> Callable[Concatenate[Campaign, User, Arguments], Result]:
    """Run an action in one transaction that holds the annotator's row, so that two tabs take turns."""

    @wraps(action)
    def locked(campaign: Campaign, user: User, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with writing_turn(), transaction.atomic():
            return action(_locked(campaign, user), *args, **kwargs)

    return locked


def annotator_of(campaign: Campaign, user: User) -> Annotator:
    """The person's place in the campaign, made at their first visit unless the campaign is for invited people only.

    Raises:
        NotAllowedError: They are not invited, or were barred.
    """
    annotator = Annotator.objects.filter(campaign=campaign, user=user).first()
    if annotator is None:
        if campaign.invited_only:
            raise NotAllowedError(_("This campaign is for invited annotators; ask its lead to invite you."))
        annotator = join(campaign, user)
    if annotator.barred:
        raise NotAllowedError(_("The lead has ended your work in this campaign; your labels are kept."))
    annotator.campaign = campaign
    return annotator


@transaction.atomic
def join(campaign: Campaign, user: User) -> Annotator:
    """Give a person a place and a pseudonym in the campaign; once."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    number = Annotator.objects.filter(campaign=campaign).count() + 1
    names = set(Annotator.objects.filter(campaign=campaign).values_list("pseudonym", flat=True))
    while f"a{number}" in names:
        number += 1
    return Annotator.objects.get_or_create(campaign=campaign, user=user, defaults={"pseudonym": f"a{number}"})[0]


def give_back_all(annotator: Annotator) -> None:
    """End all leases of the annotator."""
    for assignment in Assignment.objects.filter(annotator=annotator, state=Assignment.State.LEASED):
        give_back(assignment)


def _locked(campaign: Campaign, user: User) -> Annotator:
    annotator = hot_path.lock_annotator(campaign_id=campaign.pk, user_id=user.pk)
    if annotator is None or annotator.barred:
        annotator_of(campaign, user)
        annotator = hot_path.lock_annotator(campaign_id=campaign.pk, user_id=user.pk)
        assert annotator is not None
    annotator.campaign = campaign
    if annotator.campaign.status != Campaign.Status.OPEN:
        raise CampaignNotOpenError(
            _("This campaign is closed; every label is kept.")
            if annotator.campaign.status == Campaign.Status.CLOSED
            else _("This campaign has not started yet; its lead opens it.")
        )
    return annotator
