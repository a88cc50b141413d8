"""Fleiss' kappa: agreement of many annotators beyond what their common shares of categories would give by chance."""

import numpy as np

from annotation.agreement.observed import observed_agreement
from annotation.agreement.sums import FloatArray, Sums, beyond_chance, divide
from annotation.votes import IntArray

CLASSICAL = "Fleiss 1971"
GENERALISED = "Fleiss 1971 generalised to unequal numbers of votes (Gwet 2014)"


def fleiss_kappa(sums: Sums) -> FloatArray:
    """Fleiss' kappa, shape (samples,); NaN where no item has two votes or only one category was ever chosen.

    Fleiss wants the same number of votes on every item. With unequal numbers this is Gwet's generalisation: observed
    agreement is the mean over items with two votes or more, and the share of a category is the mean over all items
    with a vote of r/m, r being the item's votes for it and m all its votes. With equal numbers both are the same
    number; `method` says which it was.

    References:
        J. L. Fleiss, Psychol. Bull. 76(5), 1971.
        K. L. Gwet, "Handbook of Inter-Rater Reliability", 4th ed., 2014, on missing ratings.
    """
    shares = divide(sums.shares, np.broadcast_to(sums.rated[:, None], sums.shares.shape))
    return beyond_chance(observed_agreement(sums), (shares**2).sum(axis=1))


def method(counts: IntArray) -> str:
    """Which of the two it is for these votes per item and category."""
    return CLASSICAL if len(np.unique(counts.sum(axis=1))) <= 1 else GENERALISED
