"""Correction for many comparisons.

Holm's is the one to quote: no false finding among all of them, whatever their dependence. Bonferroni's stands beside it
because papers report it and is never smaller; Benjamini and Hochberg's bounds the share of false findings only, and is
for exploring.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import FloatArray, IntArray
from evaluation.stats.errors import StatisticsError


@dataclass(frozen=True)
class Adjusted:
    """One p-value, corrected; None where the comparison was not made."""

    holm: float | None
    bonferroni: float | None
    bh: float | None


def adjust(p_values: Sequence[float | None]) -> list[Adjusted]:
    """Correct the p-values of some comparisons in each way; those that are None were not made and do not count.

    Raises:
        StatisticsError: A p-value is outside [0, 1].
    """
    made = [value for value in p_values if value is not None]
    corrected = map(Adjusted, holm(made), bonferroni(made), benjamini_hochberg(made))
    return [Adjusted(None, None, None) if value is None else next(corrected) for value in p_values]


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values so that the chance of any false rejection stays below the level, whatever their dependence.

    Args:
        p_values: one per comparison made, each in [0, 1].

    Returns:
        Adjusted p-values in the given order: the i-th smallest is multiplied by m - i + 1, then made monotone.

    Raises:
        StatisticsError: A p-value is outside [0, 1].

    References:
        S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6(2), 1979.
    """
    values = _checked(p_values)
    order = np.argsort(values, kind="stable")
    factors = len(values) - np.arange(len(values))
    return _in_place(order, np.maximum.accumulate(values[order] * factors))


def bonferroni(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values by their number: the same promise as Holm's, and never a smaller value.

    Args:
        p_values: one per comparison made, each in [0, 1].

    Raises:
        StatisticsError: A p-value is outside [0, 1].

    References:
        O. J. Dunn, "Multiple comparisons among means", JASA 56(293), 1961.
    """
    values = _checked(p_values)
    return _in_place(np.arange(len(values)), values * len(values))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values so that the expected share of false ones among the rejected stays below the level.

    It promises less than Holm's, and that only for independent (or positively dependent) tests, so it is for exploring.

    Args:
        p_values: one per comparison made, each in [0, 1].

    Returns:
        Adjusted p-values in the given order: the i-th smallest is multiplied by m / i, then made monotone from the top.

    Raises:
        StatisticsError: A p-value is outside [0, 1].

    References:
        Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", J. R. Statist. Soc. B 57(1), 1995.
    """
    values = _checked(p_values)
    order = np.argsort(values, kind="stable")
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    return _in_place(order, np.minimum.accumulate(scaled[::-1])[::-1])


def _checked(p_values: Sequence[float]) -> FloatArray:
    values = np.asarray(p_values, dtype=float)
    if not ((values >= 0) & (values <= 1)).all():
        raise StatisticsError(f"p-values must lie between 0 and 1, got {list(p_values)}.")
    return values


def _in_place(order: IntArray, adjusted: FloatArray) -> list[float]:
    result = np.empty_like(adjusted)
    result[order] = np.minimum(1.0, adjusted)
    return [float(value) for value in result]
