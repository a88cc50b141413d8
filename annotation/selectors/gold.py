"""Gold versions: how far one is, its rows as files hold them, and what differs between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from annotation.export.difference import Change, ChangeCounts, difference
from annotation.export.records import GoldRecord, votes_json
from annotation.models import Campaign, GoldRow, GoldVersion
from annotation.selectors.votes import CHUNK, by_code_point
from annotation.services.queries import family_of

STALE = timedelta(minutes=5)
"""After this long without an end, the page offers to start a version once more."""


def versions_of(campaign: Campaign) -> QuerySet[GoldVersion]:
    """Latest first."""
    return GoldVersion.objects.filter(campaign=campaign).select_related("taxonomy", "created_by")


def next_name(campaign: Campaign) -> str:
    """A name that no version of the campaign has: v1, v2, …"""
    names = set(GoldVersion.objects.filter(campaign=campaign).values_list("name", flat=True))
    return next(name for number in range(1, len(names) + 2) if (name := f"v{number}") not in names)


def state_of(version: GoldVersion) -> str:
    """`ready` once it has a digest, from when it never changes; `failed`, `late` or `making` before."""
    if version.digest:
        return "ready"
    if version.summary.get("failed"):
        return "failed"
    return "late" if timezone.now() - version.created_at > STALE else "making"


def moment_of(version: GoldVersion) -> datetime:
    """The moment whose labels and decisions the version settles."""
    return datetime.fromisoformat(version.parameters["state_at"])


def gold_records(version: GoldVersion) -> Iterator[GoldRecord]:
    """The rows of a version in the order of their query ids by code point; one query, streamed."""
    halves = {category.slug: category.personalised for category in version.taxonomy.taxonomy.categories}
    rows = (
        GoldRow.objects.filter(version=version)
        .order_by(by_code_point("query_id"))
        .values_list(
            "query_id", "query__text", "query__language", "query__family", "split", "category", "probability",
            "source", "votes", "origin", "query__dataset", "query__external_id",
        )
    )  # fmt: skip
    for row in rows.iterator(chunk_size=CHUNK):
        query, text, language, family, split, category, probability, source, votes, origin, dataset, external_id = row
        total = sum(votes.values())
        yield GoldRecord(
            query_id=str(query),
            text=text,
            language=language,
            family=family or family_of(text),
            split=split,
            category=category,
            personalised=halves.get(category),
            probability=probability,
            method=version.method,
            source=source,
            votes=total,
            agreement=votes.get(category, 0) / total if total else None,
            votes_by_category=votes_json(votes),
            origin=origin,
            dataset=dataset,
            external_id=external_id,
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one version to another; of a long list, the first changes only."""

    counts: ChangeCounts
    changes: tuple[Change, ...]
    total: int


def difference_between(old: GoldVersion, new: GoldVersion, *, most: int) -> Difference:
    """Two queries; memory holds `most` changes, those of categories before those of details."""
    counts, total = ChangeCounts(), 0
    kept: list[Change] = []
    details: list[Change] = []
    for change in counts.through(difference(gold_records(old), gold_records(new))):
        total += 1
        place = details if change.kind == "details" else kept
        if len(place) < most:
            place.append(change)
    return Difference(counts=counts, changes=tuple((kept + details)[:most]), total=total)
