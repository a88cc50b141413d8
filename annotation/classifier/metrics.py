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
    """A value with its 95 % percentile interval, by drawing the families of the test with replacement."""

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
class CategoryMetrics:
    """Figures for one category.

    Attributes:
        queries: of this category in the test; without any, recall is None, and precision where it was never named.
        alpha: mean alpha of its queries: near 1 where it is a personalised one.
    """

    category: str
    queries: int
    precision: Figure | None
    recall: Figure | None
    f1: Figure | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class LanguageMetrics:
    """Figures for the test queries of one language; `roc_auc` is None where it has one kind of query only."""

    language: str
    queries: int
    accuracy: Figure
    macro_f1: Figure
    roc_auc: Figure | None
    category_accuracy: Figure
    category_macro_f1: Figure


@dataclass(frozen=True, slots=True)
class Metrics:
    """Figures for "personalised or not" and for the 19 categories, over the same test queries.

    Attributes:
        families: of near-duplicates and translations; they are what is drawn.
    """

    queries: int
    families: int
    replicates: int
    binary: TargetMetrics
    categories: TargetMetrics
    by_category: tuple[CategoryMetrics, ...]
    by_language: tuple[LanguageMetrics, ...]

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Metrics":
        """Read back `dataclasses.asdict` after a trip through JSON."""
        return cls(
            queries=value["queries"],
            families=value["families"],
            replicates=value["replicates"],
            binary=target_from_json(value["binary"]),
            categories=target_from_json(value["categories"]),
            by_category=tuple(CategoryMetrics(**_with_figures(row)) for row in value["by_category"]),
            by_language=tuple(LanguageMetrics(**_with_figures(row)) for row in value["by_language"]),
        )


def target_from_json(value: dict[str, Any]) -> TargetMetrics:
    """Read back one target's figures."""
    return TargetMetrics(**_with_figures(value))


def figure_from_json(value: dict[str, Any]) -> Figure:
    """Read back one figure."""
    return Figure(value["value"], tuple(value["ci"]))


def _with_figures(row: dict[str, Any]) -> dict[str, Any]:
    return {name: figure_from_json(cell) if isinstance(cell, dict) else cell for name, cell in row.items()}


@dataclass(frozen=True)
class HeldOut:
    """True categories of the queries that measure, and the draws that every interval is made of.

    Attributes:
        truth: columns of the true categories, shape (queries,).
        personalised: shape (queries,).
        draws: how often each query is drawn in each replicate, shape (replicates, queries); families are drawn whole.
        families: how many there are.
    """

    truth: Integers
    personalised: NDArray[np.bool_]
    languages: NDArray[np.str_]
    draws: Floats
    families: int

    @classmethod
    def of(
        cls,
        truth: Sequence[str],
        *,
        languages: Sequence[str],
        families: Sequence[str],
        generator: np.random.Generator,
        replicates: int = REPLICATES,
    ) -> "HeldOut":
        """Draw whole families with replacement: what near-duplicates and translations teach is one lesson."""
        names, member = np.unique(np.asarray(families, dtype=object).astype(str), return_inverse=True)
        drawn = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=replicates)
        columns = np.array([SLUGS.index(slug) for slug in truth], dtype=np.int64)
        return cls(
            truth=columns,
            personalised=np.array([BY_SLUG[slug].personalised is True for slug in truth]),
            languages=np.asarray(languages),
            draws=drawn[:, member].astype(np.float64),
            families=len(names),
        )


def measure(held_out: HeldOut, predicted: Sequence[QueryType]) -> Metrics:
    """Compare predictions with true categories; both kinds of query must occur among the truth."""
    alpha = np.array([one.alpha for one in predicted])
    probabilities = np.array([[one.probabilities[slug] for slug in SLUGS] for one in predicted])
    answers = np.array([SLUGS.index(one.category) for one in predicted], dtype=np.int64)
    return Metrics(
        queries=len(held_out.truth),
        families=held_out.families,
        replicates=len(held_out.draws),
        binary=measure_alpha(held_out, alpha),
        categories=_target(
            held_out.truth, answers, probabilities, probabilities.max(axis=1), held_out.truth == answers, held_out.draws
        ),
        by_category=tuple(_category(held_out, answers, alpha, column) for column in range(len(SLUGS))),
        by_language=tuple(
            _language(held_out, answers, alpha, language) for language in sorted(set(held_out.languages))
        ),
    )


