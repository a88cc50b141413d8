"""All that other apps may import from annotation. Nothing here imports Django or a learning library by itself."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from annotation.classifier.artifacts import TrainingResult
from annotation.classifier.dataset import Example, Labelled
from annotation.classifier.errors import ClassifierError
from annotation.classifier.families import families
from annotation.classifier.prediction import QueryClassifier, QueryType
from annotation.classifier.reading import read_queries
from annotation.classifier.registry import load_classifier, train_classifier
from annotation.classifier.serving import classifier_of
from annotation.classifier.spec import Spec
from annotation.classifier_version import ClassifierFigure, ClassifierQuality, ClassifierVersion
from annotation.code_version import code_version
from annotation.taxonomy import BY_SLUG, CATEGORIES, TAXONOMY_VERSION, Category

if TYPE_CHECKING:
    from annotation.models import Campaign
    from annotation.services.imports import ImportSummary

__all__ = [
    "BY_SLUG",
    "CATEGORIES",
    "TAXONOMY_VERSION",
    "Category",
    "ClassifierError",
    "ClassifierFigure",
    "ClassifierQuality",
    "ClassifierVersion",
    "Example",
    "Labelled",
    "QueryClassifier",
    "QueryType",
    "Spec",
    "TrainingResult",
    "campaign_is_open",
    "classifier_of",
    "classifier_quality",
    "classifier_version",
    "code_version",
    "families",
    "import_labelled_queries",
    "load_classifier",
    "open_demo_campaign",
    "promoted_classifier",
    "queue_demo_runs",
    "read_queries",
    "train_classifier",
    "use_demo_classifier",
]


def import_labelled_queries(*, dataset: str, version: str, queries: Iterable[Labelled]) -> "ImportSummary":
    """Add labelled queries of a data set to the database; `annotation.services.imports` says how."""
    from annotation.services.imports import import_labelled_queries

    return import_labelled_queries(dataset=dataset, version=version, queries=queries)


def campaign_is_open(*, slug: str) -> bool:
    """Whether there is a campaign of this slug that annotators can work in."""
    from annotation.models import Campaign

    return Campaign.objects.filter(slug=slug, status=Campaign.Status.OPEN).exists()


def open_demo_campaign(*, dataset: str, version: str) -> "Campaign":
    """Open the labelling campaign of the demo, once; `annotation.services.demo` says what is in it."""
    from annotation.services.demo import open_demo_campaign

    return open_demo_campaign(dataset=dataset, version=version)


def queue_demo_runs() -> list[int]:
    """Runs of classifiers on the demo campaign's gold versions; the numbers of those to be trained."""
    from annotation.services.demo import queue_demo_runs

    return queue_demo_runs()


def use_demo_classifier(*, directory: Path) -> None:
    """Enter a trained classifier for the demo, and put it to use unless another one is."""
    from annotation.services.demo import use_demo_classifier

    use_demo_classifier(directory)


def promoted_classifier() -> ClassifierVersion | None:
    """The query-type classifier in use, None before anybody promoted one; one query."""
    from annotation.selectors.classifiers import promoted_classifier

    return promoted_classifier()


def classifier_version(*, run: int) -> ClassifierVersion:
    """The classifier of a finished run; one query."""
    from annotation.selectors.classifiers import classifier_version

    return classifier_version(run=run)


def classifier_quality(*, run: int) -> ClassifierQuality:
    """How good the classifier of a finished run was on its own test; one query."""
    from annotation.selectors.classifiers import classifier_quality

    return classifier_quality(run=run)
