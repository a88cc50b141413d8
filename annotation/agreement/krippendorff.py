"""Krippendorff's alpha for nominal data: any number of annotators, any gaps."""

from annotation.agreement.sums import FloatArray, Sums, divide

METHOD = "Krippendorff 2011, nominal"


def krippendorff_alpha(sums: Sums) -> FloatArray:
    """Nominal alpha, shape (samples,), over items with two votes or more.

    NaN where there is no such item or they hold one category only.

    References:
        K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, section C:
        alpha = 1 − (n − 1) (n − Σ o_cc) / (n² − Σ n_c²), here `matched` is o_cc and `votes` is n_c.
    """
    n = sums.votes.sum(axis=1)
    disagreeing = n - sums.matched.sum(axis=1)
    alpha: FloatArray = 1 - (n - 1) * divide(disagreeing, n**2 - (sums.votes**2).sum(axis=1))
    return alpha
