"""Training a query-type classifier into a folder."""

import logging
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from annotation.classifier.artifacts import TrainingResult, existing_artifact
from annotation.classifier.dataset import Labelled, as_examples
from annotation.classifier.prediction import Progress
from annotation.classifier.registry import planned_recipe, train_classifier
from annotation.classifier.spec import Spec

logger = logging.getLogger(__name__)


def train_classifier_into(
    *,
    directory: Path,
    spec: Spec,
    queries: Iterable[Labelled],
    parts: Mapping[str, str] | None = None,
    workspace: Path | None = None,
    progress: Progress | None = None,
) -> tuple[TrainingResult, bool]:
    """Train and save; return how it went and whether anything was done.

    The same classifier, finished earlier, is left as it is; anything else at `directory` is refused before training.

    Args:
        parts: query id to `train`, `validation` or `test`, where the data brings its own split.
        workspace: a folder for checkpoints, from which a training that was ended goes on; removed when it is done.
        progress: may raise `TrainingStoppedError` to end the training.

    Raises:
        ClassifierError: The model is not to be had, the queries cannot be trained on, or `directory` is taken.
    """
    examples = as_examples(queries)
    finished = existing_artifact(directory, planned_recipe(spec, examples, parts=parts))
    if finished is not None:
        return finished, False
    directory.parent.mkdir(parents=True, exist_ok=True)  # a place that cannot be written shows before the work
    classifier, training = train_classifier(spec, examples, parts=parts, workspace=workspace, progress=progress)
    classifier.save(directory)
    if workspace is not None:
        shutil.rmtree(workspace, ignore_errors=True)  # checkpoints of what is finished
    logger.info("classifier.trained kind=%s fingerprint=%s", training.recipe.kind, training.fingerprint)
    return training, True
