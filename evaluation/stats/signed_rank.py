"""Wilcoxon's signed-rank test by participant: beside the sign-flip test, for readers who know it."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata, wilcoxon

from evaluation.stats.arrays import FloatArray
from evaluation.stats.sign_flip import MOST_EXACT, sign_flip_test

EXACT = "Wilcoxon signed-rank by participant, zero differences split, exact"
NORMAL = "Wilcoxon signed-rank by participant, zero differences split, normal approximation"
_SAME = 9  # decimals to which differences count as equal: 1/3 - 1/2 is not always -(2/3 - 1/2)


@dataclass(frozen=True)
class SignedRank:
    """The test of one pair.

    Attributes:
        test: its name, with how p was found.
        statistic: the smaller of the rank sums of positive and negative differences.
        p: two-sided.
    """

    test: str
    statistic: float
    p: float


def signed_rank_test(differences: FloatArray) -> SignedRank:
    """Test that participants prefer neither system, by the ranks of their differences.

    Ranks are of absolute differences, equal ones sharing theirs, and the ranks of differences of zero are split between
    the two sums (Pratt keeps them too). Up to 20 participants with a difference all patterns of signs are counted, as
    scipy does for few participants, so that p is never below 2 / 2^P; beyond, scipy's normal approximation.

    Args:
        differences: shape (participants,), mean score of the first system less one half; at least one.

    References:
        F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1(6), 1945; J. W. Pratt, "Remarks
        on zeros and ties in the Wilcoxon signed rank procedures", JASA 54(287), 1959.
    """
    rounded = np.round(differences, _SAME)
    if np.count_nonzero(rounded) > MOST_EXACT:
        found = wilcoxon(rounded, zero_method="zsplit", correction=False, method="asymptotic")
        return SignedRank(NORMAL, float(found.statistic), float(found.pvalue))
    ranks = rankdata(np.abs(rounded))
    signed = np.sign(rounded) * ranks
    total = float(ranks.sum())
    statistic = (total - abs(float(signed.sum()))) / 2
    # The difference of the two sums under all patterns of signs: no random draw is made for so few.
    return SignedRank(EXACT, statistic, sign_flip_test(signed, np.random.default_rng(0)).p)
