"""The kind `tfidf`: words and character n-grams, and a logistic regression for each of the two questions.

One regression is over the 19 categories, one for "personalised or not"; they share the vectors. Either can give alpha,
the second directly (eq. 3 of "Learning When to Personalize"), the first by what it gives to the nine personalised
categories together.
"""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from annotation.classifier.artifacts import write_json
from annotation.classifier.dataset import Example
from annotation.classifier.errors import ClassifierError
from annotation.classifier.ngrams import NgramRange, Vectoriser
from annotation.classifier.prediction import Progress
from annotation.classifier.spec import Spec
from annotation.taxonomy import SLUGS

KIND = "tfidf"
Floats = NDArray[np.float64]
Weights = NDArray[np.float32]


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

    def __post_init__(self) -> None:
        if not self.c > 0:
            raise ClassifierError(f"`c` must be above 0, got {self.c}.")
        if self.iterations < 1:
            raise ClassifierError(f"`iterations` must be at least 1, got {self.iterations}.")


@dataclass(frozen=True)
class TfidfScorer:
    """Two logistic regressions over the same vectors; once trained they need numpy alone.

    Attributes:
        weights: shape (n-grams, 20); a column per category in the order of the taxonomy, then "personalised or not".
        intercepts: shape (20,); minus infinity for a category that training never saw.
    """

    vectoriser: Vectoriser
    weights: Weights
    intercepts: Floats
    kind: ClassVar[str] = KIND

    @property
    def size(self) -> int:
        return self.weights.size + self.intercepts.size

    def logits(self, texts: Sequence[str]) -> Floats:
        """Return shape (texts, 20). Each text is summed on its own: its company changes no bit of its answer."""
        rows = np.empty((len(texts), len(self.intercepts)))
        for row, text in enumerate(texts):
            columns, values = self.vectoriser.vector(text)
            # added one n-gram after the other: a BLAS product may round differently from call to call
            rows[row] = (values[:, None] * self.weights[columns]).sum(axis=0) + self.intercepts
        return rows

    def write(self, directory: Path) -> None:
        write_json(directory / "params.json", {**asdict(self.vectoriser.lengths), "categories": SLUGS})
        write_json(directory / "vocabulary.json", self.vectoriser.vocabulary)
        np.savez(directory / "weights.npz", weights=self.weights, intercepts=self.intercepts, idf=self.vectoriser.idf)

    @classmethod
    def read(cls, directory: Path) -> Self:
        params = json.loads((directory / "params.json").read_bytes())
        vocabulary = tuple(json.loads((directory / "vocabulary.json").read_bytes()))
        try:
            with np.load(directory / "weights.npz", allow_pickle=False) as arrays:
                weights, intercepts, idf = arrays["weights"], arrays["intercepts"], arrays["idf"]
        except zipfile.BadZipFile as error:
            raise ValueError(str(error)) from error
        if tuple(params["categories"]) != SLUGS or weights.shape != (len(vocabulary), len(SLUGS) + 1):
            raise ValueError("other categories or another vocabulary")
        lengths = NgramRange(params["shortest"], params["longest"])
        return cls(Vectoriser(lengths, vocabulary, idf), weights, intercepts)


@dataclass(frozen=True)
class TfidfTrainer:
    """Fits the regressions on the training queries; the validation queries decide nothing."""

    params: TfidfParams
    kind: str = KIND

    @classmethod
    def of(cls, spec: Spec) -> Self:
        """Make the trainer that a spec asks for.

        Raises:
            ClassifierError: An option has no meaning here.
        """
        if spec.frozen or spec.recipe != "default" or spec.device != "cpu":
            raise ClassifierError(
                "`tfidf` has no encoder: it takes no frozen encoder, no recipe but the default, no device but the cpu."
            )
        known = {entry.name for entry in fields(TfidfParams)} - {"lengths"}
        for name, value in spec.overrides.items():
            if name not in known:
                raise ClassifierError(f"`tfidf` has no parameter {name!r}; it has {', '.join(sorted(known))}.")
            if isinstance(value, bool | str) or (name == "iterations" and not isinstance(value, int)):
                raise ClassifierError(f"`{name}` is a number, got {value!r}.")
        return cls(replace(TfidfParams(), **dict(spec.overrides)))  # type: ignore[arg-type]  # checked above

    @property
    def parameters(self) -> Mapping[str, Any]:
        return asdict(self.params)

    @property
    def notes(self) -> Sequence[str]:
        lengths = self.params.lengths
        return (
            f"Words, symbols and character n-grams of {lengths.shortest} to {lengths.longest} within words, tf-idf; "
            f"logistic regressions with C = {self.params.c:g}.",
            "It compares words and their parts; it does not understand. A new artist, place or slang is a guess.",
        )

    def fit(
        self,
        train: Sequence[Example],
        validation: Sequence[Example],
        *,
        seed: int,
        report: Progress,
        workspace: Path | None = None,
    ) -> TfidfScorer:
        """Fit both regressions; nothing is drawn, and a fit is too short to leave checkpoints.

        Raises:
            ClassifierError: A regression does not settle.
        """
        from annotation.classifier.tfidf_training import fit_regressions  # scikit-learn comes in here

        vectoriser = Vectoriser.fit([example.text for example in train], self.params.lengths)
        report("n-grams", 1, 1)
        return TfidfScorer(vectoriser, *fit_regressions(vectoriser, train, self.params, report))
