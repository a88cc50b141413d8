"""How far campaigns are. Every function costs a fixed number of queries, whatever the size of the pool."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from annotation.models import Adjudication, Annotator, Assignment, Campaign, Item
from annotation.pace import Saving, labels_left, saving


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign in the list of all.

    Attributes:
        items: queries to label.
        finished: those with all their labels; `share` of the items.
        labels: of real work.
        people: annotators with a place in it.
        disputes: items that wait for a decision.
    """

    campaign: Campaign
    items: int
    finished: int
    labels: int
    people: int
    disputes: int

    @property
    def share(self) -> float:
        return self.finished / self.items if self.items else 0.0

    @property
    def bar(self) -> float:
        """The share in per cent, as wide as the bar is."""
        return round(100 * self.share, 2)


def campaign_rows(campaigns: Iterable[Campaign]) -> list[CampaignRow]:
    """The campaigns with how far they are. Six queries, which read indexes rather than items: a list must be quick."""
    campaigns = list(campaigns)
    items = Item.objects.filter(campaign__in=campaigns)
    everything = _by_campaign(items)
    answered = _by_campaign(items.exclude(kind="work"))
    with_place = _by_campaign(items.filter(free__gt=0))
    disputes = _by_campaign(items.filter(dispute__isnull=False))
    full_but_lent = _by_campaign(
        items.filter(
            free__lte=0,
            kind="work",
            pk__in=Assignment.objects.filter(state="leased", campaign__in=campaigns, surplus=False).values("item"),
        )
    )
    people = {
        pk: (count, labels)
        for pk, count, labels in Annotator.objects.filter(campaign__in=campaigns)
        .order_by()
        .values_list("campaign")
        .annotate(count=Count("pk"), labels=Sum(F("labelled") - F("gold_seen")))
    }
    rows = []
    for campaign in campaigns:
        pk = campaign.pk
        work = everything.get(pk, 0) - answered.get(pk, 0)
        count, labels = people.get(pk, (0, 0))
        rows.append(
            CampaignRow(
                campaign=campaign,
                items=work,
                finished=work - with_place.get(pk, 0) - full_but_lent.get(pk, 0),
                labels=labels,
                people=count,
                disputes=disputes.get(pk, 0),
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one campaign is.

    Attributes:
        items: queries to label; each is finished, in somebody's hands or open.
        labels: of real work, within the overlap; `wanted` in all, as far as is known now.
        to_come: labels still to come, third ones foreseen.
        disputes: items that wait for a decision.
        decided: items that have one.
        gold, practice: questions with an answer.
        people: annotators who may label.
        saving: what the third-label rule saved, None where it does not apply.
    """

    items: int
    finished: int
    in_hands: int
    labels: int
    wanted: int
    to_come: float
    disputes: int
    decided: int
    gold: int
    practice: int
    people: int
    saving: Saving | None

    @property
    def bar(self) -> tuple[float, float]:
        """Finished items and those in somebody's hands, in per cent of all."""
        all_items = max(1, self.items)
        return round(100 * self.finished / all_items, 2), round(100 * self.in_hands / all_items, 2)

    @property
    def questions(self) -> int:
        return self.gold + self.practice

    @property
    def open(self) -> int:
        return self.items - self.finished - self.in_hands

    @property
    def share(self) -> float:
        return self.labels / self.wanted if self.wanted else 0.0


def progress(campaign: Campaign) -> Progress:
    """Count one campaign. Three queries; one of them reads each item once."""
    finished = Q(kind="work", free__lte=0, leased=0)
    ruled = Q(planned=campaign.overlap) if campaign.third_label and campaign.overlap > 1 else Q(pk__in=[])
    counts = Item.objects.filter(campaign=campaign).aggregate(
        items=Count("pk", filter=Q(kind="work")),
        gold=Count("pk", filter=Q(kind="gold")),
        practice=Count("pk", filter=Q(kind="practice")),
        finished=Count("pk", filter=finished),
        in_hands=Count("pk", filter=Q(kind="work", leased__gt=0)),
        labels=Sum("labelled", default=0),
        places=Sum("wanted", default=0),
        disputes=Count("dispute"),
        ruled=Count("pk", filter=finished & ruled),
        ruled_labels=Sum("labelled", filter=finished & ruled, default=0),
        disagreed=Count("pk", filter=finished & ruled & Q(wanted__gt=F("planned"))),
        unsettled=Count("pk", filter=Q(kind="work", labelled__lt=F("planned")) & ruled),
    )
    people = Annotator.objects.filter(campaign=campaign, barred=False).count()
    # from the decisions to their items: people make decisions, so they are few where items are many
    here = Item.objects.filter(pk=OuterRef("item"), campaign=campaign)
    decided = Adjudication.objects.filter(Exists(here)).count()
    return Progress(
        **{name: counts[name] for name in ("items", "finished", "in_hands", "labels", "disputes", "gold", "practice")},
        wanted=counts["places"],
        to_come=labels_left(
            missing=counts["places"] - counts["labels"],
            unsettled=counts["unsettled"],
            settled=counts["ruled"],
            disagreed=counts["disagreed"],
        ),
        decided=decided,
        people=people,
        saving=saving(items=counts["ruled"], given=counts["ruled_labels"], overlap=campaign.overlap)
        if campaign.third_label
        else None,
    )


def _by_campaign(items: QuerySet[Item]) -> dict[int, int]:
    return dict(items.order_by().values_list("campaign").annotate(count=Count("pk")))
