"""Cohen's kappa: two annotators, each with their own shares of the categories."""

import math

import numpy as np

from annotation.agreement.bootstrap import Intervals, Units, perfect_agreement_bound
from annotation.agreement.figures import Basis, Figure
from annotation.agreement.sums import FloatArray, beyond_chance, divide
from annotation.votes import IntArray

METHOD = "Cohen 1960"


def pair_rows(first: IntArray, second: IntArray, categories: int) -> FloatArray:
    """What each common item adds to the sums of `cohen_kappa`, shape (items, 2 categories + 2).

    Args:
        first: the label of one annotator on each common item, as a number below `categories`.
        second: the label of the other.
    """
    one = np.eye(categories)
    return comparison_rows(one[first], one[second])


def comparison_rows(own: FloatArray, other: FloatArray) -> FloatArray:
    """The same from shares of categories, each shape (items, categories), rows adding to 1."""
    return np.column_stack([own, other, (own * other).sum(axis=1), np.ones(len(own))])


def cohen_kappa(totals: FloatArray) -> FloatArray:
    """Kappa from summed `pair_rows`, shape (samples,); NaN where both chose one and the same category throughout.

    References:
        J. Cohen, "A coefficient of agreement for nominal scales", Educ. Psychol. Meas. 20(1), 1960, eq. (1).
    """
    width = (totals.shape[1] - 2) // 2
    items = totals[:, -1]
    by_chance = (totals[:, :width] * totals[:, width : 2 * width]).sum(axis=1)
    return beyond_chance(share_agreeing(totals), divide(by_chance, items**2))


def share_agreeing(totals: FloatArray) -> FloatArray:
    """Share of the common items on which both chose the same, shape (samples,)."""
    return divide(totals[:, -2], totals[:, -1])


def kappa_and_agreement(
    units: Units, intervals: Intervals, kappa: tuple[str, Basis], agreement: tuple[str, Basis], interval: str
) -> tuple[Figure, Figure]:
    """The two figures of a comparison, from intervals whose first two values are kappa and `share_agreeing`.

    Args:
        units: of `comparison_rows`.
        kappa: its method and basis; `agreement` likewise.
        interval: how the intervals were made.
    """
    perfect = (math.nan, math.nan)
    if intervals.value[1] == 1:
        totals = (units.times @ units.rows)[None]
        totals[:, -2] *= perfect_agreement_bound(len(units))
        perfect = (float(cohen_kappa(totals)[0]), float(share_agreeing(totals)[0]))
    first, second = (
        basis.figure(
            method,
            interval,
            float(intervals.value[at]),
            float(intervals.low[at]),
            float(intervals.high[at]),
            perfect=perfect[at],
        )
        for at, (method, basis) in enumerate((kappa, agreement))
    )
    return first, second
