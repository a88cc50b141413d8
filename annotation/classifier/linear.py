"""Scores of query types from tf-idf vectors: one matrix product, then probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotation.classifier.calibration import Calibrator
from annotation.classifier.ngrams import Vectoriser
from annotation.classifier.prediction import QueryType
from annotation.taxonomy import CATEGORIES, SLUGS

Floats = NDArray[np.float64]
Weights = NDArray[np.float32]

PERSONALISED = np.array([category.personalised for category in CATEGORIES], dtype=bool)


@dataclass(frozen=True)
class Regressions:
    """Two logistic regressions over the same vectors.

    Attributes:
        weights: shape (n-grams, 20); a column per category in the order of the taxonomy, then "personalised or not".
        intercepts: shape (20,); minus infinity for a category that training never saw.
    """

    vectoriser: Vectoriser
    weights: Weights
    intercepts: Floats

    def logits(self, texts: Sequence[str]) -> Floats:
        """Return shape (texts, 20). Each text is summed on its own: its company changes no bit of its answer."""
        rows = np.empty((len(texts), len(self.intercepts)))
        for row, text in enumerate(texts):
            columns, values = self.vectoriser.vector(text)
            # added one n-gram after the other: a BLAS product may round differently from call to call
            rows[row] = (values[:, None] * self.weights[columns]).sum(axis=0) + self.intercepts
        return rows


@dataclass(frozen=True)
class Calibration:
    """How logits become probabilities.

    Attributes:
        temperature: by which the logits of the categories are divided.
        source: whose log-odds the calibrator takes, a key of `log_odds`.
    """

    temperature: float
    source: str
    calibrator: Calibrator


def log_odds(logits: Floats, temperature: float) -> dict[str, Floats]:
    """Return both ways to tell personalised queries, each of shape (texts,).

    `binary` is the regression on just that; `categories` what the other one gives to the nine personalised categories
    together, against the ten others.
    """
    scaled = logits[:, :-1] / temperature
    personalised = np.logaddexp.reduce(scaled[:, PERSONALISED], axis=1)
    others = np.logaddexp.reduce(scaled[:, ~PERSONALISED], axis=1)
    return {"categories": personalised - others, "binary": logits[:, -1]}


def query_types(logits: Floats, calibration: Calibration) -> list[QueryType]:
    """Return one answer per row, each computed alone: numpy's vector loops may round a row by its place in a batch."""
    return [_query_type(row, calibration) for row in logits]


def _query_type(row: Floats, calibration: Calibration) -> QueryType:
    score = log_odds(row[None, :], calibration.temperature)[calibration.source]
    alpha = float(np.clip(calibration.calibrator(score), 0.0, 1.0)[0])
    scaled = row[:-1] / calibration.temperature
    powers = np.exp(scaled - scaled.max())
    probabilities = powers / powers.sum()
    return QueryType(SLUGS[int(powers.argmax())], dict(zip(SLUGS, probabilities.tolist(), strict=True)), alpha)
