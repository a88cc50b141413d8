"""Correction for many comparisons."""

from collections.abc import Sequence

import numpy as np

from evaluation.stats.errors import StatisticsError


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
    values = np.asarray(p_values, dtype=float)
    if not ((values >= 0) & (values <= 1)).all():
        raise StatisticsError(f"p-values must lie between 0 and 1, got {list(p_values)}.")
    order = np.argsort(values, kind="stable")
    factors = len(values) - np.arange(len(values))
    adjusted = np.minimum(1.0, np.maximum.accumulate(values[order] * factors)) if len(values) else values
    result = np.empty_like(values)
    result[order] = adjusted
    return [float(value) for value in result]
