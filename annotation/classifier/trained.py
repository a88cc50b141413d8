"""A classifier of any kind, ready to answer: a scorer, its calibration, and how it came about."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from annotation.classifier.answers import Calibration, query_types
from annotation.classifier.artifacts import TrainingResult, verify, write_artifact, write_json
from annotation.classifier.card import card
from annotation.classifier.drawings import curve_drawing, reliability_drawing
from annotation.classifier.errors import ClassifierError
from annotation.classifier.evidence import Evidence
from annotation.classifier.prediction import QueryType
from annotation.classifier.scoring import Scorer


@dataclass(frozen=True)
class TrainedClassifier:
    """Tells the type of queries. Any text gets a finite answer: empty, endless, in any language."""

    scorer: Scorer
    calibration: Calibration
    training: TrainingResult
    evidence: Evidence

    @property
    def kind(self) -> str:
        return self.scorer.kind

    def classify(self, texts: Sequence[str]) -> list[QueryType]:
        return query_types(self.scorer.logits(texts), self.calibration) if texts else []

    def save(self, directory: Path) -> None:
        write_artifact(directory, self.training, self._write_files)

    @classmethod
    def load(cls, directory: Path, read_scorer: Callable[[Path], Scorer]) -> Self:
        """Load and check an artifact.

        Raises:
            ClassifierError: There is none, or it is damaged.
        """
        training = verify(directory)
        try:
            return cls(
                scorer=read_scorer(directory),
                calibration=Calibration.from_json(json.loads((directory / "calibration.json").read_bytes())),
                training=training,
                evidence=Evidence.read(directory),
            )
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ClassifierError(
                f"{directory}: the files of this classifier do not fit together ({error}); train it again."
            ) from error

    def _write_files(self, directory: Path) -> None:
        self.scorer.write(directory)
        write_json(directory / "calibration.json", self.calibration.as_json())
        self.evidence.write(directory)
        bins = self.evidence.reliability()
        (directory / "reliability.svg").write_text(reliability_drawing(bins), encoding="utf-8")
        if self.training.curve is not None:
            (directory / "curve.svg").write_text(curve_drawing(self.training.curve), encoding="utf-8")
        write_json(directory / "reliability.json", [asdict(one) for one in bins])
        (directory / "CARD.md").write_text(card(self.training, bins), encoding="utf-8")
