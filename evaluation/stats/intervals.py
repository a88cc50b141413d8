"""Intervals whose unit is the participant, not the judgment."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from evaluation.stats.arrays import FloatArray

Interval = tuple[float, float]


@dataclass(frozen=True)
class Rate:
    """A share of judgments with ties counting one half.

    Attributes:
        value: between 0 and 1.
        interval: 95 %, None with fewer than two participants.
        effective: judgments by as many different people that would be as informative, None like the interval.
    """

    value: float
    interval: Interval | None
    effective: float | None


def student_interval(value: float, standard_error: float, df: int, *, level: float = 0.95) -> Interval:
    """value -+ t standard errors, on `df` degrees of freedom."""
    reach = float(student.ppf((1 + level) / 2, df)) * standard_error
    return value - reach, value + reach


def cluster_rate(scores: FloatArray, judgments: FloatArray, *, level: float = 0.95) -> Rate | None:
    """A win rate with a Wilson interval on the effective number of judgments.

    The variance v of the rate p is the delete-one-participant jackknife's; the effective number is p (1 - p) / v,
    the quantile is t's on participants less one. Where participants do not differ at all, their judgments count as
    one each, so that no interval has width zero.

    Args:
        scores: shape (participants,), the sum of scores (1, 1/2, 0) of each.
        judgments: shape (participants,), how many judgments each made; those with none are left aside.
        level: coverage of the interval.

    Returns:
        The rate, or None without judgments.

    References:
        E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22(158), 1927;
        E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with small expected number of positive
        counts estimated from survey data", Survey Methodology 24(2), 1998 (effective number, t).
    """
    active = judgments > 0
    scores, judgments = scores[active], judgments[active]
    people, total = len(judgments), float(judgments.sum())
    if not people:
        return None
    rate = float(scores.sum()) / total
    if people < 2:
        return Rate(rate, None, None)
    left_out = (scores.sum() - scores) / (total - judgments)
    variance = (people - 1) / people * float(((left_out - rate) ** 2).sum())
    effective = rate * (1 - rate) / variance if variance > 1e-12 else float(people)
    if rate in (0.0, 1.0):
        effective = float(people)
    return Rate(rate, wilson(rate, effective, float(student.ppf((1 + level) / 2, people - 1))), effective)


def wilson(rate: float, n: float, quantile: float) -> Interval:
    """Wilson's score interval of a rate seen in n trials."""
    shrink = 1 + quantile**2 / n
    centre = (rate + quantile**2 / (2 * n)) / shrink
    reach = quantile / shrink * float(np.sqrt(rate * (1 - rate) / n + quantile**2 / (4 * n**2)))
    return max(0.0, min(rate, centre - reach)), min(1.0, max(rate, centre + reach))
