"""The training that all kinds share: split, fit, calibrate, measure, and learn again from parts for the curve."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotation.classifier.answers import PERSONALISED, Calibration, log_odds, query_types
from annotation.classifier.artifacts import Recipe, TrainingResult, library_versions
from annotation.classifier.calibration import Choice, choose_calibration, fit_temperature
from annotation.classifier.dataset import Example, data_hash
from annotation.classifier.errors import ClassifierError
from annotation.classifier.evidence import Evidence, Prediction
from annotation.classifier.learning_curve import Curve, curve, parts_of
from annotation.classifier.metrics import HeldOut, measure, measure_alpha
from annotation.classifier.prediction import Progress, QueryType
from annotation.classifier.scoring import Floats, Scorer, Trainer
from annotation.classifier.spec import Spec
from annotation.classifier.splits import Split, given_split, split_examples
from annotation.classifier.trained import TrainedClassifier
from annotation.code_version import code_version
from annotation.taxonomy import SLUGS

SOURCES = {"binary": ("binary",), "categories": ("categories",), "both": ("categories", "binary")}


def recipe_of(trainer: Trainer, spec: Spec, examples: Sequence[Example], parts: Mapping[str, str] | None) -> Recipe:
    """What a training would do; cheap."""
    return Recipe(
        kind=trainer.kind,
        parameters=trainer.parameters,
        target=spec.target,
        data=data_hash(examples),
        seed=spec.seed,
        parts="" if parts is None else hashlib.sha256(json.dumps(sorted(parts.items())).encode()).hexdigest(),
        curve=spec.curve,
    )


def train(
    trainer: Trainer,
    spec: Spec,
    examples: Sequence[Example],
    *,
    parts: Mapping[str, str] | None = None,
    workspace: Path | None = None,
    progress: Progress | None = None,
) -> tuple[TrainedClassifier, TrainingResult]:
    """Train, calibrate and measure, as `registry.train_classifier` says.

    Raises:
        ClassifierError: The queries are too few, or cannot be trained on.
    """
    check_ids(examples)
    report = progress or (lambda step, done, total: None)
    split = split_examples(examples, seed=spec.seed) if parts is None else given_split(examples, parts)
    settled = _Settled.of(split, spec.seed)
    scorer = trainer.fit(
        (*split.train, *split.taxonomy), split.validation, seed=spec.seed, report=report, workspace=workspace
    )
    notes = tuple(trainer.notes)  # of this fit, not of those for the curve
    temperature, choice = _calibrate(scorer, settled.validation, spec)
    report("calibration", 1, 1)
    logits = scorer.logits([example.text for example in settled.test])
    calibration = Calibration(temperature, choice.source, choice.calibrator)
    predicted = query_types(logits, calibration)
    metrics = measure(settled.held_out, predicted)
    report("measuring", 1, 1)
    training = TrainingResult(
        recipe=recipe_of(trainer, spec, examples, parts),
        split=split.sizes,
        unsettled={
            "validation": len(split.validation) - len(settled.validation),
            "test": len(split.test) - len(settled.test),
        },
        alpha={
            "source": choice.source,
            "calibration": choice.calibrator.as_json()["method"],
            "log_loss": choice.log_loss,
        },
        metrics=metrics,
        sources={
            source: measure_alpha(settled.held_out, _alpha(logits, temperature, choice, source))
            for source in choice.per_source
        },
        curve=_curve(trainer, spec, split, settled, (scorer, predicted), report) if spec.curve else None,
        notes=notes,
        libraries=library_versions(),
        code=code_version(),
    )
    evidence = Evidence({name: tuple(one.id for one in getattr(split, name)) for name in split.sizes},
                        _predictions(settled, predicted))  # fmt: skip
    return TrainedClassifier(scorer, calibration, training, evidence), training


@dataclass(frozen=True)
class _Settled:
    """The queries of validation and test on whose category more than half of their annotators agree."""

    validation: tuple[Example, ...]
    test: tuple[Example, ...]
    test_families: tuple[str, ...]
    held_out: HeldOut

    @classmethod
    def of(cls, split: Split, seed: int) -> "_Settled":
        validation = tuple(example for example in split.validation if example.settled)
        rows = [row for row, example in enumerate(split.test) if example.settled]
        test = tuple(split.test[row] for row in rows)
        for name, part in (("validation", validation), ("test", test)):
            if len({example.personalised for example in part}) < 2:
                raise ClassifierError(
                    f"The {name} part has no personalised or no other query on which the annotators agree; "
                    "label or adjudicate more queries."
                )
        families = tuple(split.test_families[row] for row in rows)
        held_out = HeldOut.of(
            [example.category for example in test],
            languages=[example.language for example in test],
            families=families,
            generator=np.random.default_rng([seed, 2]),
        )
        return cls(validation, test, families, held_out)


def _calibrate(scorer: Scorer, examples: Sequence[Example], spec: Spec) -> tuple[float, Choice]:
    """Return the temperature of the categories, and how alpha is told."""
    logits = scorer.logits([example.text for example in examples])
    truth = np.array([SLUGS.index(example.category) for example in examples])
    temperature = fit_temperature(logits[:, :-1], truth)
    offered = log_odds(logits, temperature)
    sources = {name: offered[name] for name in SOURCES[spec.target]}
    generator = np.random.default_rng([spec.seed, 1])
    return temperature, choose_calibration(sources, PERSONALISED[truth], generator=generator)


def _alpha(logits: Floats, temperature: float, choice: Choice, source: str) -> Floats:
    return np.clip(choice.per_source[source](log_odds(logits, temperature)[source]), 0.0, 1.0)


def _curve(
    trainer: Trainer,
    spec: Spec,
    split: Split,
    settled: _Settled,
    whole: tuple[Scorer, Sequence[QueryType]],
    report: Progress,
) -> Curve | None:
    """Fit on nested parts of the training queries; the last point is the classifier itself."""
    parts = parts_of(split.train, np.random.default_rng([spec.seed, 3]))
    texts = [example.text for example in settled.test]
    answers = []
    for number, part in enumerate(parts, start=1):
        report("learning curve", number, len(parts))
        if number == len(parts):
            predicted: Sequence[QueryType] = whole[1]
        else:
            scorer = trainer.fit((*part, *split.taxonomy), split.validation, seed=spec.seed, report=report)
            temperature, choice = _calibrate(scorer, settled.validation, spec)
            predicted = query_types(scorer.logits(texts), Calibration(temperature, choice.source, choice.calibrator))
        named = np.array([SLUGS.index(one.category) for one in predicted], dtype=np.int64)
        answers.append((named, np.array([one.alpha for one in predicted])))
    return curve(settled.held_out, [len(part) for part in parts], answers)


def _predictions(settled: _Settled, predicted: Sequence[QueryType]) -> tuple[Prediction, ...]:
    return tuple(
        Prediction(example.id, example.language, family, example.category, one.category, one.alpha)
        for example, family, one in zip(settled.test, settled.test_families, predicted, strict=True)
    )


def check_ids(examples: Sequence[Example]) -> None:
    """Refuse examples that share an id: parts and predictions name queries by it.

    Raises:
        ClassifierError: Two queries have one id.
    """
    twice = [name for name, count in Counter(example.id for example in examples).items() if count > 1]
    if twice:
        raise ClassifierError(f"{len(twice)} query ids occur more than once, first {twice[0]!r}; give each its own.")
