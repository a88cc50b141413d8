"""Loaded classifiers of this process, each read once."""

from functools import lru_cache

from annotation.classifier.artifacts import read_manifest
from annotation.classifier.errors import ClassifierError
from annotation.classifier.prediction import QueryClassifier
from annotation.classifier.registry import load_classifier
from annotation.classifier_version import ClassifierVersion

MOST_LOADED = 2
"""An encoder takes hundreds of megabytes; a process serves one study at a time, or two around a change."""


def classifier_of(version: ClassifierVersion) -> QueryClassifier:
    """The classifier of a version, read and compared with its fingerprint at the first call in this process.

    Raises:
        ClassifierError: It is missing, damaged or another one, or a library that it needs is not installed.
    """
    return _loaded(version)


@lru_cache(maxsize=MOST_LOADED)
def _loaded(version: ClassifierVersion) -> QueryClassifier:
    try:
        classifier = load_classifier(version.path)
    except ImportError as error:
        raise ClassifierError(f"{version.path}: this classifier needs {error.name}; install it.") from error
    found = read_manifest(version.path)["fingerprint"]  # loading has compared it with the recipe
    if found != version.fingerprint:
        raise ClassifierError(
            f"{version.path}: another classifier is in this folder now ({found[:12]}, not {version.fingerprint[:12]}); "
            "put the former one back."
        )
    return classifier
