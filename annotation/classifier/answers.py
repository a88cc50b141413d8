"""From a scorer's logits to what is said of a query: probabilities of the categories, and a calibrated alpha."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from annotation.classifier.calibration import Calibrator, calibrator_from_json
from annotation.classifier.prediction import QueryType
from annotation.taxonomy import CATEGORIES, SLUGS

Floats = NDArray[np.float64]

PERSONALISED = np.array([category.personalised for category in CATEGORIES], dtype=bool)


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

    def as_json(self) -> dict[str, Any]:
        return {"temperature": self.temperature, "source": self.source, "calibrator": self.calibrator.as_json()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read back `as_json`.

        Raises:
            KeyError, TypeError, ValueError: The value is none of ours.
        """
        if value["source"] not in ("binary", "categories"):
            raise ValueError(f"alpha has the unknown source {value['source']!r}")
        return cls(float(value["temperature"]), value["source"], calibrator_from_json(value["calibrator"]))


def log_odds(logits: Floats, temperature: float) -> dict[str, Floats]:
    """Return both ways to tell personalised queries, each of shape (texts,).

    `binary` is the score of just that; `categories` what the other nineteen give to the nine personalised categories
    together, against the ten others.

    Args:
        logits: shape (texts, 20), as `Scorer.logits` returns them.
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
