"""How good a classifier is on queries it has not seen, each figure with a bootstrap interval.

Every metric is a function of weights: shape (replicates, queries), how often each query was drawn; all ones give the
figure itself, multinomial draws its interval. So thousands of replicates are a few matrix products.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotation.classifier.prediction import QueryType
from annotation.taxonomy import BY_SLUG, SLUGS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Metric = Callable[[Floats], Floats]

BINS = 10
REPLICATES = 1000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % percentile interval, by drawing the test queries with replacement."""

    value: float
    ci: tuple[float, float]


@dataclass(frozen=True, slots=True)
class TargetMetrics:
    """Figures for one target.

    Attributes:
        accuracy: share of queries whose most probable class is right; for the binary target, alpha of at least 0.5
            says personalised.
        macro_f1: mean F1 of the classes that occur or were predicted.
        roc_auc: area under the ROC curve, ties counting half; for the categories the mean of one against the rest
            over the categories that occur.
        ece: expected calibration error over 10 bins of equal width: mean gap between confidence and how often it
            was right, weighted by the queries in each bin. Binary: alpha against the share of personalised queries;
            categories: the highest probability against the share of right answers. Chance alone keeps it above 0.
            Drawing adds chance of its own, so its replicates are moved to have their mean at the value.
    """

    accuracy: Figure
    macro_f1: Figure
    roc_auc: Figure
    ece: Figure


@dataclass(frozen=True, slots=True)
class Metrics:
    """Figures for "personalised or not" and for the 19 categories, over the same test queries."""

    queries: int
    replicates: int
    binary: TargetMetrics
    categories: TargetMetrics

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Metrics":
        """Read back `dataclasses.asdict` after a trip through JSON."""
        targets = {
            target: TargetMetrics(
                **{name: Figure(figure["value"], tuple(figure["ci"])) for name, figure in value[target].items()}
            )
            for target in ("binary", "categories")
        }
        return cls(queries=value["queries"], replicates=value["replicates"], **targets)


def measure(
    truth: Sequence[str],
    predicted: Sequence[QueryType],
    *,
    generator: np.random.Generator,
    replicates: int = REPLICATES,
) -> Metrics:
    """Compare predictions with true category slugs; both kinds of query must occur among the truth."""
    draws = generator.multinomial(len(truth), np.full(len(truth), 1 / len(truth)), size=replicates).astype(np.float64)
    alpha = np.array([one.alpha for one in predicted])
    personalised = np.array([BY_SLUG[slug].personalised for slug in truth], dtype=np.int64)
    probabilities = np.array([[one.probabilities[slug] for slug in SLUGS] for one in predicted])
    columns = np.array([SLUGS.index(slug) for slug in truth])
    answers = np.array([SLUGS.index(one.category) for one in predicted])
    return Metrics(
        queries=len(truth),
        replicates=replicates,
        binary=_target(personalised, (alpha >= 0.5).astype(np.int64), alpha[:, None], alpha, personalised == 1, draws),
        categories=_target(columns, answers, probabilities, probabilities.max(axis=1), columns == answers, draws),
    )


def _target(
    truth: Integers, answers: Integers, scores: Floats, confidence: Floats, came_true: NDArray[np.bool_], draws: Floats
) -> TargetMetrics:
    # a single column of scores is the score of class 1
    positives = {1: scores[:, 0]} if scores.shape[1] == 1 else dict(enumerate(scores.T))
    return TargetMetrics(
        accuracy=_figure(lambda weights: accuracy(truth, answers, weights), draws),
        macro_f1=_figure(lambda weights: macro_f1(truth, answers, weights), draws),
        roc_auc=_figure(
            lambda weights: _mean_of_defined([roc_auc(truth == value, s, weights) for value, s in positives.items()]),
            draws,
        ),
        ece=_figure(lambda weights: calibration_error(confidence, came_true, weights), draws, centred=True),
    )


def _figure(metric: Metric, draws: Floats, *, centred: bool = False) -> Figure:
    value = metric(np.ones((1, draws.shape[1])))[0]
    replicates = metric(draws)
    if centred:
        replicates = replicates - replicates.mean() + value
    # a draw without any query of one class has no ROC curve
    tail = (1 - CONFIDENCE) / 2
    low, high = np.clip(np.nanquantile(replicates, [tail, 1 - tail]), 0.0, 1.0)
    return Figure(float(value), (float(low), float(high)))


def accuracy(truth: Integers, answers: Integers, weights: Floats) -> Floats:
    """Weighted share of right answers, shape (replicates,)."""
    right: Floats = weights @ (truth == answers).astype(np.float64)
    return _divide(right, weights.sum(axis=1))


def macro_f1(truth: Integers, answers: Integers, weights: Floats) -> Floats:
    """Mean F1 over the classes that occur or were predicted in a replicate, shape (replicates,)."""
    values = []
    for value in np.union1d(truth, answers):
        true_positives = weights @ ((truth == value) & (answers == value)).astype(np.float64)
        named = weights @ ((truth == value).astype(np.float64) + (answers == value))
        values.append(_divide(2 * true_positives, named))
    return _mean_of_defined(values)


def roc_auc(positive: NDArray[np.bool_], scores: Floats, weights: Floats) -> Floats:
    """Probability that a positive scores above a negative, ties counting half; NaN where one of them is missing."""
    order = np.argsort(scores, kind="stable")
    starts = np.flatnonzero(np.diff(scores[order], prepend=-np.inf))
    drawn = weights[:, order]
    is_positive = positive[order].astype(np.float64)
    positives = np.add.reduceat(drawn * is_positive, starts, axis=1)
    negatives = np.add.reduceat(drawn * (1 - is_positive), starts, axis=1)
    below = np.cumsum(negatives, axis=1) - negatives
    wins = np.sum(positives * (below + negatives / 2), axis=1)
    return _divide(wins, positives.sum(axis=1) * negatives.sum(axis=1))


def calibration_error(confidence: Floats, came_true: NDArray[np.bool_], weights: Floats) -> Floats:
    """Expected calibration error over `BINS` bins of equal width, shape (replicates,).

    References:
        C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, eq. (3).
    """
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = came_true - confidence
    total = np.zeros(len(weights))
    for number in range(BINS):
        total += np.abs(weights @ (gaps * (bins == number)))
    return _divide(total, weights.sum(axis=1))


def _divide(numerator: Floats, denominator: Floats) -> Floats:
    return np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator > 0)


def _mean_of_defined(values: list[Floats]) -> Floats:
    table = np.array(values)
    defined = ~np.isnan(table)
    return _divide(np.where(defined, table, 0.0).sum(axis=0), defined.sum(axis=0).astype(np.float64))
