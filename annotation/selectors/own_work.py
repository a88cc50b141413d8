"""What annotators see of their own work: where they may label, how far they are, what they labelled.

Nothing here tells a gold question from another query.
"""

from dataclasses import dataclass
from statistics import median

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from annotation.models import Annotator, Assignment, Campaign, Item, LabelEvent
from playoff.accounts.models import User

RECENT = 60
GOLD_STEP = 5


@dataclass(frozen=True, slots=True)
class OwnCampaign:
    """A campaign as one person sees it. `annotator` is None before their first visit."""

    campaign: Campaign
    annotator: Annotator | None
    labelled: int
    quota: int | None
    today: int


@dataclass(frozen=True, slots=True)
class Pace:
    """Labels made today, and the median active seconds of the latest ones; None where no time was measured."""

    today: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class GoldScore:
    """How many of the first `seen` queries with a known answer were right; `seen` grows in steps."""

    seen: int
    right: int


def own_campaigns(user: User) -> tuple[list[OwnCampaign], list[OwnCampaign]]:
    """The campaigns where the person may label now, and the closed ones that hold their labels.

    Two queries, and one for each campaign they work in.
    """
    places = {place.campaign_id: place for place in Annotator.objects.filter(user=user)}
    mine = Exists(Annotator.objects.filter(campaign=OuterRef("pk"), user=user, barred=False))
    barred = Exists(Annotator.objects.filter(campaign=OuterRef("pk"), user=user, barred=True))
    may = Q(status=Campaign.Status.OPEN) & (Q(invited_only=False) | mine) & ~barred
    opened, closed = [], []
    for campaign in Campaign.objects.filter(may | Q(status=Campaign.Status.CLOSED) & mine):
        place = places.get(campaign.pk)
        if place is not None:
            place.campaign = campaign
        own = OwnCampaign(
            campaign=campaign,
            annotator=place,
            labelled=place.labelled if place else 0,
            quota=place.most_labels if place else campaign.quota,
            today=labelled_today(place) if place else 0,
        )
        if campaign.status == Campaign.Status.OPEN:
            opened.append(own)
        elif own.labelled:
            closed.append(own)
    return opened, closed


def labelled_today(annotator: Annotator) -> int:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return own_labels(annotator).filter(acted_at__gte=midnight).exclude(item__kind=Item.Kind.PRACTICE).count()


def own_pace(annotator: Annotator) -> Pace:
    """Two queries, of which the second reads the latest labels only."""
    timed = own_labels(annotator).exclude(item__kind=Item.Kind.PRACTICE).filter(seconds__isnull=False)
    latest = timed.order_by("-acted_at", "-pk").values_list("seconds", flat=True)[:RECENT]
    seconds = [each for each in latest if each is not None]
    return Pace(today=labelled_today(annotator), seconds=median(seconds) if seconds else None)


def own_labels(annotator: Annotator) -> QuerySet[Assignment]:
    return Assignment.objects.filter(annotator=annotator, state=Assignment.State.LABELLED)


def recent_work(annotator: Annotator) -> list[Assignment]:
    """The latest labels and skips, the oldest of them first: what undo takes back, from the end. One query."""
    done = Assignment.objects.filter(annotator=annotator, state__in=["labelled", "skipped"])
    return list(done.select_related("item__query").order_by("-acted_at", "-pk")[:RECENT])[::-1]


def practice_answer(annotator: Annotator, query: int) -> Assignment | None:
    """A practice query that the person has labelled, with its answer; None of any other query."""
    practised = own_labels(annotator).filter(item__kind=Item.Kind.PRACTICE, item__query=query)
    return practised.select_related("item__query").first()


def own_history(annotator: Annotator, *, text: str = "", category: str = "", only: str = "") -> QuerySet[Assignment]:
    """Labels and skips, the latest first: those whose query holds a text, of a category, or `only` some of them.

    Args:
        only: `unclear`, `comment` or `skipped`; anything else is all.
    """
    done = Assignment.objects.filter(annotator=annotator, state__in=["labelled", "skipped"])
    if text:
        done = done.filter(item__query__text__icontains=text)
    if category:
        done = done.filter(category=category)
    if only == "unclear":
        done = done.filter(flag=Assignment.Flag.UNCLEAR)
    elif only == "comment":
        done = done.exclude(comment="")
    elif only == "skipped":
        done = done.filter(state=Assignment.State.SKIPPED)
    return done.select_related("item__query").order_by("-acted_at", "-pk")


def own_gold_score(annotator: Annotator) -> GoldScore | None:
    """The score over the first 5, 10, 15 … answered gold questions; None before the fifth.

    It counts the first answer to each, from the history: a label that is changed to see whether the score moves
    moves nothing.
    """
    events = LabelEvent.objects.filter(annotator=annotator, action=LabelEvent.Action.LABEL, item__kind=Item.Kind.GOLD)
    first: dict[int, bool] = {}
    for item, answered, answer in events.order_by("pk").values_list("item", "new", "item__answer"):
        first.setdefault(item, answered == answer)
    counted = list(first.values())[: len(first) // GOLD_STEP * GOLD_STEP]
    return GoldScore(len(counted), sum(counted)) if counted else None
