"""The paired t-test of Text2Tracks, and its correction for many comparisons."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from recsys.offline.resampling import Sums

Values = NDArray[np.float64]


@dataclass(frozen=True)
class PairedT:
    """One test for each column of differences, shape (columns,); NaN where no difference varies.

    Attributes:
        df: clusters less one.
    """

    statistic: Values
    df: int
    p: Values


def paired_t(differences: Sums) -> PairedT:
    """Test that the mean difference is zero, with a standard error that respects clusters.

    With S_c the sum of (difference - mean) over the queries of cluster c, G clusters and n queries,
    se**2 = G / (G - 1) * sum of S_c**2 / n**2 (CR1), on G - 1 degrees of freedom. Where each query is its own cluster,
    this is Student's paired t-test to the last digit.

    References:
        Student, "The probable error of a mean", Biometrika 6(1), 1908; K.-Y. Liang and S. L. Zeger, "Longitudinal data
        analysis using generalized linear models", Biometrika 73(1), 1986.
    """
    count, queries = len(differences.sizes), differences.sizes.sum()
    means = differences.means
    spread = differences.totals - differences.sizes[:, None] * means
    error = np.sqrt(count / (count - 1) * (spread**2).sum(axis=0)) / queries
    # all differences equal, but for rounding: there is nothing to divide by
    varies = error > 1e-12 * np.maximum(np.abs(means), 1e-12)
    statistic = np.divide(means, error, out=np.full_like(means, np.nan), where=varies)
    return PairedT(statistic, count - 1, np.asarray(2 * student.sf(np.abs(statistic), count - 1)))


def bonferroni(p_values: Sequence[float | None], comparisons: int) -> list[float | None]:
    """Multiply each p by the number of comparisons made, at most 1; what has no p keeps none.

    References:
        O. J. Dunn, "Multiple comparisons among means", JASA 56(293), 1961.
    """
    return [None if p is None else min(1.0, p * comparisons) for p in p_values]
