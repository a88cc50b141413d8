"""Questions with an answer, and how annotators do on each."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from annotation.models import Campaign, Item

LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Question:
    """A question, how many answered it and how many of them were right; `removable` while nobody has."""

    item: Item
    title: str
    answered: int
    right: int
    removable: bool

    @property
    def share(self) -> float | None:
        return self.right / self.answered if self.answered else None


def questions(campaign: Campaign) -> QuerySet[Item]:
    """The questions with an answer: practice in its order, then gold."""
    items = Item.objects.filter(campaign=campaign).exclude(kind=Item.Kind.WORK)
    return items.select_related("query").order_by("-kind", "draw", "pk")


def question_rows(campaign: Campaign, items: list[Item], language: str) -> list[Question]:
    """The questions with their answers so far. One query."""
    counted = {
        pk: (answered, right, skipped)
        for pk, answered, right, skipped in Item.objects.filter(pk__in=[item.pk for item in items])
        .order_by()
        .values_list("pk")
        .annotate(
            answered=Count("assignments", filter=Q(assignments__state="labelled")),
            right=Count("assignments", filter=Q(assignments__state="labelled", assignments__category=F("answer"))),
            skipped=Count("assignments", filter=Q(assignments__state="skipped")),
        )
    }
    titles = campaign.taxonomy.taxonomy.by_slug
    rows = []
    for item in items:
        answered, right, skipped = counted[item.pk]
        title = titles[item.answer].title(language) if item.answer in titles else item.answer
        rows.append(Question(item, title, answered, right, removable=not answered and not skipped))
    return rows


def practice_language(campaign: Campaign) -> str:
    """The taxonomy's language that most of the first 500 queries are in, English where none is. One query."""
    taxonomy = campaign.taxonomy.taxonomy
    known = {language for category in taxonomy.categories for language in category.example_lists.languages}
    first = Item.objects.filter(campaign=campaign, kind=Item.Kind.WORK).order_by("pk")[:LOOKED_AT]
    counts = Counter(language for language in first.values_list("query__language", flat=True) if language in known)
    if counts:
        return counts.most_common(1)[0][0]
    return "en" if "en" in known else min(known)
