"""The scorers of the kinds `encoder` and `embeddings`; served by ONNX they need no torch."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from annotation.classifier.encoder.serving import SERVING, Served
from annotation.taxonomy import SLUGS

Floats = NDArray[np.float64]

HEAD = "head.npz"


@dataclass(frozen=True)
class EncoderScorer:
    """A fine-tuned encoder with its heads."""

    served: Served
    kind: ClassVar[str] = "encoder"

    @property
    def size(self) -> int:
        return int(self.served.description["parameters"])

    def logits(self, texts: Sequence[str]) -> Floats:
        return without_unseen(self.served.outputs(texts), self.served.description["seen"])

    def write(self, directory: Path) -> None:
        self.served.write(directory)

    @classmethod
    def read(cls, directory: Path) -> Self:
        return cls(_read(directory, cls.kind, len(SLUGS) + 1))


@dataclass(frozen=True)
class EmbeddingsScorer:
    """Two logistic regressions on the sentence embeddings of an encoder as it comes.

    Attributes:
        weights: shape (dimensions, 20); a column per category in the order of the taxonomy, then "personalised".
        intercepts: shape (20,); minus infinity for a category that training never saw.
    """

    served: Served
    weights: NDArray[np.float32]
    intercepts: Floats
    kind: ClassVar[str] = "embeddings"

    @property
    def size(self) -> int:
        return int(self.served.description["parameters"]) + self.weights.size + self.intercepts.size

    def logits(self, texts: Sequence[str]) -> Floats:
        return linear(self.served.outputs(texts), self.weights, self.intercepts)

    def write(self, directory: Path) -> None:
        self.served.write(directory)
        np.savez(directory / HEAD, weights=self.weights, intercepts=self.intercepts)

    @classmethod
    def read(cls, directory: Path) -> Self:
        try:
            with np.load(directory / HEAD, allow_pickle=False) as arrays:
                weights, intercepts = arrays["weights"], arrays["intercepts"]
        except zipfile.BadZipFile as error:
            raise ValueError(f"{HEAD}: {error}") from error
        if weights.ndim != 2 or weights.shape[1] != len(SLUGS) + 1 or intercepts.shape != (len(SLUGS) + 1,):
            raise ValueError(f"{HEAD}: other categories")
        return cls(_read(directory, cls.kind, len(weights)), weights, intercepts)


def linear(vectors: Floats, weights: NDArray[np.float32], intercepts: Floats) -> Floats:
    """Return logits, shape (texts, 20). Each text is multiplied on its own: a BLAS product may round by company."""
    rows = np.empty((len(vectors), len(intercepts)))
    columns = weights.astype(np.float64)
    for row, vector in enumerate(vectors):
        rows[row] = vector @ columns + intercepts
    return rows


def without_unseen(rows: Floats, seen: Sequence[bool]) -> Floats:
    """Put minus infinity where a category has never been seen."""
    rows = rows.copy()
    rows[:, : len(SLUGS)][:, ~np.asarray(seen, dtype=bool)] = -np.inf
    return rows


def _read(directory: Path, kind: str, columns: int) -> Served:
    served = Served.read(directory)
    if served.description["kind"] != kind or tuple(served.description["categories"]) != SLUGS:
        raise ValueError(f"{SERVING}: another kind or other categories")
    if served.description["outputs"] != columns:
        raise ValueError(f"{SERVING}: another number of outputs")
    return served
