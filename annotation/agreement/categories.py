"""Agreement on one category at a time."""

import numpy as np

from annotation.agreement.sums import FloatArray, Sums, divide

ALPHA_METHOD = "Krippendorff 2011, nominal, this category against all others"
POSITIVE_METHOD = "share of the other votes on an item that are for it too, given one that is"
PREVALENCE_METHOD = "share of the votes"


def category_alpha(sums: Sums) -> FloatArray:
    """Alpha of "this category or not", shape (samples, categories); NaN where all votes or none are for it.

    Two votes disagree about a category if one of them is for it, so 2(n_c − o_cc) values stand in cells that do not
    match.

    References:
        K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, section A (binary data).
    """
    n = sums.votes.sum(axis=1, keepdims=True)
    alpha: FloatArray = 1 - (n - 1) * divide(sums.votes - sums.matched, sums.votes * (n - sums.votes))
    return alpha


def positive_agreement(sums: Sums) -> FloatArray:
    """Specific agreement, shape (samples, categories); NaN where nobody chose the category.

    The chance that another vote on the same item is for the category too, given one that is: o_cc/n_c. With two votes
    per item it is 2a/(2a + b + c).

    References:
        D. V. Cicchetti and A. R. Feinstein, "High agreement but low kappa: II", J. Clin. Epidemiol. 43(6), 1990.
    """
    return divide(sums.matched, sums.votes)


def prevalence(sums: Sums) -> FloatArray:
    """Share of the votes on items with two votes or more that are for each category, shape (samples, categories)."""
    n = np.broadcast_to(sums.votes.sum(axis=1, keepdims=True), sums.votes.shape)
    return divide(sums.votes, n)