def measure_alpha(held_out: HeldOut, alpha: Floats) -> TargetMetrics:
    """Figures of "personalised or not" for one way to tell alpha, shape (queries,)."""
    truth = held_out.personalised.astype(np.int64)
    return _target(truth, (alpha >= 0.5).astype(np.int64), alpha[:, None], alpha, held_out.personalised, held_out.draws)


def _category(held_out: HeldOut, answers: Integers, alpha: Floats, column: int) -> CategoryMetrics:
    is_true, is_named = held_out.truth == column, answers == column
    hits, true, named = ((rows).astype(np.float64) for rows in (is_true & is_named, is_true, is_named))

    def share(of: Floats) -> Figure | None:
        return figure(lambda weights: _divide(weights @ hits, weights @ of), held_out.draws) if of.any() else None

    return CategoryMetrics(
        category=SLUGS[column],
        queries=int(is_true.sum()),
        precision=share(named),
        recall=share(true),
        f1=share((true + named) / 2),
        alpha=float(alpha[is_true].mean()) if is_true.any() else None,
    )


def _language(held_out: HeldOut, answers: Integers, alpha: Floats, language: str) -> LanguageMetrics:
    rows = held_out.languages == language
    truth, named, draws = held_out.truth[rows], answers[rows], held_out.draws[:, rows]
    draws = draws[draws.sum(axis=1) > 0]
    personalised, told = held_out.personalised[rows].astype(np.int64), (alpha[rows] >= 0.5).astype(np.int64)
    both = 0 < personalised.sum() < len(personalised)
    return LanguageMetrics(
        language=str(language),
        queries=int(rows.sum()),
        accuracy=figure(lambda weights: accuracy(personalised, told, weights), draws),
        macro_f1=figure(lambda weights: macro_f1(personalised, told, weights), draws),
        roc_auc=figure(lambda weights: roc_auc(personalised == 1, alpha[rows], weights), draws) if both else None,
        category_accuracy=figure(lambda weights: accuracy(truth, named, weights), draws),
        category_macro_f1=figure(lambda weights: macro_f1(truth, named, weights), draws),
    )


def _target(
    truth: Integers, answers: Integers, scores: Floats, confidence: Floats, came_true: NDArray[np.bool_], draws: Floats
) -> TargetMetrics:
    # a single column of scores is the score of class 1
    positives = {1: scores[:, 0]} if scores.shape[1] == 1 else dict(enumerate(scores.T))
    return TargetMetrics(
        accuracy=figure(lambda weights: accuracy(truth, answers, weights), draws),
        macro_f1=figure(lambda weights: macro_f1(truth, answers, weights), draws),
        roc_auc=figure(
            lambda weights: _mean_of_defined([roc_auc(truth == value, s, weights) for value, s in positives.items()]),
            draws,
        ),
        ece=figure(lambda weights: calibration_error(confidence, came_true, weights), draws, centred=True),
    )


def figure(metric: Metric, draws: Floats, *, centred: bool = False) -> Figure:
    """The metric on all queries, and the percentile interval of the metric over the draws."""
    value = metric(np.ones((1, draws.shape[1])))[0]
    replicates = metric(draws)
    if centred:
        replicates = replicates - replicates.mean() + value
    return Figure(float(value), interval(replicates))


def interval(replicates: Floats, *, low: float = 0.0, high: float = 1.0) -> tuple[float, float]:
    """The 95 % percentile interval, kept within bounds; a draw without any query of one class has no ROC curve."""
    tail = (1 - CONFIDENCE) / 2
    lower, upper = np.clip(np.nanquantile(replicates, [tail, 1 - tail]), low, high)
    return float(lower), float(upper)


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
