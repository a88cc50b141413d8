"""Labels as numbers, the weights of classes, and the losses of the two heads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from annotation.classifier.dataset import Example
from annotation.classifier.errors import ClassifierError
from annotation.taxonomy import SLUGS

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Labels:
    """Both labels of every query.

    Attributes:
        binary: 1 for personalised.
        categories: places in the taxonomy.
    """

    binary: Integers
    categories: Integers

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Labels":
        return cls(
            np.array([example.personalised for example in examples], dtype=np.int64),
            np.array([SLUGS.index(example.category) for example in examples], dtype=np.int64),
        )

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Which of the categories occur, shape (19,)."""
        return np.bincount(self.categories, minlength=len(SLUGS)) > 0


def check_labels(examples: Sequence[Example]) -> None:
    """Refuse what has nothing to tell apart.

    Raises:
        ClassifierError: There are no personalised queries, or no others.
    """
    personalised = {example.personalised for example in examples}
    if len(personalised) < 2:
        words = "other" if True in personalised else "personalised"
        raise ClassifierError(
            f"None of the {len(examples)} queries to train on is labelled as "
            f"{'not personalised' if words == 'other' else words}; label some that are."
        )


def class_weights(labels: Integers, classes: int, power: float) -> Tensor:
    """Return each class's frequency to the minus `power`, scaled so that the mean over the queries is 1."""
    counts = np.bincount(labels, minlength=classes).astype(np.float64)
    weights = np.where(counts > 0, np.maximum(counts, 1.0) ** -power, 0.0)
    weights *= counts.sum() / (weights * counts).sum()
    return torch.tensor(weights, dtype=torch.float32)


def weighted_sum(logits: Tensor, labels: Tensor, weights: Tensor, kept: Tensor) -> Tensor:
    """Return the summed cross-entropy, each query times its class's weight and times `kept`, in single precision."""
    losses = cross_entropy(logits.float(), labels, reduction="none")
    return (losses * weights[labels] * kept).sum()
