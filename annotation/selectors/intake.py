"""What the pages about a campaign's queries show."""

import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count, QuerySet

from annotation.models import Campaign, Intake, Item, Query

HEARTBEAT = "worker-heartbeat"
WORKER_AWAKE_S = 30
COUNTED_AT_ONCE = 50_000
"""Items up to which the page counts them by language itself; more are counted in a request of their own."""
MOST_DATASETS = 20


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a campaign to label: (language, queries) and (data set, version, queries), the largest first."""

    languages: tuple[tuple[str, int], ...]
    datasets: tuple[tuple[str, str, int], ...]

    def has_all_of(self, dataset: "Dataset") -> bool:
        return (dataset.name, dataset.version, dataset.queries) in self.datasets


@dataclass(frozen=True, slots=True)
class Dataset:
    """A version of a data set in the database; `queries` it has."""

    name: str
    version: str
    queries: int


def work_count(campaign: Campaign) -> int:
    """Queries to label. One query, over an index."""
    return Item.objects.filter(campaign=campaign).exclude(kind__in=["gold", "practice"]).count()


def content(campaign: Campaign) -> Content:
    """Count a campaign's queries; one query that reads each of them once."""
    rows = (
        Item.objects.filter(campaign=campaign, kind=Item.Kind.WORK)
        .order_by()
        .values_list("query__language", "query__dataset", "query__dataset_version")
        .annotate(queries=Count("pk"))
    )
    languages: dict[str, int] = {}
    datasets: dict[tuple[str, str], int] = {}
    for language, dataset, version, queries in rows:
        languages[language] = languages.get(language, 0) + queries
        datasets[dataset, version] = datasets.get((dataset, version), 0) + queries
    return Content(
        languages=tuple(sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))),
        datasets=tuple((*names, queries) for names, queries in sorted(datasets.items(), key=lambda pair: -pair[1])),
    )


def datasets_here() -> list[Dataset]:
    """Data sets whose queries can be added to a campaign, in the order of their names. One query per data set found.

    Goes from one name to the next in the index, because counting by groups would read every query there is.
    """
    found: list[Dataset] = []
    names = Query.objects.order_by("dataset", "dataset_version").values_list("dataset", "dataset_version")
    following = names.first()
    while following is not None and len(found) < MOST_DATASETS:
        name, version = following
        found.append(Dataset(name, version, Query.objects.filter(dataset=name, dataset_version=version).count()))
        following = (
            names.filter(dataset=name, dataset_version__gt=version).first() or names.filter(dataset__gt=name).first()
        )
    return found


def intakes_of(campaign: Campaign) -> QuerySet[Intake]:
    """Files and data sets given so far, the latest first."""
    return Intake.objects.filter(campaign=campaign).select_related("created_by").defer("report")


def worker_is_awake() -> bool:
    """Whether a worker has shown a sign of life within the last `WORKER_AWAKE_S` seconds."""
    try:
        touched = (Path(settings.HOME) / HEARTBEAT).stat().st_mtime
    except FileNotFoundError:
        return False
    return time.time() - touched < WORKER_AWAKE_S
