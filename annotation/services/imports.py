"""Bringing a data set's queries into the database, and its annotators' labels into a campaign of their own."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify

from annotation.batches import batches
from annotation.classifier.dataset import Labelled
from annotation.models import Assignment, Campaign, Query
from annotation.services.imported_labels import ImportedLabel, place_labels
from annotation.services.queries import families_of
from annotation.services.taxonomies import shipped_taxonomy
from annotation.taxonomy import BY_SLUG
from playoff.common.errors import InvalidInputError, PlayoffError

logger = logging.getLogger(__name__)

BATCH = 500


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """How many queries were read, how many of them are new, how many were here already, the same."""

    read: int
    added: int
    skipped: int


class DatasetChangedError(PlayoffError):
    """A version of a data set came again with other content."""


@transaction.atomic
def import_labelled_queries(*, dataset: str, version: str, queries: Iterable[Labelled]) -> ImportSummary:
    """Add the queries; their labels go into a closed campaign named after the data set.

    Queries of this version that are here already must be the same. The members of a group and their near-duplicates
    get one family. A fixed number of database queries per batch.

    Args:
        dataset: name of the data set.
        version: of the data set; other content needs another version.
        queries: anything with id, text, language, annotations and group.

    Raises:
        InvalidInputError: A query is incomplete, stands twice, or has a category outside the taxonomy.
        DatasetChangedError: A query is here with another text, language or label.
    """
    if not dataset.strip() or not version.strip():
        raise InvalidInputError("A data set needs a name and a version; state both.")
    seen: set[str] = set()
    known: dict[str, Query] = {}
    whole: list[Labelled] = []
    for batch in batches(queries, BATCH):
        for query in batch:
            _check(query, seen)
        known |= _known(dataset, version, batch)
        whole += batch
    families = _families(whole, known)
    added = 0
    for batch in batches(whole, BATCH):
        labels = _labels(dataset, version, [known[query.id].pk for query in batch if query.id in known])
        for query in batch:
            if query.id in known:
                _check_unchanged(query, known[query.id], labels.get(known[query.id].pk, {}))
        added += _add(dataset, version, [query for query in batch if query.id not in known], families)
    logger.info("queries.imported dataset=%s version=%s read=%s added=%s", dataset, version, len(whole), added)
    return ImportSummary(read=len(whole), added=added, skipped=len(whole) - added)


def dataset_campaign_slug(dataset: str, version: str) -> str:
    """The slug of the campaign that holds a data set's own labels."""
    return f"dataset-{slugify(dataset)[:25]}-{slugify(version)[:15]}".rstrip("-")


def dataset_campaign(dataset: str, version: str) -> Campaign:
    """The closed campaign that holds a data set's own labels, made at the first call."""
    return Campaign.objects.get_or_create(
        slug=dataset_campaign_slug(dataset, version),
        defaults={
            "title": f"{dataset} {version}",
            "instructions": "The labels that came with the data set.",
            "status": Campaign.Status.CLOSED,
            "taxonomy": shipped_taxonomy(),
            "third_label": False,
            "gold_rate": 0.0,
        },
    )[0]


def _check(query: Labelled, seen: set[str]) -> None:
    if not query.id or not query.text or not query.language:
        raise InvalidInputError(f"Query {query.id!r} lacks an id, a text or a language; complete it.")
    if query.id in seen:
        raise InvalidInputError(f"Query {query.id!r} stands twice; give each its own id.")
    seen.add(query.id)
    annotators = [annotator for annotator, _ in query.annotations]
    if len(set(annotators)) < len(annotators) or "" in annotators:
        raise InvalidInputError(f"Query {query.id!r} names an annotator twice or not at all; mend its annotations.")
    for _, category in query.annotations:
        if category not in BY_SLUG:
            raise InvalidInputError(
                f"Query {query.id!r} has the unknown category {category!r}; use one of {', '.join(BY_SLUG)}."
            )


def _known(dataset: str, version: str, batch: Sequence[Labelled]) -> dict[str, Query]:
    """The batch's queries that are here already, by id."""
    ids = [query.id for query in batch]
    rows = Query.objects.filter(dataset=dataset, dataset_version=version, external_id__in=ids)
    return {row.external_id: row for row in rows}


def _families(queries: Sequence[Labelled], known: Mapping[str, Query]) -> dict[str, str]:
    """The family of each query, by id. One that has rows already keeps their name, because rows never change."""
    names = families_of([query.text for query in queries], [query.group for query in queries])
    kept: dict[str, str] = {}
    for query, name in zip(queries, names, strict=True):
        if query.id in known:
            kept[name] = min(known[query.id].family, kept.get(name, known[query.id].family))
    return {query.id: kept.get(name, name) for query, name in zip(queries, names, strict=True)}


def _labels(dataset: str, version: str, query_ids: list[int]) -> dict[int, dict[str, str]]:
    """Categories by annotator, by query, as the data set brought them."""
    rows = Assignment.objects.filter(
        campaign__slug=dataset_campaign_slug(dataset, version), item__query__in=query_ids, state="labelled"
    ).values_list("item__query", "annotator__pseudonym", "category")
    labels: dict[int, dict[str, str]] = {}
    for query, annotator, category in rows:
        labels.setdefault(query, {})[annotator] = category
    return labels


def _check_unchanged(query: Labelled, row: Query, labels: dict[str, str]) -> None:
    same_labels = all(labels.get(annotator) == category for annotator, category in query.annotations)
    if (row.text, row.language) != (query.text, query.language) or not same_labels:
        raise DatasetChangedError(
            f"Query {query.id!r} of {row.dataset} {row.dataset_version} is here with another text, language or label; "
            "give the changed data set a new version."
        )


def _add(dataset: str, version: str, queries: list[Labelled], families: Mapping[str, str]) -> int:
    rows = Query.objects.bulk_create(
        Query(
            dataset=dataset,
            dataset_version=version,
            external_id=query.id,
            text=query.text,
            language=query.language,
            family=families[query.id],
        )
        for query in queries
    )
    labels = [
        ImportedLabel(query=row.pk, annotator=annotator, category=category)
        for row, query in zip(rows, queries, strict=True)
        for annotator, category in query.annotations
    ]
    if labels:
        place_labels(campaign=dataset_campaign(dataset, version), labels=labels)
    return len(rows)
