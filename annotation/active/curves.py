"""Learning curves: how good a classifier is after so many labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotation.classifier.metrics import macro_f1

Floats = NDArray[np.floating]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Point:
    """How good the classifier is at one moment.

    Attributes:
        labels: given so far, those of the random part included.
        macro_f1: of the categories, on the test.
        grouped_f1: macro-F1 of groups of categories, such as personalised or not; None without groups.
    """

    labels: int
    macro_f1: float
    grouped_f1: float | None


def measure(truth: Integers, probabilities: Floats, given: int, groups: Sequence[int] | None) -> Point:
    """Compare the most probable category, and group, of each text with the true one.

    Args:
        truth: shape (n,), category numbers.
        probabilities: shape (n, categories).
        given: labels so far.
        groups: the group of each category, numbers from 0.
    """
    score = _macro_f1(truth, probabilities)
    if groups is None:
        return Point(given, score, None)
    member = np.eye(max(groups) + 1)[np.asarray(groups)]
    return Point(given, score, _macro_f1(np.asarray(groups)[truth], probabilities @ member))


def labels_to_reach(labels: Sequence[float], scores: Sequence[float], target: float) -> float | None:
    """Return how many labels first gave a score of `target`, on straight lines between the points; None if none did.

    Args:
        labels: ascending.
        scores: one per number of labels.
    """
    for place, score in enumerate(scores):
        if score >= target:
            if not place or score == scores[place - 1]:
                return float(labels[place])
            part = (target - scores[place - 1]) / (score - scores[place - 1])
            return float(labels[place - 1] + part * (labels[place] - labels[place - 1]))
    return None


def _macro_f1(truth: Integers, probabilities: Floats) -> float:
    return float(macro_f1(truth, probabilities.argmax(axis=1).astype(np.int64), np.ones((1, len(truth))))[0])
