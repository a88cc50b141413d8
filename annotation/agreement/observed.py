"""Observed agreement: how often two people who labelled the same item chose the same."""

from annotation.agreement.sums import FloatArray, Sums, divide

METHOD = "mean over items of the share of agreeing pairs of votes"


def observed_agreement(sums: Sums) -> FloatArray:
    """Mean over items with two votes or more of the share of pairs of votes that agree, shape (samples,).

    Every item counts the same, however many votes it has. NaN where no item has two votes.

    References:
        J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychol. Bull. 76(5), 1971.
    """
    return divide(sums.agreement, sums.paired)
