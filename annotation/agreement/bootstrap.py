"""95 % intervals by drawing items, or whole families of items, with replacement.

Units with the same row are interchangeable, so not every unit is drawn but how often each distinct row occurs: the
same distribution, and 5,000 items with three votes have some 600 distinct rows. A resample is then a row of
multinomial counts, and all sums of all resamples are one matrix product.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from annotation.agreement.sums import FloatArray
from annotation.votes import IntArray

Statistic = Callable[[FloatArray], FloatArray]
"""From sums of rows, shape (samples, columns), to values, shape (samples, figures); NaN where undefined."""

CONFIDENCE = 0.95
_MOST_WEIGHTS = 8_000_000  # held at once, 64 MB
_STILL = 1e-12  # a spread below this is rounding


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """What is drawn.

    Attributes:
        rows: the distinct rows of the units, shape (distinct, columns).
        times: how many units have each, shape (distinct,).
    """

    rows: FloatArray
    times: IntArray

    @classmethod
    def of_rows(cls, rows: FloatArray, families: IntArray | None = None) -> "Units":
        """Units from one row per item; items of one family are one unit, their rows summed.

        Args:
            rows: shape (items, columns).
            families: the family of each item as a number, shape (items,); None if every item is drawn by itself.
        """
        if families is not None:
            _, numbers = np.unique(families, return_inverse=True)
            # of no rows at all, bincount makes whole numbers
            rows = np.column_stack([np.bincount(numbers, weights=column) for column in rows.T]).astype(np.float64)
        first, times = distinct(rows)
        return cls(rows[first], times)

    def __len__(self) -> int:
        return int(self.times.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Values and the ends of their intervals, each of shape (figures,); NaN where there is none."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


def distinct(rows: FloatArray | IntArray) -> tuple[IntArray, IntArray]:
    """Where each distinct row stands first, and how often it occurs; ordered by content, not by place."""
    # as plain bytes, since comparing rows column by column takes twenty times as long
    whole = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.itemsize * rows.shape[1]))).ravel()
    _, first, times = np.unique(whole, return_index=True, return_counts=True)
    return first, times


def bootstrap(units: Units, statistic: Statistic, rng: np.random.Generator, *, resamples: int) -> Intervals:
    """Bias-corrected and accelerated (BCa) 95 % intervals of all figures of one statistic.

    Where fewer than half of the resamples have a value, or all have the same, there is no interval.

    References:
        B. Efron, "Better Bootstrap Confidence Intervals", JASA 82(397), 1987; the acceleration by the jackknife.
    """
    totals = units.times @ units.rows
    value = statistic(totals[None])[0]
    if len(units) < 2:
        return Intervals(value, np.full_like(value, np.nan), np.full_like(value, np.nan))
    drawn = np.sort(_resampled(units, statistic, rng, resamples), axis=0)
    jackknife = statistic(totals - units.rows)
    low, high = _ends(value, drawn, _acceleration(jackknife, units.times))
    return Intervals(value, low, high)


def perfect_agreement_bound(units: int) -> float:
    """Lower 95 % bound on the share of agreement where none of so many units shows a disagreement.

    Drawing never shows a disagreement that was not seen, so its interval would have width zero; this is the exact
    binomial bound, two-sided.

    References:
        C. J. Clopper and E. S. Pearson, Biometrika 26(4), 1934.
    """
    return float(((1 - CONFIDENCE) / 2) ** (1 / units))


def _resampled(units: Units, statistic: Statistic, rng: np.random.Generator, resamples: int) -> FloatArray:
    """The statistic of each resample, shape (resamples, figures)."""
    share = units.times / units.times.sum()
    block = max(1, _MOST_WEIGHTS // len(share))
    parts = []
    for done in range(0, resamples, block):
        weights = rng.multinomial(len(units), share, size=min(block, resamples - done))
        parts.append(statistic(weights.astype(np.float64) @ units.rows))
    return np.concatenate(parts)


def _acceleration(jackknife: FloatArray, times: IntArray) -> FloatArray:
    """Skewness of the jackknife values over 6, shape (figures,); those undefined count as the mean."""
    defined = ~np.isnan(jackknife)
    weight = defined * times[:, None]
    mean = (np.where(defined, jackknife, 0.0) * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1)
    away = np.where(defined, mean - jackknife, 0.0)
    spread = (weight * away**2).sum(axis=0) ** 1.5
    skewed: FloatArray = (weight * away**3).sum(axis=0) / np.where(spread > 0, 6 * spread, 1.0)
    return skewed


def _ends(value: FloatArray, drawn: FloatArray, acceleration: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ends of the intervals from sorted draws, NaN at their end, shape (resamples, figures)."""
    valid = (~np.isnan(drawn)).sum(axis=0)
    at_most = np.maximum(valid, 1)
    # few items give few different draws; one that equals the value counts half
    tied = (np.abs(drawn - value) <= _STILL).sum(axis=0)
    below = ((drawn < value - _STILL).sum(axis=0) + tied / 2) / at_most
    bias = ndtri(np.clip(below, 0.5 / at_most, 1 - 0.5 / at_most))
    ends = []
    for tail in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2):
        moved = bias + ndtri(tail)
        level = ndtr(bias + moved / np.maximum(1 - acceleration * moved, 0.1))
        ends.append(_quantile(drawn, at_most, level))
    low, high = ends
    usable = (valid * 2 > len(drawn)) & (high - low > _STILL) & ~np.isnan(value)
    return np.where(usable, low, np.nan), np.where(usable, high, np.nan)


def _quantile(drawn: FloatArray, valid: IntArray, level: FloatArray) -> FloatArray:
    """Quantile of each sorted column, at its own level, between the two nearest draws."""
    place = level * (valid - 1)
    under = np.floor(place).astype(np.int64)
    over = np.minimum(under + 1, valid - 1)
    columns = np.arange(drawn.shape[1])
    left, right = drawn[under, columns], drawn[over, columns]
    between: FloatArray = left + (right - left) * (place - under)
    return between
