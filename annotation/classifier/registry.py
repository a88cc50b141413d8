"""Every kind of query-type classifier by name; its module is imported on first use."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from annotation.classifier.artifacts import Recipe, TrainingResult, read_manifest
from annotation.classifier.dataset import Example, Labelled, as_examples
from annotation.classifier.errors import ClassifierError
from annotation.classifier.prediction import Progress, QueryClassifier

KINDS = {"tfidf": "annotation.classifier.tfidf:TfidfClassifier"}


class TrainableKind(Protocol):
    """A class of classifiers that can be trained and loaded."""

    def recipe(self, examples: Sequence[Example], *, seed: int) -> Recipe:
        """Return what training would be done; cheap."""

    def train(
        self, examples: Sequence[Example], *, seed: int, progress: Progress | None = None
    ) -> tuple[QueryClassifier, TrainingResult]: ...

    def load(self, directory: Path) -> QueryClassifier: ...


def train_classifier(
    kind_or_model: str, queries: Iterable[Labelled], *, seed: int, progress: Progress | None = None
) -> tuple[QueryClassifier, TrainingResult]:
    """Train on 70 % of the queries, calibrate on 20 %, measure on 10 %.

    Args:
        kind_or_model: a kind of `KINDS`, later also the id or path of a text encoder.
        queries: anything with id, text, language and annotations.
        seed: not negative; the same queries and seed give the same classifier.

    Raises:
        ClassifierError: The kind is not known, or the queries cannot be trained on.
    """
    kind = _trainable(kind_or_model)
    _check_seed(seed)
    return kind.train(as_examples(queries), seed=seed, progress=progress)


def planned_recipe(kind_or_model: str, queries: Iterable[Labelled], *, seed: int) -> Recipe:
    """Return the recipe that `train_classifier` would follow, so that a finished artifact is recognised before it.

    Raises:
        ClassifierError: As `train_classifier` does before it starts.
    """
    kind = _trainable(kind_or_model)
    _check_seed(seed)
    return kind.recipe(as_examples(queries), seed=seed)


def load_classifier(directory: Path) -> QueryClassifier:
    """Load a trained classifier of any kind.

    Raises:
        ClassifierError: There is none, it is damaged, or its kind is not known.
    """
    kind = read_manifest(directory)["recipe"]["kind"]
    if kind not in KINDS:
        raise ClassifierError(f"{directory}: this version knows no classifiers of the kind {kind!r}, only {_known()}.")
    return _import(kind).load(directory)


def _trainable(kind: str) -> TrainableKind:
    if kind not in KINDS:
        raise ClassifierError(
            f"The classifier {kind!r} is not available: this version trains {_known()} only, text encoders come later."
        )
    return _import(kind)


def _import(kind: str) -> TrainableKind:
    module, _, name = KINDS[kind].partition(":")
    return cast(TrainableKind, getattr(import_module(module), name))


def _check_seed(seed: int) -> None:
    if seed < 0:
        raise ClassifierError(f"`seed` must be at least 0, got {seed}.")


def _known() -> str:
    return ", ".join(f"`{kind}`" for kind in sorted(KINDS))
