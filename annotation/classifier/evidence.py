"""What the figures rest on, kept beside a classifier: which query was in which part, and every answer on the test.

So that any two classifiers can be compared query by query later, and nobody has to believe a figure.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np

from annotation.classifier.artifacts import write_json
from annotation.classifier.metrics import BINS
from annotation.intervals import wilson
from annotation.taxonomy import BY_SLUG


@dataclass(frozen=True, slots=True)
class Prediction:
    """A test query's true category, and what the classifier said of it.

    Attributes:
        family: what its near-duplicates and translations share.
    """

    id: str
    language: str
    family: str
    truth: str
    category: str
    alpha: float


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Test queries whose alpha lies between `low` and `high`.

    Attributes:
        alpha: their mean alpha; None where there are none.
        personalised: how many of them are.
        share_ci: Wilson's 95 % interval of the share that is, for independent queries.
    """

    low: float
    high: float
    queries: int
    alpha: float | None
    personalised: int
    share_ci: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Ids by part, and one prediction per settled test query, in the order of the data."""

    parts: Mapping[str, tuple[str, ...]]
    predictions: tuple[Prediction, ...]

    def reliability(self, bins: int = BINS) -> list[ReliabilityBin]:
        """Bins of equal width over alpha, empty ones too."""
        alpha = np.array([one.alpha for one in self.predictions])
        personalised = np.array([BY_SLUG[one.truth].personalised is True for one in self.predictions], dtype=bool)
        number = np.minimum((alpha * bins).astype(np.int64), bins - 1)
        return [_bin(which / bins, (which + 1) / bins, alpha[number == which], personalised[number == which])
                for which in range(bins)]  # fmt: skip

    def write(self, directory: Path) -> None:
        write_json(directory / "split.json", self.parts)
        lines = (json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in self.predictions)
        (directory / "predictions.jsonl").write_text("".join(lines), encoding="utf-8", errors="surrogatepass")

    @classmethod
    def read(cls, directory: Path) -> Self:
        """Read back what `write` wrote; `OSError`, `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        parts = json.loads((directory / "split.json").read_bytes())
        text = (directory / "predictions.jsonl").read_text(encoding="utf-8", errors="surrogatepass")
        return cls(
            {name: tuple(ids) for name, ids in parts.items()},
            tuple(Prediction(**json.loads(line)) for line in text.split("\n") if line),
        )


def _bin(low: float, high: float, alpha: Sequence[float], personalised: Sequence[bool]) -> ReliabilityBin:
    count, hits = len(alpha), int(np.sum(personalised))
    if not count:
        return ReliabilityBin(low, high, 0, None, 0, None)
    return ReliabilityBin(low, high, count, float(np.mean(alpha)), hits, wilson(hits, count))
