"""Resampling whole clusters of queries: intervals of means and of their differences, and sign-flip tests.

A cluster is a listener with all their queries, or one playlist. Queries of one listener are no independent evidence, so
clusters are drawn, with all that is in them. A mean is over queries: the sum over the drawn clusters, divided by the
number of their queries.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Values = NDArray[np.float64]
LEVEL = 0.95
FEWEST = 6
"""Clusters below which nothing is said: with five, even five signs out of five leave p = 2 / 2**5 = 0.06."""
_BLOCK = 16_000_000  # weights held at once
METHOD = "BCa bootstrap of whole clusters"


@dataclass(frozen=True)
class Sums:
    """Values summed within clusters: all that resampling needs.

    Attributes:
        totals: shape (clusters, columns).
        sizes: number of queries of each cluster, shape (clusters,).
    """

    totals: Values
    sizes: Values

    @property
    def means(self) -> Values:
        return np.asarray(self.totals.sum(axis=0) / self.sizes.sum())

    @property
    def left_out(self) -> Values:
        """Means without each cluster in turn, shape (clusters, columns)."""
        rest = self.sizes.sum() - self.sizes
        return np.asarray((self.totals.sum(axis=0) - self.totals) / rest[:, None])


def cluster_numbers(clusters: list[str]) -> NDArray[np.int64]:
    """Number the clusters in the order of their first query."""
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(cluster, len(seen)) for cluster in clusters], dtype=np.int64)


def cluster_sums(values: Values, clusters: NDArray[np.int64], count: int) -> Sums:
    """Sum values, shape (queries, columns), within `count` clusters."""
    totals = np.zeros((count, values.shape[1]))
    np.add.at(totals, clusters, values)
    return Sums(totals, np.bincount(clusters, minlength=count).astype(np.float64))


def resampled_means(sums: Sums, rng: np.random.Generator, *, replicates: int) -> Values:
    """Means of resampled clusters, shape (replicates, columns): all from the same draws, so they are paired."""
    count = len(sums.sizes)
    both = np.column_stack([sums.totals, sums.sizes])
    parts = []
    block = max(1, _BLOCK // count)
    for size in (min(block, replicates - done) for done in range(0, replicates, block)):
        drawn = rng.integers(0, count, size=(size, count)) + np.arange(size)[:, None] * count
        weights = np.bincount(drawn.ravel(), minlength=size * count).reshape(size, count).astype(np.float64)
        sampled = weights @ both
        parts.append(sampled[:, :-1] / sampled[:, -1:])
    return np.concatenate(parts)


def bca_intervals(estimates: Values, sampled: Values, left_out: Values, *, level: float = LEVEL) -> Values:
    """Bias-corrected and accelerated intervals, shape (2, columns).

    Where all resamples agree, the interval is the estimate; where the correction does not exist because the estimate
    lies beyond every resample, it is the percentile interval.

    Args:
        estimates: shape (columns,).
        sampled: the estimate in each resample, shape (replicates, columns).
        left_out: the estimate without each cluster, shape (clusters, columns).

    References:
        B. Efron, "Better bootstrap confidence intervals", JASA 82(397), 1987.
    """
    # what is equal to the estimate counts half: means of few hits have many ties
    below = (sampled < estimates - 1e-12).mean(axis=0) + 0.5 * (np.abs(sampled - estimates) <= 1e-12).mean(axis=0)
    usable = (below > 0) & (below < 1)
    bias = ndtri(np.where(usable, below, 0.5))
    moves = left_out.mean(axis=0) - left_out
    spread = (moves**2).sum(axis=0) ** 1.5
    skew = np.divide((moves**3).sum(axis=0), 6 * spread, out=np.zeros_like(spread), where=spread > 1e-30)
    tail = (1 - level) / 2
    ends = []
    for quantile in (tail, 1 - tail):
        z = bias + ndtri(quantile)
        share = np.where(usable, ndtr(bias + z / np.maximum(1 - skew * z, 1e-9)), quantile)
        ends.append(_quantiles(sampled, share))
    return np.stack(ends)


def sign_flip_p(sums: Sums, rng: np.random.Generator, *, flips: int) -> Values:
    """Two-sided p that the mean of each column is zero, shape (columns,), each cluster's sign being arbitrary.

    p = (1 + flips at least as extreme) / (1 + flips), which is valid for any number of flips.

    References:
        R. A. Fisher, The Design of Experiments, 1935, section 21; B. Phipson and G. K. Smyth, "Permutation p-values
        should never be zero", Stat. Appl. Genet. Mol. Biol. 9(1), 2010.
    """
    observed = np.abs(sums.totals.sum(axis=0)) - 1e-9 * np.abs(sums.totals).sum(axis=0)  # equal sums differ by rounding
    count = len(sums.sizes)
    extreme = np.zeros(sums.totals.shape[1])
    block = max(1, _BLOCK // count)
    for size in (min(block, flips - done) for done in range(0, flips, block)):
        signs = rng.integers(0, 2, size=(size, count), dtype=np.int8).astype(np.float64) * 2 - 1
        extreme += (np.abs(signs @ sums.totals) >= observed).sum(axis=0)
    return np.asarray((1 + extreme) / (1 + flips))


def _quantiles(sampled: Values, shares: Values) -> Values:
    """The quantile of each column at its own share."""
    ordered = np.sort(sampled, axis=0)
    places = np.clip(shares, 0, 1) * (len(ordered) - 1)
    low = np.floor(places).astype(np.int64)
    high = np.minimum(low + 1, len(ordered) - 1)
    columns = np.arange(ordered.shape[1])
    return np.asarray(ordered[low, columns] + (places - low) * (ordered[high, columns] - ordered[low, columns]))
