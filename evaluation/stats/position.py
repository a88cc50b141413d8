"""Whether the side on which a playlist was shown moved the choice."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from evaluation.stats.intervals import Interval, cluster_rate
from evaluation.stats.tables import JudgmentTable

BINOMIAL = "exact binomial test on decisive judgments"


@dataclass(frozen=True)
class PositionBias:
    """How often each side was chosen.

    Attributes:
        first: decisive judgments for the system shown first.
        second: those for the other.
        p: two-sided, of equal chances; None without a decisive judgment.
        share_first: first / (first + second); None without a decisive judgment.
        share_first_interval: 95 %, over participants; None with fewer than two.
    """

    first: int
    second: int
    p: float | None
    share_first: float | None
    share_first_interval: Interval | None


def position_bias(table: JudgmentTable) -> PositionBias:
    """Count the sides of decisive judgments.

    The sides are drawn at random for each trial, so without bias each wins half of the decisive judgments.

    References:
        C. J. Clopper and E. S. Pearson, Biometrika 26(4), 1934 (the exact test).
    """
    people = len(table.participants)
    decisive = table.score != 0.5
    judged = np.bincount(table.participant[decisive], minlength=people).astype(float)
    chosen = np.bincount(table.participant[table.score == 1.0], minlength=people).astype(float)
    first, total = int(chosen.sum()), int(judged.sum())
    rate = cluster_rate(chosen, judged)
    if rate is None:
        return PositionBias(0, 0, None, None, None)
    p = float(binomtest(first, total).pvalue)
    return PositionBias(first, total - first, p, rate.value, rate.interval)
