"""Every kind of query-type classifier by name; its modules are imported on first use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotation.classifier.artifacts import Recipe, TrainingResult, read_manifest
from annotation.classifier.dataset import Labelled, as_examples
from annotation.classifier.errors import ClassifierError
from annotation.classifier.prediction import Progress, QueryClassifier
from annotation.classifier.spec import Spec

if TYPE_CHECKING:
    from annotation.classifier.scoring import Trainer


@dataclass(frozen=True, slots=True)
class Kind:
    """Where a kind's trainer and scorer are, as `module:name`."""

    trainer: str
    scorer: str


KINDS = {
    "tfidf": Kind("annotation.classifier.tfidf:TfidfTrainer", "annotation.classifier.tfidf:TfidfScorer"),
    "embeddings": Kind(
        "annotation.classifier.encoder.trainers:EmbeddingsTrainer",
        "annotation.classifier.encoder.scorer:EmbeddingsScorer",
    ),
    "encoder": Kind(
        "annotation.classifier.encoder.trainers:EncoderTrainer", "annotation.classifier.encoder.scorer:EncoderScorer"
    ),
}


def kind_of(spec: Spec) -> str:
    """Return the kind that a spec asks for."""
    if spec.model == "tfidf":
        return "tfidf"
    return "embeddings" if spec.frozen else "encoder"


def train_classifier(
    spec: Spec,
    queries: Iterable[Labelled],
    *,
    parts: Mapping[str, str] | None = None,
    workspace: Path | None = None,
    progress: Progress | None = None,
) -> tuple[QueryClassifier, TrainingResult]:
    """Train on 70 % of the queries, calibrate on 20 %, measure on 10 %.

    Args:
        queries: anything with id, text, language and annotations.
        parts: query id to `train`, `validation` or `test`, where the data brings its own split.
        workspace: a folder of this training alone, for checkpoints.
        progress: called with step, done and total; what it raises ends the training.

    Raises:
        ClassifierError: The model is not to be had, or the queries cannot be trained on.
    """
    from annotation.classifier.training import train  # numpy comes in here

    return train(_trainer(spec), spec, as_examples(queries), parts=parts, workspace=workspace, progress=progress)


def planned_recipe(spec: Spec, queries: Iterable[Labelled], *, parts: Mapping[str, str] | None = None) -> Recipe:
    """Return the recipe that `train_classifier` would follow, so that a finished artifact is recognised before it.

    Raises:
        ClassifierError: As `train_classifier` does before it starts.
    """
    from annotation.classifier.training import recipe_of

    return recipe_of(_trainer(spec), spec, as_examples(queries), parts)


def load_classifier(directory: Path) -> QueryClassifier:
    """Load a trained classifier of any kind.

    Raises:
        ClassifierError: There is none, it is damaged, or its kind is not known.
    """
    kind = read_manifest(directory)["recipe"]["kind"]
    if kind not in KINDS:
        known = ", ".join(f"`{name}`" for name in sorted(KINDS))
        raise ClassifierError(f"{directory}: this version knows no classifiers of the kind {kind!r}, only {known}.")
    from annotation.classifier.trained import TrainedClassifier

    return TrainedClassifier.load(directory, _import(KINDS[kind].scorer).read)


def _trainer(spec: Spec) -> "Trainer":
    trainer: Trainer = _import(KINDS[kind_of(spec)].trainer).of(spec)
    return trainer


def _import(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
