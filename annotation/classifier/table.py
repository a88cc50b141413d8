"""Classifiers side by side, measured on the same test queries, as Table 1 of "Learning When to Personalize"."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from annotation.classifier.artifacts import TrainingResult
from annotation.classifier.comparison import Difference, compare
from annotation.classifier.dataset import Example
from annotation.classifier.evidence import Evidence
from annotation.classifier.metrics import Figure
from annotation.classifier.registry import load_classifier
from annotation.classifier.spec import Spec
from annotation.classifier.trained import TrainedClassifier

TIMED = 100
"""Queries answered one by one for the time that one takes."""
HEAD = (
    "| model | numbers, M | learned | accuracy | macro-F1 | ROC-AUC | calibration error | 19: accuracy | 19: macro-F1 "
    "| macro-F1 against the first | ms |\n|---|---:|---|---|---|---|---|---|---|---|---:|"
)


@dataclass(frozen=True)
class Row:
    """One classifier in the table.

    Attributes:
        numbers: learned or loaded parameters.
        milliseconds: median for one query on this machine, loaded and warm.
        difference: of macro-F1 of "personalised or not" to the first row, paired; None in the first.
    """

    spec: Spec
    training: TrainingResult
    evidence: Evidence
    numbers: int
    milliseconds: float
    difference: Difference | None = None

    @property
    def name(self) -> str:
        return f"{self.spec.model}{', frozen' if self.spec.frozen else ''}"

    def difference_to(self, first: "Row") -> Difference:
        return compare(first.evidence, self.evidence, seed=self.spec.seed).binary_macro_f1

    def as_json(self) -> dict[str, Any]:
        described = self.training.as_json()
        return {
            "model": self.spec.model,
            "frozen": self.spec.frozen,
            "target": self.spec.target,
            "seed": self.spec.seed,
            "fingerprint": described["fingerprint"],
            "numbers": self.numbers,
            "milliseconds": self.milliseconds,
            "queries": described["metrics"]["queries"],
            "families": described["metrics"]["families"],
            "replicates": described["metrics"]["replicates"],
            "binary": described["metrics"]["binary"],
            "categories": described["metrics"]["categories"],
            "difference": None if self.difference is None else asdict(self.difference),
        }


def row_of(spec: Spec, directory: Path, examples: Sequence[Example]) -> Row:
    """Load a trained classifier and time it.

    Raises:
        ClassifierError: There is none, or it is damaged.
    """
    classifier = load_classifier(directory)
    assert isinstance(classifier, TrainedClassifier)
    tested = {one.id for one in classifier.evidence.predictions}
    texts = [example.text for example in examples if example.id in tested][:TIMED]
    classifier.classify(texts[:1])
    seconds = []
    for text in texts:
        started = time.perf_counter()
        classifier.classify([text])
        seconds.append(time.perf_counter() - started)
    return Row(spec, classifier.training, classifier.evidence, classifier.scorer.size, 1000 * median(seconds))


def markdown(rows: Sequence[Row]) -> str:
    """The table, with what it was measured on below it."""
    first = rows[0].training
    lines = [HEAD, *(_line(row) for row in rows), ""]
    lines.append(
        f"{first.metrics.queries} settled test queries in {first.metrics.families} families; learned from "
        f"{first.split['train']}, calibrated on {first.split['validation']}; seed {first.recipe.seed}. 95 % intervals "
        f"by drawing families ({first.metrics.replicates} draws); the difference is paired, and bold where its "
        "interval leaves out zero."
    )
    return "\n".join(lines)


def _line(row: Row) -> str:
    binary, categories = row.training.metrics.binary, row.training.metrics.categories
    figures = (binary.accuracy, binary.macro_f1, binary.roc_auc, binary.ece, categories.accuracy, categories.macro_f1)
    cells = " | ".join(_cell(figure) for figure in figures)
    return (
        f"| {row.name} | {row.numbers / 1e6:.2g} | {row.spec.target} | {cells} | {_difference(row.difference)} "
        f"| {row.milliseconds:.1f} |"
    )


def _cell(figure: Figure) -> str:
    return f"{100 * figure.value:.1f} ({100 * figure.ci[0]:.1f} to {100 * figure.ci[1]:.1f})"


def _difference(difference: Difference | None) -> str:
    if difference is None:
        return "–"
    low, high = difference.ci
    words = f"{100 * difference.value:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"
    return f"**{words}**" if difference.told else words
