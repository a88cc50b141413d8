"""The kind `tfidf`: words and character n-grams, logistic regressions, a calibrated alpha.

Two regressions share the vectors: one over the 19 categories, one for "personalised or not". Either can give alpha,
the second directly (eq. 3 of "Learning When to Personalize"), the first by what it gives to the nine personalised
categories together; the validation queries decide which, and how it is calibrated.
"""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

import numpy as np

from annotation.classifier.artifacts import Recipe, TrainingResult, library_versions, verify, write_artifact, write_json
from annotation.classifier.calibration import calibrator_from_json, choose_calibration, fit_temperature
from annotation.classifier.card import card
from annotation.classifier.dataset import Example, data_hash
from annotation.classifier.errors import ClassifierError
from annotation.classifier.linear import PERSONALISED, Calibration, Regressions, log_odds, query_types
from annotation.classifier.metrics import measure
from annotation.classifier.ngrams import NgramRange, Vectoriser
from annotation.classifier.prediction import Progress, QueryType
from annotation.classifier.splits import split_examples
from annotation.taxonomy import SLUGS

KIND = "tfidf"


@dataclass(frozen=True, slots=True)
class TfidfParams:
    """Parameters of training.

    Attributes:
        lengths: of the character n-grams.
        c: inverse strength of the L2 penalty, scikit-learn's `C`; 3 to 30 do equally well on our sample.
        iterations: of L-BFGS at most.
    """

    lengths: NgramRange = field(default_factory=NgramRange)
    c: float = 10.0
    iterations: int = 1000


@dataclass(frozen=True)
class TfidfClassifier:
    """A linear classifier of query types; once trained it needs numpy alone."""

    regressions: Regressions
    calibration: Calibration
    training: TrainingResult
    kind: str = KIND

    def classify(self, texts: Sequence[str]) -> list[QueryType]:
        return query_types(self.regressions.logits(texts), self.calibration)

    def save(self, directory: Path) -> None:
        write_artifact(directory, self.training, self._write_files)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Load and check an artifact of this kind.

        Raises:
            ClassifierError: There is none, or it is damaged.
        """
        training = verify(directory, kind=KIND)
        try:
            return cls(*_read_files(directory), training)
        except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise ClassifierError(
                f"{directory}: the files of this classifier do not fit together ({error}); train it again."
            ) from error

    @classmethod
    def recipe(cls, examples: Sequence[Example], *, seed: int) -> Recipe:
        return Recipe(KIND, asdict(TfidfParams()), data_hash(examples), seed)

    @classmethod
    def train(
        cls, examples: Sequence[Example], *, seed: int, progress: Progress | None = None
    ) -> tuple[Self, TrainingResult]:
        """Train, calibrate and measure, as `registry.train_classifier` says.

        Raises:
            ClassifierError: The queries are too few, or a regression does not settle.
        """
        from annotation.classifier.tfidf_training import fit_regressions  # scikit-learn comes in here

        report = progress or (lambda step, done, total: None)
        params = TfidfParams()
        split = split_examples(examples, seed=seed)
        learned = (*split.train, *split.taxonomy)
        vectoriser = Vectoriser.fit([example.text for example in learned], params.lengths)
        report("n-grams", 1, 1)
        weights, intercepts = fit_regressions(vectoriser, learned, params, report)
        regressions = Regressions(vectoriser, weights, intercepts)
        calibration, log_loss = _calibrate(regressions, split.validation, np.random.default_rng([seed, 1]))
        report("calibration", 1, 1)
        metrics = measure(
            [example.category for example in split.test],
            query_types(regressions.logits([example.text for example in split.test]), calibration),
            generator=np.random.default_rng([seed, 2]),
        )
        report("measuring", 1, 1)
        alpha = {
            "source": calibration.source,
            "calibration": calibration.calibrator.as_json()["method"],
            "log_loss": log_loss,
        }
        training = TrainingResult(cls.recipe(examples, seed=seed), split.sizes, alpha, metrics, library_versions())
        return cls(regressions, calibration, training), training

    def _write_files(self, directory: Path) -> None:
        regressions, calibration = self.regressions, self.calibration
        params = {
            **asdict(regressions.vectoriser.lengths),
            "categories": SLUGS,
            "temperature": calibration.temperature,
            "alpha_source": calibration.source,
            "calibrator": calibration.calibrator.as_json(),
        }
        write_json(directory / "params.json", params)
        write_json(directory / "vocabulary.json", regressions.vectoriser.vocabulary)
        np.savez(
            directory / "weights.npz",
            weights=regressions.weights,
            intercepts=regressions.intercepts,
            idf=regressions.vectoriser.idf,
        )
        (directory / "CARD.md").write_text(card(self.training), encoding="utf-8")


def _calibrate(
    regressions: Regressions, examples: Sequence[Example], generator: np.random.Generator
) -> tuple[Calibration, dict[str, float]]:
    """Return the calibration and the log loss of every way that was tried."""
    logits = regressions.logits([example.text for example in examples])
    truth = np.array([SLUGS.index(example.category) for example in examples])
    temperature = fit_temperature(logits[:, :-1], truth)
    choice = choose_calibration(log_odds(logits, temperature), PERSONALISED[truth], generator=generator)
    return Calibration(temperature, choice.source, choice.calibrator), choice.log_loss


def _read_files(directory: Path) -> tuple[Regressions, Calibration]:
    params = json.loads((directory / "params.json").read_bytes())
    vocabulary = tuple(json.loads((directory / "vocabulary.json").read_bytes()))
    with np.load(directory / "weights.npz", allow_pickle=False) as arrays:
        weights, intercepts, idf = arrays["weights"], arrays["intercepts"], arrays["idf"]
    if tuple(params["categories"]) != SLUGS or weights.shape != (len(vocabulary), len(SLUGS) + 1):
        raise ValueError("other categories or another vocabulary")
    lengths = NgramRange(params["shortest"], params["longest"])
    calibrator = calibrator_from_json(params["calibrator"])
    return (
        Regressions(Vectoriser(lengths, vocabulary, idf), weights, intercepts),
        Calibration(params["temperature"], params["alpha_source"], calibrator),
    )
