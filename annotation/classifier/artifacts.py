"""Trained classifiers on disk: whole or absent, never pickled, never overwritten.

A folder with `manifest.json`, `calibration.json`, `split.json`, `predictions.jsonl`, the scorer's own files, `CARD.md`
and its pictures. It is written beside its place and moved there when complete; the manifest holds the sha256 of every
file, and loading compares them.
"""

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from annotation.classifier.errors import ClassifierError
from annotation.taxonomy import TAXONOMY_VERSION

if TYPE_CHECKING:
    from annotation.classifier.learning_curve import Curve
    from annotation.classifier.metrics import Metrics, TargetMetrics

FORMAT = 2
"""Raised when the files or the way of training change, so that no older artifact passes for a new one."""
MANIFEST = "manifest.json"
_LIBRARIES = ("numpy", "scikit-learn", "scipy", "torch", "transformers", "accelerate", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what a classifier answers; equal recipes make equal classifiers.

    Attributes:
        parameters: the trainer's own parameters, JSON values.
        target: what alpha may come from: `binary`, `categories`, or `both`.
        data: sha256 over the labelled queries.
        parts: sha256 over the split that was given; empty where it is drawn by `seed`.
        curve: whether the card has a learning curve.
        seed: of every use of chance.
    """

    kind: str
    parameters: Mapping[str, Any]
    target: str
    data: str
    seed: int
    parts: str = ""
    curve: bool = False
    taxonomy: int = TAXONOMY_VERSION
    format: int = FORMAT

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """How a classifier came about and how good it is.

    Attributes:
        split: queries in train, validation and test.
        unsettled: of validation and test, queries left out of calibration and figures because no more than half of
            their annotators agree.
        alpha: where alpha comes from: its source, its calibration, the log loss of every candidate on validation.
        metrics: on the settled test queries.
        sources: figures of "personalised or not" for every way to tell alpha, each calibrated by its own best method.
        curve: the learning curve, None where none was asked for.
        notes: of the trainer: what the model is, what was done.
        libraries: name to version at training time.
        code: version of this program.
    """

    recipe: Recipe
    split: Mapping[str, int]
    unsettled: Mapping[str, int]
    alpha: Mapping[str, Any]
    metrics: "Metrics"
    sources: Mapping[str, "TargetMetrics"]
    curve: "Curve | None"
    notes: tuple[str, ...]
    libraries: Mapping[str, str]
    code: str

    @property
    def fingerprint(self) -> str:
        return self.recipe.fingerprint

    def as_json(self) -> dict[str, Any]:
        return {"fingerprint": self.fingerprint, **asdict(self)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read back `as_json`.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: The value is none of ours.
        """
        from annotation.classifier.learning_curve import Curve  # numpy comes in here, not with every page
        from annotation.classifier.metrics import Metrics, target_from_json

        return cls(
            recipe=Recipe(**value["recipe"]),
            split=dict(value["split"]),
            unsettled=dict(value["unsettled"]),
            alpha=dict(value["alpha"]),
            metrics=Metrics.from_json(value["metrics"]),
            sources={name: target_from_json(target) for name, target in value["sources"].items()},
            curve=None if value["curve"] is None else Curve.from_json(value["curve"]),
            notes=tuple(value["notes"]),
            libraries=dict(value["libraries"]),
            code=str(value["code"]),
        )


def library_versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def existing_artifact(directory: Path, recipe: Recipe) -> TrainingResult | None:
    """Return the training of the artifact that is there already, None where there is nothing.

    Raises:
        ClassifierError: Something else is there, or the artifact is damaged.
    """
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return None
    if not (directory / MANIFEST).is_file():
        raise ClassifierError(f"{directory}: there is something here that is no classifier; choose another folder.")
    training = verify(directory)
    if training.fingerprint != recipe.fingerprint:
        raise ClassifierError(
            f"{directory}: another classifier is here (other queries, seed or kind); choose another folder or remove "
            "it."
        )
    return training


def write_artifact(directory: Path, training: TrainingResult, write_files: Callable[[Path], None]) -> None:
    """Put a complete artifact at `directory`; the same one there already is left as it is.

    Args:
        write_files: writes everything but the manifest into the folder it is given.

    Raises:
        ClassifierError: There is something else at `directory`.
    """
    if existing_artifact(directory, training.recipe) is not None:
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    draft = directory.with_name(f".{directory.name}.{secrets.token_hex(8)}.draft")
    draft.mkdir()
    try:
        write_files(draft)
        write_json(draft / MANIFEST, {**training.as_json(), "files": _hashes(draft)})
        try:
            draft.replace(directory)
        except OSError:
            # somebody else was quicker: theirs is as good if it is the same
            if existing_artifact(directory, training.recipe) is None:
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def read_manifest(directory: Path) -> dict[str, Any]:
    """Return the manifest as it stands; only `kind` can be relied on before `verify`.

    Raises:
        ClassifierError: There is no classifier, or this program cannot read its format.
    """
    path = directory / MANIFEST
    try:
        value: dict[str, Any] = json.loads(path.read_bytes())
    except OSError:
        raise ClassifierError(f"{directory}: there is no whole classifier here ({MANIFEST} is missing).") from None
    except (ValueError, RecursionError):
        raise ClassifierError(f"{path}: this is no manifest of a classifier; train it again.") from None
    recipe = value.get("recipe") if isinstance(value, dict) else None
    if not isinstance(recipe, dict) or not isinstance(recipe.get("kind"), str):
        raise ClassifierError(f"{path}: this is no manifest of a classifier; train it again.")
    if recipe.get("format") != FORMAT:
        raise ClassifierError(
            f"{path}: this classifier has format {recipe.get('format')!r}, this program reads {FORMAT}; train it again."
        )
    return value


def verify(directory: Path, *, kind: str | None = None) -> TrainingResult:
    """Read the manifest and compare every file with its sha256.

    Raises:
        ClassifierError: Something is missing, altered, or of another kind than `kind`.
    """
    value = read_manifest(directory)
    try:
        training = TrainingResult.from_json(value)
        files = dict(value["files"])
        intact = value["fingerprint"] == training.fingerprint and all(Path(name).name == name for name in files)
    except (KeyError, TypeError, ValueError, AttributeError):
        intact = False
    if not intact:
        raise ClassifierError(f"{directory / MANIFEST}: this was altered after training; train the classifier again.")
    if training.recipe.taxonomy != TAXONOMY_VERSION:
        raise ClassifierError(
            f"{directory}: this classifier knows version {training.recipe.taxonomy} of the taxonomy, this program "
            f"{TAXONOMY_VERSION}; train it again."
        )
    if kind is not None and training.recipe.kind != kind:
        raise ClassifierError(f"{directory}: this classifier is of the kind {training.recipe.kind}, not {kind}.")
    for name, expected in files.items():
        path = directory / name
        if not path.is_file():
            raise ClassifierError(f"{path}: this file of the classifier is missing; train it again.")
        if _file_hash(path) != expected:
            raise ClassifierError(f"{path}: this file was altered after training; train the classifier again.")
    return training


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _hashes(directory: Path) -> dict[str, str]:
    return {path.name: _file_hash(path) for path in sorted(directory.iterdir())}


def _file_hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
