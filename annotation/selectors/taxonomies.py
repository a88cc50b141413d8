"""Taxonomies, what their versions change, and the labels that a change has outdated."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count

from annotation.models import Assignment, Campaign, TaxonomyVersion
from annotation.services.taxonomy_moves import outdated
from annotation.taxonomy import Change, Taxonomy, changes


@dataclass(frozen=True, slots=True)
class TaxonomyRow:
    """A taxonomy with its versions, newest first, and how many campaigns label by it."""

    latest: TaxonomyVersion
    title: str
    categories: int
    versions: tuple[TaxonomyVersion, ...]
    campaigns: int


@dataclass(frozen=True, slots=True)
class Texts:
    """What a category says in one language."""

    language: str
    title: str
    definition: str
    not_this: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category as its page shows it: in the reader's language, then in every language it has."""

    slug: str
    title: str
    cap: str
    half: str
    texts: tuple[Texts, ...]


def category_views(taxonomy: Taxonomy, language: str) -> list[CategoryView]:
    """The categories in the taxonomy's order, the reader's language first in each. No query."""
    return [
        CategoryView(
            slug=category.slug,
            title=category.title(language),
            cap=category.key_cap(language),
            half="" if category.personalised is None else taxonomy.half_title(category.personalised, language),
            texts=tuple(
                Texts(
                    language=code,
                    title=category.title(code),
                    definition=category.definition(code),
                    not_this=category.not_this(code),
                    examples=category.examples(code),
                )
                for code in sorted(category.definitions.languages, key=lambda code: (code != language, code))
            ),
        )
        for category in taxonomy.categories
    ]


def taxonomy_rows(language: str) -> list[TaxonomyRow]:
    """All taxonomies by name. One query, and one for each document that this process has not read yet."""
    versions = TaxonomyVersion.objects.defer("document").order_by("slug", "-number").annotate(used=Count("campaigns"))
    rows = []
    for _slug, group in groupby(versions, key=lambda version: version.slug):
        found = tuple(group)
        taxonomy = found[0].taxonomy
        used = sum(version.used for version in found)
        rows.append(TaxonomyRow(found[0], taxonomy.title(language), len(taxonomy.categories), found, used))
    return rows


def version_before(version: TaxonomyVersion) -> TaxonomyVersion | None:
    earlier = TaxonomyVersion.objects.defer("document").filter(slug=version.slug, number__lt=version.number)
    return earlier.order_by("number").last()


def changes_since(before: TaxonomyVersion | None, version: TaxonomyVersion) -> tuple[Change, ...]:
    """What a version changes against an earlier one; nothing for the first."""
    return changes(before.taxonomy, version.taxonomy) if before is not None else ()


@dataclass(frozen=True, slots=True)
class Outdated:
    """Labels of one category made under older versions.

    Attributes:
        kind: the gravest change of the category since, as `Change` names it.
        due: whether the labels may be wrong now.
    """

    category: str
    title: str
    kind: str
    labels: int
    due: bool


def outdated_rows(campaign: Campaign, language: str) -> list[Outdated]:
    """Labels per changed category made under older versions, those that may be wrong first. Two queries."""
    if campaign.taxonomy.number == 1:
        return []
    now = campaign.taxonomy.taxonomy
    counted = outdated(campaign).order_by().values_list("taxonomy_version", "category").annotate(count=Count("pk"))
    labels: Counter[str] = Counter()
    found: dict[str, Outdated] = {}
    versions = {version.number: version for version in TaxonomyVersion.objects.filter(slug=campaign.taxonomy.slug)}
    known = {number: {change.slug: change for change in changes(row.taxonomy, now)} for number, row in versions.items()}
    for number, category, count in counted:
        change = known.get(number, {}).get(category)
        if change is None:
            continue
        labels[category] += count
        title = versions[number].taxonomy.category(category).title(language)
        due = change.outdates_labels or (category in found and found[category].due)
        found[category] = Outdated(category, title, change.kind, labels[category], due)
    return sorted(found.values(), key=lambda row: (not row.due, -row.labels, row.category))


def outdated_labels(campaign: Campaign, category: str, *, most: int = 100) -> list[Assignment]:
    """Labels of a category made under older versions, latest first, with their queries. One query."""
    found = outdated(campaign).filter(category=category).select_related("item__query", "annotator")
    return list(found.order_by("-acted_at", "-pk")[:most])
