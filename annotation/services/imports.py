"""Bringing labelled queries of a data set into the database."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from annotation.classifier.dataset import Labelled
from annotation.models import Label, Query
from annotation.taxonomy import BY_SLUG, TAXONOMY_VERSION
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
    """Add the queries and their labels; those of this version that are here already must be the same.

    Labels that people have given since then stay. A fixed number of database queries per batch of 500.

    Args:
        dataset: name of the data set.
        version: of the data set; other content needs another version.
        queries: anything with id, text, language and annotations.

    Raises:
        InvalidInputError: A query is incomplete, stands twice, or has a category outside the taxonomy.
        DatasetChangedError: A query is here with another text, language or label.
    """
    if not dataset.strip() or not version.strip():
        raise InvalidInputError("A data set needs a name and a version; state both.")
    read = added = 0
    seen: set[str] = set()
    for batch in _batches(queries):
        for query in batch:
            _check(query, seen)
        known = {
            row.external_id: row
            for row in Query.objects.filter(
                dataset=dataset, dataset_version=version, external_id__in=[query.id for query in batch]
            ).prefetch_related("labels")
        }
        for query in batch:
            if query.id in known:
                _check_unchanged(query, known[query.id])
        added += _add(dataset, version, [query for query in batch if query.id not in known])
        read += len(batch)
    logger.info("queries.imported dataset=%s version=%s read=%s added=%s", dataset, version, read, added)
    return ImportSummary(read=read, added=added, skipped=read - added)


def _batches(queries: Iterable[Labelled]) -> Iterator[list[Labelled]]:
    iterator = iter(queries)
    while batch := list(islice(iterator, BATCH)):
        yield batch


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


def _check_unchanged(query: Labelled, row: Query) -> None:
    labels = {label.annotator: label.category for label in row.labels.all()}
    same_labels = all(labels.get(annotator) == category for annotator, category in query.annotations)
    if (row.text, row.language) != (query.text, query.language) or not same_labels:
        raise DatasetChangedError(
            f"Query {query.id!r} of {row.dataset} {row.dataset_version} is here with another text, language or label; "
            "give the changed data set a new version."
        )


def _add(dataset: str, version: str, queries: list[Labelled]) -> int:
    rows = Query.objects.bulk_create(
        Query(
            dataset=dataset,
            dataset_version=version,
            external_id=query.id,
            text=query.text,
            language=query.language,
        )
        for query in queries
    )
    Label.objects.bulk_create(
        Label(query=row, annotator=annotator, category=category, taxonomy_version=TAXONOMY_VERSION)
        for row, query in zip(rows, queries, strict=True)
        for annotator, category in query.annotations
    )
    return len(rows)
