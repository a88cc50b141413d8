"""Classifiers that were trained on the command line, taken into the registry."""

import logging
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from annotation.classifier.artifacts import TrainingResult, verify, write_artifact
from annotation.classifier.errors import ClassifierError
from annotation.models import ClassifierRun
from annotation.services.classifier_runs import FOLDER
from annotation.services.classifier_training import outcome
from playoff.accounts.models import User
from playoff.common.errors import InvalidInputError
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)


def record_run(
    *, directory: Path, name: str = "", data_name: str = "", by: User | None = None
) -> tuple[ClassifierRun, bool]:
    """Enter a finished classifier as a finished run; one of its fingerprint that is there already is returned as it is.

    A folder below MODELS_ROOT stays where it is, any other is copied there.

    Args:
        name: for people; the kind of classifier where it is empty.
        data_name: what it learned from; the name of the folder where it is empty.

    Returns:
        The run, and whether it is new.

    Raises:
        InvalidInputError: There is no whole classifier in the folder.
    """
    try:
        result = verify(directory)
        known = _known(result.fingerprint)
        if known is not None:
            return known, False
        artifact = _below_root(directory) or _copied(directory, result)
    except ClassifierError as error:
        raise InvalidInputError(str(error)) from error
    with writing_turn(), transaction.atomic():
        run, created = ClassifierRun.objects.get_or_create(
            fingerprint=result.fingerprint,
            gold=None,
            defaults={
                "name": (name.strip() or result.recipe.kind)[:120],
                "data_name": (data_name.strip() or directory.name or result.recipe.kind)[:200],
                "state": ClassifierRun.State.FINISHED,
                "artifact": artifact,
                "created_by": by,
                "queued_at": Now(),
                "started_at": Now(),
                "ended_at": Now(),
                "code_version": result.code[:64],
                **_specified(result),
                **outcome(result),
            },
        )
    if created:
        logger.info("classifier.recorded run=%s fingerprint=%s", run.pk, run.fingerprint)
    return ClassifierRun.objects.get(pk=run.pk), created


def _known(fingerprint: str) -> ClassifierRun | None:
    finished = ClassifierRun.objects.filter(fingerprint=fingerprint, state=ClassifierRun.State.FINISHED)
    return finished.order_by("pk").first()


def _below_root(directory: Path) -> str:
    root, resolved = Path(settings.MODELS_ROOT).resolve(), directory.resolve()
    if root not in resolved.parents:
        return ""
    taken = ClassifierRun.objects.filter(artifact=str(resolved.relative_to(root))).exists()
    if taken:
        raise InvalidInputError(
            _("%(directory)s belongs to another run; copy the classifier to a folder of its own.")
            % {"directory": directory}
        )
    return str(resolved.relative_to(root))


def _copied(directory: Path, result: TrainingResult) -> str:
    """Copy whole or not at all, and read the copy back."""
    place = Path(settings.MODELS_ROOT) / FOLDER / f"recorded-{result.fingerprint[:16]}"

    def copy(draft: Path) -> None:
        for path in directory.iterdir():
            if path.is_file() and path.name != "manifest.json":
                shutil.copy2(path, draft / path.name)

    write_artifact(place, result, copy)
    if verify(place).fingerprint != result.fingerprint:
        raise ClassifierError(f"{place}: the copy is another classifier; remove it and record again.")
    return str(place.relative_to(settings.MODELS_ROOT))


def _specified(result: TrainingResult) -> dict[str, Any]:
    """The fields of the specification, as far as the recipe names them."""
    recipe, given = result.recipe, result.recipe.parameters
    model = str(given.get("model") or recipe.kind)
    return {
        "model": model[:300],
        "target": recipe.target,
        "frozen": recipe.kind == "embeddings",
        "seed": recipe.seed,
        "curve": recipe.curve,
    }
