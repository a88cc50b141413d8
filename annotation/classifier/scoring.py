"""The two halves of every kind of classifier: a trainer that fits, a scorer that answers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from annotation.classifier.dataset import Example
from annotation.classifier.errors import ClassifierError
from annotation.classifier.prediction import Progress

Floats = NDArray[np.float64]


class TrainingStoppedError(ClassifierError):
    """Somebody asked for the training to stop; what is in the workspace lets it go on later."""


class Scorer(Protocol):
    """Scores texts; needs no learning library where that can be avoided.

    Attributes:
        kind: its name in the registry.
    """

    kind: ClassVar[str]

    @property
    def size(self) -> int:
        """How many numbers it was loaded with."""

    def logits(self, texts: Sequence[str]) -> Floats:
        """Return shape (texts, 20): a logit per category in the order of the taxonomy, then the log-odds of
        "personalised". Minus infinity for a category that training never saw; finite otherwise, for any text."""

    def write(self, directory: Path) -> None:
        """Write the scorer's own files, flat, into a folder that has no such files yet."""

    @classmethod
    def read(cls, directory: Path) -> Self:
        """Read them back; `OSError`, `KeyError`, `TypeError` or `ValueError` where they do not fit together."""


class Trainer(Protocol):
    """Fits a scorer.

    Attributes:
        kind: of the scorer it makes.
        parameters: JSON values that, with data and seed, decide what comes out; the device is none of them.
        notes: sentences for the model card: what the model is, what was done.
    """

    @property
    def kind(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...
    @property
    def notes(self) -> Sequence[str]: ...

    def fit(
        self,
        train: Sequence[Example],
        validation: Sequence[Example],
        *,
        seed: int,
        report: Progress,
        workspace: Path | None = None,
    ) -> Scorer:
        """Fit on `train`; `validation` may decide when to stop, and nothing else.

        Args:
            report: called often; it raises `TrainingStoppedError` where somebody asked to stop, and that is let
                through.
            workspace: a folder of this training alone, for checkpoints. A fit that died or was stopped goes on from
                the last one there, and ends with the same scorer as one that was never interrupted. None keeps none.

        Raises:
            ClassifierError: The data or the model cannot be trained on.
        """
