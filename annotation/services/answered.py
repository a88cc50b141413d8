"""Questions with an answer: practice before the real work, and gold questions among it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from django.db import transaction
from django.db.models import Count, F, Max, Min, QuerySet
from django.utils.translation import gettext as _

from annotation.answer_rows import AnswerRow
from annotation.models import Adjudication, Assignment, Campaign, Item, Query, TaxonomyVersion
from annotation.services.items import add_answered, count_practice, lot
from annotation.services.queries import family_of
from annotation.taxonomy import changes
from playoff.common.errors import InvalidInputError, PlayoffError

PRACTICE = 20
MOST_GOLD = 500
LOOKED_AT = 5_000
"""Settled queries of other campaigns that are looked at, drawn by lot, so that a million of them cost no more."""

Answer = tuple[Query, str, str]


@transaction.atomic
def make_practice(*, campaign: Campaign, language: str, count: int = PRACTICE) -> int:
    """Practise on the taxonomy's own examples: one of each category, then second ones, in an order drawn by the seed.

    The answer comes with the category's definition. Returns how many are new.

    Raises:
        InvalidInputError: The taxonomy has no examples in this language.
    """
    version = campaign.taxonomy
    taxonomy = version.taxonomy
    examples = {category: dict(category.example_lists.entries).get(language, ()) for category in taxonomy.categories}
    if not any(examples.values()):
        raise InvalidInputError(
            _("“%(taxonomy)s” has no examples in “%(language)s”; choose another language.")
            % {"taxonomy": version, "language": language}
        )
    rounds = zip_longest(*([(category, text) for text in texts] for category, texts in examples.items()))
    chosen = [pair for each in rounds for pair in each if pair is not None][:count]
    chosen.sort(key=lambda pair: lot(campaign.seed, int.from_bytes(_digest(pair[1])[:6], "big")))
    answers = [
        (_example(version, category.slug, language, text), category.slug, category.definition(language))
        for category, text in chosen
    ]
    return add_answered(campaign=campaign, kind=Item.Kind.PRACTICE, answers=answers)


@transaction.atomic
def add_rows(*, campaign: Campaign, kind: str, rows: Sequence[AnswerRow]) -> int:
    """Add questions that a lead wrote down. Returns how many are new."""
    _check_kind(kind)
    answers = [(_written(campaign, row), row.category, row.why) for row in rows]
    return add_answered(campaign=campaign, kind=kind, answers=answers)


@transaction.atomic
def add_settled(*, campaign: Campaign, kind: str, count: int) -> int:
    """Add queries of other campaigns with this taxonomy that are settled: decided by a lead, or all labels alike.

    The categories take turns, so that rare ones are asked too. Left out are queries of this campaign, and answers whose
    category was defined otherwise when they were given. Returns how many are new.

    Raises:
        InvalidInputError: The count is out of bounds.
        PlayoffError: There is none.
    """
    _check_kind(kind)
    if not 1 <= count <= MOST_GOLD:
        raise InvalidInputError(_("Add between 1 and %(most)s questions at a time.") % {"most": MOST_GOLD})
    by_category: dict[str, list[int]] = defaultdict(list)
    for query, category in dict([*_unanimous(campaign), *_decided(campaign)]).items():
        by_category[category].append(query)
    turns = zip_longest(*([(query, category) for query in by_category[category]] for category in sorted(by_category)))
    chosen = dict([pair for turn in turns for pair in turn if pair is not None][:count])
    if not chosen:
        raise PlayoffError(
            _("No other campaign with this taxonomy has settled queries that are not in this campaign already.")
        )
    queries = Query.objects.in_bulk(chosen)
    taxonomy = campaign.taxonomy.taxonomy
    answers = [
        (queries[pk], category, taxonomy.category(category).definition(queries[pk].language))
        for pk, category in chosen.items()
    ]
    return add_answered(campaign=campaign, kind=kind, answers=answers)


@transaction.atomic
def remove_answered(*, campaign: Campaign, item: Item) -> None:
    """Take out a question that nobody has answered yet.

    Raises:
        PlayoffError: Somebody has, and labels are never lost.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    item = Item.objects.select_for_update().get(pk=item.pk, campaign=campaign)
    if item.kind == Item.Kind.WORK:
        raise PlayoffError(_("This is a query to label, not a question with an answer."))
    if Assignment.objects.filter(item=item).exclude(state__in=["leased", "lapsed"]).exists():
        raise PlayoffError(_("Somebody has answered this question, so it stays: no label is ever lost."))
    item.delete()
    count_practice(campaign)


def _example(version: TaxonomyVersion, category: str, language: str, text: str) -> Query:
    return Query.objects.get_or_create(
        dataset=f"taxonomy-{version.slug}",
        dataset_version=str(version.number),
        external_id=f"{category}-{language}-{_digest(text).hex()[:12]}",
        defaults={"text": text, "language": language, "family": family_of(text)},
    )[0]


def _written(campaign: Campaign, row: AnswerRow) -> Query:
    return Query.objects.get_or_create(
        dataset=f"questions-{campaign.slug}",
        dataset_version="1",
        external_id=_digest(f"{row.language}:{row.text}").hex()[:16],
        defaults={"text": row.text, "language": row.language, "family": family_of(row.text)},
    )[0]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _check_kind(kind: str) -> None:
    if kind not in (Item.Kind.GOLD, Item.Kind.PRACTICE):
        raise InvalidInputError(_("A question is a gold question or practice; choose one."))


def _elsewhere(campaign: Campaign) -> QuerySet[Item]:
    """Queries of other campaigns with this taxonomy that are not in this one."""
    here = Item.objects.filter(campaign=campaign).values("query")
    others = Item.objects.filter(kind=Item.Kind.WORK, campaign__taxonomy__slug=campaign.taxonomy.slug)
    return others.exclude(campaign=campaign).exclude(query__in=here)


def _decided(campaign: Campaign) -> Iterator[tuple[int, str]]:
    found = Adjudication.objects.filter(item__in=_elsewhere(campaign)).exclude(category="").order_by("item__draw")
    yield from _still_valid(campaign, found.values_list("item__query", "category", "taxonomy_version")[:LOOKED_AT])


def _unanimous(campaign: Campaign) -> Iterator[tuple[int, str]]:
    full = _elsewhere(campaign).filter(labelled__gte=2, free__lte=0, leased=0, dispute__isnull=True)
    items = list(full.filter(adjudication__isnull=True).order_by("draw").values_list("pk", flat=True)[:LOOKED_AT])
    alike = (
        Assignment.objects.votes()
        .filter(item__in=items)
        .order_by()
        .values("item__query", "item__draw")
        .annotate(first=Min("category"), last=Max("category"), version=Min("taxonomy_version"), n=Count("pk"))
        .filter(first=F("last"), n__gte=2)
        .order_by("item__draw")
    )
    yield from _still_valid(campaign, alike.values_list("item__query", "first", "version"))


def _still_valid(campaign: Campaign, found: Iterable[tuple[int, str, int]]) -> Iterator[tuple[int, str]]:
    """The answers whose category means now what it meant then."""
    now = campaign.taxonomy.taxonomy
    outdated: dict[int, set[str]] = {}
    versions = TaxonomyVersion.objects.filter(slug=campaign.taxonomy.slug)
    for version in versions:
        outdated[version.number] = {change.slug for change in changes(version.taxonomy, now) if change.outdates_labels}
    for query, category, version_number in found:
        if category in now.slugs and category not in outdated.get(version_number, ()):
            yield query, category
