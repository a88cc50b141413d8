"""Gwet's AC1: agreement beyond chance that stays sensible where one category dominates."""

import numpy as np

from annotation.agreement.observed import observed_agreement
from annotation.agreement.sums import FloatArray, Sums, beyond_chance, divide


def gwet_ac1(sums: Sums) -> FloatArray:
    """AC1, shape (samples,); NaN where no item has two votes or there is only one category to choose from.

    Chance agreement is Σ π(1 − π)/(q − 1), π the mean over items with a vote of the share of their votes, q the number
    of categories that could be chosen, whether or not anybody did.

    References:
        K. L. Gwet, "Computing inter-rater reliability and its variance in the presence of high agreement", Brit. J.
        Math. Stat. Psychol. 61, 2008; missing ratings as in his Handbook, 4th ed., 2014.
    """
    categories = sums.shares.shape[1]
    if categories < 2:
        return np.full(len(sums.rated), np.nan)
    shares = divide(sums.shares, np.broadcast_to(sums.rated[:, None], sums.shares.shape))
    return beyond_chance(observed_agreement(sums), (shares * (1 - shares)).sum(axis=1) / (categories - 1))


def method(categories: int) -> str:
    """The estimator and its q, on which the value depends."""
    return f"Gwet 2008, AC1 over {categories} categories"
