"""The types of queries for an offline evaluation, told by a query-type classifier."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from annotation.public import (
    BY_SLUG,
    CATEGORIES,
    ClassifierError,
    QueryClassifier,
    Spec,
    load_classifier,
    train_classifier,
)
from recsys.core.errors import RequestError
from recsys.data.dataset import Dataset
from recsys.offline.evaluate import QueryKind
from recsys.offline.queries import OfflineQuery
from recsys.offline.words import LANGUAGES

About = dict[str, object]


def query_kinds(
    given: Path | None,
    dataset: Dataset,
    queries: Sequence[OfflineQuery],
    inside: Mapping[str, Path],
    *,
    seed: int,
) -> tuple[list[QueryKind] | None, About]:
    """Return the type of each query, None where nothing can tell it, and where it is from.

    Args:
        given: folder of the classifier to use; None for the first of `inside`, else one trained on the data set.
        inside: system to the classifier that its artifact holds.
        seed: of the training.

    Raises:
        RequestError: The given classifier cannot be loaded.
    """
    try:
        found = _classifier(given, dataset, inside, seed)
    except ClassifierError as error:
        if given is not None:
            raise RequestError(str(error)) from error
        return None, {"source": None, "note": str(error)}
    if found is None:
        return None, {"source": None, "note": "the data set has no labelled queries and no --classifier is given."}
    classifier, about = found
    types = classifier.classify([query.text for query in queries])
    kinds = [QueryKind(one.category, bool(BY_SLUG[one.category].personalised)) for one in types]
    return kinds, {**about, "kind": classifier.kind}


def kind_titles() -> dict[str, dict[str, str]]:
    """Category to its titles by language, in the order of the taxonomy."""
    return {
        category.slug: {language: category.titles.get(language) or category.slug for language in LANGUAGES}
        for category in CATEGORIES
    }


def _classifier(
    given: Path | None, dataset: Dataset, inside: Mapping[str, Path], seed: int
) -> tuple[QueryClassifier, About] | None:
    if given is not None:
        return load_classifier(given), {"source": "given"}
    for system, place in inside.items():
        return load_classifier(place), {"source": "artifact", "system": system}
    if not dataset.queries:
        return None
    return train_classifier(Spec("tfidf", seed=seed), dataset.queries)[0], {"source": "trained"}
