"""The people of a campaign, and what their last labels look like. For the lead; exports know pseudonyms only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import OuterRef, Q, QuerySet, Subquery

from annotation.conduct import HASTY, IDLE, Conduct, Score, category_shares, conduct, gold_score
from annotation.models import Annotator, Assignment, Campaign, Item
from playoff.accounts.models import User

LAST = 200
"""Labels of a person that are looked at; so the page costs the same after a million."""
MOST_PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Person:
    """An annotator as their lead sees them.

    Attributes:
        name: their own; the pseudonym where the account is gone.
        gold: right answers to gold questions, None before the first.
        conduct: what their last labels look like.
    """

    annotator: Annotator
    name: str
    gold: Score | None
    conduct: Conduct


def people_rows(campaign: Campaign, annotators: Sequence[Annotator]) -> list[Person]:
    """Describe annotators of one campaign, read with their users. Two queries."""
    samples = {pk: [(category, seconds) for category, seconds, _ in rows] for pk, rows in _last(annotators).items()}
    shares = category_shares(list(samples.values()), campaign.taxonomy.taxonomy.slugs)
    return [
        Person(
            annotator=annotator,
            name=(annotator.user.get_full_name() or annotator.user.get_username())
            if annotator.user
            else annotator.pseudonym,
            gold=gold_score(annotator.gold_right, annotator.gold_seen),
            conduct=conduct(samples.get(annotator.pk, []), shares=shares),
        )
        for annotator in annotators
    ]


@dataclass(frozen=True, slots=True)
class RecentWork:
    """The last labels of a campaign: up to 200 of each of the 50 people who labelled last.

    Attributes:
        labels: how many were looked at.
        median_seconds: per label, idle time over a minute cut; None where none was timed.
        flagged: those that their annotator found unclear.
        hasty: those given in under 0.4 s.
    """

    labels: int
    median_seconds: float | None
    flagged: int
    hasty: int

    @property
    def flagged_share(self) -> float | None:
        return self.flagged / self.labels if self.labels else None


def recent_work(campaign: Campaign) -> RecentWork:
    """Look at the last labels. Two queries over a bounded number of rows."""
    people = Annotator.objects.filter(campaign=campaign, user__isnull=False, last_label_at__isnull=False)
    rows = [row for sample in _last(list(people.order_by("-last_label_at")[:MOST_PEOPLE])).values() for row in sample]
    seconds = [min(seconds, IDLE) for _, seconds, _ in rows if seconds is not None]
    return RecentWork(
        labels=len(rows),
        median_seconds=median(seconds) if seconds else None,
        flagged=sum(flag == Assignment.Flag.UNCLEAR for _, _, flag in rows),
        hasty=sum(value < HASTY for value in seconds),
    )


def candidates(campaign: Campaign, *, most: int = 200) -> QuerySet[User]:
    """Annotators without a place in the campaign, by name. One query."""
    here = Annotator.objects.filter(campaign=campaign, user__isnull=False).values("user")
    people = User.objects.filter(Q(is_annotator=True) | Q(is_superuser=True), is_active=True).exclude(pk__in=here)
    return people.order_by("username")[:most]


def _last(annotators: Sequence[Annotator]) -> dict[int, list[tuple[str, float | None, str]]]:
    """(category, seconds, flag) of the last labels of each annotator, oldest first, practice left out.

    The first query finds where the last 200 begin, the second reads from there: both walk the index of one's own work.
    Imported labels have nobody behind them whose conduct could be looked at.
    """
    annotators = [annotator for annotator in annotators if annotator.user_id is not None]
    if not annotators:
        return {}
    own = Assignment.objects.filter(annotator=OuterRef("pk"), state=Assignment.State.LABELLED).order_by("-acted_at")
    begins: list[tuple[int, datetime | None]] = list(
        Annotator.objects.filter(pk__in=[annotator.pk for annotator in annotators])
        .annotate(begin=Subquery(own.values("acted_at")[LAST - 1 : LAST]))
        .order_by()
        .values_list("pk", "begin")
    )
    wanted = Q(pk__in=[])
    for pk, begin in begins:
        wanted |= Q(annotator=pk, acted_at__gte=begin) if begin else Q(annotator=pk, acted_at__isnull=False)
    rows = Assignment.objects.labelled().filter(wanted).exclude(item__kind=Item.Kind.PRACTICE)
    rows = rows.order_by("annotator", "acted_at", "pk")
    found: dict[int, list[tuple[str, float | None, str]]] = defaultdict(list)
    for pk, category, seconds, flag in rows.values_list("annotator", "category", "seconds", "flag"):
        found[pk].append((category, seconds, flag))
    return {pk: sample[-LAST:] for pk, sample in found.items()}
