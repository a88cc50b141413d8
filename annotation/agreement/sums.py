"""What each item adds to the agreement figures; all of them are functions of sums over items.

So a figure of any resample of the items is a figure of other sums, and a thousand resamples are one matrix product.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from annotation.votes import IntArray

FloatArray = NDArray[np.float64]

_OTHER_COLUMNS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums over items, one row per sample of items; r is an item's votes for a category, m all its votes.

    Attributes:
        votes: sum of r over items with two votes or more, shape (samples, categories).
        matched: sum of r(r − 1)/(m − 1) over the same items, shape (samples, categories).
        shares: sum of r/m over items with a vote, shape (samples, categories).
        agreement: sum over items with two votes or more of the share of pairs of votes that agree, shape (samples,).
        paired: items with two votes or more, shape (samples,).
        rated: items with a vote, shape (samples,).
    """

    votes: FloatArray
    matched: FloatArray
    shares: FloatArray
    agreement: FloatArray
    paired: FloatArray
    rated: FloatArray

    @classmethod
    def of(cls, totals: FloatArray) -> "Sums":
        """Name the columns of summed `item_rows`, shape (samples, 3 categories + 3)."""
        width = (totals.shape[1] - _OTHER_COLUMNS) // 3
        return cls(
            votes=totals[:, :width],
            matched=totals[:, width : 2 * width],
            shares=totals[:, 2 * width : 3 * width],
            agreement=totals[:, -3],
            paired=totals[:, -2],
            rated=totals[:, -1],
        )

    @classmethod
    def of_counts(cls, counts: IntArray) -> "Sums":
        """Sum over all items, one sample; `counts` as `Votes.counts()` gives them."""
        return cls.of(item_rows(counts).sum(axis=0, keepdims=True))

    def with_agreement(self, share: float) -> "Sums":
        """The same votes, of which only this share of the agreeing pairs agrees."""
        return replace(self, matched=self.matched * share, agreement=self.agreement * share)


def item_rows(counts: IntArray) -> FloatArray:
    """What each item adds to `Sums`, shape (items, 3 categories + 3).

    Args:
        counts: votes per item and category, shape (items, categories).
    """
    r = counts.astype(np.float64)
    m = r.sum(axis=1)
    paired = m >= 2
    matched = r * (r - 1) / np.where(paired, m - 1, 1.0)[:, None] * paired[:, None]
    shares = r / np.maximum(m, 1.0)[:, None]
    agreement = matched.sum(axis=1) / np.maximum(m, 1.0)
    return np.column_stack([r * paired[:, None], matched, shares, agreement, paired, m >= 1])


def divide(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide, with NaN where the denominator is 0; figures turn NaN into a reason in words."""
    return np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator != 0)


def beyond_chance(observed: FloatArray, expected: FloatArray) -> FloatArray:
    """(observed − expected)/(1 − expected): 1 where nobody disagrees, 0 where chance would do as well."""
    return 1 - divide(1 - observed, 1 - expected)
